"""The service: owns the workers of one vault, starts and stops them, and tells the front ends what happened."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from platinum_tui.execution.checkup import check_machine, check_own_servers, check_requests
from platinum_tui.execution.lock import ExecutorLock
from platinum_tui.execution.resolution import Resolution
from platinum_tui.execution.servers import LocalServers
from platinum_tui.execution.switch import Switch
from platinum_tui.execution.takeover import Takeover
from platinum_tui.execution.tool_listing import ToolListing
from platinum_tui.execution.whatsapp_link import WhatsappLink, whatsapp_link
from platinum_tui.ledger.audit_trail import AuditTrail
from platinum_tui.ledger.witness import Witness
from platinum_tui.model.action import JsonValue
from platinum_tui.model.contacts import Contact
from platinum_tui.model.errors import PlatinumError, RefusedByPolicy
from platinum_tui.model.event import Event, Notice, Progress, QueueChanged, SentMail, Worker, WorkerStatus
from platinum_tui.model.parts import Part
from platinum_tui.model.request import Request
from platinum_tui.model.standing import Review, Standing
from platinum_tui.review.contact_keeping import remember_contact
from platinum_tui.review.desk import Desk
from platinum_tui.review.editing import Draft, revise, take_draft
from platinum_tui.review.house import House
from platinum_tui.review.provenance import Provenance
from platinum_tui.review.roll import Roll
from platinum_tui.review.splitting import parts_of, split
from platinum_tui.review.task_board import TaskBoard, TaskPreview
from platinum_tui.review.trimming import trim
from platinum_tui.system.audit import AuditRecord
from platinum_tui.system.clock import Clock
from platinum_tui.system.credential_list import CredentialEntry, credential_entries
from platinum_tui.system.health import Finding, findings_by_server, untried
from platinum_tui.system.server_families import FAMILIES
from platinum_tui.system.tool_lists import ToolList
from platinum_tui.vault.sync import SyncReport
from platinum_tui.vault.tasks import Task
from platinum_tui.vault.watch import Doorbell
from platinum_tui.workers.exchange import last_sync
from platinum_tui.workers.staff import Staff
from platinum_tui.workers.succession import Succession


class Service:
    """Everything behind a front end.

    Args:
        house: the vault and its surroundings.
        outbox: what the demo's mail sink received.
    """

    def __init__(self, house: House, outbox: Callable[[], Sequence[SentMail]] = tuple) -> None:
        self.house = house
        self.desk = Desk(house, Provenance(house).came_by_sync, self._tell)
        self.switch = Switch(house)
        self._board = TaskBoard(house)
        self.trail = AuditTrail(house.ledger, house.vault.logs)
        self.witness = Witness(house.ledger, self.trail, house.machine_keys, lambda: house.machine_signer)
        self.lock = ExecutorLock(house.vault, house.ledger.path.parent)
        self.outbox = outbox
        self._listeners: list[Callable[[Event], None]] = []
        self.servers = LocalServers(house)
        self._staff = Staff(self.desk, self.servers, self.trail, self.witness, self._tell)
        self._succession = Succession(self.lock, self._staff, self._tell)
        self._doorbell = Doorbell(house.vault, self._rung, self._staff.wake, house.freeze_mark.files)
        self.desk.queue.inventory.tidings.is_listening = lambda: self._doorbell.alive

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

    @property
    def progress(self) -> Progress | None:
        """How far the reading of many files has come, whoever asked for it; None while there is none."""
        return self.desk.queue.inventory.progress

    def subscribe(self, listener: Callable[[Event], None]) -> None:
        """Have every event told, from worker threads."""
        self._listeners.append(listener)

    def workers(self) -> Mapping[Worker, WorkerStatus]:
        """How the workers are doing: paused while another instance executes, with what is known of those there."""
        return self._staff.beside() if self._another_executes else self._staff.statuses()

    def queues(self) -> Mapping[Worker, int]:
        """How much waits for each worker: undecided requests, approved ones, updates, claims not yet told."""
        return self._staff.queues()

    def retry(self, worker: Worker) -> None:
        """Have a worker begin a pass now, whatever it waits for; one that has stopped starts anew.

        Raises:
            Locked: another instance executes.
            Failed, Obstructed: something else lies where its lock belongs.
            RefusedByPolicy: the workers of this instance are not running, or there is nothing to sync with.
        """
        self._succession.hurry()
        self._staff.retry(worker)

    def standings(self) -> Sequence[Standing]:
        """Every request, in every state."""
        return self.desk.standings()

    def roll(self) -> Roll:
        """Every request, in every state, as last looked at; before that, as it was known."""
        return self.desk.queue.roll()

    known = roll

    def look(self, told: Callable[[], None] | None = None) -> None:
        """Look at every file and read those that changed; see `Queue.refresh`."""
        self.desk.queue.refresh(told)

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

    def split(self, request_id: str) -> tuple[str, ...]:
        """Make one file for each action of a file that asks for several; the new files' paths. Raises as `split`."""
        files = split(self.desk, request_id)
        self._audit_change()
        return files

    def parts(self, request_id: str) -> tuple[Request, ...]:
        """What `split` would make of a file; raises as `split`."""
        return parts_of(self.desk, request_id)

    def draft(self, request_id: str) -> Draft:
        """A request's bytes, to be edited; raises as `take_draft`."""
        return take_draft(self.desk, request_id)

    def revise(self, draft: Draft, data: bytes) -> Standing:
        """Write a draft's new version in its place; raises as `revise`."""
        return self._decided(revise(self.desk, draft, data))

    def trim(self, request_id: str, fingerprint: str, dropped: Iterable[Part]) -> Standing:
        """Write a version without some recipients or lines; raises as `trim`."""
        return self._decided(trim(self.desk, request_id, fingerprint, dropped))

    def contacts(self) -> Sequence[Contact]:
        """Everybody in the contact book."""
        return tuple(self.house.contacts)

    def recent_events(self, limit: int) -> Sequence[AuditRecord]:
        """The last events of the audit log, the latest first."""
        return self.house.ledger.recent_events(limit)

    def server_findings(self) -> Mapping[str, tuple[Finding, ...]]:
        """What each configured server lacks, by its name; raises KeyringError."""
        return findings_by_server(self.house.configuration, self.house.credentials.names())

    def findings(self) -> tuple[Finding, ...]:
        """What `doctor` says of machine, configuration, vault, servers and requests; starts the own servers."""
        configuration, last = self.house.configuration, self.recent_events(1)
        logged_at = datetime.fromisoformat(last[0].timestamp) if last else None
        return (
            *check_machine(configuration, self.house.environ, self.clock.now(), logged_at),
            *check_own_servers(self.own_servers(), self.list_tools),
            *check_requests(self.standings()),
        )

    def untried(self) -> str:
        """A sentence: which services `findings` does not ask; empty where there is none."""
        return untried(self.house.configuration)

    def remember_contact(self, name: str, whatsapp: str = "", email: str = "") -> Contact:
        """Keep what a name resolves to, in the configuration file; raises as `remember_contact`."""
        contact = remember_contact(self.house, name, whatsapp, email)
        self._audit_change()
        return contact

    def resolve(self, request_id: str, happened: bool, evidence: str) -> Standing:
        """Settle an unknown outcome; raises as `Resolution.resolve`."""
        return self._decided(Resolution(self.desk).resolve(request_id, happened=happened, evidence=evidence))

    def tasks(self) -> Sequence[Task]:
        """Every task, by path: those that wait, ours, and those of other agents."""
        return self._board.tasks()

    def preview_task(self, name: str) -> TaskPreview:
        """One task with its text; raises as `TaskBoard.preview`."""
        return self._board.preview(name)

    def claim_task(self, name: str) -> Task:
        """Take a task into this machine's folder; raises as `TaskBoard.claim`."""
        return self._worked_on(self._board.claim(name))

    def release_task(self, name: str) -> Task:
        """Give a task back; raises as `TaskBoard.claim`."""
        return self._worked_on(self._board.release(name))

    def complete_task(self, name: str) -> Task:
        """Move a task to Done/; raises as `TaskBoard.claim`."""
        return self._worked_on(self._board.complete(name))

    def take_over(self, name: str, machine: str) -> Standing:
        """Take over what a machine claimed that is gone; `name` may be a whole id. Raises as `Takeover.take_over`."""
        self.require_writable()
        return self._decided(Takeover(self.desk).take_over(name, machine))

    def freeze(self, reason: str) -> None:
        """Stop every execution that has not begun; in read-only mode, too, for that is the safe direction."""
        self.switch.freeze(reason)
        self._audit()

    def thaw(self) -> None:
        """Allow executions again.

        Raises:
            RefusedByPolicy: in read-only mode.
            NeedsPerson: a FREEZE file in the vault keeps everything frozen.
        """
        self.require_writable()
        try:
            self.switch.thaw()
        finally:
            self._audit()
        self._staff.wake()

    def own_servers(self) -> Mapping[str, ToolList | None]:
        """The user's own MCP servers by name, with their tools as last listed; None where nobody asked yet."""
        names = sorted(set(self.house.configuration.servers) - set(FAMILIES))
        return {name: self.house.tool_lists.known(name) for name in names}

    def list_tools(self, server: str) -> ToolList:
        """Ask a server of the user's for its tools, starting it if need be; raises as `ToolListing.refresh`."""
        listed = ToolListing(self.house, self.servers).refresh(server)
        self._tell(QueueChanged())
        return listed

    def credentials(self) -> tuple[CredentialEntry, ...]:
        """Every credential that is called for or kept, without its value; raises KeyringError."""
        return credential_entries(self.house.configuration, self.house.credentials.names())

    def whatsapp_link(self) -> WhatsappLink:
        """Whether WhatsApp is linked, and the code to scan; asks its server, and raises as `whatsapp_link`."""
        return whatsapp_link(self.servers)

    def reported_workers(self) -> dict[str, JsonValue]:
        """How the workers of the executing instance are doing, as that instance noted it last."""
        return self._staff.reported(by_another=self._another_executes)

    def last_sync(self) -> dict[str, JsonValue]:
        """The last sync as it was noted; empty before the first."""
        return last_sync(self.house)

    def sync(self) -> SyncReport:
        """One pull, claim and push pass, here and now.

        Raises:
            GitFailed: the remote does not answer, another pass is under way, there is no remote, or others were quicker
                each time: not all is pushed.
        """
        report = self._staff.exchange.sync()
        self._audit()
        return report

    # Running

    def start(self) -> None:
        """Let the workers begin, as far as this instance may: at once, or when no other one executes any more."""
        if self.readonly:
            self._staff.pause("read-only")
        else:
            self._succession.begin()
        self._doorbell.start()

    def hold(self, patience_s: float) -> None:
        """Wait until nothing is under way, and let nothing begin until `let_go`; raises as `Staff.hold`."""
        self._staff.hold(patience_s)

    def let_go(self) -> None:
        """Let the workers go on after a `hold`."""
        self._staff.let_go()

    def finish(self) -> None:
        """Begin nothing else; what is under way goes on. Returns at once."""
        self._succession.finish()
        self._staff.finish()

    def stop(self) -> None:
        """Stop the workers; what is under way is finished first, if it does not take long: see `Staff.stop`."""
        self._doorbell.stop()
        self._succession.stop()
        self._staff.stop()
        self.lock.release()
        self.desk.queue.close()
        self.house.ledger.close()

    def run_once(self, wait: Callable[[float], None], patience_s: float = 3.0) -> None:
        """One full pass of every worker, in order, in this thread: pull, merge, recover, execute what is due, push.

        Args:
            wait: sleeps for some seconds.
            patience_s: how long to wait for a file that is still being written.

        Raises:
            Locked: another instance executes on this vault.
        """
        self.require_writable()
        self.lock.acquire()
        try:
            self._staff.run_once(wait, patience_s)
        finally:
            self._audit()
            self._staff.seal()

    # Inside

    def require_writable(self) -> None:
        """Hold the promise of `--readonly`.

        Raises:
            RefusedByPolicy: nothing may be decided, executed or written.
        """
        if self.readonly:
            raise RefusedByPolicy("Nothing is executed in read-only mode.", remedy="Start it without --readonly.")

    @property
    def _another_executes(self) -> bool:
        return not self.lock.held and self.lock.is_taken()

    def _rung(self, files: frozenset[str] | None) -> None:
        self.desk.queue.inventory.hear(files)
        self._tell(QueueChanged())

    def _decided(self, standing: Standing) -> Standing:
        self._audit_change()
        self._staff.wake()
        return standing

    def _worked_on(self, task: Task) -> Task:
        self._audit_change()
        return task

    def _audit_change(self) -> None:
        self._audit()
        self._tell(QueueChanged())

    def _audit(self) -> None:
        if self.readonly:
            return  # the vault's log is written by the instance that executes; the ledger has it already
        try:
            self.trail.write()
        except PlatinumError as error:
            self._tell(Notice(f"{error.message} {error.remedy}", severe=True))

    def _tell(self, event: Event) -> None:
        for listener in self._listeners:
            # A front end that is closing, or whose terminal is gone, takes no more events; no worker fails of that.
            with contextlib.suppress(RuntimeError, OSError, ValueError):
                listener(event)
