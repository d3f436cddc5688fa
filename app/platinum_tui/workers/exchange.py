"""The sync worker: what others did comes in, decisions that meet are settled, claims are reported, ours goes out."""

from __future__ import annotations

import json
from collections.abc import Callable

from platinum_tui.ledger.entry import Entry
from platinum_tui.model.action import JsonValue
from platinum_tui.model.decision import instant
from platinum_tui.model.event import Event, Moved, Notice, Progress, QueueChanged, Told, Worker
from platinum_tui.model.text import safe_line
from platinum_tui.review.desk import Desk
from platinum_tui.review.house import House
from platinum_tui.review.meeting import Meeting
from platinum_tui.system.configuration_reading import SyncMode
from platinum_tui.vault.git import is_clone
from platinum_tui.vault.git_environment import GitFailed
from platinum_tui.vault.sync import LeftOut, Sync, SyncReport
from platinum_tui.workers.journal import Journal

_NOTE = "sync"


class Exchange:
    """One house's sync with its remote.

    Args:
        desk: the queue and the files of decided requests.
        report_claims: tells the remote what became of what this machine claimed.
        journal: the services' logs.
        tell: is told what happened.
        told: is told how far a pass has come.
    """

    def __init__(
        self,
        desk: Desk,
        report_claims: Callable[[], None],
        journal: Journal,
        tell: Callable[[Event], None],
        told: Told,
    ) -> None:
        self._house = desk.house
        self._meeting = Meeting(desk)
        self._report_claims = report_claims
        self._journal = journal
        self._tell = tell
        self._told = told
        self._left_out: tuple[LeftOut, ...] = ()

    def idle_because(self) -> str | None:
        """Why there is nothing to sync with; None where there is a remote. Raises GitFailed: git is missing."""
        return why_not_synced(self._house)

    def run_pass(self) -> float:
        """One pull, claim and push; returns the seconds until it wants to run again.

        Raises:
            GitFailed: the remote does not answer, another pass is under way, or others were quicker each time; nothing
                is lost.
        """
        self.sync()
        return self._house.configuration.sync.interval.total_seconds()

    def sync(self) -> SyncReport:
        """One whole pass; raises as `run_pass`."""
        try:
            report = self._pass()
            if not report.pushed:
                raise GitFailed("Others were quicker each time: not all is pushed yet.", remedy="Sync again.")
        except GitFailed as error:
            self._note({"last_error": error.message})
            raise
        self._note({"last_error": None, "last_success": instant(self._house.clock.now()), **_counts(report)})
        return report

    def _pass(self) -> SyncReport:
        clone = self._house.shared_clone()
        if clone is None:
            raise GitFailed("There is no remote to sync with.", remedy="Add one with `git remote add origin …`.")
        report = Sync(self._house.vault, clone, self._told).run()
        turned = self._meeting.settle(report)
        if turned or report.conflicts or report.doubled:
            report += Sync(self._house.vault, clone, self._told).run()
        self._told(Progress("reporting claims"))
        self._report_claims()
        self._announce(report, turned)
        return report

    def _announce(self, report: SyncReport, turned: list[Entry]) -> None:
        for entry in turned:
            self._tell(Moved(entry.id, safe_line(entry.title), entry.state, entry.why))
        for conflict in report.conflicts:
            self._tell(Notice(f"{safe_line(conflict.file)}: {conflict.clash.value}.", severe=True))
            self._journal.error(Worker.SYNC, "conflict", file=conflict.file, reason=conflict.clash.value)
        for path in report.refused:
            self._journal.error(Worker.SYNC, "not synced", file=path)
        for left in report.left_out:
            self._journal.error(Worker.SYNC, "not synced", file=left.file, reason=left.why)
            if left not in self._left_out:
                self._tell(Notice(f"{safe_line(left.file)} {left.why}: it is not committed.", severe=True))
        self._left_out = report.left_out
        if report.received or turned:
            self._tell(QueueChanged())
        if report.committed or report.received:
            self._journal.info(Worker.SYNC, "synced", count=report.committed + report.received)

    def _note(self, outcome: dict[str, JsonValue]) -> None:
        noted = {**last_sync(self._house), "last_run": instant(self._house.clock.now()), **outcome}
        self._house.ledger.set_note(_NOTE, json.dumps(noted))


def why_not_synced(house: House) -> str | None:
    """Why a vault is not synced with git; None where it has a remote.

    Raises:
        GitFailed: git is missing, or no branch is checked out.
    """
    why = why_not_configured(house)
    if why:
        return why
    return None if house.clone() else "the vault's clone has no remote: nothing is synced"


def why_not_configured(house: House) -> str | None:
    """The same as far as it shows without asking git."""
    if house.configuration.sync.mode is not SyncMode.GIT:
        return 'not configured: [sync] mode is "none"'
    if not is_clone(house.vault.root):
        return "the vault is no git clone: nothing is synced, and this machine alone executes"
    return None


def last_sync(house: House) -> dict[str, JsonValue]:
    """The last pass as it was noted: `last_run`, `last_success`, `last_error`, `committed`, `received`."""
    return dict(json.loads(house.ledger.note(_NOTE) or "{}"))


def _counts(report: SyncReport) -> dict[str, JsonValue]:
    return {"committed": report.committed, "received": report.received, "conflicts": len(report.conflicts)}
