"""The orchestrator: pins what arrives, tidies the request folders, writes the audit log."""

from __future__ import annotations

from collections.abc import Callable

from platinum_tui.ledger.audit_trail import AuditTrail
from platinum_tui.model.event import Event, Moved, QueueChanged, Worker
from platinum_tui.review.desk import Desk
from platinum_tui.review.housekeeping import Housekeeping
from platinum_tui.workers.journal import Journal

SCAN_INTERVAL_S = 30.0
"""A scan is the truth: at least this often, whatever the watching misses."""


class Orchestrator:
    """One house's orchestrator. It never approves anything.

    Args:
        desk: the queue and the files of decided requests.
        trail: the audit log's files.
        journal: the services' logs.
        tell: is told what happened.
    """

    def __init__(self, desk: Desk, trail: AuditTrail, journal: Journal, tell: Callable[[Event], None]) -> None:
        self._housekeeping = Housekeeping(desk)
        self._trail = trail
        self._journal = journal
        self._tell = tell

    def run_pass(self) -> float:
        """Tidy once; returns the seconds until it wants to run again."""
        for standing in self._housekeeping.run_pass():
            self._tell(Moved(standing.request.id, standing.title, standing.state, standing.why))
            self._journal.info(
                Worker.ORCHESTRATOR, "moved", request_id=standing.request.id, state=standing.state, file=standing.file
            )
        self._trail.write()
        self._tell(QueueChanged())
        return SCAN_INTERVAL_S
