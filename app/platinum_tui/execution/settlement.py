"""After an outcome: files, receipt, task and dashboard are brought to what the ledger says, again after a crash."""

from __future__ import annotations

from platinum_tui.dashboard.activity import ActivityLine, write_activity
from platinum_tui.execution.receipts import receipt_of, write_receipt
from platinum_tui.ledger.entry import Entry
from platinum_tui.model.canonical import fingerprint_of
from platinum_tui.model.receipt import Receipt
from platinum_tui.model.request import State
from platinum_tui.review.desk import Desk
from platinum_tui.vault.tasks import complete_task


class Settlement:
    """Settles entries of one house. Every step may be done twice without harm.

    Args:
        desk: the queue and the files of decided requests.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._house = desk.house

    def settle(self, entry: Entry) -> Entry:
        """Bring the world of files to an entry's state."""
        entry = self._desk.placement.place(entry)
        self._desk.placement.answers.answer(entry)
        if entry.state is State.DONE:
            receipt = receipt_of(entry)
            write_receipt(self._house.vault, entry, receipt)
            if entry.task:
                complete_task(self._house.vault, entry.task)
            write_activity(self._house.vault, _line(entry, receipt))
        return self._house.ledger.settle(entry)


def _line(entry: Entry, receipt: Receipt) -> ActivityLine:
    return ActivityLine(
        time=receipt.executed_at,
        kind=receipt.kind.value,
        target=entry.target,
        outcome=receipt.outcome.value,
        fingerprint=fingerprint_of(entry.digest),
        request_id=entry.id,
    )
