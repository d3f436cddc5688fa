"""What each key of the desk does: one callable for each action of the registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from platinum_tui.console.filters import Filter
from platinum_tui.console.frames import after_frame
from platinum_tui.console.premises_acts import finish_task, retry, take_task
from platinum_tui.console.preview.page import line
from platinum_tui.console.sections import sections
from platinum_tui.console.themes import THEMES
from platinum_tui.model.sections import Section
from platinum_tui.model.text import safe_line

if TYPE_CHECKING:
    from datetime import datetime

    from platinum_tui.console.screens.desk import Desk
    from platinum_tui.console.screens.dialog import Choice
    from platinum_tui.model.errors import PlatinumError

_SIZES = ("-list-small", "", "-list-large")


def handlers(desk: Desk) -> Mapping[str, Callable[[], None]]:
    """The actions of a desk, by their ids."""
    reading = desk.reading
    return {
        "approve": lambda: desk.decisions.approve(),
        "approve_noted": lambda: desk.decisions.approve_with_note(),
        "withdraw": lambda: desk.decisions.withdraw(),
        "fix": lambda: desk.mending.fix(),
        "reject": lambda: desk.decisions.reject(),
        "undo": lambda: desk.decisions.undo(),
        "changes": lambda: desk.decisions.request_changes(),
        "snooze": lambda: desk.decisions.snooze(),
        "settle": lambda: desk.decisions.settle(),
        "freeze": lambda: desk.decisions.freeze(),
        "mark": desk.list.mark,
        "mark_range": desk.list.mark_range,
        "mark_all": desk.list.mark_all,
        "next": partial(_move, desk, 1),
        "previous": partial(_move, desk, -1),
        "first": partial(_move_to_end, desk, last=False),
        "last": partial(_move_to_end, desk, last=True),
        "page_down": partial(_move_page, desk, 1),
        "page_up": partial(_move_page, desk, -1),
        "section_next": partial(_turn, desk, 1),
        "section_previous": partial(_turn, desk, -1),
        **{f"section_{n}": partial(_section, desk, section) for n, section in enumerate(Section, 1)},
        "open": partial(_open, desk),
        "back": partial(_back, desk),
        "pane": partial(_pane, desk),
        "scroll_down": partial(desk.preview.scroll_half, 1),
        "scroll_up": partial(desk.preview.scroll_half, -1),
        "raw": reading.toggle_raw,
        "difference": reading.toggle_difference,
        "copy": partial(_copy, desk),
        "take_task": partial(take_task, desk),
        "finish_task": partial(finish_task, desk),
        "retry": partial(retry, desk),
        "edit": partial(_edit, desk),
        "drop": partial(_drop, desk),
        "pager": partial(_pager, desk),
        "copy_other": partial(_copy_other, desk),
        "links": partial(_links, desk),
        "sort": partial(_sort, desk),
        "statistics": partial(_statistics, desk),
        "filter": partial(_filter, desk),
        "wider": partial(_resize_list, desk, 1),
        "narrower": partial(_resize_list, desk, -1),
        "palette": partial(_palette, desk),
        "help": partial(_help, desk),
        "refresh": partial(_refresh, desk),
        "theme": partial(_theme, desk),
        "views": partial(_views, desk),
        "doctor": partial(_doctor, desk),
        "suspend": partial(_suspend, desk),
        "quit": partial(_quit, desk),
    }


def _move(desk: Desk, rows: int) -> None:
    if desk.preview.has_focus:
        desk.preview.scroll_relative(y=rows, animate=False)
    else:
        desk.list.move(rows)


def _move_to_end(desk: Desk, *, last: bool) -> None:
    if not desk.preview.has_focus:
        desk.list.move_to_end(last)
    elif last:
        desk.preview.scroll_end(animate=False)
    else:
        desk.preview.scroll_home(animate=False)


def _move_page(desk: Desk, pages: int) -> None:
    if desk.preview.has_focus:
        desk.preview.scroll_half(2 * pages)
    else:
        desk.list.move_pages(pages)


def _turn(desk: Desk, steps: int) -> None:
    offered = sections(desk.demo)
    desk.show_section(offered[(offered.index(desk.section) + steps) % len(offered)])


def _section(desk: Desk, section: Section) -> None:
    if section in sections(desk.demo):
        desk.show_section(section)


def _open(desk: Desk) -> None:
    desk.add_class("-reading")
    desk.preview.focus()
    after_frame(desk, desk.refresh_bars)


def _back(desk: Desk) -> None:
    """One layer: the full preview, then the other pane, then the marks, then the filter."""
    if desk.has_class("-reading"):
        desk.remove_class("-reading")
        desk.list.focus()
        after_frame(desk, desk.refresh_bars)
    elif desk.preview.has_focus:
        desk.list.focus()
    elif desk.list.marked:
        desk.list.clear_marks()
    elif desk.filter:
        _apply(desk, "")


def _pane(desk: Desk) -> None:
    if desk.has_class("-reading"):
        return
    other = desk.list if desk.preview.has_focus or not desk.preview.display else desk.preview
    other.focus()


def _copy(desk: Desk) -> None:
    fingerprint = desk.preview.page.fingerprint
    if not fingerprint:
        desk.tell("Nothing here has a fingerprint.", "warning")
        return
    desk.app.copy_to_clipboard(fingerprint)
    desk.tell(f"Copied {fingerprint}")


def _sort(desk: Desk) -> None:
    desk.order = desk.order.next
    desk.stock.relist(by_reviewer=True)


def _statistics(desk: Desk) -> None:
    """Count in a thread, then draw."""
    from platinum_tui.console.background import in_background
    from platinum_tui.console.screens.figures import FigureScreen
    from platinum_tui.console.statistics import EVENTS, Figures, figures_of

    service, snapshot = desk.service, desk.snapshot

    def created(request_id: str) -> datetime | None:
        standing = snapshot.find(request_id)
        return standing.request.created_at if standing else None

    def count() -> Figures:
        return figures_of(service.recent_events(EVENTS), created, service.clock.now().astimezone())

    def draw(figures: Figures) -> None:
        desk.open_over(FigureScreen(figures, desk.symbols))

    in_background(desk, count, draw, desk.complain, group="statistics")


def _copy_other(desk: Desk) -> None:
    from platinum_tui.console.copying import copy_something

    copy_something(desk)


def _links(desk: Desk) -> None:
    from platinum_tui.console.copying import show_links

    show_links(desk)


def _edit(desk: Desk) -> None:
    from platinum_tui.console.outside import edit

    edit(desk)


def _drop(desk: Desk) -> None:
    from platinum_tui.console.dropping import drop

    drop(desk)


def _pager(desk: Desk) -> None:
    from platinum_tui.console.outside import page

    page(desk)


def _filter(desk: Desk) -> None:
    before = desk.filter.text
    desk.stock.expect_filter()

    def submit(text: str) -> None:
        _apply(desk, text)

    desk.ask("/", submit, cancel=lambda: _apply(desk, before), change=lambda text: _apply(desk, text), text=before)


def _apply(desk: Desk, text: str) -> None:
    if text != desk.filter.text:
        desk.filter = Filter(text)
        desk.stock.relist()


def _resize_list(desk: Desk, step: int) -> None:
    present = next((index for index, name in enumerate(_SIZES) if name and desk.has_class(name)), 1)
    wanted = max(0, min(present + step, len(_SIZES) - 1))
    for index, name in enumerate(_SIZES):
        if name:
            desk.set_class(index == wanted, name)


def _help(desk: Desk) -> None:
    from platinum_tui.console.screens.help import Help

    desk.open(Help(desk.symbols.keys))


def _refresh(desk: Desk) -> None:
    desk.refresh_requests()
    desk.premises.refresh(desk.section)
    desk.tell("Looking at everything again.")


def _palette(desk: Desk) -> None:
    from platinum_tui.console.palette import Palette

    desk.open(Palette())


def _views(desk: Desk) -> None:
    from platinum_tui.console.saved_views import choose_view

    choose_view(desk)


def _doctor(desk: Desk) -> None:
    """Look everything over in a thread; what was found stands where that is said meanwhile."""
    from platinum_tui.console.background import in_background
    from platinum_tui.console.screens.checkup import Checkup

    checkup = Checkup(desk.symbols, desk.service.untried())

    def failed(error: PlatinumError) -> None:
        if checkup.is_current:
            checkup.dismiss()
        desk.complain(error)

    desk.open_over(checkup)
    in_background(desk, desk.service.findings, checkup.found, failed, group="doctor")


def _suspend(desk: Desk) -> None:
    from platinum_tui.console.outside import suspend

    suspend(desk)


def _theme(desk: Desk) -> None:
    names = [theme.name for theme in THEMES]
    present = names.index(desk.app.theme) if desk.app.theme in names else -1
    desk.app.theme = names[(present + 1) % len(names)]
    desk.tell(f"Theme: {desk.app.theme}")


def _quit(desk: Desk) -> None:
    """Leave at once, or ask while something is under way."""
    under_way = desk.flights()
    if not under_way:
        desk.app.exit(0)
        return
    from platinum_tui.console.screens.dialog import Choice

    rows = [
        line(("Something is still under way", "warning")),
        *(line(f"{desk.symbols.bullet} {safe_line(standing.title)}") for standing in under_way[:5]),
        line(""),
        line(("What is going out now has half a minute to end.", "muted")),
        line(("What still waits goes out when the program or its daemon runs again.", "muted")),
    ]

    def chosen(choice: Choice | None) -> None:
        if choice is not None and choice.decides:
            desk.app.exit(0)

    desk.open_dialog(Content("\n").join(rows), (Choice("y", "Leave"),), chosen)
