"""What the service has around it: files that it gives back at its end, a clock that must not be behind its own log."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.vault_house import Home

from platinum_tui.model.errors import Failed
from platinum_tui.service import Service


def beside(ledger: Path, name: str) -> list[str]:
    return sorted(path.name for path in ledger.parent.glob(f"{name}*"))


def test_a_service_that_has_ended_has_given_its_files_back(home: Home) -> None:
    """Nothing is left to be written back, and who still reads is told so: the index is not begun anew for that."""
    home.draft("m")
    home.desk.queue.close()
    service = Service(home.house)
    assert len(service.standings()) == 1
    (row,) = service.desk.queue.index.rows_of_ids(("m",))
    service.stop()

    assert (beside(home.house.ledger.path, "index.db"), beside(home.house.ledger.path, "ledger.db")) == (
        ["index.db"],
        ["ledger.db"],
    )
    with pytest.raises(Failed, match="closed"):
        service.desk.queue.index.rows((row.place,))
    home.reopen()
    assert home.desk.queue.index.rows_of_ids(("m",)) == [row]


def test_a_clock_that_is_behind_the_log_is_found(home: Home) -> None:
    home.draft("m")
    home.look()
    home.approve("m")

    def said() -> list[str]:
        return [finding.message for finding in Service(home.house).findings() if finding.code == "clock"]

    assert said() == []
    home.clock.advance(-3600)
    assert said() == ["The clock says 2026-01-07 11:00 UTC; the audit log's last event was at 2026-01-07 12:00 UTC."]
    home.desk.undo("m")
    assert said() == []
