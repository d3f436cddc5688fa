"""An unknown whose file a person has moved or changed by hand: what the person finds out is noted all the same."""

from __future__ import annotations

import base64
import json

import pytest
from tests.support.vault_house import Home

from platinum_tui.execution.connection import NoAnswer
from platinum_tui.execution.resolution import Resolution
from platinum_tui.model.request import State


def _unknown(home: Home) -> bytes:
    def acts_and_dies(_: str) -> dict[str, object]:
        approval = home.servers.calls[-1][2]["platinum/approval"]
        home.house.spent.act(json.loads(base64.b64decode(approval["payload"]))["nonce"], approval["attempt"])
        raise NoAnswer("It died.")

    home.servers.answers = acts_and_dies
    home.draft("k")
    home.look()
    home.approve("k")
    home.clock.advance(60)
    home.work()
    assert (home.state("k"), home.lies("k")) == (State.UNKNOWN, "Needs_Attention/k.md")
    return (home.vault / "Needs_Attention/k.md").read_bytes()


def _resolve(home: Home, *, happened: bool = True) -> None:
    Resolution(home.desk).resolve("k", happened=happened)
    for _ in range(2):
        home.look()
        home.work()


@pytest.mark.parametrize(
    "place", ["Pending_Approval/k.md", "Pending_Approval/finance/k.md", "Approved/k.md", "Rejected/x.md"]
)
def test_moved_by_hand_it_is_archived_with_its_decision_and_receipt(home: Home, place: str) -> None:
    data = _unknown(home)
    (home.vault / place).parent.mkdir(exist_ok=True)
    (home.vault / "Needs_Attention/k.md").rename(home.vault / place)
    _resolve(home)

    (standing,) = home.desk.standings()
    assert (standing.state, standing.file) == (State.DONE, "Approved/archived/k.md")
    assert (home.vault / standing.file).read_bytes() == data
    assert home.files("Approved/archived") == ["k.decision.json", "k.md", "k.receipt.json"]
    assert home.files("Needs_Attention") == []
    assert len(home.sent) == 1


def test_deleted_by_hand_its_decision_and_receipt_are_archived(home: Home) -> None:
    _unknown(home)
    (home.vault / "Needs_Attention/k.md").unlink()
    _resolve(home)

    assert home.state("k") is State.DONE
    assert home.files("Approved/archived") == ["k.decision.json", "k.receipt.json"]
    assert json.loads((home.vault / "Approved/archived/k.receipt.json").read_bytes())["outcome"] == "done"
    assert home.files("Needs_Attention") == []


def test_changed_by_hand_it_can_be_resolved_and_the_changed_file_stays(home: Home) -> None:
    data = _unknown(home)
    home.write("Needs_Attention/k.md", data + b"I have asked them.\n")
    _resolve(home)

    entry = home.house.ledger.entry("k")
    assert entry is not None
    assert entry.state is State.DONE
    assert home.files("Approved/archived") == ["k.decision.json", "k.receipt.json"]
    assert (home.vault / "Needs_Attention/k.md").read_bytes() == data + b"I have asked them.\n"


def test_moved_by_hand_and_found_not_to_have_happened_it_waits_where_it_belongs(home: Home) -> None:
    _unknown(home)
    (home.vault / "Needs_Attention/k.md").rename(home.vault / "Pending_Approval/k.md")
    _resolve(home, happened=False)
    (standing,) = home.desk.standings()
    assert (standing.state, standing.file) == (State.FAILED, "Needs_Attention/k.md")
