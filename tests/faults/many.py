"""Many cases at once, on every core; what comes back are the cases that broke a promise."""

from __future__ import annotations

import functools
import os
import random
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from .failing import SQLITE, Fault, fail_at, faults, sqlite_fails
from .killing import Point, Verdict, kill_at, points
from .services import Service

T = TypeVar("T")
COMMITS = 24
"""How many commits are made to fail, each in its turn."""


@dataclass(frozen=True)
class Tally:
    """What many cases came to."""

    cases: int
    asked: int
    alive: int
    broken: tuple[Verdict, ...]

    def __str__(self) -> str:
        broken = f"{self.cases} cases, {len(self.broken)} broken"
        return f"{broken}, {self.asked} requests asked about, {self.alive} not reached"


def tally(judge: Callable[[T], Verdict], cases: Sequence[T]) -> Tally:
    """Every case judged, two at a time for each core."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        verdicts = list(pool.map(judge, cases, chunksize=4))
    broken = tuple(verdict for verdict in verdicts if verdict.breaches)
    return Tally(len(verdicts), sum(v.asked for v in verdicts), sum(not v.died for v in verdicts), broken)


def every_death(service: Service, every: int = 1) -> Tally:
    """A death before every state-changing system call of approve → archive, in the program and in its service."""
    return tally(functools.partial(kill_at, service), points(service)[::every])


def double_deaths(service: Service, count: int, seed: int) -> Tally:
    """A random death, and another one in the recovery."""
    chance, all_points = random.Random(seed), points(service)
    cases = [(chance.choice(all_points), chance.choice(all_points)) for _ in range(count)]
    return tally(functools.partial(_die_twice, service), cases)


def failing_calls(service: Service, count: int | None = None, seed: int = 0) -> Tally:
    """Every error at every call, or so many of them."""
    cases = faults(points(service))
    chosen: Iterable[Fault] = cases if count is None else random.Random(seed).sample(cases, count)
    return tally(functools.partial(fail_at, service), list(chosen))


def failing_commits(service: Service, every: int = 1) -> Tally:
    """Every commit busy, full or broken, once and from then on."""
    cases = [
        (error, number, lasting)
        for error in SQLITE
        for number in range(1, COMMITS + 1, every)
        for lasting in (False, True)
    ]
    return tally(functools.partial(_commit_fails, service), cases)


def _die_twice(service: Service, deaths: tuple[Point, Point]) -> Verdict:
    return kill_at(service, *deaths)


def _commit_fails(service: Service, case: tuple[str, int, bool]) -> Verdict:
    return sqlite_fails(service, *case)
