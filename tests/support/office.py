"""An office without a disk: the service's promises in memory, until the real one can be opened on a temporary vault.

Stories speak to it only as they would to the real one: files come, change and go (`put`, `drop`), time passes
(`clock.advance`), the executor works (`execute`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tests.support.clock import ManualClock

from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.canonical import same_fingerprint
from platinum_tui.model.errors import NotApprovable, NotFound, StaleFingerprint
from platinum_tui.model.event import Event, Moved, QueueChanged, SentMail, Worker, WorkerState, WorkerStatus
from platinum_tui.model.request import (
    Problem,
    Request,
    RequestWarning,
    Risk,
    RiskLevel,
    RiskReason,
    Source,
    SourceKind,
    State,
)
from platinum_tui.model.standing import HistoryEvent, Review, Standing

UNDO = timedelta(seconds=10)
ME = "me@example.com"


class Office:
    """Keeps requests, decides over them, tells who listens."""

    def __init__(self, clock: ManualClock, *, readonly: bool = False) -> None:
        self.clock = clock
        self.readonly = readonly
        self.frozen = False
        self.approved: list[tuple[str, str]] = []
        self._requests: dict[str, Standing] = {}
        self._history: dict[str, tuple[HistoryEvent, ...]] = {}
        self._listeners: list[Callable[[Event], None]] = []
        self._mails: list[SentMail] = []
        self._workers = {
            Worker.ORCHESTRATOR: WorkerStatus(WorkerState.IDLE, clock.now() - timedelta(seconds=3)),
            Worker.EXECUTOR: WorkerStatus(WorkerState.IDLE, clock.now() - timedelta(seconds=1)),
            Worker.DASHBOARD: WorkerStatus(WorkerState.IDLE, clock.now() - timedelta(minutes=2)),
            Worker.SYNC: WorkerStatus(WorkerState.OFF),
        }

    # what happens around the reviewer

    def put(
        self,
        name: str,
        kind: Kind | None = Kind.EMAIL_SEND,
        fields: Mapping[str, JsonValue] | None = None,
        *,
        risk: RiskLevel = RiskLevel.LOW,
        reasons: Sequence[str] = (),
        problems: Sequence[Problem] = (),
        warnings: Sequence[RequestWarning] = (),
        state: State = State.PENDING,
        why: str = "",
        age: timedelta = timedelta(hours=2),
        expires: timedelta | None = None,
        reason: str | None = None,
        task: str | None = None,
        text: str | None = None,
        quiet: bool = False,
    ) -> str:
        """A request's file appears, or its bytes change; gives its id."""
        values = dict(fields if fields is not None else mail())
        text = text if text is not None else _as_file(name, kind, values)
        now = self.clock.now()
        request = Request(
            id=name,
            file=f"Pending_Approval/cloud/{name}.md",
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            kind=kind,
            fields=values,
            sources={field: Source(SourceKind.FRONT_MATTER, line) for line, field in enumerate(values, 3)},
            problems=tuple(problems),
            warnings=tuple(warnings),
            text=text,
            created_at=now - age,
            expires_at=now + expires if expires else None,
            reason=reason,
            task=task,
        )
        reasons_given = tuple(RiskReason("reason", reason) for reason in reasons)
        self._requests[name] = Standing(request, state, request.file, Risk(risk, reasons_given), why)
        self._history.setdefault(name, (HistoryEvent(now - age, "seen", "orchestrator", ""),))
        if not quiet:
            self.tell(QueueChanged())
        return name

    def drop(self, name: str) -> None:
        """The file is gone."""
        del self._requests[name]
        self.tell(QueueChanged())

    def tell(self, event: Event) -> None:
        """An event, as from a worker's thread."""
        for listener in self._listeners:
            listener(event)

    def execute(self, name: str, state: State = State.DONE, why: str = "") -> None:
        """The executor comes to an end with a request."""
        standing = self._requests[name]
        self._requests[name] = replace(standing, state=state, why=why, undo_until=None)
        if state is State.DONE and standing.request.kind is Kind.EMAIL_SEND:
            fields = standing.request.fields
            self._mails.append(
                SentMail(ME, tuple(fields["to"]), fields["subject"], preview_of(standing.request), self.clock.now())
            )
        self.tell(Moved(name, standing.title, state, why))

    def standing(self, name: str) -> Standing:
        """Where a request stands."""
        return self._requests[name]

    # what the console may ask

    def start(self) -> None:
        """Nothing to begin."""

    def stop(self) -> None:
        """Nothing to end."""

    def subscribe(self, listener: Callable[[Event], None]) -> None:
        self._listeners.append(listener)

    def standings(self) -> Sequence[Standing]:
        return tuple(self._requests.values())

    def review(self, request_id: str) -> Review:
        standing = self._known(request_id)
        return Review(standing, preview_of(standing.request), self._history[request_id])

    def approve(self, request_id: str, fingerprint: str, note: str = "") -> Standing:
        standing = self._known(request_id)
        if not same_fingerprint(fingerprint, standing.request.digest):
            raise StaleFingerprint
        if not standing.approvable:
            raise NotApprovable
        self.approved.append((request_id, fingerprint))
        return self._become(standing, State.APPROVED, "approve", undo_until=self.clock.now() + UNDO)

    def reject(self, request_id: str, reason: str) -> Standing:
        return self._become(self._known(request_id), State.REJECTED, "reject", why=reason)

    def request_changes(self, request_id: str, reason: str) -> Standing:
        return self._become(self._known(request_id), State.CHANGES_REQUESTED, "request changes", why=reason)

    def snooze(self, request_id: str, until: datetime) -> Standing:
        standing = replace(self._known(request_id), snoozed_until=until)
        return self._become(standing, State.SNOOZED, "snooze")

    def undo(self, request_id: str) -> Standing:
        standing = self._known(request_id)
        over = standing.undo_until is None or standing.undo_until <= self.clock.now()
        if standing.state is State.APPROVED and over:
            raise NotApprovable("Its undo window is over.")
        return self._become(standing, State.PENDING, "undo")

    def resolve(self, request_id: str, happened: bool, evidence: str) -> Standing:
        state = State.DONE if happened else State.FAILED
        return self._become(self._known(request_id), state, "resolve", why=evidence)

    def workers(self) -> Mapping[Worker, WorkerStatus]:
        return dict(self._workers)

    def freeze(self, reason: str) -> None:
        self.frozen = True

    def thaw(self) -> None:
        self.frozen = False

    def outbox(self) -> Sequence[SentMail]:
        return tuple(self._mails)

    def _known(self, request_id: str) -> Standing:
        if request_id not in self._requests:
            raise NotFound
        return self._requests[request_id]

    def _become(
        self, standing: Standing, state: State, event: str, *, why: str = "", undo_until: datetime | None = None
    ) -> Standing:
        request_id = standing.request.id
        after = replace(standing, state=state, why=why, undo_until=undo_until)
        self._requests[request_id] = after
        self._history[request_id] += (HistoryEvent(self.clock.now(), event, "reviewer", why),)
        self.tell(QueueChanged())
        return after


def mail(
    to: Sequence[str] = ("ana@example.com",),
    subject: str = "Re: July invoice",
    body: str = "Dear Ana,\n\nit is paid.\n",
) -> dict[str, JsonValue]:
    """The fields of a mail."""
    return {"to": list(to), "subject": subject, "body": body}


def preview_of(request: Request) -> str:
    """What would go out, in the manner of the real one."""
    fields = request.fields
    if request.kind in {Kind.EMAIL_SEND, Kind.EMAIL_REPLY}:
        head = [f"From: {ME}", f"To: {', '.join(fields.get('to', []))}", f"Subject: {fields.get('subject', '')}"]
        fixed = ["Date: (fixed at approval)", "Message-ID: (fixed at approval)"]
        return "\n".join((*head, *fixed, "", str(fields.get("body", ""))))
    if request.kind is None:
        return ""
    return json.dumps({"tool": request.kind.value, "arguments": dict(fields)}, indent=2, ensure_ascii=False)


def _as_file(name: str, kind: Kind | None, fields: Mapping[str, JsonValue]) -> str:
    head = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items() if key != "body"]
    return "\n".join(("---", f"id: {name}", f"kind: {kind or ''}", *head, "---", str(fields.get("body", ""))))
