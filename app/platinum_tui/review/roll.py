"""The roll: every request at one moment, as row numbers in order; a row becomes a standing when it is asked for."""

from __future__ import annotations

import heapq
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from platinum_tui.ledger.outline import Outline
from platinum_tui.model.request import State
from platinum_tui.model.standing import Standing
from platinum_tui.review.index import Index, words_of
from platinum_tui.review.index_rows import NEVER, Row
from platinum_tui.review.proof import Proof

Place = int
"""The number of a row: from 1 for a file, below 0 for a decided request of which no file is left."""


class Match(NamedTuple):
    """A request that a name may mean."""

    place: Place
    id: str
    sha256: str | None
    file: str
    state: State


class Roll:
    """The requests of one vault at one moment.

    Args:
        index: what is known of the files.
        exceptions: the rows whose state the ledger, or a signature, tells; the others are as their folder says.
        departed: decided requests that no file shows any more.
        make, make_departed: turn rows, or a departed request, into standings.
        is_right: whether a row is what its file says now; looks at the disk.
        prove: what rows rest on; None where that cannot be told in short.
    """

    def __init__(
        self,
        index: Index,
        exceptions: Mapping[Place, tuple[Row, State]],
        departed: Sequence[Outline],
        make: Callable[[Sequence[Row]], dict[Place, Standing]],
        make_departed: Callable[[Outline], Standing | None],
        is_right: Callable[[Row], bool],
        prove: Callable[[Sequence[Row]], Proof | None],
    ) -> None:
        self._index = index
        self._exceptions = exceptions
        self._departed = departed
        self._make = make
        self._make_departed = make_departed
        self._is_right = is_right
        self._prove = prove
        self.counts: Mapping[State, int] = self._counted()

    def __len__(self) -> int:
        return sum(self.counts.values())

    def places(self, states: Collection[State] | None = None) -> array[int]:
        """The rows in some states or all: files in the order of the scan, then what only the ledger knows."""
        states = frozenset(State) if states is None else states
        found = (place for place in self._index.places(states) if place not in self._exceptions)
        added = sorted(place for place, (_, state) in self._exceptions.items() if state in states)
        return array("q", (*heapq.merge(found, added), *self._departed_in(states)))

    def search(self, matches: Callable[[str, str], bool], rows: Sequence[Row]) -> list[Match]:
        """Of some rows, and of the departed requests, those whose id and file match."""
        found = [
            Match(row.place, row.id, row.sha256, row.file, self._exceptions.get(row.place, (row, row.state))[1])
            for row in sorted(rows)
            if matches(row.id, row.file)
        ]
        return found + [
            Match(-1 - n, outline.id, outline.file_sha256, outline.file, outline.state)
            for n, outline in enumerate(self._departed)
            if matches(outline.id, outline.file)
        ]

    def by_age(self, states: Collection[State], *, newest_first: bool = False) -> array[int]:
        """The rows in some states, oldest first, what has no date last; or all of that the other way round."""
        added = [(row.created, row.file, place) for place, (row, state) in self._exceptions.items() if state in states]
        added += [(self._created(place), self._outline(place).file, place) for place in self._departed_in(states)]
        if added:
            ordered = (each for each in self._index.in_order(states) if each[2] not in self._exceptions)
            places = array("q", (place for _, _, place in heapq.merge(ordered, sorted(added))))
        else:
            places = self._index.places_by_age(states)
            if self._exceptions:
                places = array("q", (place for place in places if place not in self._exceptions))
        if newest_first:
            places.reverse()
        return places

    def standings(self, places: Sequence[Place]) -> Iterator[Standing]:
        """The requests at some places, in that order; those that are not read yet, or are gone, are left out."""
        made = self.at(places)
        return (made[place] for place in places if place in made)

    def standing(self, place: Place) -> Standing | None:
        """The request at a place; None where it is not read yet, or gone."""
        return self.at((place,)).get(place)

    def at(self, places: Sequence[Place], *, look: bool = False) -> dict[Place, Standing]:
        """The requests at some places that are read; with `look`, only those whose files are as they were read."""
        rows = self._index.rows([place for place in places if place > 0]).values()
        made = self._make([row for row in rows if not look or self._is_right(row)])
        for place in places:
            if place < 0 and (standing := self._make_departed(self._outline(place))):
                made[place] = standing
        return made

    def proof(self, places: Sequence[Place]) -> Proof | None:
        """What the rows at some places rest on; None where one is not read, or cannot be told in short."""
        rows = self._index.rows(places)
        return self._prove([rows[place] for place in places]) if len(rows) == len(places) else None

    def ids(self, places: Sequence[Place]) -> list[str]:
        """The ids of the rows at some places."""
        rows = self._index.rows([place for place in places if place > 0])
        return [
            rows[place].id if place > 0 else self._outline(place).id for place in places if place < 0 or place in rows
        ]

    def row(self, place: Place) -> Row | None:
        """What is known of the file at a place, read or only glanced at."""
        return self._index.rows((place,)).get(place)

    def place_of(self, request_id: str) -> Place | None:
        """Where a request stands, by its id, or by its file while that is not read yet."""
        rows = self._index.rows_of_ids((request_id,)) or self._index.rows_of_files((request_id,))
        if rows:
            return rows[0].place
        return next((-1 - n for n, outline in enumerate(self._departed) if outline.id == request_id), None)

    def holding(self, text: str | None, kinds: Collection[str | None]) -> frozenset[Place]:
        """The rows whose title, target or file, in folded case, hold a text, and those of some kinds."""
        held = self._index.holding(text, kinds)
        departed = [
            place
            for place, words in self._departed_words()
            if (text is not None and text in words) or self._outline(place).kind in kinds
        ]
        return held.union(departed) if departed else held

    def resembling(self, letters: str) -> Iterator[tuple[Place, str]]:
        """The rows that may have some letters in this order in title, target or file; each with these texts, folded."""
        return chain(self._index.resembling(letters), self._departed_words())

    def _departed_words(self) -> Iterator[tuple[Place, str]]:
        for number, outline in enumerate(self._departed):
            yield -1 - number, words_of(outline.title, outline.target, outline.file)

    def _counted(self) -> Counter[State]:
        counts = Counter(self._index.counts())
        for row, state in self._exceptions.values():
            counts[row.state] -= 1
            counts[state] += 1
        counts.update(outline.state for outline in self._departed)
        return +counts

    def _departed_in(self, states: Collection[State]) -> list[Place]:
        return [-1 - n for n, outline in enumerate(self._departed) if outline.state in states]

    def _outline(self, place: Place) -> Outline:
        return self._departed[-1 - place]

    def _created(self, place: Place) -> float:
        outline = self._outline(place)
        created = self._index.created(outline.origin, outline.file_sha256)
        return NEVER if created is None else created
