"""A worker's loop: one thread that works when it is woken or when its time has come.

It survives its failures, all but one: after a failed disk nothing is tried again until a person has started it anew.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from datetime import datetime

from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.event import Progress, WorkerState, WorkerStatus
from platinum_tui.model.text import safe_line
from platinum_tui.system.clock import Clock
from platinum_tui.system.disk import is_disk_failure

FIRST_BACKOFF_S = 1.0
LONGEST_BACKOFF_S = 60.0
_ENDS_WITHIN_S = 0.5
"""Seconds within which a loop that is held notices that it is to end."""
TOLD_EVERY_S = 0.5
"""Seconds between two words on how far one and the same thing has come."""


class WorkerLoop:
    """Runs one worker's passes in a thread of its own.

    Args:
        name: the thread's name.
        work: one pass; returns the seconds until it wants to run again unasked.
        clock: where times come from.
        changed: is told every new status, from the worker's thread.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], float],
        clock: Clock,
        changed: Callable[[WorkerStatus], None],
    ) -> None:
        self._name = name
        self._work = work
        self._clock = clock
        self._changed = changed
        self._wake = threading.Event()
        self._passing = threading.Lock()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._told_at = 0.0
        self.status = WorkerStatus(WorkerState.STOPPED)

    def start(self) -> None:
        """Begin; the first pass follows at once."""
        self._stopping = False
        self._wake.set()
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Ask for a pass soon."""
        self._wake.set()

    def retry(self) -> None:
        """Ask for a pass now, whatever the loop waits for; one that has ended begins anew."""
        if self._thread and self._thread.is_alive():
            self.wake()
        else:
            self.start()

    def finish(self) -> None:
        """Begin no other pass; returns at once."""
        self._stopping = True
        self._wake.set()

    def stop(self, deadline_s: float) -> None:
        """Let the present pass end, and begin no other."""
        self.finish()
        if self._thread:
            self._thread.join(deadline_s)
        if self.status.state is not WorkerState.OFF:
            self._tell(WorkerState.STOPPED, self.status.last_run)

    def hold(self, patience_s: float) -> bool:
        """Wait until no pass is under way, and keep the next from beginning until `let_go`.

        Returns:
            Whether that came to be within some seconds; if not, nothing is held.
        """
        return self._passing.acquire(timeout=patience_s)

    def let_go(self) -> None:
        """Let passes begin again after a `hold`."""
        self._passing.release()

    def pause(self, why: str) -> None:
        """Show the worker as paused; it is not started."""
        self._tell(WorkerState.PAUSED, None, why)

    def switch_off(self, why: str) -> None:
        """Show the worker as not configured; it is not started."""
        self._tell(WorkerState.OFF, None, why)

    def come_to(self, progress: Progress) -> None:
        """The present pass has come so far; what it says too often is kept and not told."""
        if self.status.state is not WorkerState.RUNNING:
            return
        before, now = self.status.progress, self._clock.monotonic()
        self.status = dataclasses.replace(self.status, progress=progress)
        if before is None or before.doing != progress.doing or now - self._told_at >= TOLD_EVERY_S:
            self._told_at = now
            self._changed(self.status)

    def _run(self) -> None:
        backoff, wait = FIRST_BACKOFF_S, 0.0
        while not self._stopping:
            self._wake.wait(wait)
            self._wake.clear()
            while not self._passing.acquire(timeout=_ENDS_WITHIN_S):
                if self._stopping:
                    return
            try:
                if self._stopping:
                    return
                started = self._clock.now()
                self._tell(WorkerState.RUNNING, self.status.last_run)
                wait, backoff = self._work(), FIRST_BACKOFF_S
                self._tell(WorkerState.IDLE, started)
            except Exception as error:  # noqa: BLE001 - the worker's border: it is shown, and the next pass tries again
                wait, backoff = backoff, min(backoff * 2, LONGEST_BACKOFF_S)
                self._tell(WorkerState.FAILING, started, _sentence(error))
                if is_disk_failure(error):
                    return
            finally:
                self._passing.release()

    def _tell(self, state: WorkerState, last_run: datetime | None, last_error: str | None = None) -> None:
        if state is WorkerState.RUNNING:
            last_error = self.status.last_error
        self.status = WorkerStatus(state, last_run, last_error)
        self._changed(self.status)


def _sentence(error: Exception) -> str:
    if isinstance(error, PlatinumError):
        return safe_line(f"{error.message} {error.remedy}")
    return safe_line(f"{type(error).__name__}: {error}")
