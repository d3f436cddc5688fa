"""The dashboard merger: Updates/ and Signals/ into Dashboard.md, and the counts and tables between their markers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from platinum_tui.dashboard.file import DASHBOARD, LARGEST
from platinum_tui.dashboard.journal import MergedJournal
from platinum_tui.dashboard.markers import QUEUE, WORKERS, queue_table, worker_table
from platinum_tui.dashboard.merge import MergeReport, merge_updates
from platinum_tui.model.event import Event, Notice, Told, Worker, WorkerState, WorkerStatus
from platinum_tui.model.text import safe_line
from platinum_tui.review.desk import Desk
from platinum_tui.vault.reading import Unreadable, read_in_vault
from platinum_tui.workers.journal import Journal
from platinum_tui.workers.orchestrator import SCAN_INTERVAL_S

_MARKER = b"<!-- platinum:"


class DashboardMerger:
    """One house's merger.

    Args:
        desk: the queue, for the counts.
        workers: how each worker is doing.
        journal: the services' logs.
        tell: is told what happened.
        told: is told how far a long pass has come.
    """

    def __init__(
        self,
        desk: Desk,
        workers: Callable[[], Mapping[Worker, WorkerStatus]],
        journal: Journal,
        tell: Callable[[Event], None],
        told: Told,
    ) -> None:
        self._desk = desk
        self._house = desk.house
        self._workers = workers
        self._journal = journal
        self._tell = tell
        self._told = told
        self._merged = MergedJournal(self._house.state.vault_dir(self._house.vault_id) / "merged")
        self._shown: Mapping[Worker, WorkerStatus] = {}

    def run_pass(self) -> float:
        """Merge once; returns the seconds until it wants to run again."""
        house, values = self._house, self._values()
        report = merge_updates(house.vault, house.clock, self._merged, values=values, told=self._told)
        for file in report.errors:
            self._tell(Notice(f"{safe_line(file)} cannot be read; it lies in error/ with the reason.", severe=True))
        self._note(report)
        return SCAN_INTERVAL_S

    def _note(self, report: MergeReport) -> None:
        if report.merged or report.repeated:
            self._journal.info(Worker.DASHBOARD, "merged", count=len(report.merged) + len(report.repeated))
        for file in report.errors:
            self._journal.error(Worker.DASHBOARD, "unreadable update", file=file)

    def _values(self) -> Mapping[str, str]:
        """What stands between the markers; nothing is counted where there are none."""
        try:
            marked = _MARKER in read_in_vault(self._house.vault, DASHBOARD, LARGEST).data
        except Unreadable:
            return {}
        if not marked:
            return {}
        return {QUEUE: queue_table(self._desk.counts()), WORKERS: worker_table(self._steady())}

    def _steady(self) -> Mapping[Worker, WorkerStatus]:
        """The workers as last shown, until the state or the error of one changes: a pass alone is no news."""
        now = {worker: self._at_rest(status) for worker, status in self._workers().items()}
        if {w: (s.state, s.last_error) for w, s in now.items()} != {
            w: (s.state, s.last_error) for w, s in self._shown.items()
        }:
            self._shown = now
        return self._shown

    def _at_rest(self, status: WorkerStatus) -> WorkerStatus:
        """A status without what changes at each pass. Machines that share it write the same table."""
        state = WorkerState.IDLE if status.state is WorkerState.RUNNING else status.state
        return dataclasses.replace(status, state=state, last_run=None if self._house.is_shared else status.last_run)
