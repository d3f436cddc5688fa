"""On which lines of a list its rows stand, and on which the headings of its groups: counted, never laid out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowLine:
    """A line of a row: the row's index, and which of its lines."""

    index: int
    line: int


@dataclass(frozen=True, slots=True)
class HeadingLine:
    """The line of a group's heading."""

    group: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Rows of equal height, below headings of one line each.

    Attributes:
        rows: how many rows there are.
        lines: lines of a row.
        starts: the index of each group's first row, ascending; empty where there are no groups.
    """

    rows: int
    lines: int
    starts: Sequence[int] = ()

    @property
    def height(self) -> int:
        """How many lines there are."""
        return self.rows * self.lines + len(self.starts)

    def first_line(self, index: int) -> int:
        """The line on which a row begins."""
        return index * self.lines + bisect_right(self.starts, index)

    def top(self, index: int) -> int:
        """The line on which a row begins, or the heading over it."""
        group = bisect_right(self.starts, index) - 1
        return self.first_line(index) - (group >= 0 and self.starts[group] == index)

    def at(self, line: int) -> RowLine | HeadingLine | None:
        """What stands on a line from 0; None below the last row."""
        if not 0 <= line < self.height:
            return None
        group = bisect_right(range(len(self.starts)), line, key=self._heading_line) - 1
        if group >= 0 and line == self._heading_line(group):
            return HeadingLine(group)
        return RowLine(*divmod(line - (group + 1), self.lines))

    def row_at(self, line: int) -> int:
        """The row on a line, the one below a heading, or the one that is nearest to a line beyond the ends."""
        match self.at(max(0, min(line, self.height - 1))):
            case HeadingLine(group):
                return self.starts[group]
            case RowLine(index, _):
                return index
        return 0

    def _heading_line(self, group: int) -> int:
        return self.starts[group] * self.lines + group
