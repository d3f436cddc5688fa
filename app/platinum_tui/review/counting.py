"""How many requests are in each state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from platinum_tui.model.request import State
from platinum_tui.model.standing import Standing


def counts_of(standings: Iterable[Standing]) -> Mapping[State, int]:
    """Requests by state; files that ask for nothing wait for nobody and are left out."""
    return Counter(s.state for s in standings if s.request.kind or s.state is not State.PENDING)
