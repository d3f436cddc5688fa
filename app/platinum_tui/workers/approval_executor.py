"""The approval executor: recovers once, then does what was approved and is due."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from platinum_tui.execution.executor import Executor
from platinum_tui.execution.servers import LocalServers
from platinum_tui.ledger.audit_trail import AuditTrail
from platinum_tui.ledger.entry import Entry
from platinum_tui.ledger.witness import Witness
from platinum_tui.model.canonical import fingerprint_of
from platinum_tui.model.errors import KeyringError
from platinum_tui.model.event import Event, Moved, Notice, QueueChanged, Worker
from platinum_tui.model.text import safe_line
from platinum_tui.review.desk import Desk
from platinum_tui.vault.moves import remove_leftovers
from platinum_tui.workers.journal import Journal
from platinum_tui.workers.orchestrator import SCAN_INTERVAL_S

MAKING_INTERVAL_S = 0.5
"""How soon to look again at a file that may still be in the making."""


class ApprovalExecutor:
    """One house's executor. Its owner holds the executor's lock.

    Args:
        desk: the queue and the files of decided requests.
        servers: the local MCP servers.
        trail: the audit log's files.
        witness: signs how far they go.
        journal: the services' logs.
        tell: is told what happened.
    """

    def __init__(
        self,
        desk: Desk,
        servers: LocalServers,
        trail: AuditTrail,
        witness: Witness,
        journal: Journal,
        tell: Callable[[Event], None],
    ) -> None:
        self._vault = desk.house.vault
        self._executor = Executor(desk, servers, self._moved)
        self._trail = trail
        self._witness = witness
        self._journal = journal
        self._tell = tell
        self._is_swept = False
        self._trouble: str | None = None

    def run_pass(self) -> float:
        """Execute what is due; returns the seconds until it wants to run again."""
        self._trail.write()
        if not self._is_swept:
            self._compare()
            self._remove_leftovers()
        self._is_swept = False  # a pass that fails may leave something behind
        in_the_making = self._executor.run_pass()
        self._is_swept = True
        self._trail.write()
        self.seal(at_the_end=False)
        self._executor.rest()
        self._tell_trouble()
        if in_the_making:
            return MAKING_INTERVAL_S
        due = self._executor.next_due()
        return min(SCAN_INTERVAL_S, due) if due is not None else SCAN_INTERVAL_S

    def report_claims(self) -> None:
        """Tell the other machines what became of what this one claimed; raises GitFailed."""
        count = self._executor.turns.report()
        if count:
            self._journal.info(Worker.EXECUTOR, "claims reported", count=count)

    def look_again(self) -> None:
        """Have the next pass ask about what waits for its turn, too."""
        self._executor.turns.look_again()

    def unreported_claims(self) -> int:
        """How many claims of this machine the other machines do not know the outcome of."""
        return self._executor.turns.unreported()

    def seal(self, *, at_the_end: bool) -> None:
        """Sign how far the log goes, where it is time for that; a locked keyring keeps nothing from being done."""
        try:
            self._witness.sign(at_the_end=at_the_end)
        except KeyringError as error:
            self._journal.error(Worker.EXECUTOR, "log not signed", error=error.message)

    def _compare(self) -> None:
        if self._witness.compare():
            self._tell(Notice("The ledger is older than its log: everything asks for a fresh approval.", severe=True))

    def finish(self) -> None:
        """Begin no other request; returns at once."""
        self._executor.finish()

    def close(self) -> None:
        """Stop the servers."""
        self._executor.close()

    def _tell_trouble(self) -> None:
        """Say once that the remote cannot be asked whose turn it is, and once that it can again."""
        trouble = self._executor.turns.trouble
        if trouble and trouble != self._trouble:
            self._tell(Notice(f"Nothing is executed until the remote answers: {safe_line(trouble)}"))
            self._journal.error(Worker.EXECUTOR, "claims wait", error=trouble)
        self._trouble = trouble

    def _remove_leftovers(self) -> None:
        for folder, below, _ in os.walk(self._vault.root):
            below[:] = [name for name in below if name != ".git"]
            remove_leftovers(Path(folder))

    def _moved(self, entry: Entry) -> None:
        self._tell(Moved(entry.id, safe_line(entry.title), entry.state, entry.why))
        self._tell(QueueChanged())
        result = entry.result or {}
        self._journal.info(
            Worker.EXECUTOR,
            "moved",
            request_id=entry.id,
            fingerprint=fingerprint_of(entry.digest),
            kind=entry.kind,
            state=entry.state,
            attempt=entry.attempt,
            outcome=result.get("outcome"),
            code=result.get("code"),
            reason=entry.why,
        )
