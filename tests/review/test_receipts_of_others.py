"""A receipt that the ledger does not know: nothing is executed for its sake, and no other version beside it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from tests.support.vault_house import Home

from platinum_tui.model.errors import NotApprovable
from platinum_tui.model.request import ProblemCode, State


@pytest.fixture
def receipt(home: Home) -> Path:
    """Another machine's receipt of the request `m`: this ledger knows of other deeds alone."""
    home.configure('undo = "0s"\n')
    home.draft("m")
    home.draft("own")
    for name in ("m", "own"):
        home.approve(name)
    home.clock.advance(10)
    home.work()
    home.look()
    for path in home.vault.rglob("m.md"):
        path.unlink()
    home.house.ledger.close()
    _forget(home, "m")
    return home.vault / "Approved/archived/m.receipt.json"


def _forget(home: Home, request_id: str) -> None:
    home.reopen()
    connection = sqlite3.connect(home.house.ledger.path)
    connection.execute("DELETE FROM entry WHERE id = ?", (request_id,))
    connection.execute("DELETE FROM seen WHERE id = ?", (request_id,))
    connection.commit()
    connection.close()
    home.reopen()


def test_another_version_under_its_id_is_a_conflict_until_the_receipt_goes(home: Home, receipt: Path) -> None:
    home.draft("m", body="It is paid on Friday.")
    (standing,) = home.desk.standings({State.PENDING})
    (problem,) = standing.request.problems
    assert (problem.code, standing.approvable) == (ProblemCode.CONFLICT, False)
    assert problem.message.startswith("Approved/archived/m.receipt.json says that this id was done with other bytes; ")
    with pytest.raises(NotApprovable):
        home.approve("Pending_Approval/cloud/m.md")

    (home.vault / "Pending_Approval/cloud/m.md").rename(home.vault / "Approved/m.md")
    for _ in range(2):
        home.clock.advance(60)
        home.work()
    assert (home.lies("m"), home.sent) == ("Needs_Attention/m.md", [])
    receipt.unlink()
    home.desk.reject("m", "Done.")
    assert home.state("m") is State.REJECTED


@pytest.mark.parametrize("planted", [b"{}", b"no receipt", b'{"request_id": "m", "outcome": "done"}'])
def test_what_is_no_receipt_is_no_conflict(home: Home, receipt: Path, planted: bytes) -> None:
    receipt.write_bytes(planted)
    home.draft("m", body="It is paid on Friday.")
    assert home.desk.find("Pending_Approval/cloud/m.md").approvable


def test_a_receipt_of_another_id_is_no_conflict(home: Home, receipt: Path) -> None:
    home.draft("other", "Pending_Approval/cloud/m.md", body="It is paid on Friday.")
    assert home.desk.find("other").approvable


def test_a_file_without_an_id_is_no_conflict(home: Home, receipt: Path) -> None:
    home.draft("", "Pending_Approval/cloud/m.md", body="It is paid on Friday.")
    assert home.desk.find("Pending_Approval/cloud/m.md").approvable


def test_the_very_same_is_no_conflict_and_high_risk(home: Home, receipt: Path) -> None:
    home.draft("m")
    standing = home.desk.find("Pending_Approval/cloud/m.md")
    assert standing.approvable
    assert {reason.code for reason in standing.risk.reasons} >= {"possible_duplicate"}
    assert json.loads(receipt.read_bytes())["request_id"] == "m"
