"""The one door between the console and everything behind it: what the service does for a front end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

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


class Service(Protocol):
    """What the console may ask. Every method may wait for a disk: the console calls them in threads only.

    The methods that decide return the request as it stands afterwards, or raise a `PlatinumError`: `StaleFingerprint`,
    `NotApprovable`, `RefusedByPolicy` and their like.
    """

    @property
    def clock(self) -> Clock:
        """Where time comes from."""

    @property
    def readonly(self) -> bool:
        """Whether nothing may be decided here."""

    @property
    def frozen(self) -> bool:
        """Whether every execution is stopped."""

    @property
    def progress(self) -> Progress | None:
        """How far the reading of many files has come; None while there is none. Never waits."""

    def start(self) -> None:
        """Let the workers begin."""

    def stop(self) -> None:
        """Stop the workers; what is under way is finished first."""

    def hold(self, patience_s: float) -> None:
        """Wait until nothing is under way, and let nothing begin until `let_go`; raises Failed after some seconds."""

    def let_go(self) -> None:
        """Let the workers go on after a `hold`."""

    def subscribe(self, listener: Callable[[Event], None]) -> None:
        """Have every event told to `listener`, from worker threads."""

    def known(self) -> Roll | None:
        """What was known of the requests before anything is looked at; None where that takes as long."""

    def roll(self) -> Roll:
        """Every request, in every state, as last looked at."""

    def look(self, told: Callable[[], None] | None = None) -> None:
        """Look at every file and read those that changed; `told` is called as that goes on."""

    def review(self, request_id: str) -> Review:
        """One request with all that a reviewer needs."""

    def approve(self, request_id: str, fingerprint: str, note: str = "") -> Standing:
        """Approve what this fingerprint names."""

    def reject(self, request_id: str, reason: str) -> Standing:
        """Say no."""

    def request_changes(self, request_id: str, reason: str) -> Standing:
        """Send it back to the agent."""

    def snooze(self, request_id: str, until: datetime) -> Standing:
        """Look at it later."""

    def undo(self, request_id: str) -> Standing:
        """Take an approval back, within its window."""

    def withdraw(self, request_id: str) -> Standing:
        """Take it out of the queue in its author's name."""

    def parts(self, request_id: str) -> Sequence[Request]:
        """What `split` would make of a file that asks for several actions."""

    def split(self, request_id: str) -> Sequence[str]:
        """Make one file for each action; the new files' paths."""

    def contacts(self) -> Sequence[Contact]:
        """Everybody in the contact book."""

    def remember_contact(self, name: str, whatsapp: str = "", email: str = "") -> Contact:
        """Keep what a name resolves to."""

    def draft(self, request_id: str) -> Draft:
        """A request's bytes, to be edited."""

    def revise(self, draft: Draft, data: bytes) -> Standing:
        """Write a draft's new version in its place."""

    def trim(self, request_id: str, fingerprint: str, dropped: Iterable[Part]) -> Standing:
        """Write a version of what a fingerprint names without some of its recipients or lines."""

    def resolve(self, request_id: str, happened: bool, evidence: str) -> Standing:
        """Settle an unknown outcome: a person found out."""

    def workers(self) -> Mapping[Worker, WorkerStatus]:
        """How the workers are doing."""

    def queues(self) -> Mapping[Worker, int]:
        """How much waits for each worker."""

    def retry(self, worker: Worker) -> None:
        """Have a worker begin a pass now; one that has stopped starts anew."""

    def server_findings(self) -> Mapping[str, Sequence[Finding]]:
        """What each configured server lacks."""

    def findings(self) -> Sequence[Finding]:
        """What the doctor says; starts the user's own servers."""

    def untried(self) -> str:
        """A sentence: which services the doctor does not ask; empty where there is none."""

    def own_servers(self) -> Mapping[str, ToolList | None]:
        """The user's own servers, with their tools as last listed; None where nobody asked yet."""

    def list_tools(self, server: str) -> ToolList:
        """Start a server of the user's own, and list its tools."""

    def credentials(self) -> Sequence[CredentialEntry]:
        """Every credential that is called for or kept, never its value."""

    def whatsapp_link(self) -> WhatsappLink:
        """Whether WhatsApp is linked; starts its server, and a bridge that is not linked begins to link."""

    def tasks(self) -> Sequence[Task]:
        """Every task."""

    def preview_task(self, name: str) -> TaskPreview:
        """One task with its text."""

    def claim_task(self, name: str) -> Task:
        """Take a task into this machine's folder."""

    def release_task(self, name: str) -> Task:
        """Give a task back."""

    def complete_task(self, name: str) -> Task:
        """Move a task to Done/."""

    def recent_events(self, limit: int) -> Sequence[AuditRecord]:
        """The last events of the audit log, the latest first."""

    def freeze(self, reason: str) -> None:
        """Stop every execution, at once, across restarts."""

    def thaw(self) -> None:
        """Allow executions again."""

    def outbox(self) -> Sequence[SentMail]:
        """What the demo's local sink received, oldest first; empty outside the demo."""
