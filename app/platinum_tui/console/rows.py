"""Immutable rows: what a list shows, made only for the lines that are on screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from platinum_tui.console.symbols import KIND_WORDS, STATE_WORDS
from platinum_tui.model.event import SentMail
from platinum_tui.model.request import RiskLevel, State
from platinum_tui.model.standing import Standing
from platinum_tui.model.summary import amount_of
from platinum_tui.model.text import safe_line


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
        note: a word of warning, for a request that cannot be approved.
    """

    id: str
    state: State
    word: str
    kind: str
    title: str
    target: str = ""
    amount: str = ""
    risk: RiskLevel | None = None
    since: datetime | None = None
    until: datetime | None = None
    note: str = ""


class Listing(Protocol):
    """An immutable list of rows, in constant time each."""

    def __len__(self) -> int: ...

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


@dataclass(frozen=True)
class StandingListing:
    """A listing over standings; a row is made when it is asked for."""

    standings: Sequence[Standing]
    ids: list[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ids", [standing.request.id for standing in self.standings])

    def __len__(self) -> int:
        return len(self.standings)

    def row(self, index: int) -> Row:
        """The row at an index from 0."""
        return row_of(self.standings[index])

    def index_of(self, row_id: str) -> int | None:
        """Where a row stands; None where it does not."""
        try:
            return self.ids.index(row_id)
        except ValueError:
            return None


def row_of(standing: Standing) -> Row:
    """A request as a row."""
    request = standing.request
    amount = amount_of(request.fields)
    currency = request.fields.get("currency")
    money = f"{amount} {currency}" if amount and isinstance(currency, str) else amount or ""
    problem = request.problems[0].code.value.replace("_", " ") if request.problems else ""
    return Row(
        id=request.id,
        state=standing.state,
        word=STATE_WORDS[standing.state],
        kind=KIND_WORDS[request.kind],
        title=safe_line(standing.title),
        target=safe_line(standing.target),
        amount=safe_line(money),
        risk=standing.risk.level,
        since=request.created_at,
        until=standing.undo_until if standing.state is State.APPROVED else None,
        note=problem,
    )


def row_of_mail(index: int, mail: SentMail) -> Row:
    """A mail in the demo's sink as a row; its id is its number."""
    return Row(
        id=str(index),
        state=State.DONE,
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
