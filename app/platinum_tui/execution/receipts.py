"""Receipts: what an executed entry proves, the same again after a crash."""

from __future__ import annotations

import json

from platinum_tui.ledger.entry import Entry
from platinum_tui.model.errors import Failed
from platinum_tui.model.receipt import Outcome, Receipt
from platinum_tui.model.request import State


def receipt_of(entry: Entry) -> Receipt:
    """The receipt of an executed entry.

    Raises:
        Failed: the entry was not executed.
    """
    if entry.kind is None or entry.envelope is None or entry.result is None or entry.executed_at is None:
        raise Failed(f"{entry.id} was not executed; it has no receipt.")
    return Receipt(
        request_id=entry.id,
        digest=entry.digest,
        kind=entry.kind,
        decision=entry.envelope,
        executed_at=entry.executed_at,
        outcome=Outcome(entry.result["outcome"]),
        evidence=entry.result["evidence"],
    )


def receipt_bytes(entry: Entry) -> bytes | None:
    """The receipt of an entry as it lies beside the archived file; the same each time, and None until it is done."""
    if entry.state is not State.DONE:
        return None
    return json.dumps(receipt_of(entry).to_json(), indent=2, ensure_ascii=False).encode() + b"\n"
