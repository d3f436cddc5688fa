"""A service that is built behind the first frame: the screen stands at once, and what it asks waits for the rest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from platinum_tui.console.door import Service
from platinum_tui.model.errors import PlatinumError
from platinum_tui.system.clock import Clock

if TYPE_CHECKING:
    from platinum_tui.execution.whatsapp_link import WhatsappLink
    from platinum_tui.model.contacts import Contact
    from platinum_tui.model.event import Event, Progress, SentMail, Worker, WorkerStatus
    from platinum_tui.model.parts import Part
    from platinum_tui.model.request import Request
    from platinum_tui.model.standing import Review, Standing
    from platinum_tui.review.editing import Draft
    from platinum_tui.review.roll import Roll
    from platinum_tui.review.task_board import TaskPreview
    from platinum_tui.system.audit import AuditRecord
    from platinum_tui.system.credential_list import CredentialEntry
    from platinum_tui.system.health import Finding
    from platinum_tui.system.tool_lists import ToolList
    from platinum_tui.vault.tasks import Task


class LateService:
    """Stands for a service until it is built; `start` builds it. Every question waits, in its own thread, for that.

    Args:
        build: makes the real service; may be slow, and may raise PlatinumError, which every question then raises.
        clock: where times come from.
        readonly: whether nothing may be decided.
        known: what was known of the requests before, without the rest of the service.
    """

    def __init__(
        self,
        build: Callable[[], Service],
        clock: Clock,
        *,
        readonly: bool = False,
        known: Callable[[], Roll | None] = lambda: None,
    ) -> None:
        self._build = build
        self._known = known
        self._clock = clock
        self._readonly = readonly
        self._ready = threading.Event()
        self._service: Service | None = None
        self._error: PlatinumError | None = None
        self._listeners: list[Callable[[Event], None]] = []

    @property
    def clock(self) -> Clock:
        """Where time comes from."""
        return self._clock

    @property
    def readonly(self) -> bool:
        """Whether nothing may be decided here."""
        return self._readonly

    @property
    def frozen(self) -> bool:
        """Whether every execution is stopped; not while nothing can be executed yet."""
        return self._service is not None and self._service.frozen

    @property
    def progress(self) -> Progress | None:
        """How far the reading of many files has come; None while there is none, or no service yet."""
        return self._service.progress if self._service is not None else None

    def start(self) -> None:
        """Build the service, unless that is done, and let its workers begin; where it fails, it may be tried again."""
        try:
            if self._service is None:
                service = self._build()
                for listener in self._listeners:
                    service.subscribe(listener)
                self._service = service
            self._service.start()
        except PlatinumError as error:
            self._error = error
            raise
        finally:
            self._ready.set()

    def stop(self) -> None:
        """Stop the workers, if they ever began."""
        if self._service is not None:
            self._service.stop()

    def hold(self, patience_s: float) -> None:
        """Wait until nothing is under way, and let nothing begin."""
        self._real.hold(patience_s)

    def let_go(self) -> None:
        """Let the workers go on."""
        self._real.let_go()

    def subscribe(self, listener: Callable[[Event], None]) -> None:
        """Have every event told to `listener`."""
        self._listeners.append(listener)
        if self._service is not None:
            self._service.subscribe(listener)

    def workers(self) -> Mapping[Worker, WorkerStatus]:
        """How the workers are doing."""
        if self._service is None:
            from platinum_tui.model.event import Worker, WorkerState, WorkerStatus

            return dict.fromkeys(Worker, WorkerStatus(WorkerState.STOPPED))
        return self._service.workers()

    def known(self) -> Roll | None:
        """What was known of the requests before anything is looked at; None where that takes as long."""
        return self._known()

    def roll(self) -> Roll:
        """Every request, in every state, as last looked at."""
        return self._real.roll()

    def look(self, told: Callable[[], None] | None = None) -> None:
        """Look at every file and read those that changed."""
        self._real.look(told)

    def review(self, request_id: str) -> Review:
        """One request with all that a reviewer needs."""
        return self._real.review(request_id)

    def approve(self, request_id: str, fingerprint: str, note: str = "") -> Standing:
        """Approve what this fingerprint names."""
        return self._real.approve(request_id, fingerprint, note)

    def reject(self, request_id: str, reason: str) -> Standing:
        """Say no."""
        return self._real.reject(request_id, reason)

    def request_changes(self, request_id: str, reason: str) -> Standing:
        """Send it back to the agent."""
        return self._real.request_changes(request_id, reason)

    def snooze(self, request_id: str, until: datetime) -> Standing:
        """Look at it later."""
        return self._real.snooze(request_id, until)

    def undo(self, request_id: str) -> Standing:
        """Take a decision back."""
        return self._real.undo(request_id)

    def withdraw(self, request_id: str) -> Standing:
        """Take it out of the queue in its author's name."""
        return self._real.withdraw(request_id)

    def parts(self, request_id: str) -> Sequence[Request]:
        """What `split` would make of a file."""
        return self._real.parts(request_id)

    def split(self, request_id: str) -> Sequence[str]:
        """Make one file for each action."""
        return self._real.split(request_id)

    def contacts(self) -> Sequence[Contact]:
        """Everybody in the contact book."""
        return self._real.contacts()

    def remember_contact(self, name: str, whatsapp: str = "", email: str = "") -> Contact:
        """Keep what a name resolves to."""
        return self._real.remember_contact(name, whatsapp, email)

    def draft(self, request_id: str) -> Draft:
        """A request's bytes, to be edited."""
        return self._real.draft(request_id)

    def revise(self, draft: Draft, data: bytes) -> Standing:
        """Write a draft's new version in its place."""
        return self._real.revise(draft, data)

    def queues(self) -> Mapping[Worker, int]:
        """How much waits for each worker."""
        return self._real.queues()

    def retry(self, worker: Worker) -> None:
        """Have a worker begin a pass now."""
        self._real.retry(worker)

    def server_findings(self) -> Mapping[str, Sequence[Finding]]:
        """What each configured server lacks."""
        return self._real.server_findings()

    def findings(self) -> Sequence[Finding]:
        """What the doctor says."""
        return self._real.findings()

    def untried(self) -> str:
        """Which services the doctor does not ask."""
        return self._real.untried()

    def own_servers(self) -> Mapping[str, ToolList | None]:
        """The user's own servers, with their tools as last listed."""
        return self._real.own_servers()

    def list_tools(self, server: str) -> ToolList:
        """Start a server of the user's own, and list its tools."""
        return self._real.list_tools(server)

    def credentials(self) -> Sequence[CredentialEntry]:
        """Every credential that is called for or kept, never its value."""
        return self._real.credentials()

    def whatsapp_link(self) -> WhatsappLink:
        """Whether WhatsApp is linked."""
        return self._real.whatsapp_link()

    def tasks(self) -> Sequence[Task]:
        """Every task."""
        return self._real.tasks()

    def preview_task(self, name: str) -> TaskPreview:
        """One task with its text."""
        return self._real.preview_task(name)

    def claim_task(self, name: str) -> Task:
        """Take a task into this machine's folder."""
        return self._real.claim_task(name)

    def release_task(self, name: str) -> Task:
        """Give a task back."""
        return self._real.release_task(name)

    def complete_task(self, name: str) -> Task:
        """Move a task to Done/."""
        return self._real.complete_task(name)

    def recent_events(self, limit: int) -> Sequence[AuditRecord]:
        """The last events of the audit log."""
        return self._real.recent_events(limit)

    def trim(self, request_id: str, fingerprint: str, dropped: Iterable[Part]) -> Standing:
        """Write a version without some recipients or lines."""
        return self._real.trim(request_id, fingerprint, dropped)

    def resolve(self, request_id: str, happened: bool, evidence: str) -> Standing:
        """Settle an unknown outcome."""
        return self._real.resolve(request_id, happened, evidence)

    def freeze(self, reason: str) -> None:
        """Stop every execution."""
        self._real.freeze(reason)

    def thaw(self) -> None:
        """Allow executions again."""
        self._real.thaw()

    def outbox(self) -> Sequence[SentMail]:
        """What the demo's local sink received."""
        return self._real.outbox()

    @property
    def _real(self) -> Service:
        self._ready.wait()
        if self._service is None:
            raise self._error or PlatinumError("The service did not start.")
        return self._service
