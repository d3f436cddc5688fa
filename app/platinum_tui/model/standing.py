"""A request and where it stands: what lists, previews and the JSON forms are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from platinum_tui.model.action import JsonValue
from platinum_tui.model.decision import instant
from platinum_tui.model.request import ProblemCode, Request, Risk, State
from platinum_tui.model.summary import amount_of, target_of, title_of


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One thing that happened to a request."""

    time: datetime
    event: str
    actor: str
    result: str


@dataclass(frozen=True)
class Standing:
    """One request, read, with its state.

    Attributes:
        request: what the file says.
        state: where it stands.
        file: the vault-relative path where it lies now.
        risk: how much a decision may cost, with the reasons.
        why: one sentence on its state (why it is held, failed or unknown); empty where the state says all.
        undo_until: until when the approval can be undone; None outside that window.
        retry_at: when it is tried again, after an attempt that came to nothing; undone as an approval until then.
    """

    request: Request
    state: State
    file: str
    risk: Risk
    why: str = ""
    undo_until: datetime | None = None
    snoozed_until: datetime | None = None
    retry_at: datetime | None = None

    @property
    def approvable(self) -> bool:
        """Whether `approve` would take it now."""
        undecided = self.state in {State.PENDING, State.HELD, State.SNOOZED, State.FAILED, State.CHANGES_REQUESTED}
        return undecided and not self.request.problems and self.request.action is not None

    @cached_property
    def title(self) -> str:
        """The headline."""
        return title_of(self.request.kind, self.request.fields, self.file)

    @cached_property
    def target(self) -> str:
        """Whom or what it reaches."""
        return target_of(self.request.kind, self.request.fields)

    def has_problem(self, code: ProblemCode) -> bool:
        """Whether a problem of that code forbids approval."""
        return any(problem.code is code for problem in self.request.problems)

    def to_json(self) -> dict[str, JsonValue]:
        """The fields that every JSON form of a request has."""
        request = self.request
        return {
            "id": request.id,
            "file": self.file,
            "kind": request.kind.value if request.kind else None,
            "state": self.state.value,
            "approvable": self.approvable,
            "title": self.title,
            "target": self.target,
            "amount": amount_of(request.fields),
            "currency": request.fields.get("currency"),
            "created_at": instant(request.created_at) if request.created_at else None,
            "expires_at": instant(request.expires_at) if request.expires_at else None,
            "digest": request.digest,
            "fingerprint": request.fingerprint,
            "risk": {
                "level": self.risk.level.value,
                "reasons": [{"code": r.code, "message": r.message} for r in self.risk.reasons],
            },
            "problems": [{"code": p.code.value, "field": p.field, "message": p.message} for p in request.problems],
            "warnings": [{"code": w.code.value, "message": w.message} for w in request.warnings],
        }


@dataclass(frozen=True)
class Review:
    """One request with all that a reviewer needs to decide.

    Attributes:
        standing: the request and its state.
        preview: the exact outgoing message or call; what is only fixed at approval is marked until then.
        history: what happened to it so far, oldest first.
        earlier: the version that was decided on before, where this one has other bytes.
        done_at: when it was done; None where it was not, or that is not known here.
        evidence: what proves that, as the server answered.
        raw: the file's text, not made safe; bytes that are no UTF-8 are escaped.
        unready: what would refuse it, were it approved now, in a sentence; empty where nothing is known to.
    """

    standing: Standing
    preview: str
    history: tuple[HistoryEvent, ...] = ()
    earlier: Request | None = None
    done_at: datetime | None = None
    evidence: Mapping[str, JsonValue] = field(default_factory=dict)
    unready: str = ""
    raw: str = ""

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of the fields that differ from the earlier version; empty where there is none."""
        before, now = self.earlier.fields if self.earlier else {}, self.standing.request.fields
        names = dict.fromkeys((*now, *before)) if self.earlier else ()
        return tuple(name for name in names if before.get(name) != now.get(name))

    def to_json(self) -> dict[str, JsonValue]:
        """The JSON form of `show`."""
        request = self.standing.request
        sources: Mapping[str, JsonValue] = {
            name: {"source": source.source.value, "line": source.line} for name, source in request.sources.items()
        }
        return {
            **self.standing.to_json(),
            "action": dict(request.fields),
            "task": request.task,
            "reason": request.reason,
            "sources": dict(sources),
            "preview": self.preview,
            "history": [
                {"time": instant(e.time), "event": e.event, "actor": e.actor, "result": e.result} for e in self.history
            ],
            "earlier": self.earlier.fingerprint if self.earlier else None,
            "changed": list(self.changed),
        }
