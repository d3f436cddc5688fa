"""What people and the program do in a scene."""

from __future__ import annotations

import contextlib

from platinum_tui.model.errors import NotApprovable, NotFound
from platinum_tui.model.request import State
from platinum_tui.service import Service as Program

from .scene import Scene, edit


def decide_and_execute(scene: Scene, program: Program) -> None:
    """A reviewer decides on what waits, then the executor makes its pass: from approve to archive."""
    decide(scene, program)
    execute(scene, program)


def decide(scene: Scene, program: Program) -> None:
    """Each request its fate; one that was decided in an earlier run keeps it."""
    waiting = {standing.request.id: standing for standing in program.standings() if standing.state is State.PENDING}
    for name in ("a", "g", "h"):
        _approve(program, waiting, name)
    if "c" in waiting:
        program.reject("c", "Not our tone.")
    if "e" in waiting:
        _approve(program, waiting, "e")
        program.undo("e")
    if "f" in waiting:
        _approve(program, waiting, "f")
        scene.write("Approved/f.md", edit((scene.vault / "Approved/f.md").read_bytes()))


def execute(_: Scene, program: Program) -> None:
    """One pass of every worker, as `--daemon --once` makes it."""
    program.run_once(wait=lambda _: None)
    program.stop()


def resurrect_and_execute(scene: Scene, program: Program) -> None:
    """A sync brings back what was executed, in the queue and in Approved/; then a pass."""
    for entry in program.house.ledger.entries((State.DONE,)):
        data = entry.data
        with (scene.root / "resurrected.txt").open("a") as note:
            note.write(f"{entry.file_sha256}\n{entry.file_sha256}\n")
        scene.write(f"Pending_Approval/cloud/back-{entry.id}.md", data)
        scene.write(f"Approved/back-{entry.id}.md", data)
    execute(scene, program)


def _approve(program: Program, waiting: dict[str, object], name: str) -> None:
    if name in waiting:
        with contextlib.suppress(NotFound, NotApprovable):
            program.approve(name, program.review(name).standing.request.fingerprint)
