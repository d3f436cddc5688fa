"""What looking through all rows of the index gave, kept right while a few of them change."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

FEW = 200
"""Rows that may change at once; after more, all are looked through again."""


class Key(NamedTuple):
    """What of a row decides where it counts and stands: its file as the database has it, text or bytes."""

    place: int
    id: str
    state: str
    created: float
    file: str | bytes

    @property
    def age(self) -> tuple[float, bool, str | bytes]:
        """What sorts by age; SQLite sorts every text before any bytes."""
        return self.created, isinstance(self.file, bytes), self.file


class IndexMemory:
    """Counts, conflicts and orders of all rows, as of one version of the index.

    Attributes:
        version: which one.
        counts: how many rows are in each state; None where they were not counted.
        conflicting: the ids under which files of different bytes wait; None where they were not looked for.
        by_age: the places of the rows in some states, oldest first.
    """

    def __init__(self) -> None:
        self.version: object = None
        self.forget()

    def forget(self) -> None:
        """Everything has to be looked through again."""
        self.counts: Counter[str] | None = None
        self.conflicting: frozenset[str] | None = None
        self.by_age: dict[frozenset[str], array[int]] = {}

    def be_at(self, version: object) -> None:
        """Forget what is of another version."""
        if version != self.version:
            self.version = version
            self.forget()

    def follow(
        self,
        before: Sequence[Key],
        after: Sequence[Key],
        conflicting_among: Callable[[Collection[str]], Iterable[str]],
        key_at: Callable[[int], Key],
    ) -> None:
        """Be right after a change.

        Args:
            before: the rows that changed, as they were; one that came is not among them.
            after: the same as they are; one that went is not among them.
            conflicting_among: which of some ids are conflicting after the change.
            key_at: the row at a place after the change.
        """
        ids = {key.id for key in (*before, *after)}
        same = {*before}.intersection(after)
        before, after = [key for key in before if key not in same], [key for key in after if key not in same]
        if self.counts is not None:
            self.counts.subtract(key.state for key in before)
            self.counts.update(key.state for key in after)
        if self.conflicting is not None:
            self.conflicting = self.conflicting.difference(ids).union(conflicting_among(ids))
        for states, places in self.by_age.items():
            for key in before:
                if key.state in states:
                    places.remove(key.place)
            for key in after:
                if key.state in states:
                    places.insert(bisect_left(places, key.age, key=lambda place: key_at(place).age), key.place)
