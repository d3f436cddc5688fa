"""What was approved and is not done yet: each with its countdown, because undo works only while it runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from platinum_tui.console.preview.page import line
from platinum_tui.console.rows import age
from platinum_tui.console.symbols import Symbols
from platinum_tui.model.text import safe_line

if TYPE_CHECKING:
    from platinum_tui.model.standing import Standing

_SHOWN = 3
_NOW = (("  is going out now", "muted"),)


class Flight(Widget):
    """A line for each approval under way; nothing at all while there is none."""

    def __init__(self, symbols: Symbols) -> None:
        super().__init__(id="flight")
        self._symbols = symbols
        self._content = Content("")

    @property
    def text(self) -> str:
        """What is shown, without its styles."""
        return self._content.plain

    def render(self) -> Content:
        """The lines."""
        return self._content

    def show(self, standings: Sequence[Standing], now: datetime, frozen: bool) -> None:
        """Show the approvals under way, the one that `u` takes back first; while all is frozen, that they wait."""
        rows = [self._row(standing, now, frozen, first=i == 0) for i, standing in enumerate(standings[:_SHOWN])]
        if len(standings) > _SHOWN:
            rows.append(line((f"   and {len(standings) - _SHOWN} more", "muted")))
        content = Content("\n").join(rows)
        if content.is_same(self._content):
            return
        lines = len(rows)
        self._content = content
        self.display = bool(rows)
        if self.styles.height is None or self.styles.height.value != max(lines, 1):
            self.styles.height = max(lines, 1)
        self.refresh()

    def _row(self, standing: Standing, now: datetime, frozen: bool, *, first: bool) -> Content:
        symbols, state = self._symbols, standing.state
        look = f"state-{state.value}"
        title = safe_line(standing.title)
        undo = ((f"   {symbols.key('undo')}", "key"), (" undo", "muted")) if first else ()
        if state == "approved" and frozen:
            tail: tuple[str | tuple[str, str], ...] = (("  frozen: goes out after thaw", "warning"), *undo)
        elif state == "approved" and standing.undo_until and standing.undo_until > now:
            tail = (
                ("  tried again in " if standing.retry_at else "  goes out in ", "muted"),
                (age(standing.undo_until - now), "active"),
                *undo,
            )
        elif state == "executing":
            tail = (("  may have gone out: asked for again", "warning"),) if standing.why else _NOW
        else:
            tail = (("  waits for the executor", "muted"),)
        return line((f" {symbols.states[state]} {state.value}", look), "  ", (title, "strong"), *tail)
