"""How a row is painted: on two lines where the list is narrow, on one with columns where it is wide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from platinum_tui.console.rows import Row, age
from platinum_tui.console.symbols import Symbols

ONE_LINE_FROM = 72
"""Cells from which a row has columns on one line."""
_AMOUNT_FROM = 100
_WORD, _KIND, _AMOUNT, _RISK, _AGE = 11, 9, 15, 8, 4

Look = Callable[[str], Style]
"""The style of a component class."""


def lines_of_a_row(width: int) -> int:
    """How many lines a row takes in a list of that width."""
    return 1 if width >= ONE_LINE_FROM else 2


@dataclass(frozen=True)
class Painter:
    """Paints rows of one width.

    Attributes:
        width: cells of a line.
        lines: lines of a row, as from `lines_of_a_row`.
        symbols: which signs to use.
        look: gives styles by name.
        now: the wall clock, for ages and countdowns.
    """

    width: int
    lines: int
    symbols: Symbols
    look: Look
    now: datetime

    def paint(self, row: Row, selected: bool, marked: bool) -> Sequence[Strip]:
        """The lines of a row."""
        base = self.look("row-selected" if selected else "row")
        lines = self._columns(row) if self.lines == 1 else self._stack(row)
        cursor = self.symbols.cursor if selected else " "
        signs = [self.symbols.marked if marked else cursor, *[cursor] * (len(lines) - 1)]
        strips = []
        for sign, segments in zip(signs, lines, strict=True):
            line = Strip([Segment(sign, self.look("row-cursor")), *segments]).adjust_cell_length(self.width)
            strips.append(line.apply_style(base))
        return strips

    def heading(self, name: str, count: int) -> Strip:
        """The line over a group: its name, how many stand below, and a rule to the end."""
        told = f" {count} "
        text = f" {_short(name, self.width - cell_len(told) - 1, self.symbols)}"
        rule = self.symbols.rule * max(self.width - cell_len(text) - cell_len(told), 0)
        parts = [self._segment(text, "group"), self._segment(told, "muted"), self._segment(rule, "faint")]
        return Strip(parts).adjust_cell_length(self.width).apply_style(self.look("row"))

    def _stack(self, row: Row) -> list[list[Segment]]:
        inside = self.width - 2
        amount = f" {row.amount}" if row.amount else ""
        first = [
            self._sign(row),
            self._segment(_fit(" " + row.title, inside - 1 - cell_len(amount), self.symbols), "row-title"),
            self._segment(amount, "row-amount"),
        ]
        tail = [self._risk(row, _RISK), self._segment(f"{self._age(row):>{_AGE}}", "muted")]
        about = row.note or row.target
        parts = (self._word(row), row.kind, about)
        head = f" {self.symbols.dot} ".join(part for part in parts if part).removesuffix(about)
        room = inside - 2 - cell_len(head) - sum(segment.cell_length for segment in tail) - 1
        second = [
            Segment("  "),
            self._segment(self._word(row), self._state(row)),
            self._segment(head[len(self._word(row)) :], "muted"),
            self._segment(_fit(about, max(room, 0), self.symbols) + " ", "error" if row.note else "muted"),
            *tail,
        ]
        return [first, second]

    def _columns(self, row: Row) -> list[list[Segment]]:
        amount = _AMOUNT if self.width >= _AMOUNT_FROM else 0
        word = max(_WORD, cell_len(self._word(row)) + 1)
        flexible = self.width - (3 + word + _KIND + _RISK + _AGE + 3) - amount
        title = flexible * 3 // 5
        about = row.note or (
            row.target if amount or not row.amount else f"{row.amount} {self.symbols.arrow} {row.target}"
        )
        segments = [
            self._sign(row),
            self._segment(" " + _fit(self._word(row), word, self.symbols), self._state(row)),
            self._segment(_fit(row.kind, _KIND, self.symbols), "muted"),
            self._segment(_fit(row.title, title - 1, self.symbols) + " ", "row-title"),
            self._segment(_fit(about, flexible - title - 1, self.symbols) + " ", "error" if row.note else "muted"),
        ]
        if amount:
            segments.append(self._segment(f"{row.amount:>{amount - 2}}  "[-amount:], "row-amount"))
        segments += [self._risk(row, _RISK), self._segment(f"{self._age(row):>{_AGE + 1}}", "muted")]
        return [segments]

    def _segment(self, text: str, name: str) -> Segment:
        return Segment(text, self.look(name))

    def _state(self, row: Row) -> str:
        return f"state-{row.state.replace('_', '-')}"

    def _sign(self, row: Row) -> Segment:
        return self._segment(self.symbols.states[row.state], self._state(row))

    def _word(self, row: Row) -> str:
        if row.until and row.until > self.now:
            return f"{'tried again in' if row.again else 'undo'} {age(row.until - self.now)}"
        return row.word

    def _risk(self, row: Row, width: int) -> Segment:
        if row.risk is None:
            return Segment(" " * width)
        return self._segment(f"{self.symbols.risks[row.risk]} {row.risk}".ljust(width), f"risk-{row.risk}")

    def _age(self, row: Row) -> str:
        return age(self.now - row.since) if row.since else ""


def _fit(text: str, width: int, symbols: Symbols) -> str:
    """The text in exactly `width` cells, its end replaced by a sign where it is longer."""
    if width <= 0:
        return ""
    return set_cell_size(_short(text, width, symbols), width)


def _short(text: str, width: int, symbols: Symbols) -> str:
    """The text in at most `width` cells, its end replaced by a sign where it is longer."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(width - 1, 0)) + symbols.ellipsis
