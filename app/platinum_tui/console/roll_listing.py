"""A list over the roll: a row is made when it comes on the screen, and kept as it was made."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, overload

from platinum_tui.console.rows import UNGROUPED, Groups, Row
from platinum_tui.console.standing_rows import row_of
from platinum_tui.console.symbols import KIND_WORDS, state_word
from platinum_tui.model.text import safe_line
from platinum_tui.review.index_rows import NEVER

if TYPE_CHECKING:
    from platinum_tui.model.standing import Standing
    from platinum_tui.review.index_rows import Row as FileRow
    from platinum_tui.review.proof import Proof
    from platinum_tui.review.roll import Roll

NOT_READ = "not read yet"


class RollListing:
    """The requests at some places of a roll.

    Args:
        roll: the requests; None where there are none yet.
        places: which of them, in order.
        looked_at: whether their files were all looked at; if not, each is before its row is made.
        found: the requests that were made so far, by id.
        groups: which of them stand together.
        rows: the rows that were made so far, by place.
    """

    def __init__(
        self,
        roll: Roll | None,
        places: Sequence[int],
        looked_at: bool,
        found: dict[str, Standing | None],
        groups: Groups = UNGROUPED,
        rows: dict[int, Row] | None = None,
    ) -> None:
        self._roll = roll
        self._looked_at = looked_at
        self._found = found
        self._rows = dict[int, Row]() if rows is None else rows
        self.places = array("q", places)
        self.groups = groups
        self.ids = Ids(self)

    def __len__(self) -> int:
        return len(self.places)

    def of(self, places: Sequence[int], groups: Groups = UNGROUPED) -> RollListing:
        """The same list of fewer requests, or in another order."""
        return RollListing(self._roll, places, self._looked_at, self._found, groups, self._rows)

    def row(self, index: int) -> Row:
        """The row at an index from 0."""
        place = self.places[index]
        if place not in self._rows:
            self.prepare(index, index + 1)
        return self._rows[place]

    def prepare(self, start: int, stop: int) -> None:
        """Make the rows from one index to just before another."""
        if self._roll is None:
            return
        wanted = [place for place in self.places[max(0, start) : max(0, stop)] if place not in self._rows]
        made = self._roll.at(wanted, look=not self._looked_at)
        for place in wanted:
            standing = made.get(place)
            if standing is not None:
                self._found[standing.request.id] = standing
                self._rows[place] = row_of(standing)
            else:
                self._rows[place] = _glanced(place, self._roll.row(place))

    def lacks(self, start: int, stop: int) -> bool:
        """Whether a row from one index to just before another is not made yet."""
        return any(place not in self._rows for place in self.places[max(0, start) : max(0, stop)])

    def index_of(self, row_id: str) -> int | None:
        """Where a row stands; None where it does not."""
        place = self._roll.place_of(row_id) if self._roll else None
        try:
            return self.places.index(place) if place is not None else None
        except ValueError:
            return None

    def proof(self, count: int) -> Proof | None:
        """What the first rows rest on; None where one is not read, or cannot be told in short."""
        return self._roll.proof(self.places[:count]) if self._roll else None

    def ids_of(self, places: Sequence[int]) -> list[str]:
        """The ids of the rows at some places."""
        return self._roll.ids(places) if self._roll else []


class Ids(Sequence[str]):
    """The ids of a listing, looked up when they are asked for; equal where the same rows stand in the same order."""

    def __init__(self, listing: RollListing) -> None:
        self._listing = listing

    def __len__(self) -> int:
        return len(self._listing)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return self._listing.ids_of(self._listing.places[index])
        return self._listing.row(index).id

    def __iter__(self) -> Iterator[str]:
        return iter(self[:])

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Ids):
            return self._listing.places == other._listing.places
        return isinstance(other, Sequence) and len(self) == len(other) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def _glanced(place: int, row: FileRow | None) -> Row:
    """A row of what is not read, or changed, or went away: to be seen and not decided on."""
    if row is None:
        return Row(f"gone {place}", "pending", "gone", KIND_WORDS[None], "", note="it went away")
    return Row(
        id=row.id,
        state=row.state,
        word=state_word(row.state),
        kind=KIND_WORDS[row.kind],
        title=safe_line(row.title),
        target=safe_line(row.target),
        since=datetime.fromtimestamp(row.created, UTC) if row.created < NEVER else None,
        note=NOT_READ,
    )
