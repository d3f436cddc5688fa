"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 1, 7, 12, 0, tzinfo=UTC)


class ManualClock:
    """Both clocks of the program, moved by hand.

    Args:
        now: the wall clock at first, aware.
        monotonic: the other one, in seconds.
    """

    def __init__(self, now: datetime = NOON, monotonic: float = 1_000.0) -> None:
        self._now = now
        self._monotonic = monotonic

    def now(self) -> datetime:
        """The wall clock."""
        return self._now

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Let time pass, on both."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds
