"""After an outcome: files, receipt, task and dashboard are brought to what the ledger says, again after a crash."""

from __future__ import annotations

from platinum_tui.dashboard.activity import ActivityLine, write_activity
from platinum_tui.execution.receipts import receipt_bytes, receipt_of
from platinum_tui.ledger.entry import Entry
from platinum_tui.model.canonical import fingerprint_of
from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.request import State
from platinum_tui.review.desk import Desk
from platinum_tui.vault.tasks import complete_task

REPORT_EVERY_S = 1.0
"""How old a report to the dashboard is, at least, before the next one is written: many fast actions share one."""


class Settlement:
    """Settles entries of one house. Every step may be done twice without harm.

    What was done counts as settled once the dashboard tells it; until then the next pass settles it again.

    Args:
        desk: the queue and the files of decided requests.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._house = desk.house
        self._untold: list[Entry] = []
        self._told_at = -REPORT_EVERY_S

    def settle(self, entry: Entry) -> Entry:
        """Bring the world of files to an entry's state; what was done is told by `report`, at the latest."""
        entry = self._desk.placement.place(entry, receipt_bytes)
        self._desk.placement.answers.answer(entry)
        if entry.state is not State.DONE:
            return self._house.ledger.settle(entry)
        if entry.task:
            complete_task(self._house.vault, entry.task)
        self._untold.append(entry)
        if self._house.clock.monotonic() - self._told_at >= REPORT_EVERY_S:
            self.report()
        return entry

    def report(self) -> None:
        """Tell the dashboard what was done since the last report, in one write; then it is settled.

        Raises:
            Unreadable: Dashboard.md is no plain file of a bearable size.
            Failed: the machine does not let us write it.
        """
        untold, self._untold = self._untold, []
        if untold:
            try:
                write_activity(self._house.vault, *map(_line, untold))
            except (PlatinumError, OSError):
                self._house.ledger.relocate(untold)
                raise
            self._house.ledger.settle_all(untold)
        self._told_at = self._house.clock.monotonic()


def _line(entry: Entry) -> ActivityLine:
    receipt = receipt_of(entry)
    return ActivityLine(
        time=receipt.executed_at,
        kind=receipt.kind.value,
        target=entry.target,
        outcome=receipt.outcome.value,
        fingerprint=fingerprint_of(entry.digest),
        request_id=entry.id,
    )
