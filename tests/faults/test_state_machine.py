"""Anything, in any order: drafts, edits, decisions, moves, copies, crashes, jumps of the clock; the promise holds."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from .services import Service
from .trouble import dies_at, disk_full
from .world import FLAWS, Step, World

NAMES = st.sampled_from(["a", "b", "c"])
KINDS = st.sampled_from(["email_send", "email_reply"])
FILES = st.sampled_from(
    ["Pending_Approval/x.md", "Pending_Approval/cloud/x.md", "Pending_Approval/cloud/y.md", "Approved/x.md"]
)
FOLDERS = st.sampled_from(
    ["Approved", "Approved", "Pending_Approval", "Pending_Approval/cloud", "Rejected", "Needs_Attention"]
)
ANY = st.integers(0, 5)
FLAW = st.sampled_from(FLAWS)


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

    # The queue, and who writes there

    @rule(name=NAMES, file=FILES, kind=KINDS)
    def draft(self, name: str, file: str, kind: str) -> None:
        self.world.draft(name, file, kind)

    @rule(at=ANY)
    def edit(self, at: int) -> None:
        if file := self._some_file(at):
            self.world.edit(file)

    @rule(at=ANY, folder=FOLDERS, name=st.sampled_from(["x.md", "y.md"]), copies=st.booleans())
    def move(self, at: int, folder: str, name: str, copies: bool) -> None:
        if file := self._some_file(at):
            self.world.move(file, f"{folder}/{name}", copies=copies)

    @rule(at=ANY)
    def delete(self, at: int) -> None:
        if file := self._some_file(at):
            self.world.delete(file)

    @rule(at=ANY, folder=st.sampled_from(["Approved", "Pending_Approval"]))
    def pull(self, at: int, folder: str) -> None:
        self.world.pull(at, folder)

    # The reviewer

    @rule(at=ANY, name=NAMES, kind=KINDS)
    def approve(self, at: int, name: str, kind: str) -> None:
        if not any(file.startswith("Pending_Approval/") for file in self.world.shas()):
            self.world.draft(name, "Pending_Approval/cloud/y.md", kind)
        self.world.approve(at)

    @rule(at=ANY)
    def reject(self, at: int) -> None:
        self.world.reject(at)

    @rule(at=ANY)
    def undo(self, at: int) -> None:
        self.world.undo(at)

    @rule(at=ANY)
    def resolve(self, at: int) -> None:
        self.world.resolve(at)

    @rule(at=ANY)
    def freeze_and_thaw(self, at: int) -> None:
        self.world.freeze()
        self.world.approve(at)
        self.world.pass_time_and_work(10)
        self.world.thaw()

    # The program

    @rule()
    def look(self) -> None:
        self.world.step(self.world.look)

    @rule(seconds=st.sampled_from([0, 10, 60]), flaw=FLAW)
    def work(self, seconds: int, flaw: str) -> None:
        self.world.pass_time_and_work(seconds, flaw)

    @rule(at=ANY, name=NAMES, kind=KINDS, flaw=FLAW, later=st.sampled_from([0, 60]))
    def approve_and_work(self, at: int, name: str, kind: str, flaw: str, later: int) -> None:
        """From approve to archive, with a service that may stumble."""
        self.approve(at, name, kind)
        self.world.pass_time_and_work(10, flaw)
        self.world.pass_time_and_work(later)

    @rule(step=st.integers(1, 60))
    def die_at_work(self, step: int) -> None:
        self._with(lambda: dies_at(step), self.world.work)

    @rule(at=ANY, step=st.integers(1, 16))
    def die_deciding(self, at: int, step: int) -> None:
        self.world.hazard = lambda: dies_at(step)
        (self.world.approve, self.world.reject, self.world.undo)[at % 3](at)
        self.world.hazard = contextlib.nullcontext

    @rule(step=st.integers(1, 60), steps=st.sampled_from([1, 1000]))
    def work_on_a_full_disk(self, step: int, steps: int) -> None:
        self._with(lambda: disk_full(step, steps), self.world.work)

    @rule()
    def crash(self) -> None:
        self.world.restart()

    @rule(seconds=st.sampled_from([1, 10, 60, 3600, -30]))
    def time(self, seconds: int) -> None:
        self.world.clock.advance(seconds)

    @precondition(lambda self: not self.world.lost)
    @rule(older=st.booleans())
    def lose_the_ledger(self, older: bool) -> None:
        self.world.lose_ledger(older=older)

    @invariant()
    def every_file_is_there(self) -> None:
        if hasattr(self, "world"):
            self.world.check()

    def _with(self, hazard: Callable[[], contextlib.AbstractContextManager[None]], work: Step) -> None:
        self.world.hazard = hazard
        self.world.step(work)
        self.world.hazard = contextlib.nullcontext

    def _some_file(self, at: int) -> str | None:
        files = sorted(self.world.shas())
        return files[at % len(files)] if files else None


def _run(examples: int, steps: int, *phases: Phase) -> None:
    profile = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None, derandomize=True,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck), phases=phases or (Phase.generate, Phase.shrink),
    )  # fmt: skip
    run_state_machine_as_test(Anything, settings=profile)  # type: ignore[no-untyped-call]


def test_anything_in_any_order() -> None:
    _run(200, 30)


@pytest.mark.long
def test_anything_in_any_order_for_long() -> None:
    _run(5_000, 50)
