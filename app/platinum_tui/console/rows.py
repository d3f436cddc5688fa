"""Immutable rows: what a list shows, made only for the lines that are on screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from platinum_tui.model.text import safe_line

if TYPE_CHECKING:
    from platinum_tui.model.event import SentMail


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list, all text safe.

    Attributes:
        id: what the selection follows.
        state: gives the sign and the colour.
        word: the state in a word.
        kind, title, target, amount: what it is about.
        risk: None where there is none.
        since: from when its age counts.
        until: when its countdown ends, if one runs.
        again: whether it is tried again then, and does not go out for the first time.
        note: a word of warning, for a request that cannot be approved.
    """

    id: str
    state: str
    word: str
    kind: str
    title: str
    target: str = ""
    amount: str = ""
    risk: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    again: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Groups:
    """Which rows of a list stand together under a heading.

    Attributes:
        starts: the index of each group's first row, ascending; the first of them is 0.
        names: what each group is called, safe text.
    """

    starts: Sequence[int] = ()
    names: Sequence[str] = ()


UNGROUPED = Groups()


class Listing(Protocol):
    """An immutable list of rows, in constant time each."""

    def __len__(self) -> int: ...

    @property
    def groups(self) -> Groups:
        """Which rows stand together; none where the order does not group."""

    @property
    def ids(self) -> Sequence[str]:
        """The ids, in the order of the rows."""

    def row(self, index: int) -> Row:
        """The row at an index from 0."""

    def index_of(self, row_id: str) -> int | None:
        """Where a row stands; None where it does not."""


@dataclass(frozen=True)
class RowListing:
    """A listing of ready rows, for short lists."""

    rows: tuple[Row, ...] = ()
    groups: Groups = UNGROUPED

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def ids(self) -> Sequence[str]:
        """The ids, in the order of the rows."""
        return tuple(row.id for row in self.rows)

    def row(self, index: int) -> Row:
        """The row at an index from 0."""
        return self.rows[index]

    def index_of(self, row_id: str) -> int | None:
        """Where a row stands; None where it does not."""
        return next((index for index, row in enumerate(self.rows) if row.id == row_id), None)


def row_of_mail(index: int, mail: SentMail) -> Row:
    """A mail in the demo's sink as a row; its id is its number."""
    return Row(
        id=str(index),
        state="done",
        word="received",
        kind="mail",
        title=safe_line(mail.subject),
        target=safe_line(", ".join(mail.recipients)),
        since=mail.received_at,
    )


def age(span: timedelta) -> str:
    """A span of time in at most four characters: `now`, `42s`, `5m`, `3h`, `12d`, `2y`."""
    seconds = max(0, int(span.total_seconds()))
    for size, unit in ((31_536_000, "y"), (86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s" if seconds else "now"
