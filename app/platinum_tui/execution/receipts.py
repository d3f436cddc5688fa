"""Receipts: written whole beside the archived request, once, and again the same after a crash."""

from __future__ import annotations

import json

from platinum_tui.ledger.entry import Entry
from platinum_tui.model.errors import Failed
from platinum_tui.model.receipt import Outcome, Receipt
from platinum_tui.vault.changes import Changes
from platinum_tui.vault.names import file_safe, receipt_name, split
from platinum_tui.vault.reading import Unreadable


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


def write_receipt(changes: Changes, entry: Entry, receipt: Receipt) -> None:
    """Write the receipt beside the archived file. Another file of that name stays; the receipt's then holds the id.

    What lies at that name, too, is no receipt of ours, and is set aside.
    """
    folder, _, name = entry.file.rpartition("/")
    data = json.dumps(receipt.to_json(), indent=2, ensure_ascii=False).encode() + b"\n"
    stem, suffix = split(name)
    names = (receipt_name(name), receipt_name(f"{stem}.{file_safe(entry.id)}{suffix}"))
    if any(_is_written(changes, f"{folder}/{each}", data) for each in names):
        return
    changes.set_aside(f"{folder}/{names[-1]}")
    changes.create(f"{folder}/{names[-1]}", data)


def _is_written(changes: Changes, file: str, data: bytes) -> bool:
    """Write a receipt, and say whether the file holds it now: it does not where another one has the name."""
    try:
        changes.create(file, data)
    except FileExistsError:
        return _holds(changes, file, data)
    return True


def _holds(changes: Changes, file: str, data: bytes) -> bool:
    try:
        return changes.read(file).data == data
    except Unreadable as error:
        error.raise_if_denied()
        return False
