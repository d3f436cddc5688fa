"""Many at once on one vault: processes that claim, consoles that disagree, a writer that flips bytes all the time."""

from __future__ import annotations

import contextlib
import os
import random
import threading
import traceback
from pathlib import Path

from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.request import State
from platinum_tui.review.desk import Desk
from platinum_tui.vault.moves import move

from . import checker
from .harness import run
from .scene import Scene, a_scene, edit
from .services import Service
from .working import execute


def _in_processes(count: int, work: object) -> None:
    children = []
    for number in range(count):
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                work(number)  # type: ignore[operator]
                code = 0
            except Exception:
                traceback.print_exc()
                raise
            finally:
                os._exit(code)
        children.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in children] == [0] * count


def claims(root: Path, processes: int, files: int) -> None:
    """Processes move the same files, each to itself; every file is there once, afterwards."""
    (root / "from").mkdir()
    for number in range(files):
        (root / "from" / f"{number}.md").write_text(str(number))
    for number in range(processes):
        (root / str(number)).mkdir()

    def claim(number: int) -> None:
        order = list(range(files))
        random.Random(number).shuffle(order)
        for each in order:
            with contextlib.suppress(FileNotFoundError, FileExistsError):
                # names collide on purpose: two files may want one name at the target
                move(root / "from" / f"{each}.md", root / str(number) / f"{each // 2}.md")

    _in_processes(processes, claim)
    moved = [path.read_text() for number in range(processes) for path in (root / str(number)).iterdir()]
    left = [path.read_text() for path in (root / "from").iterdir()]
    assert sorted([*moved, *left], key=int) == [str(number) for number in range(files)]


def opposite(rounds: int) -> None:
    """Consoles in processes of their own approve and reject the same requests while an executor works."""
    with a_scene(Service.ASKABLE) as scene:
        names = [f"r{number}" for number in range(rounds)]
        for name in names:
            scene.request(name, f"Pending_Approval/{name}.md")

        def decide(number: int) -> None:
            house = scene.open(1)
            desk = Desk(house)
            order = list(names)
            random.Random(number).shuffle(order)
            for name in order:
                with contextlib.suppress(PlatinumError):
                    if number % 2:
                        desk.reject(name, "No.")
                    else:
                        desk.approve(name, desk.find(name).request.fingerprint)
                if number == 0 and name == order[len(order) // 2]:
                    run(scene, 1, execute)

        _in_processes(4, decide)
        run(scene, 2, execute)
        run(scene, 3, execute)
        _judge(scene, names)


def _judge(scene: Scene, names: list[str]) -> None:
    judge = checker.Judge(scene.root, checker.Counter(), ())
    assert judge.once() + judge.same_bytes() + judge.done_is_done() + judge.chain() == []
    for name in names:
        row = judge.rows.get(name)
        assert row is None or row["state"] in {"done", "rejected", "held", "pending"}, row
        happened = judge.count(name)
        assert happened == (1 if row and row["state"] == "done" else 0)
    assert [file for file in judge.files if file.startswith("In_Progress/") and file not in judge.before] == []


def flipping(rounds: int) -> None:
    """A writer changes files under way, back and forth; what is executed is what was signed, always."""
    with a_scene(Service.ASKABLE) as scene:
        names = [f"r{number}" for number in range(rounds)]
        for name in names:
            scene.request(name, f"Pending_Approval/{name}.md")
        stop = threading.Event()

        def flip() -> None:
            chance = random.Random(rounds)
            while not stop.is_set():
                name = chance.choice(names)
                for folder in ("Pending_Approval", "Approved", "In_Progress/local"):
                    path = scene.vault / folder / f"{name}.md"
                    with contextlib.suppress(OSError):
                        data = path.read_bytes()
                        other = edit(data) if b"Friday" in data else data.replace(b"Monday", b"Friday")
                        descriptor = os.open(path, os.O_WRONLY)
                        os.pwrite(descriptor, other, 0)
                        os.close(descriptor)

        writer = os.fork()
        if writer == 0:
            flip()
            os._exit(0)
        try:
            desk = Desk(scene.open(1))
            for name in names:
                with contextlib.suppress(PlatinumError):
                    desk.approve(name, desk.find(name).request.fingerprint)
            run(scene, 2, execute)
        finally:
            os.kill(writer, 9)
            os.waitpid(writer, 0)
        run(scene, 3, execute)
        run(scene, 4, execute)
        judge = checker.Judge(scene.root, checker.Counter(), ())
        assert judge.once() + judge.same_bytes() + judge.chain() == []
        states = {State(row["state"]) for row in judge.rows.values()}
        assert states <= {State.DONE, State.HELD, State.PENDING, State.REJECTED}, states
