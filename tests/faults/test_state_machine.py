"""Anything, in any order: drafts, edits, decisions, moves, copies, crashes, jumps of the clock; the promise holds."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.support.vault_house import Home

from platinum_tui.ledger.database import Database
from platinum_tui.model.errors import Failed, PlatinumError
from platinum_tui.model.request import State

NAMES = st.sampled_from(["a", "b", "c"])
FOLDERS = st.sampled_from(["Pending_Approval", "Pending_Approval/cloud", "Approved", "Rejected", "Needs_Attention"])


IN_QUEUE = ("Pending_Approval", "Pending_Approval/cloud", "Approved", "Needs_Attention")


class Died(BaseException):
    """The process ends here."""


class Vault(RuleBasedStateMachine):
    """One vault, one reviewer, one executor, and a world that keeps count."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(
            tempfile.mkdtemp(prefix="platinum-machine-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
        )
        self.effects: Counter[str] = Counter()
        self.flaw = "none"
        self.versions = 0

    @initialize()
    def begin(self) -> None:
        self.home = Home(self.root)
        self.home.servers.answers = self.act  # type: ignore[assignment]

    def teardown(self) -> None:
        self.home.house.ledger.close()
        shutil.rmtree(self.root)

    def act(self, _tool: str) -> dict[str, Any]:
        """The server: the gate's mark, then the effect, and what may go wrong around both."""
        if self.flaw == "dies before":
            self.flaw = "none"
            raise Died
        if self.flaw == "refuses":
            return {"outcome": "refused", "code": "busy", "message": "Busy.", "retriable": True}
        _, arguments, meta = self.home.servers.calls[-1]
        approval = meta["platinum/approval"]
        decision = json.loads(base64.b64decode(approval["payload"]))
        try:
            self.home.house.spent.act(decision["nonce"], approval["attempt"])
        except FileExistsError:
            return {"outcome": "refused", "code": "decision_used"}
        assert decision["verdict"] == "approve"
        row = self.home.house.ledger.entry(decision["request"])
        assert row is not None
        assert (row.digest, dict(row.fields)) == (decision["digest"], arguments)
        self.effects[f"{decision['request']} {decision['digest']}"] += 1
        if self.flaw == "dies after":
            self.flaw = "none"
            raise Died
        return {"outcome": "done", "evidence": {}}

    def again(self) -> None:
        """The program starts anew."""
        self.home.house.ledger.close()
        self.home.reopen()
        self.home.servers.answers = self.act  # type: ignore[assignment]

    def attempt(self, step: Any) -> None:
        try:
            with contextlib.suppress(PlatinumError, OSError):
                step()
        except Died:
            self.again()
            self.home.executor.recover()

    @rule(name=NAMES, folder=FOLDERS)
    def draft(self, name: str, folder: str) -> None:
        self.versions += 1
        self.home.draft(name, f"{folder}/{name}.md", body=f"Version {self.versions}.")

    @rule(name=NAMES)
    def approve(self, name: str) -> None:
        """A reviewer finds something to approve; if nothing waits, an agent has just drafted it."""
        if not any((self.home.vault / folder / f"{name}.md").exists() for folder in IN_QUEUE):
            self.draft(name, "Pending_Approval")
        self.attempt(lambda: self.home.approve(name))

    @rule(name=NAMES)
    def reject(self, name: str) -> None:
        self.attempt(lambda: self.home.desk.reject(name, "No."))

    @rule(name=NAMES)
    def undo(self, name: str) -> None:
        self.attempt(lambda: self.home.desk.undo(name))

    @rule(name=NAMES, source=FOLDERS, goal=FOLDERS, copies=st.booleans())
    def move(self, name: str, source: str, goal: str, copies: bool) -> None:
        path, to = self.home.vault / source / f"{name}.md", self.home.vault / goal / f"{name}.md"
        if path.exists() and not to.exists():
            shutil.copy2(path, to) if copies else path.rename(to)

    @rule(name=NAMES, folder=FOLDERS)
    def delete(self, name: str, folder: str) -> None:
        (self.home.vault / folder / f"{name}.md").unlink(missing_ok=True)

    @rule(name=NAMES)
    def pull(self, name: str) -> None:
        """A sync brings back an archived file with its decision."""
        archived = self.home.vault / "Approved/archived"
        for path in (archived / f"{name}.md", archived / f"{name}.decision.json"):
            if path.exists():
                shutil.copy2(path, self.home.vault / "Approved" / path.name)

    @rule(seconds=st.sampled_from([1, 10, 60, 3600, -30]))
    def time(self, seconds: int) -> None:
        self.home.clock.advance(seconds)

    @rule(flaw=st.sampled_from(["none", "dies before", "dies after", "refuses"]))
    def flap(self, flaw: str) -> None:
        self.flaw = flaw

    @rule()
    def crash(self) -> None:
        self.again()
        self.attempt(self.home.executor.recover)

    @rule(seconds=st.sampled_from([0, 10, 60]))
    def work(self, seconds: int) -> None:
        self.home.clock.advance(seconds)
        self.attempt(self.home.look)
        self.attempt(self.home.work)

    @rule(number=st.integers(1, 12))
    def work_on_a_full_disk(self, number: int) -> None:
        transaction, left = Database.transaction, [number]

        @contextlib.contextmanager
        def full(database: Database) -> Any:
            left[0] -= 1
            if not left[0]:
                raise Failed("The disk is full.")
            with transaction(database) as connection:
                yield connection

        Database.transaction = full  # type: ignore[method-assign,assignment]
        try:
            self.attempt(self.home.look)
            self.attempt(self.home.work)
        finally:
            Database.transaction = transaction  # type: ignore[method-assign]
        self.attempt(self.home.executor.recover)

    @invariant()
    def nothing_happens_twice(self) -> None:
        assert all(count == 1 for count in self.effects.values()), self.effects

    @invariant()
    def what_is_done_has_happened(self) -> None:
        if not hasattr(self, "home"):
            return
        for entry in self.home.house.ledger.entries((State.DONE,)):
            assert self.effects[f"{entry.id} {entry.digest}"] == 1
        for entry in self.home.house.ledger.entries((State.FAILED,)):
            assert self.effects[f"{entry.id} {entry.digest}"] == 0

    @invariant()
    def what_happened_is_known(self) -> None:
        if not hasattr(self, "home"):
            return
        rows = {f"{entry.id} {entry.digest}": entry for entry in self.home.house.ledger.entries()}
        for effect in self.effects:
            if effect in rows:
                assert rows[effect].state in {State.DONE, State.UNKNOWN, State.EXECUTING}, rows[effect]


def _run(examples: int, steps: int) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    profile = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None, derandomize=True,
        suppress_health_check=checks,
    )  # fmt: skip
    run_state_machine_as_test(Vault, settings=profile)  # type: ignore[no-untyped-call]


def test_anything_in_any_order() -> None:
    _run(200, 20)


@pytest.mark.long
def test_anything_in_any_order_for_long() -> None:
    _run(5_000, 60)
