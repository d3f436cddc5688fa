"""A program that ends, or whose disk is full, at a chosen one of its durable steps; all in one process."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from typing import Any

from platinum_tui.ledger.database import Database
from platinum_tui.model.errors import Failed
from platinum_tui.vault import moves


class Died(BaseException):
    """The process ends here; nothing that it would still have done happens."""


@contextlib.contextmanager
def dies_at(step: int) -> Iterator[None]:
    """The `step`th durable step and all after it do not happen; `Died` comes out, where it came to that."""

    def die(_: str) -> None:
        raise Died

    with _steps_fail(die, lambda number: number >= step) as counted:
        with contextlib.suppress(Exception):  # what a dead process makes of its own death is heard by nobody
            yield
        if counted[0] >= step:
            raise Died


@contextlib.contextmanager
def disk_full(step: int, steps: int) -> Iterator[None]:
    """From the `step`th durable step on there is no room for so many steps."""

    def refuse(kind: str) -> None:
        if kind == "commit":
            raise Failed("The ledger was not written: database or disk is full.")
        raise OSError(errno.ENOSPC, "No space left on device")

    with _steps_fail(refuse, lambda number: step <= number < step + steps):
        yield


@contextlib.contextmanager
def _steps_fail(fail: Callable[[str], None], when: Callable[[int], bool]) -> Iterator[list[int]]:
    counted = [0]

    def count(kind: str) -> None:
        counted[0] += 1
        if when(counted[0]):
            fail(kind)

    def counting(kind: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*values: Any, **named: Any) -> Any:
            count(kind)
            return real(*values, **named)

        return step

    def commits(real: Callable[..., Any]) -> Callable[..., Any]:
        @contextlib.contextmanager
        def transaction(database: Database) -> Iterator[Any]:
            count("commit")
            with real(database) as connection:
                yield connection

        return transaction

    places: list[tuple[Any, str, Callable[..., Any]]] = [
        *((os, name, counting(name, getattr(os, name))) for name in ("fsync", "link", "replace", "unlink", "mkdir")),
        (moves, "rename_at", counting("rename", moves.rename_at)),
        (Database, "transaction", commits(Database.transaction)),
    ]
    before = [(where, name, getattr(where, name)) for where, name, _ in places]
    for where, name, step in places:
        setattr(where, name, step)
    try:
        yield counted
    finally:
        for where, name, real in before:
            setattr(where, name, real)
