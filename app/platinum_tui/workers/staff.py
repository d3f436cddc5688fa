"""The workers of one house: each in a loop of its own, or all of them once, in order; and how they are doing."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from platinum_tui.dashboard.inbox import arrivals
from platinum_tui.execution.servers import LocalServers
from platinum_tui.ledger.audit_trail import AuditTrail
from platinum_tui.ledger.witness import Witness
from platinum_tui.model.action import JsonValue
from platinum_tui.model.decision import instant
from platinum_tui.model.errors import Failed, PlatinumError, RefusedByPolicy
from platinum_tui.model.event import Event, Notice, Progress, Worker, WorkerChanged, WorkerState, WorkerStatus
from platinum_tui.model.request import State
from platinum_tui.review.desk import Desk
from platinum_tui.system.configuration_reading import SyncMode
from platinum_tui.system.worker_loop import WorkerLoop
from platinum_tui.vault.git_environment import GitFailed
from platinum_tui.workers.approval_executor import MAKING_INTERVAL_S, ApprovalExecutor
from platinum_tui.workers.dashboard_merger import DashboardMerger
from platinum_tui.workers.exchange import Exchange, last_sync, why_not_configured
from platinum_tui.workers.journal import Journal
from platinum_tui.workers.orchestrator import Orchestrator

STOP_DEADLINE_S = 30.0
"""Half of what the system grants a service that it ends, so that there is time to sign the log and stop the servers."""
_NOTE = "workers"
_WOKEN = (Worker.ORCHESTRATOR, Worker.EXECUTOR, Worker.DASHBOARD)
"""Whom a change in the vault wakes. The sync keeps to its interval: its own writes would wake it for ever."""


class Staff:
    """The four workers of one house.

    Args:
        desk: the queue and the files of decided requests.
        servers: the local MCP servers.
        trail: the audit log's files.
        witness: signs how far they go.
        tell: is told what happened, from worker threads.
    """

    def __init__(
        self, desk: Desk, servers: LocalServers, trail: AuditTrail, witness: Witness, tell: Callable[[Event], None]
    ) -> None:
        self._desk = desk
        self._house = desk.house
        self._tell = tell
        self._journal = Journal(self._house)
        self._executor = ApprovalExecutor(desk, servers, trail, witness, self._journal, tell)
        self._orchestrator = Orchestrator(desk, trail, self._journal, tell)
        merging, syncing = (partial(self._come_to, worker) for worker in (Worker.DASHBOARD, Worker.SYNC))
        self._merger = DashboardMerger(desk, self.statuses, self._journal, tell, merging)
        self.exchange = Exchange(desk, self._executor.report_claims, self._journal, tell, syncing)
        self._executing = False
        self._noting = threading.Lock()
        self._loops = {
            Worker.ORCHESTRATOR: self._loop(Worker.ORCHESTRATOR, self._orchestrator.run_pass),
            Worker.EXECUTOR: self._loop(Worker.EXECUTOR, self._executor.run_pass),
            Worker.DASHBOARD: self._loop(Worker.DASHBOARD, self._merger.run_pass),
            Worker.SYNC: self._loop(Worker.SYNC, self.exchange.run_pass),
        }
        if why := why_not_configured(self._house):
            self._loops[Worker.SYNC].switch_off(why)

    @property
    def executing(self) -> bool:
        """Whether the workers of this instance were begun."""
        return self._executing

    def statuses(self) -> Mapping[Worker, WorkerStatus]:
        """How each worker is doing."""
        return {worker: loop.status for worker, loop in self._loops.items()}

    def start(self) -> None:
        """Let every worker that has work begin. The caller holds the executor's lock."""
        self._executing = True
        synced = self._is_synced()
        for worker, loop in self._loops.items():
            if worker is not Worker.SYNC or synced:
                loop.start()

    def pause(self, why: str) -> None:
        """Show every worker as paused; none begins."""
        for loop in self._loops.values():
            loop.pause(why)

    def wake(self) -> None:
        """Something changed in the vault: look soon."""
        if self._executing:
            for worker in _WOKEN:
                self._loops[worker].wake()

    def retry(self, worker: Worker) -> None:
        """Have a worker begin a pass now; one that has stopped, or found nothing to sync with, starts anew.

        Raises:
            RefusedByPolicy: no worker is running here, or there is nothing to sync with.
        """
        if not self._executing:
            raise RefusedByPolicy(
                f"The workers are not running here: {self._loops[worker].status.last_error or 'they were not started'}",
                remedy="Start the console or `platinum-tui --daemon` where it may execute.",
            )
        if worker is Worker.SYNC and not self._is_synced():
            raise RefusedByPolicy(
                f"There is nothing to sync with: {self._loops[worker].status.last_error}.",
                remedy="See [sync] in the configuration, or add a remote to the vault's clone.",
            )
        if worker is Worker.EXECUTOR:
            self._executor.look_again()
        self._loops[worker].retry()

    def hold(self, patience_s: float) -> None:
        """Wait until every worker is between two passes, and let none begin until `let_go`.

        Raises:
            Failed: one is still in the middle of its work after some seconds; nothing is held.
        """
        held: list[WorkerLoop] = []
        for worker, loop in self._loops.items():
            if not loop.hold(patience_s):
                for other in held:
                    other.let_go()
                raise Failed(f"The {worker.value} is in the middle of its work.", remedy="Try again in a moment.")
            held.append(loop)

    def let_go(self) -> None:
        """Let the workers go on after a `hold`."""
        for loop in self._loops.values():
            loop.let_go()

    def queues(self) -> Mapping[Worker, int]:
        """How much waits for each worker."""
        counts = self._desk.counts()
        return {
            Worker.ORCHESTRATOR: counts.get(State.PENDING, 0),
            Worker.EXECUTOR: counts.get(State.APPROVED, 0) + counts.get(State.EXECUTING, 0),
            Worker.DASHBOARD: sum(1 for _ in arrivals(self._house.vault)),
            Worker.SYNC: self._executor.unreported_claims(),
        }

    def finish(self) -> None:
        """Begin nothing else; returns at once."""
        self._executor.finish()
        for loop in self._loops.values():
            loop.finish()

    def stop(self) -> None:
        """Begin nothing else, and let what is under way end, if it does so within `STOP_DEADLINE_S` altogether.

        A call that takes longer is broken off. Its intent is on the disk: the next start finds out what came of it.
        """
        self.finish()
        ends_at = self._house.clock.monotonic() + STOP_DEADLINE_S
        for loop in self._loops.values():
            loop.stop(max(0.0, ends_at - self._house.clock.monotonic()))
        if self._executing:
            self.seal()
        self._executing = False
        self._executor.close()
        self._journal.close()

    def seal(self) -> None:
        """Sign how far the audit log goes, before the program ends."""
        self._executor.seal(at_the_end=True)

    def run_once(self, wait: Callable[[float], None], patience_s: float) -> None:
        """One full pass of every worker, in order, in this thread; see `Service.run_once`.

        What one of them fails at keeps none of the others from its pass; then it is raised.
        """
        synced = self._is_synced()
        if synced:
            self._sync()
        self._merge()
        with contextlib.ExitStack() as afterwards:  # the last one first
            if synced:
                afterwards.callback(self._sync)
            afterwards.callback(self._merge)
            afterwards.callback(self._execute, wait, patience_s)
            self._orchestrator.run_pass()
        now = self._house.clock.now()
        off = () if synced else (Worker.SYNC,)
        self._note({worker: WorkerStatus(WorkerState.STOPPED, now) for worker in Worker if worker not in off})

    def reported(self, *, by_another: bool) -> dict[str, JsonValue]:
        """How the workers of the executing instance are doing, as that instance noted it last.

        Args:
            by_another: whether an instance other than this one executes now.
        """
        noted: dict[str, JsonValue] = json.loads(self._house.ledger.note(_NOTE) or "{}")
        if by_another:
            return self._with_last_sync(noted)
        here = {worker.value: _to_json(status) for worker, status in self.statuses().items()}
        if self._executing:
            return here
        told = {name: {**value, "last_run": noted.get(name, value)["last_run"]} for name, value in here.items()}
        return self._with_last_sync(told)

    def _with_last_sync(self, told: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """The sync's last pass may have been nobody's worker's: the verb makes one, too."""
        sync = told.get(Worker.SYNC.value)
        if sync is None or sync["state"] == WorkerState.OFF:
            return told
        last = last_sync(self._house)
        runs = [each for each in (sync["last_run"], last.get("last_run")) if each]
        error = sync["last_error"] or last.get("last_error")
        return {**told, Worker.SYNC.value: {**sync, "last_run": max(runs, default=None), "last_error": error}}

    def beside(self) -> Mapping[Worker, WorkerStatus]:
        """Ours, which stand still, each with when the executing instance's ran last, and what fails there."""
        noted = json.loads(self._house.ledger.note(_NOTE) or "{}")
        there = {worker: _from_json(noted[worker.value]) for worker in Worker if worker.value in noted}
        return {worker: _beside(status, there.get(worker)) for worker, status in self.statuses().items()}

    def _execute(self, wait: Callable[[float], None], patience_s: float) -> None:
        waited = 0.0
        while self._executor.run_pass() == MAKING_INTERVAL_S and waited < patience_s:
            wait(MAKING_INTERVAL_S)
            waited += MAKING_INTERVAL_S

    def _merge(self) -> None:
        """A Dashboard.md that cannot be written keeps nothing from being executed."""
        try:
            self._merger.run_pass()
        except PlatinumError as error:
            self._journal.error(Worker.DASHBOARD, "failed", error=error.message)
            self._tell(Notice(f"{error.message} {error.remedy}", severe=True))

    def _sync(self) -> None:
        """A remote that does not answer keeps nothing from being done that needs no remote."""
        try:
            self.exchange.sync()
        except GitFailed as error:
            self._journal.error(Worker.SYNC, "failed", error=error.message)
            self._tell(Notice(f"{error.message} {error.remedy}", severe=True))

    def _is_synced(self) -> bool:
        """Whether there is a remote; where the configuration wants one and there is none, that is said once."""
        try:
            why = self.exchange.idle_because()
        except GitFailed as error:
            why = error.message
        if why is None:
            return True
        self._loops[Worker.SYNC].switch_off(why)
        if self._house.configuration.sync.mode is SyncMode.GIT:
            self._tell(Notice(f"Sync is off: {why}."))
        return False

    def _loop(self, worker: Worker, work: Callable[[], float]) -> WorkerLoop:
        return WorkerLoop(worker.value, work, self._house.clock, lambda status: self._changed(worker, status))

    def _come_to(self, worker: Worker, progress: Progress) -> None:
        self._loops[worker].come_to(progress)

    def _changed(self, worker: Worker, status: WorkerStatus) -> None:
        if self._executing and status.state is not WorkerState.RUNNING:
            with self._noting:  # who notes last has seen them last
                self._note(self.statuses())
        if status.state is WorkerState.FAILING:
            self._journal.error(worker, "failed", error=status.last_error)
        self._tell(WorkerChanged(worker, status))

    def _note(self, statuses: Mapping[Worker, WorkerStatus]) -> None:
        noted = {worker.value: _to_json(status) for worker, status in statuses.items()}
        try:
            self._house.ledger.set_note(_NOTE, json.dumps(noted))
        except PlatinumError as error:  # how a worker is doing must not stop it
            self._tell(Notice(f"{error.message} {error.remedy}", severe=True))


def _beside(here: WorkerStatus, there: WorkerStatus | None) -> WorkerStatus:
    if there is None or here.state is not WorkerState.PAUSED:
        return here
    fails = f" There it fails: {there.last_error}" if there.state is WorkerState.FAILING else ""
    return WorkerStatus(here.state, there.last_run, f"{here.last_error}{fails}")


def _to_json(status: WorkerStatus) -> dict[str, JsonValue]:
    last_run = instant(status.last_run) if status.last_run else None
    return {"state": status.state.value, "last_run": last_run, "last_error": status.last_error}


def _from_json(value: Mapping[str, JsonValue]) -> WorkerStatus:
    last_run = datetime.fromisoformat(value["last_run"]) if value["last_run"] else None
    return WorkerStatus(WorkerState(value["state"]), last_run, value["last_error"])
