"""Who executes: one instance at a time. One that comes later reviews, and takes over as soon as the lock is free."""

from __future__ import annotations

import threading
from collections.abc import Callable

from platinum_tui.execution.lock import ExecutorLock
from platinum_tui.model.errors import Locked, PlatinumError
from platinum_tui.model.event import Event, Notice
from platinum_tui.workers.staff import Staff

LOOK_EVERY_S = 2.0
"""Seconds between two tries to take the lock: two files opened, nothing written."""


class Succession:
    """Takes the executor's lock for one instance, then lets its workers begin.

    Args:
        lock: the right to execute.
        staff: the workers.
        tell: is told why nothing is executed here, and when that is over.
    """

    def __init__(self, lock: ExecutorLock, staff: Staff, tell: Callable[[Event], None]) -> None:
        self._lock = lock
        self._staff = staff
        self._tell = tell
        self._trying = threading.Lock()
        self._ended = threading.Event()
        self._waiting: threading.Thread | None = None
        self._why = ""

    def begin(self) -> None:
        """Take the lock, or say why not and try again until it is to be had. Returns at once."""
        try:
            self._take()
        except PlatinumError as error:
            self._stand_aside(error)
            self._waiting = threading.Thread(target=self._wait, name="succession", daemon=True)
            self._waiting.start()

    def hurry(self) -> None:
        """Where it waits for the lock, try now.

        Raises:
            Locked: another instance executes on this vault.
            Failed, Obstructed: something else lies where a lock belongs.
        """
        if self._waiting:
            self._take()

    def finish(self) -> None:
        """Take nothing over any more; returns at once."""
        self._ended.set()

    def stop(self) -> None:
        """The same; no try is under way when this returns."""
        self.finish()
        if self._waiting:
            self._waiting.join()
        with self._trying:
            return

    def _wait(self) -> None:
        while not (self._ended.wait(LOOK_EVERY_S) or self._staff.executing):
            try:
                self._take()
            except PlatinumError as error:
                self._stand_aside(error)

    def _take(self) -> None:
        with self._trying:
            if self._ended.is_set() or self._staff.executing:
                return
            self._lock.acquire()
            if self._why:
                self._tell(Notice("Nothing else executes on this vault any more: this one executes now."))
            self._staff.start()
            if self._ended.is_set():
                self._staff.finish()

    def _stand_aside(self, error: PlatinumError) -> None:
        """Show and say why nothing is executed here: once, and not at every try."""
        if error.message == self._why:
            return
        self._why = error.message
        self._staff.pause(error.message)
        if isinstance(error, Locked):
            self._tell(Notice(f"{error.message} This one reviews and decides, and takes over when that one ends."))
        else:
            self._tell(Notice(f"{error.message} {error.remedy}", severe=True))
