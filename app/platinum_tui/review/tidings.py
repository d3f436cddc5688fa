"""Tidings: what was heard of the vault's files since all of them were looked at."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection

from platinum_tui.system.clock import Clock

LONGEST_S = 20.0
"""Seconds after which all files are looked at again, whatever was heard: some changes tell nobody."""
MOST = 100
"""Files heard of beyond which looking at all of them is as good."""


class Tidings:
    """Which files have to be looked at. Unless somebody listens to the vault, that is every file.

    Args:
        clock: where time comes from.

    Attributes:
        is_listening: whether each change is heard of at present.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._files: set[str] = set()
        self._surroundings: object = None
        self._next_look_at = self._holds_since = self._holds_until = 0.0
        self.is_listening: Callable[[], bool] = lambda: False

    @property
    def has_news(self) -> bool:
        """Whether anything was heard of since it was asked what to look at."""
        with self._lock:
            return bool(self._files) or self._surroundings is None

    def hear(self, files: Collection[str] | None) -> None:
        """Something happened to some files; None where it cannot be told to which."""
        with self._lock:
            if files is not None:
                self._files.update(files)
            if files is None or len(self._files) > MOST:
                self._surroundings = None

    def expect(self, until: float) -> None:
        """What was read of some file holds only until a time; seconds since the epoch."""
        with self._lock:
            self._holds_until = min(self._holds_until, until)

    def take(self, surroundings: object) -> tuple[str, ...] | None:
        """The files to be looked at now, once; None where it is all of them.

        Args:
            surroundings: what every reading rests on.
        """
        now, ticks = self._clock.now().timestamp(), self._clock.monotonic()
        with self._lock:
            files = tuple(self._files)
            self._files.clear()
            same = surroundings == self._surroundings and self.is_listening()
            if same and ticks < self._next_look_at and self._holds_since <= now < self._holds_until:
                self._holds_since = now
                return files
            self._surroundings, self._holds_since, self._holds_until = surroundings, now, float("inf")
            self._next_look_at = ticks + LONGEST_S
            return None
