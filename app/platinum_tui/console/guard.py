"""The pause after a change: a key meant for what was on screen a moment ago must not decide on what is there now."""

from __future__ import annotations

from platinum_tui.system.clock import Clock

PAUSE = 0.4
"""Seconds for which keys that decide are dead after something changed under the reviewer."""


class Guard:
    """Knows when the selection, the list or a dialog last changed without the reviewer moving it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._changed_at = self._left_typing_at = float("-inf")

    def changed(self) -> None:
        """Something changed under the reviewer, now."""
        self._changed_at = self._clock.monotonic()

    def left_typing(self) -> None:
        """A dialog in which something is typed was left, now."""
        self._left_typing_at = self._clock.monotonic()

    @property
    def may_be_typed(self) -> bool:
        """Whether a letter or digit may still be meant for a dialog that is gone."""
        return self._clock.monotonic() < self._left_typing_at + PAUSE

    @property
    def closed(self) -> bool:
        """Whether keys that decide are dead."""
        return self._clock.monotonic() < self._changed_at + PAUSE
