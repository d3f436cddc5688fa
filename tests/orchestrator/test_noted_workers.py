"""How the workers are doing, as the executing instance notes it for all others."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

from tests.support.vault_house import Home

from platinum_tui.ledger.audit_trail import AuditTrail
from platinum_tui.ledger.ledger import Ledger
from platinum_tui.ledger.witness import Witness
from platinum_tui.model.event import Worker
from platinum_tui.service import Service
from platinum_tui.system.worker_loop import WorkerLoop
from platinum_tui.workers.staff import Staff

PATIENCE_S = 20.0


class SlowNotes:
    """A ledger that writes a note of the orchestrator only when the executor's was written, or after a second."""

    def __init__(self, ledger: Ledger) -> None:
        self._set_note = ledger.set_note
        self.executor_works, self.begun, self.by_executor = (threading.Event() for _ in range(3))
        self.written = threading.Semaphore(0)

    def __call__(self, name: str, text: str) -> None:
        worker = threading.current_thread().name if name == "workers" else None
        delayed = worker == "orchestrator" and self.executor_works.is_set() and not self.begun.is_set()
        if delayed:
            self.begun.set()
            self.by_executor.wait(1)  # in vain, where one note waits for the other
        self._set_note(name, text)
        if worker == "executor":
            self.by_executor.set()
        if delayed or worker == "executor":
            self.written.release()


def test_of_two_workers_that_end_at_once_the_later_one_is_not_noted_as_still_running(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.draft("m")
    home.look()
    home.approve("m")
    home.clock.advance(10)
    trail = AuditTrail(home.house.ledger, home.house.vault.logs)
    witness = Witness(home.house.ledger, trail, home.house.machine_keys, lambda: home.house.machine_signer)
    staff = Staff(home.desk, home.servers, trail, witness, lambda _event: None)
    notes = SlowNotes(home.house.ledger)

    def answers(_: str) -> Mapping[str, object]:
        """The executor is at work until the orchestrator, which has seen it at work, is about to write that down."""
        notes.executor_works.set()
        staff.retry(Worker.ORCHESTRATOR)
        assert notes.begun.wait(PATIENCE_S)
        return {"outcome": "done", "evidence": {}}

    home.servers.answers = answers
    with patch.object(home.house.ledger, "set_note", notes):
        staff.start()
        try:
            assert all(notes.written.acquire(timeout=PATIENCE_S) for _ in range(2))
            noted = json.loads(home.house.ledger.note("workers") or "{}")
            assert noted["executor"]["state"] == "idle"
        finally:
            staff.stop()
    home.house.ledger.close()


def test_all_workers_together_get_half_a_minute_to_end(tmp_path: Path) -> None:
    """Whoever ends the program, a person or systemd, waits no longer, however many are in the middle of something."""
    home = Home(tmp_path)
    granted: list[float] = []

    def takes_long(_loop: WorkerLoop, deadline_s: float) -> None:
        granted.append(deadline_s)
        home.clock.advance(min(deadline_s, 20))

    service = Service(home.house)
    with patch.object(WorkerLoop, "stop", takes_long):
        service.stop()
    assert granted == [30, 10, 0, 0]
