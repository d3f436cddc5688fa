"""All requests at one moment, immutable: made in a thread, shown by swapping it in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from platinum_tui.console.filters import Filter, Searchable
from platinum_tui.console.sections import STATES, Section

if TYPE_CHECKING:
    from platinum_tui.console.standing_rows import StandingListing
    from platinum_tui.model.standing import Standing


@dataclass(frozen=True)
class Snapshot:
    """The requests as the service gave them."""

    standings: Sequence[Standing] = ()
    _searchables: dict[Section, Searchable] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each request stands in `standings`, by its id."""
        return {standing.request.id: place for place, standing in enumerate(self.standings)}

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many requests are in each state."""
        return Counter(standing.state for standing in self.standings)

    def count(self, section: Section) -> int:
        """How many requests a section holds."""
        return sum(self.counts.get(state, 0) for state in STATES.get(section, ()))

    def find(self, request_id: str) -> Standing | None:
        """The request of that id."""
        place = self.places.get(request_id)
        return None if place is None else self.standings[place]

    def in_states(self, *states: str) -> list[Standing]:
        """The requests in some states."""
        if not any(self.counts.get(state) for state in states):
            return []
        return [standing for standing in self.standings if standing.state in states]

    def listing(self, section: Section, wanted: Filter) -> StandingListing:
        """The rows of a section that pass a filter."""
        from platinum_tui.console.standing_rows import StandingListing

        searchable = self.searchable(section)
        return StandingListing(searchable.find(wanted) if wanted else searchable.standings)

    def searchable(self, section: Section) -> Searchable:
        """The requests of a section, ready to be filtered."""
        if section not in self._searchables:
            states = STATES[section]
            found = [standing for standing in self.standings if standing.state in states]
            found.sort(key=_age, reverse=section is Section.HISTORY)
            self._searchables[section] = Searchable(found)
        return self._searchables[section]

    def with_standing(self, standing: Standing) -> Snapshot:
        """The same moment, but for one request."""
        place = self.places.get(standing.request.id)
        if place is None:
            return replace(self, standings=[*self.standings, standing])
        standings = list(self.standings)
        standings[place] = standing
        return replace(self, standings=standings)


def _age(standing: Standing) -> tuple[bool, float, str]:
    """Oldest first, what has no date last."""
    created = standing.request.created_at
    return created is None, created.timestamp() if created else 0.0, standing.file
