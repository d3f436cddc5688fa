"""What is known of a request that was done: what its approval fixed, and what the server answered."""

from __future__ import annotations

from collections.abc import Mapping

from platinum_tui.ledger.entry import Entry
from platinum_tui.model.action import JsonValue
from platinum_tui.model.envelope import decision_in, envelope_from_json
from platinum_tui.review.outgoing import Fixed


def evidence_of(entry: Entry) -> Mapping[str, JsonValue]:
    """What proves that it was done; nothing where nobody answered."""
    evidence = (entry.result or {}).get("evidence")
    return evidence if isinstance(evidence, Mapping) else {}


def fixed_of(entry: Entry | None) -> Fixed:
    """What was fixed of it, as far as the ledger has that."""
    if entry is None:
        return Fixed()
    message_id = evidence_of(entry).get("message_id")
    return Fixed(
        date=decision_in(envelope_from_json(entry.envelope)).decided_at if entry.envelope else None,
        message_id=message_id if isinstance(message_id, str) else None,
    )
