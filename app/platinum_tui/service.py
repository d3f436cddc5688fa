"""The service: owns the workers of one vault, starts and stops them, and tells the front ends what happened."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from platinum_tui.dashboard.journal import MergedJournal
from platinum_tui.dashboard.merge import merge_updates
from platinum_tui.execution.executor import Executor
from platinum_tui.execution.lock import ExecutorLock
from platinum_tui.execution.resolution import Resolution
from platinum_tui.execution.servers import LocalServers
from platinum_tui.execution.switch import Switch
from platinum_tui.ledger.audit_trail import AuditTrail
from platinum_tui.ledger.entry import Entry
from platinum_tui.model.action import JsonValue
from platinum_tui.model.decision import instant
from platinum_tui.model.errors import Locked, PlatinumError
from platinum_tui.model.event import (
    Event,
    Moved,
    Notice,
    QueueChanged,
    SentMail,
    Worker,
    WorkerChanged,
    WorkerState,
    WorkerStatus,
)
from platinum_tui.model.request import State
from platinum_tui.model.standing import Review, Standing
from platinum_tui.model.text import safe_line
from platinum_tui.review.desk import Desk
from platinum_tui.review.house import House
from platinum_tui.review.housekeeping import Housekeeping
from platinum_tui.system.clock import Clock
from platinum_tui.system.worker_loop import WorkerLoop
from platinum_tui.vault.moves import remove_leftovers
from platinum_tui.vault.watch import Doorbell

SCAN_INTERVAL_S = 30.0
"""A scan is the truth: at least this often, whatever the watching misses."""
STOP_DEADLINE_S = 30.0
MAKING_INTERVAL_S = 0.5
"""How soon to look again at a file that may still be in the making."""
_WORKERS = "workers"


class Service:
    """Everything behind a front end.

    Args:
        house: the vault and its surroundings.
        outbox: what the demo's mail sink received.
    """

    def __init__(self, house: House, outbox: Callable[[], Sequence[SentMail]] = tuple) -> None:
        self.house = house
        self.desk = Desk(house)
        self.switch = Switch(house)
        self.executor = Executor(self.desk, LocalServers(house), self._executed)
        self.trail = AuditTrail(house.ledger, house.vault.logs)
        self.lock = ExecutorLock(house.vault.root)
        self.outbox = outbox
        self._housekeeping = Housekeeping(self.desk)
        self._merged = MergedJournal(house.state.vault_dir(house.vault_id) / "merged")
        self._listeners: list[Callable[[Event], None]] = []
        self._doorbell = Doorbell(house.vault, self._rung)
        self._recovered = False
        self._loops = {
            Worker.ORCHESTRATOR: self._loop(Worker.ORCHESTRATOR, self._orchestrate),
            Worker.EXECUTOR: self._loop(Worker.EXECUTOR, self._execute),
            Worker.DASHBOARD: self._loop(Worker.DASHBOARD, self._merge),
        }

    # What front ends ask

    @property
    def clock(self) -> Clock:
        """Where time comes from."""
        return self.house.clock

    @property
    def readonly(self) -> bool:
        """Whether nothing may be decided, executed or written."""
        return self.house.configuration.readonly

    @property
    def frozen(self) -> bool:
        """Whether every execution is stopped."""
        return self.switch.reason is not None

    def subscribe(self, listener: Callable[[Event], None]) -> None:
        """Have every event told, from worker threads."""
        self._listeners.append(listener)

    def workers(self) -> Mapping[Worker, WorkerStatus]:
        """How each worker is doing."""
        off = WorkerStatus(WorkerState.OFF)
        return {worker: self._loops[worker].status if worker in self._loops else off for worker in Worker}

    def standings(self) -> Sequence[Standing]:
        """Every request, in every state."""
        return self.desk.standings()

    def review(self, request_id: str) -> Review:
        """One request with all that a reviewer needs; raises as `Desk.review`."""
        return self.desk.review(request_id)

    def approve(self, request_id: str, fingerprint: str, note: str = "") -> Standing:
        """Approve what a fingerprint names; raises as `Desk.approve`."""
        return self._decided(self.desk.approve(request_id, fingerprint, note))

    def reject(self, request_id: str, reason: str) -> Standing:
        """Reject a request; raises as `Desk.reject`."""
        return self._decided(self.desk.reject(request_id, reason))

    def request_changes(self, request_id: str, reason: str) -> Standing:
        """Send a request back; raises as `Desk.request_changes`."""
        return self._decided(self.desk.request_changes(request_id, reason))

    def snooze(self, request_id: str, until: datetime) -> Standing:
        """Hide a request until a time; raises as `Desk.snooze`."""
        return self._decided(self.desk.snooze(request_id, until))

    def undo(self, request_id: str) -> Standing:
        """Take a decision back; raises as `Desk.undo`."""
        return self._decided(self.desk.undo(request_id))

    def withdraw(self, request_id: str) -> Standing:
        """Take a request out of the queue in its author's name; raises as `Desk.reject`."""
        return self._decided(self.desk.withdraw(request_id))

    def resolve(self, request_id: str, happened: bool, evidence: str) -> Standing:
        """Settle an unknown outcome; raises as `Resolution.resolve`."""
        return self._decided(Resolution(self.desk).resolve(request_id, happened=happened, evidence=evidence))

    def freeze(self, reason: str) -> None:
        """Stop every execution that has not begun."""
        self.switch.freeze(reason)
        self._audit()

    def thaw(self) -> None:
        """Allow executions again."""
        self.switch.thaw()
        self._audit()
        self._loops[Worker.EXECUTOR].wake()

    def reported_workers(self) -> dict[str, JsonValue]:
        """How the workers of the executing instance are doing, as that instance noted it last."""
        noted = self.house.ledger.note(_WORKERS)
        if noted and self.lock.is_taken():
            return dict(json.loads(noted))
        return {worker.value: _status_json(status) for worker, status in self.workers().items()}

    # Running

    def start(self) -> None:
        """Let the workers begin, as far as this instance may."""
        if self.readonly:
            for loop in self._loops.values():
                loop.pause("read-only")
            self._doorbell.start()
            return
        try:
            self.lock.acquire()
        except Locked as locked:
            for loop in self._loops.values():
                loop.pause(locked.message)
            self._tell(Notice(f"{locked.message} This one reviews and decides."))
        else:
            for loop in self._loops.values():
                loop.start()
        self._doorbell.start()

    def stop(self) -> None:
        """Stop the workers; what is under way is finished first."""
        self._doorbell.stop()
        for loop in self._loops.values():
            loop.stop(STOP_DEADLINE_S)
        self.executor.close()
        self.lock.release()
        self.house.ledger.close()

    def run_once(self, wait: Callable[[float], None], patience_s: float = 3.0) -> None:
        """One full pass of every worker, in order, in this thread.

        Args:
            wait: sleeps for some seconds.
            patience_s: how long to wait for a file that is still being written.

        Raises:
            Locked: another instance executes on this vault.
        """
        self.lock.acquire()
        self._merge()
        self._orchestrate()
        waited = 0.0
        while self._execute() == MAKING_INTERVAL_S and waited < patience_s:
            wait(MAKING_INTERVAL_S)
            waited += MAKING_INTERVAL_S
        self._audit()

    # The workers' passes; each returns the seconds until it wants to run again

    def _orchestrate(self) -> float:
        tidied = self._housekeeping.run_pass()
        for standing in tidied:
            self._tell(Moved(standing.request.id, standing.title, standing.state, standing.why))
        self.trail.write()
        self._tell(QueueChanged())
        return SCAN_INTERVAL_S

    def _execute(self) -> float:
        self.trail.write()
        recovered, self._recovered = self._recovered, False  # a pass that fails may leave an attempt without outcome
        if not recovered:
            self._clean()
            self.executor.recover()
        in_the_making = self.executor.run_pass()
        self._recovered = True
        self.trail.write()
        if in_the_making:
            return MAKING_INTERVAL_S
        due = self.executor.next_due()
        return min(SCAN_INTERVAL_S, due) if due is not None else SCAN_INTERVAL_S

    def _merge(self) -> float:
        report = merge_updates(self.house.vault, self.clock, self._merged, values={})
        for file in report.errors:
            self._tell(Notice(f"{safe_line(file)} cannot be read; it lies in error/ with the reason.", severe=True))
        return SCAN_INTERVAL_S

    # Inside

    def _loop(self, worker: Worker, work: Callable[[], float]) -> WorkerLoop:
        return WorkerLoop(worker.value, work, self.house.clock, lambda status: self._report(worker, status))

    def _report(self, worker: Worker, status: WorkerStatus) -> None:
        if self.lock.held and status.state is not WorkerState.RUNNING:
            noted = {each.value: _status_json(current) for each, current in self.workers().items()}
            self.house.ledger.set_note(_WORKERS, json.dumps({**noted, worker.value: _status_json(status)}))
        self._tell(WorkerChanged(worker, status))

    def _clean(self) -> None:
        root = self.house.vault.root
        for folder in (root, *(path for path in root.rglob("*") if path.is_dir() and not path.is_symlink())):
            if ".git" not in folder.parts:
                remove_leftovers(folder)

    def _rung(self) -> None:
        self._tell(QueueChanged())
        if self.lock.held:
            for loop in self._loops.values():
                loop.wake()

    def _executed(self, entry: Entry) -> None:
        self._tell(Moved(entry.id, safe_line(entry.title), entry.state, entry.why))
        self._tell(QueueChanged())

    def _decided(self, standing: Standing) -> Standing:
        self._audit()
        self._tell(QueueChanged())
        if standing.state is State.APPROVED:
            self._loops[Worker.EXECUTOR].wake()
        return standing

    def _audit(self) -> None:
        try:
            self.trail.write()
        except PlatinumError as error:
            self._tell(Notice(f"{error.message} {error.remedy}", severe=True))

    def _tell(self, event: Event) -> None:
        for listener in self._listeners:
            with contextlib.suppress(RuntimeError):  # a front end that is closing takes no more events
                listener(event)


def _status_json(status: WorkerStatus) -> dict[str, JsonValue]:
    last_run = instant(status.last_run) if status.last_run else None
    return {"state": status.state.value, "last_run": last_run, "last_error": status.last_error}
