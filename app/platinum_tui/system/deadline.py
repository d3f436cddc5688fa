"""Calls that might never come back, such as a keyring's that waits for a person, get a deadline."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class DeadlinePassed(Exception):
    """The call has not come back in time; it goes on in its thread."""


class DeadlineCaller:
    """Makes calls one at a time, each in a thread of its own, and waits a limited time.

    While a call that passed its deadline still hangs, further calls fail at once, so that threads do not pile up.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._hanging: threading.Thread | None = None

    def call(self, work: Callable[[], T]) -> T:
        """What `work` returns.

        Raises:
            DeadlinePassed: it has not returned in time, or an earlier call still hangs.
            Exception: whatever `work` raised.
        """
        with self._lock:
            if self._hanging and self._hanging.is_alive():
                raise DeadlinePassed
            results: list[T] = []
            errors: list[Exception] = []

            def run() -> None:
                try:
                    results.append(work())
                except Exception as error:  # noqa: BLE001 - the thread's border: it is raised again in the caller
                    errors.append(error)

            thread = threading.Thread(target=run, name="deadline", daemon=True)
            thread.start()
            thread.join(self._seconds)
            if thread.is_alive():
                self._hanging = thread
                raise DeadlinePassed
        if errors:
            raise errors[0]
        return results[0]
