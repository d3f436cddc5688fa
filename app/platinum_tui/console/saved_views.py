"""Views that the configuration keeps: a section, a filter and an order under one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from platinum_tui.console.filters import Filter
from platinum_tui.console.preview.page import line
from platinum_tui.model.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from platinum_tui.console.screens.desk import Desk
    from platinum_tui.system.console_settings import View


def choose_view(desk: Desk) -> None:
    """List the saved views, and show the one that is chosen."""
    from platinum_tui.console.app import PlatinumApp
    from platinum_tui.console.screens.choosing import Choosing, Option

    views: Mapping[str, View] = desk.app.settings.views if isinstance(desk.app, PlatinumApp) else {}
    if not views:
        desk.tell("No view is saved. The configuration keeps them under [console.views.NAME].")
        return
    options = [Option(_told(name, view, desk.symbols.dot), name) for name, view in views.items()]
    desk.open_over(Choosing(line(("Saved views", "title")), options, lambda name: show_view(desk, views[name])))


def show_view(desk: Desk, view: View) -> None:
    """Show the section, narrowed and ordered as the view says."""
    desk.show_section(view.section)
    desk.filter, desk.order = Filter(view.filter), view.order
    desk.stock.relist(by_reviewer=True)


def _told(name: str, view: View, dot: str) -> Content:
    parts = [view.section.value, view.filter, f"by {view.order}"]
    return line((safe_line(name), "strong"), (f"  {safe_line(f' {dot} '.join(filter(None, parts)))}", "muted"))
