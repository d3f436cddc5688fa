"""Death at every step: the program is killed right before a system call, started again, and judged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from . import checker
from .harness import Work, run
from .scene import Scene, a_scene
from .services import Service
from .working import decide_and_execute, execute

CHANGING = (
    "write", "pwrite64", "pwritev", "writev", "fsync", "fdatasync", "rename", "renameat", "renameat2", "link", "linkat",
    "unlink", "unlinkat", "ftruncate", "mkdir", "mkdirat", "rmdir", "chmod", "fchmod", "fchmodat", "symlink",
    "sendto", "openat",
)  # fmt: skip
"""The system calls that change what others see; of `openat` those that may make a file."""
_CALL = re.compile(r"^(\w+)\(")


@dataclass(frozen=True)
class Point:
    """Right before the `number`th call of one kind, in the program's process or in its service's."""

    call: str
    number: int
    on_service: bool = False

    @property
    def strace(self) -> tuple[str, ...]:
        return ("-e", f"trace={self.call}", "-e", f"inject={self.call}:signal=SIGKILL:when={self.number}")

    def __str__(self) -> str:
        return f"{'service ' if self.on_service else ''}{self.call}#{self.number}"


def points(service: Service, work: Work = decide_and_execute, *, full: bool = False) -> list[Point]:
    """Every point of one undisturbed run, in the program and in its service."""
    found: list[Point] = []
    for on_service in (False, True):
        with a_scene(service, full=full) as scene:
            ended = run(scene, 1, work, strace=("-e", f"trace={','.join(CHANGING)}"), on_service=on_service)
            assert ended.clean, (ended.status, _crash(scene))
        counts: Counter[str] = Counter()
        for line in ended.trace.splitlines():
            match = _CALL.match(line)
            if match:
                counts[match.group(1)] += 1
                if match.group(1) != "openat" or "O_CREAT" in line or "O_TRUNC" in line:
                    found.append(Point(match.group(1), counts[match.group(1)], on_service))
    return found


@dataclass(frozen=True)
class Verdict:
    """What came of one case: the breaches, and how many requests a person is asked about."""

    case: str
    breaches: tuple[str, ...]
    asked: int = 0
    died: bool = True


def kill_at(
    service: Service,
    *deaths: Point,
    full: bool = False,
    mutate: Callable[[], None] = lambda: None,
    after: Iterable[Work] = (),
) -> Verdict:
    """Kill the first run at the first point, the next at the next, then let it run until quiet, and judge."""
    case = f"{service}: {' then '.join(map(str, deaths)) or 'nothing'}"
    with a_scene(service, full=full) as scene:
        number, died = 0, False
        for point in deaths:
            number += 1
            ended = run(
                scene, number, decide_and_execute, strace=point.strace, on_service=point.on_service, mutate=mutate
            )
            died = died or ended.killed or point.on_service
        for work in (decide_and_execute, *after):
            number += 1
            run(scene, number, work, mutate=mutate)
        return conclude(scene, case, number, died=died, mutate=mutate)


def conclude(
    scene: Scene,
    case: str,
    number: int,
    *,
    died: bool = True,
    mutate: Callable[[], None] = lambda: None,
    resurrected: Counter[str] | None = None,
) -> Verdict:
    """Judge a scene, once it is clear that one more run changes nothing (I8)."""
    before = checker.photograph(scene.root)
    ended = run(scene, number + 1, execute, mutate=mutate)
    after = checker.photograph(scene.root)
    moved = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    breaches = [f"quiet: a restart at rest changes {key}" for key in moved]
    if not ended.clean:
        breaches.append(f"quiet: the last run ended with {ended.status}: {_crash(scene)}")
    judge = checker.Judge(scene.root, resurrected or Counter(), checker.NEVER)
    asked = sum(row["state"] == "unknown" for row in judge.rows.values())
    return Verdict(case, (*breaches, *judge.breaches()), asked, died)


def _crash(scene: Scene) -> str:
    file = scene.root / "crash.txt"
    return file.read_text()[-600:] if file.exists() else ""
