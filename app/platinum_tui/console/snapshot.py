"""All requests at one moment: what was asked of it once stays as it was answered; shown by swapping it in."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from platinum_tui.console.filters import Filter, Searchable
from platinum_tui.console.ordering import ordered
from platinum_tui.console.sections import STATES
from platinum_tui.model.request import State
from platinum_tui.model.sections import Order, Section

if TYPE_CHECKING:
    from platinum_tui.console.roll_listing import RollListing
    from platinum_tui.model.standing import Standing
    from platinum_tui.review.roll import Roll


_MOMENTS = itertools.count()


@dataclass(frozen=True)
class Snapshot:
    """The requests as the service knew them.

    Attributes:
        roll: which there are, in which states; None before the first look.
        looked_at: whether every file was looked at for it; until then, each is before it is shown.
        moment: a number; of two snapshots, the one that was begun later has the higher one.
    """

    roll: Roll | None = None
    looked_at: bool = False
    moment: int = field(default_factory=_MOMENTS.__next__, compare=False)
    _listings: dict[Section, RollListing] = field(default_factory=dict, init=False, repr=False, compare=False)
    _searchables: dict[Section, Searchable] = field(default_factory=dict, init=False, repr=False, compare=False)
    _found: dict[str, Standing | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def taken(cls, read: Callable[[], Roll | None], *, looked_at: bool = False) -> Snapshot:
        """A snapshot of what is read from now on."""
        moment = next(_MOMENTS)
        return cls(read(), looked_at, moment)

    @property
    def rank(self) -> tuple[bool, int]:
        """Of two snapshots the one with the higher rank is believed: that everything was looked at counts first."""
        return self.looked_at, self.moment

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many requests are in each state."""
        return {state.value: count for state, count in self.roll.counts.items()} if self.roll else {}

    def count(self, section: Section) -> int:
        """How many requests a section holds."""
        return sum(self.counts.get(state, 0) for state in STATES.get(section, ()))

    def find(self, request_id: str) -> Standing | None:
        """The request of that id; None where there is none, or it is not read yet."""
        if request_id not in self._found:
            place = self.roll.place_of(request_id) if self.roll else None
            self._found[request_id] = self.roll.standing(place) if self.roll and place is not None else None
        return self._found[request_id]

    def in_states(self, *states: str) -> list[Standing]:
        """The requests in some states."""
        wanted = [State(state) for state in states]
        if self.roll is None or not any(self.counts.get(state) for state in wanted):
            return []
        return list(self.roll.standings(self.roll.places(wanted)))

    def listing(self, section: Section, wanted: Filter, order: Order = Order.AGE) -> RollListing:
        """The rows of a section that pass a filter, in an order."""
        from platinum_tui.console.roll_listing import RollListing

        if section not in self._listings:
            states = [State(state) for state in STATES[section]]
            places = self.roll.by_age(states, newest_first=section is Section.HISTORY) if self.roll else ()
            self._listings[section] = RollListing(self.roll, places, self.looked_at, self._found)
        listing = self._listings[section]
        listing = listing.of(self.searchable(section).find(wanted)) if wanted else listing
        if self.roll is None or order is Order.AGE:
            return listing
        return listing.of(*ordered(self.roll, listing.places, order))

    def searchable(self, section: Section) -> Searchable:
        """The requests of a section, ready to be filtered."""
        if section not in self._searchables:
            listing = self.listing(section, Filter())
            self._searchables[section] = Searchable(self.roll, listing.places)
        return self._searchables[section]
