"""`python -m tests.faults --all`: every death, error, double death and planted bug, with figures."""

# ruff: noqa: T201

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from .anything import run as walk
from .hunting import hunt, plain, power
from .many import Tally, double_deaths, every_death, failing_calls, failing_commits
from .mutants import MUTANTS
from .races import claims, flipping, opposite
from .services import Service

WALKS, STEPS = 5_000, 50
"""How often anything happens in any order, and how many steps long."""


def main() -> int:
    """Run what is asked for; 1 where a promise was broken or a planted bug survived."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--all", action="store_true", help="every service, everything below, races and random walks")
    parser.add_argument("--service", choices=[*Service], default=Service.ASKABLE)
    parser.add_argument("--double", type=int, default=0, metavar="N", help="N random double deaths")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="N random failing calls (-1: every one)")
    parser.add_argument("--mutants", action="store_true", help="every planted bug")
    given = parser.parse_args()
    chosen = list(Service) if given.all else [Service(given.service)]
    double = 334 if given.all else given.double
    with ProcessPoolExecutor(1) as beside:
        walked = beside.submit(_walk) if given.all else None
        broken = _attack(chosen, given, double)
        return 1 if broken + (walked.result() if walked else 0) else 0


def _attack(chosen: Sequence[Service], given: argparse.Namespace, double: int) -> int:
    """How many promises were broken by what was asked for; the random walks go on beside it."""
    broken = 0
    for service in chosen:
        jobs: list[tuple[str, Callable[[], Tally]]] = [("deaths", partial(every_death, service))]
        if double:
            jobs.append(("double deaths", partial(double_deaths, service, double, seed=7)))
        if given.errors or given.all:
            count = None if given.all or given.errors < 0 else given.errors
            jobs += [
                ("failing calls", partial(failing_calls, service, count)),
                ("failing commits", partial(failing_commits, service)),
            ]
        verdicts = [plain(service), power(service)]
        broken += sum(bool(verdict.breaches) for verdict in verdicts)
        for name, job in jobs:
            broken += _report(f"{service}, {name}", job)
    if given.mutants or given.all:
        broken += _hunt()
    return broken + (_races() if given.all else 0)


def _races() -> int:
    with tempfile.TemporaryDirectory() as folder:
        jobs: dict[str, Callable[[], object]] = {
            "16 processes claim 5,000 files": lambda: claims(Path(folder), 16, 5_000),
            "500 requests that consoles decide in opposite ways": lambda: [opposite(25) for _ in range(20)],
            "10,000 requests that a writer changes meanwhile": lambda: [flipping(100) for _ in range(100)],
        }
        return sum(_holds(name, job) for name, job in jobs.items())


def _walk() -> int:
    return _holds(f"{WALKS:,} runs of anything in any order", lambda: walk(WALKS, STEPS))


def _holds(name: str, job: Callable[[], object]) -> int:
    began = time.monotonic()
    try:
        job()
    except AssertionError as error:
        print(f"{name}: BROKEN: {error}", flush=True)
        return 1
    print(f"{name}: held ({time.monotonic() - began:.0f} s)", flush=True)
    return 0


def _report(name: str, job: Callable[[], Tally]) -> int:
    began = time.monotonic()
    tally = job()
    print(f"{name}: {tally} ({time.monotonic() - began:.0f} s)", flush=True)
    for verdict in tally.broken:
        print(f"  {verdict.case}: {'; '.join(verdict.breaches)}", flush=True)
    return len(tally.broken)


def _hunt() -> int:
    survivors = 0
    for mutant in MUTANTS:
        seen = hunt(mutant)
        survivors += seen is None
        print(f"{mutant.name}: {f'seen by {seen.case}: {seen.breaches[0]}' if seen else 'SURVIVED'}", flush=True)
    print(f"planted bugs: {len(MUTANTS)}, survived: {survivors}", flush=True)
    return survivors


if __name__ == "__main__":
    sys.exit(main())
