"""Attention: a run of very fast approvals is a sign that nobody reads; then the next one asks."""

from __future__ import annotations

import itertools
from collections import deque

from platinum_tui.system.clock import Clock

RUN = 5
"""Approvals in a row that make a run."""
GLANCE_S = 2.0
"""Seconds within which nobody reads a request."""


class Attention:
    """Remembers when the last approvals were made.

    Args:
        clock: where time comes from.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._times: deque[float] = deque(maxlen=RUN)

    def approved(self) -> None:
        """One was approved, now."""
        self._times.append(self._clock.monotonic())

    def rested(self) -> None:
        """The reviewer was asked, and answered."""
        self._times.clear()

    @property
    def is_hurried(self) -> bool:
        """Whether the last approvals, and now, follow each other faster than anybody reads."""
        times = (*self._times, self._clock.monotonic())
        return len(times) > RUN and all(after - before < GLANCE_S for before, after in itertools.pairwise(times))
