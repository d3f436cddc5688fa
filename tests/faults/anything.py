"""Anything, in any order: drafts, edits, decisions, moves, copies, crashes, jumps of the clock; the promise holds."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from .nearby import FLAWS
from .services import Service
from .trouble import dies_at, disk_full
from .world import Step, World

NAMES = st.sampled_from(["a", "b", "c"])
KINDS = st.sampled_from(["email_send", "email_reply"])
FILES = st.sampled_from(
    ["Pending_Approval/x.md", "Pending_Approval/cloud/x.md", "Pending_Approval/cloud/y.md", "Approved/x.md"]
)
FOLDERS = st.sampled_from(
    ["Approved", "Approved", "Pending_Approval", "Pending_Approval/cloud", "Rejected", "Needs_Attention"]
)
ANY = st.integers(0, 5)
FLAW = st.sampled_from(("none", *FLAWS))
LATER = st.sampled_from([0, 10, 60])


class Anything(RuleBasedStateMachine):
    """One vault, and whatever people, agents, a sync, a service and a disk do there."""

    @initialize(service=st.sampled_from(Service))
    def begin(self, service: Service) -> None:
        memory = Path("/dev/shm")
        self.root = Path(tempfile.mkdtemp(prefix="platinum-machine-", dir=memory if memory.is_dir() else None))
        self.world = World(self.root, service)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self.world.rest()
            self.world.check_rest()
        finally:
            self.world.end()
            shutil.rmtree(self.root)

    @rule(at=ANY, what=st.sampled_from(["edit", "delete", "pull", "draft"]), name=NAMES, file=FILES, kind=KINDS)
    def somebody_writes(self, at: int, what: str, name: str, file: str, kind: str) -> None:
        """An agent, an editor or a sync."""
        there = self._some_file(at)
        if what == "draft":
            self.world.draft(name, file, kind)
        elif what == "pull":
            self.world.pull(at, file.partition("/")[0])
        elif there:
            (self.world.edit if what == "edit" else self.world.delete)(there)

    @rule(at=ANY, folder=FOLDERS, name=st.sampled_from(["x.md", "y.md"]), copies=st.booleans())
    def somebody_moves(self, at: int, folder: str, name: str, copies: bool) -> None:
        if file := self._some_file(at):
            self.world.move(file, f"{folder}/{name}", copies=copies)

    @rule(
        at=ANY,
        what=st.sampled_from(["approve", "reject", "undo", "resolve"]),
        dies=st.booleans(),
        step=st.integers(1, 16),
    )
    def the_reviewer_decides(self, at: int, what: str, dies: bool, step: int) -> None:
        """And the program may end at any step of that."""
        decide = {name: getattr(self.world, name) for name in ("approve", "reject", "undo", "resolve")}[what]
        self._with(dies_at(step) if dies else None, lambda: decide(at))

    @rule(
        kind=KINDS,
        flaw=FLAW,
        fate=st.sampled_from(
            ["sent", "sent", "sent", "undone", "brought back", "rejected", "edited", "frozen", "unseen", "moved"]
        ),
        later=LATER,
    )
    def a_request_goes_its_way(self, kind: str, flaw: str, fate: str, later: int) -> None:
        """From draft to its end, with a reviewer who may think again and a service that may stumble."""
        world = self.world
        file = world.draft_another(kind, "Approved" if fate == "unseen" else "Pending_Approval")
        if fate == "moved":
            world.step(world.look)
            world.move(file, f"Approved/{file.partition('/')[2]}", copies=False)
        elif fate != "unseen":
            world.approve(-1)
        match fate:
            case "undone" | "brought back":
                world.undo(-1)
            case "rejected":
                world.reject(-1)
            case "edited":
                world.edit_where_it_lies(file)
            case "frozen":
                world.freeze()
        if fate == "brought back":
            world.delete_where_it_lies(file)
            world.pull(0, "Approved")
        world.pass_time_and_work(10, flaw)
        if fate == "frozen":
            world.thaw()
        world.pass_time_and_work(later)

    @rule(seconds=LATER, flaw=FLAW)
    def the_program_works(self, seconds: int, flaw: str) -> None:
        self.world.pass_time_and_work(seconds, flaw)

    @rule(kind=KINDS, step=st.integers(1, 80), steps=st.sampled_from([0, 0, 1, 1000]))
    def the_program_works_and_fails(self, kind: str, step: int, steps: int) -> None:
        """It dies at a step, or finds the disk full there: for so many steps."""
        self.world.draft_another(kind)
        self.world.approve(-1)
        self.world.clock.advance(10)
        self._with(disk_full(step, steps) if steps else dies_at(step), lambda: self.world.step(self.world.work))

    @rule(what=st.sampled_from(["look", "crash"]), seconds=st.sampled_from([0, 1, 60, 3600, -30]))
    def time_passes(self, what: str, seconds: int) -> None:
        self.world.clock.advance(seconds)
        if what == "look":
            self.world.step(self.world.look)
        else:
            self.world.restart()

    @rule(older=st.booleans(), kind=KINDS, back=st.booleans())
    def lose_the_ledger(self, older: bool, kind: str, back: bool) -> None:
        """While a request is claimed, and waits to be tried again; a sync may bring it back as it was approved."""
        if self.world.lost:
            return
        self.world.draft_another(kind)
        self.world.approve(-1)
        self.world.pass_time_and_work(10, "busy")
        self.world.lose_ledger(older=older)
        if back:
            self.world.pull(0, "Approved")
        self.world.pass_time_and_work(10)

    @invariant()
    def every_file_is_there(self) -> None:
        if hasattr(self, "world"):
            self.world.check()

    def _with(self, hazard: contextlib.AbstractContextManager[None] | None, work: Step) -> None:
        if hazard:
            self.world.hazards.append(hazard)
        work()
        self.world.hazards.clear()

    def _some_file(self, at: int) -> str | None:
        files = sorted(self.world.shas())
        return files[at % len(files)] if files else None


def run(examples: int, steps: int, *, shrink: bool = True) -> None:
    """So many runs of at most so many steps, the same ones each time; raises what broke a promise."""
    profile = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=True,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
    )
    run_state_machine_as_test(Anything, settings=profile)  # type: ignore[no-untyped-call]


def walk(examples: int, mutate: Callable[[], None]) -> str:
    """Which promise the runs see broken in a process of its own in which a bug was planted; empty where none."""
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            mutate()
            run(examples, 30, shrink=False)
            code = 0
        except Exception as error:
            broken = _broken_promise(error)
            if broken is None:
                raise
            os.write(tell, str(broken).encode()[:4000] or b"?")
            code = 0
        finally:
            os._exit(code)
    os.close(tell)
    with os.fdopen(told, "rb") as answer:
        found = answer.read().decode(errors="replace")
    _, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError(f"The walk itself came to grief: {status}")
    return found


def _broken_promise(error: BaseException) -> AssertionError | None:
    """What a check said, also where Hypothesis adds that it does not say so each time."""
    if isinstance(error, AssertionError):
        return error
    within = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return next((found for each in within if (found := _broken_promise(each))), None)
