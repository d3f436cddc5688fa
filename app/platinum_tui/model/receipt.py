"""A receipt: the proof of what happened to one approved request."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.canonical import fingerprint_of
from platinum_tui.model.decision import instant


class Outcome(enum.StrEnum):
    """What an attempt came to."""

    DONE = "done"
    REFUSED = "refused"
    """The service said no; nothing happened."""
    UNKNOWN = "unknown"
    """It may have happened: never tried again by the program."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a local MCP server answered.

    Attributes:
        outcome: what it came to.
        evidence: what proves it (a message id, a server's reply, a link), safe to show.
        code, message: why, where it was refused or is unknown.
        retriable: refused before anything could happen, for a cause that may pass (no connection, service busy).
    """

    outcome: Outcome
    evidence: Mapping[str, JsonValue] = field(default_factory=dict)
    code: str = ""
    message: str = ""
    retriable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What lies beside an archived request."""

    request_id: str
    digest: str
    kind: Kind
    decision: Mapping[str, JsonValue]
    """The DSSE envelope in its JSON form."""
    executed_at: datetime
    outcome: Outcome
    evidence: Mapping[str, JsonValue]

    def to_json(self) -> dict[str, JsonValue]:
        """The receipt as it is written."""
        return {
            "request_id": self.request_id,
            "digest": self.digest,
            "fingerprint": fingerprint_of(self.digest),
            "kind": self.kind.value,
            "decision": dict(self.decision),
            "executed_at": instant(self.executed_at),
            "outcome": self.outcome.value,
            "evidence": dict(self.evidence),
        }
