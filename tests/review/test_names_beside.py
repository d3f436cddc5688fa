"""A file, its decision and its receipt share one stem, and take another one together: what others wrote there stays."""

from __future__ import annotations

import json

import pytest
from tests.support.vault_house import Home

from platinum_tui.model.request import State
from platinum_tui.vault.changes import Changes

NOTE = b'{"user":"note"}\n'


def _do(home: Home) -> None:
    home.clock.advance(60)
    for _ in range(2):
        home.look()
        home.work()


def _is_archived(home: Home, stem: str) -> bool:
    """The file under a stem, with its own decision and its own receipt."""
    folder = home.vault / "Approved/archived"
    entry = home.house.ledger.entry("m")
    assert entry is not None
    receipt = json.loads((folder / f"{stem}.receipt.json").read_bytes())
    decision = json.loads((folder / f"{stem}.decision.json").read_bytes())
    assert (receipt["request_id"], receipt["decision"], decision) == ("m", entry.envelope, entry.envelope)
    return home.lies("m") == f"Approved/archived/{stem}.md" and (folder / f"{stem}.md").read_bytes() == entry.data


@pytest.mark.parametrize("folder", ["Approved", "In_Progress/local", "Approved/archived"])
@pytest.mark.parametrize("written", [b'{"user":"note"}\n', b"\xff", b"{}"])
def test_a_file_of_a_persons_own_that_is_called_like_a_decision_stays(home: Home, folder: str, written: bytes) -> None:
    home.write(f"{folder}/m.decision.json", written)
    home.draft("m")
    standing = home.approve("m")
    taken = folder == "Approved"
    assert standing.file == ("Approved/m.m.md" if taken else "Approved/m.md")
    _do(home)

    assert (home.vault / folder / "m.decision.json").read_bytes() == written
    assert home.sent == ["July"]
    assert _is_archived(home, "m.m" if folder == "Approved/archived" else "m")


@pytest.mark.parametrize("folder", ["Pending_Approval/cloud", "Rejected"])
def test_the_same_where_it_is_rejected_and_taken_back(home: Home, folder: str) -> None:
    note = home.write(f"{folder}/m.decision.json", NOTE)
    home.draft("m")
    home.desk.reject("m", "no")
    stem = "m.m" if folder == "Rejected" else "m"
    assert home.lies("m") == f"Rejected/{stem}.md"
    assert (home.vault / f"Rejected/{stem}.decision.json").exists()

    home.desk.undo("m")
    assert (home.lies("m"), note.read_bytes()) == ("Pending_Approval/cloud/m.md", NOTE)
    assert home.files("Rejected") == (["m.decision.json"] if folder == "Rejected" else [])


def test_the_same_where_two_keys_are_asked_for(home: Home) -> None:
    home.configure('undo = "10s"\n[approval]\nemail_send = "two-keys"\n')
    note = home.write("Needs_Attention/m.decision.json", NOTE)
    home.draft("m")
    assert home.approve("m").state is State.HELD
    assert home.lies("m") == "Needs_Attention/m.m.md"
    assert note.read_bytes() == NOTE


def test_the_same_where_a_person_moves_the_file_by_hand(home: Home) -> None:
    home.draft("m")
    home.look()
    note = home.write("Approved/m.decision.json", NOTE)
    (home.vault / "Pending_Approval/cloud/m.md").rename(home.vault / "Approved/m.md")
    home.work()
    assert (home.lies("m"), note.read_bytes()) == ("Approved/m.m.md", NOTE)
    _do(home)
    assert (home.sent, note.read_bytes()) == (["July"], NOTE)
    assert _is_archived(home, "m")


def test_a_decision_that_was_ours_is_replaced_by_the_next_one(home: Home) -> None:
    home.draft("m")
    home.approve("m")
    kept = (home.vault / "Approved/m.decision.json").read_bytes()
    home.desk.undo("m")
    home.write("Approved/m.decision.json", kept)

    home.approve("m")
    assert home.files("Approved") == ["m.decision.json", "m.md"]
    assert (home.vault / "Approved/m.decision.json").read_bytes() != kept
    _do(home)
    assert _is_archived(home, "m")


def test_a_decision_that_looks_like_ours_is_not_replaced(home: Home) -> None:
    home.draft("m")
    home.approve("m")
    envelope = json.loads((home.vault / "Approved/m.decision.json").read_bytes())
    home.desk.undo("m")
    envelope["signatures"][0]["sig"] = "AAAA"
    planted = home.write("Approved/m.decision.json", json.dumps(envelope))

    home.approve("m")
    assert home.lies("m") == "Approved/m.m.md"
    assert json.loads(planted.read_bytes()) == envelope


@pytest.mark.parametrize("planted", ["receipt", "decision"])
def test_whoever_reads_the_receipt_of_an_archived_file_reads_the_true_one(home: Home, planted: str) -> None:
    forged = home.write(f"Approved/archived/m.{planted}.json", b'{"request_id": "m", "outcome": "done"}')
    home.draft("m")
    home.approve("m")
    _do(home)

    assert _is_archived(home, "m.m")
    assert forged.read_bytes() == b'{"request_id": "m", "outcome": "done"}'
    ours = {"m.m.decision.json", "m.m.md", "m.m.receipt.json"}
    assert set(home.files("Approved/archived")) == ours | {f"m.{planted}.json"}


def test_an_executed_file_that_shows_up_again_gets_no_receipt_that_is_another_ones(home: Home) -> None:
    home.write("Approved/archived/m.receipt.json", b'{"outcome": "done"}')
    data = home.draft("m").read_bytes()
    home.approve("m")
    _do(home)
    home.write("Pending_Approval/cloud/m.md", data)
    _do(home)
    assert home.sent == ["July"]
    assert [name for name in home.files("Approved/archived") if name.endswith(".md")] == ["m.m.2.md", "m.m.md"]


@pytest.mark.parametrize("planted", ["receipt", "decision"])
def test_what_is_planted_at_the_last_moment_is_left_as_it_is(
    home: Home, monkeypatch: pytest.MonkeyPatch, planted: str
) -> None:
    home.draft("m")
    home.approve("m")
    home.clock.advance(60)
    create, move = Changes.create, Changes.move
    name = f"Approved/archived/m.{planted}.json"

    def plant(changes: Changes, file: str) -> None:
        if file == name and not (home.vault / name).exists():
            home.write(name, NOTE)

    def planting_create(self: Changes, file: str, data: bytes) -> None:
        plant(self, file)
        create(self, file, data)

    def planting_move(self: Changes, file: str, target: str) -> None:
        plant(self, target)
        move(self, file, target)

    monkeypatch.setattr(Changes, "create", planting_create)
    monkeypatch.setattr(Changes, "move", planting_move)
    home.work()
    assert (home.vault / name).read_bytes() == NOTE
    assert _is_archived(home, "m.m")
    assert home.files("In_Progress/local") == []
