"""The hunt for planted bugs, with the same cases that the program itself has to pass."""

from __future__ import annotations

from collections import Counter
from functools import cache

from . import durability
from .anything import walk
from .harness import run
from .killing import Point, Verdict, conclude, kill_at, points
from .mutants import Hunt, Mutant
from .scene import a_scene
from .services import Service
from .working import decide_and_execute, execute, resurrect_and_execute

WALKS = 400
"""How many random runs a bug has to hide from."""


def plain(service: Service, mutate: object = None) -> Verdict:
    """Undisturbed runs over requests of every fate; then a sync brings back what is done."""
    plant = mutate if callable(mutate) else lambda: None
    with a_scene(service, full=True) as scene:
        run(scene, 1, decide_and_execute, mutate=plant)
        run(scene, 2, execute, mutate=plant)
        run(scene, 3, resurrect_and_execute, mutate=plant)
        note = scene.root / "resurrected.txt"
        back = Counter(note.read_text().split() if note.exists() else ())
        return conclude(scene, f"{service}: undisturbed", 3, mutate=plant, resurrected=back)


def power(service: Service, mutate: object = None) -> Verdict:
    """What an undisturbed run relies on before it is synced, in the program and in its service."""
    plant = mutate if callable(mutate) else lambda: None
    breaches: list[str] = []
    for on_service in (False, True):
        with a_scene(service) as scene:
            strace = ("-e", f"trace={durability.CALLS}")
            ended = run(scene, 1, decide_and_execute, strace=strace, on_service=on_service, mutate=plant)
            breaches += durability.Durability().read(ended.trace)
    return Verdict(f"{service}: the order of its calls", tuple(breaches))


def hunt(mutant: Mutant, stride: int = 3) -> Verdict | None:
    """The first case that sees a planted bug; None if none does."""
    if mutant.hunt is Hunt.PLAIN:
        return _if_seen(plain(mutant.service, mutant.plant))
    if mutant.hunt is Hunt.POWER:
        return _if_seen(power(mutant.service, mutant.plant))
    if mutant.hunt is Hunt.WALK:
        found = walk(WALKS, mutant.plant)
        return Verdict("anything in any order", (found,)) if found else None
    for point in _deaths(mutant, stride):
        seen = _if_seen(kill_at(mutant.service, point, mutate=mutant.plant))
        if seen:
            return seen
    return None


def _if_seen(verdict: Verdict) -> Verdict | None:
    for breach in verdict.breaches:
        _, _, deepest = breach.rpartition('  File "')
        if deepest.partition('"')[0].endswith("mutants.py"):
            raise AssertionError(f"The planted bug itself raises, and shows nothing: {breach}")
    return verdict if verdict.breaches else None


def _deaths(mutant: Mutant, stride: int) -> list[Point]:
    suspected = [
        point for point in _points(mutant.service)
        if point.call in mutant.calls and mutant.on_service in {None, point.on_service}
    ]  # fmt: skip
    middle = suspected[::-1]  # the later half holds the executions
    return middle[::stride] + [point for at, point in enumerate(middle) if at % stride]


@cache
def _points(service: Service) -> list[Point]:
    return points(service)
