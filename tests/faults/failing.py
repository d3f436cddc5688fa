"""Calls that fail, once or from then on: a full disk, a broken one, a read-only one, refusals, too many open files."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from platinum_tui.ledger.database import Database

from .harness import run
from .killing import Point, Verdict, conclude
from .scene import a_scene
from .services import Service
from .working import decide_and_execute

NAMES = ("openat", "mkdir", "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat")
ERRORS = {
    "ENOSPC": (
        "write",
        "pwrite64",
        "ftruncate",
        "openat",
        "mkdir",
        "rename",
        "renameat",
        "renameat2",
        "link",
        "linkat",
    ),
    "EIO": ("fsync", "fdatasync", "write", "pwrite64"),
    "EROFS": NAMES,
    "EACCES": NAMES,
    "EMFILE": ("openat",),
}
"""Which errors a call may end with."""
SQLITE = {
    "SQLITE_BUSY": "database is locked",
    "SQLITE_FULL": "database or disk is full",
    "SQLITE_IOERR": "disk I/O error",
}


@dataclass(frozen=True)
class Fault:
    """One call that fails, or every one from it on."""

    point: Point
    error: str
    lasting: bool

    @property
    def strace(self) -> tuple[str, ...]:
        call, when = self.point.call, f"{self.point.number}{'+' if self.lasting else ''}"
        return ("-e", f"trace={call}", "-e", f"inject={call}:error={self.error}:when={when}")

    def __str__(self) -> str:
        return f"{self.error} {'from' if self.lasting else 'at'} {self.point}"


def faults(points: list[Point]) -> list[Fault]:
    """Every error that every point may have, once and lasting."""
    return [
        Fault(point, error, lasting)
        for point in points
        for error, calls in ERRORS.items()
        if point.call in calls
        for lasting in (False, True)
    ]


def fail_at(service: Service, fault: Fault) -> Verdict:
    """One run with a fault, then the fault is gone: run until quiet, and judge."""
    with a_scene(service) as scene:
        run(scene, 1, decide_and_execute, strace=fault.strace, on_service=fault.point.on_service)
        run(scene, 2, decide_and_execute)
        return conclude(scene, f"{service}: {fault}", 2)


def sqlite_fails(service: Service, error: str, number: int, lasting: bool) -> Verdict:
    """The same with the `number`th commit."""
    with a_scene(service) as scene:
        run(scene, 1, decide_and_execute, mutate=_failing_commits(error, number, lasting))
        run(scene, 2, decide_and_execute)
        return conclude(scene, f"{service}: {error} {'from' if lasting else 'at'} commit {number}", 2)


def _failing_commits(error: str, number: int, lasting: bool) -> Callable[[], None]:
    prepare, commits = Database._prepare, [0]

    class Connection:
        def __init__(self, real: sqlite3.Connection) -> None:
            self._real = real

        def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
            if statement == "COMMIT":
                commits[0] += 1
                if commits[0] == number or (lasting and commits[0] > number):
                    failure = sqlite3.OperationalError(SQLITE[error])
                    failure.sqlite_errorname = error  # type: ignore[misc]
                    raise failure
            return self._real.execute(statement, *values)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._real, name)

    def prepared(self: Database) -> None:
        prepare(self)
        self._connection = Connection(self._connection)  # type: ignore[assignment]

    def plant() -> None:
        Database._prepare = prepared  # type: ignore[method-assign]

    return plant
