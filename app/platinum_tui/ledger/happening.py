"""One thing that happened, on its way into the audit log: who did what, how it came out, and nothing secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from platinum_tui.ledger.entry import Entry
from platinum_tui.model.action import JsonValue
from platinum_tui.model.canonical import fingerprint_of
from platinum_tui.model.request import State
from platinum_tui.model.summary import parameters_of
from platinum_tui.system.audit import AuditRecord

_APPROVED = {State.APPROVED, State.EXECUTING, State.DONE, State.UNKNOWN, State.FAILED}


@dataclass(frozen=True, slots=True)
class Happening:
    """One event before it has its place in the chain.

    Attributes:
        event: what happened, in a word.
        actor: who did it: a signer's name, a worker's name, or `person`.
        result: how it came out; empty where the event says all.
        details: more parameters than the action's own (a reason, a file), without bodies and secrets.
    """

    event: str
    actor: str
    result: str = ""
    details: Mapping[str, JsonValue] = field(default_factory=dict)

    def record(self, seq: int, timestamp: str, entry: Entry | None) -> AuditRecord:
        """The audit record of this event, its hashes still empty."""
        named = {**parameters_of(entry.fields), "fingerprint": fingerprint_of(entry.digest)} if entry else {}
        return AuditRecord(
            seq=seq,
            timestamp=timestamp,
            event=self.event,
            actor=self.actor,
            action_type=entry.kind.value if entry and entry.kind else "",
            target=entry.target if entry else "",
            parameters={**named, **self.details},
            approval_status=("approved" if entry.state in _APPROVED else entry.state.value) if entry else "",
            approved_by=entry.decided_by if entry and entry.state in _APPROVED else "",
            result=self.result,
            request_id=entry.id if entry else "",
            digest=entry.digest if entry else "",
        )
