"""The ledger is lost, or an older copy of it is put back: everything asks for a fresh signature."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.support.vault_house import Home, Stand

from platinum_tui.ledger.witness import trusts_from
from platinum_tui.model.request import State
from platinum_tui.service import Service
from platinum_tui.system.audit_checkpoints import read_checkpoints
from platinum_tui.system.audit_verify import verify


def one_pass(home: Home) -> Service:
    """`--daemon --once`; the service that made it."""
    home.reopen()
    service = Service(home.house)
    service.servers = home.servers = Stand(home.house)
    service._staff._executor._executor._runner._servers = home.servers
    service._staff._executor._executor._recovery._servers = home.servers
    service.run_once(wait=lambda _: None)
    return service


@pytest.fixture
def kept(home: Home) -> tuple[Home, Path, bytes]:
    """A mail was sent; before that, somebody made a copy of the ledger; the program ended well."""
    home.configure('undo = "0s"\n')
    data = home.draft("old").read_bytes()
    home.look()
    home.house.ledger.close()
    copy = home.root / "copy.db"
    shutil.copy(home.house.ledger.path, copy)
    home.reopen()
    home.approve("old")
    service = one_pass(home)
    assert (home.state("old"), home.sent) == (State.DONE, ["July"])
    service.stop()
    return home, copy, data


def test_a_checkpoint_is_signed_when_the_program_ends_and_proves_the_log(kept: tuple[Home, Path, bytes]) -> None:
    home, _, _ = kept
    home.reopen()
    logs = home.vault / "Logs"
    checkpoints = read_checkpoints(logs, home.house.vault_id, home.house.machine_keys())
    assert checkpoints.valid[-1].tail == home.house.ledger.tail()
    assert verify(logs, home.house.vault_id, None, checkpoints) == ()
    (day,) = logs.glob("audit-2*.jsonl")
    lines = day.read_bytes().splitlines(keepends=True)
    day.write_bytes(b"".join(lines[:-1]))
    assert [finding.code for finding in verify(logs, home.house.vault_id, None, checkpoints)] == ["truncated"]


@pytest.mark.parametrize("fate", ["lost", "rolled back"])
def test_neither_a_hand_move_nor_an_old_signature_counts_any_more(kept: tuple[Home, Path, bytes], fate: str) -> None:
    home, copy, data = kept
    ledger = home.house.ledger.path
    decision = (home.vault / "Approved/archived/old.decision.json").read_bytes()
    for path in ledger.parent.glob("ledger.db*"):
        path.unlink()
    shutil.rmtree(ledger.parent / "used", ignore_errors=True)
    if fate == "rolled back":
        shutil.copy(copy, ledger)

    home.clock.advance(3600)
    home.write("Approved/old.md", data)
    home.write("Approved/old.decision.json", decision)
    home.draft("moved", body="Another.")
    home.reopen()
    home.look()
    (home.vault / "Pending_Approval/cloud/moved.md").rename(home.vault / "Approved/moved.md")
    service = one_pass(home)
    assert trusts_from(home.house.ledger) is not None
    assert (home.state("old"), home.state("moved"), home.sent) == (State.HELD, State.HELD, [])

    home.clock.advance(1)
    home.desk.approve("moved", home.desk.find("moved").request.fingerprint)
    service.run_once(wait=lambda _: None)
    assert (home.state("moved"), home.sent) == (State.DONE, ["July"])
    service.stop()


def test_a_log_that_somebody_else_writes_brings_nobody_into_that(kept: tuple[Home, Path, bytes]) -> None:
    home, _, _ = kept
    (day,) = (home.vault / "Logs").glob("audit-2*.jsonl")
    day.write_bytes(day.read_bytes() + b'{"seq":9999}\n')
    one_pass(home).stop()
    home.reopen()
    assert trusts_from(home.house.ledger) is None


def test_what_was_under_way_when_the_ledger_was_lost_is_given_to_the_person(home: Home) -> None:
    """Claimed, postponed, then the ledger is gone: nothing would ever bring the file on."""
    home.configure('undo = "0s"\n')
    home.draft("m")
    home.look()
    home.approve("m")
    home.servers.answers = lambda _: {"outcome": "refused", "code": "busy", "message": "Busy.", "retriable": True}
    home.work()
    assert (home.state("m"), home.lies("m")) == (State.APPROVED, "In_Progress/local/m.md")

    ledger = home.house.ledger.path
    home.house.ledger.close()
    for path in ledger.parent.glob("ledger.db*"):
        path.unlink()
    home.reopen()
    home.look()
    home.work()
    assert (home.state("m"), home.lies("m"), home.sent) == (State.HELD, "Needs_Attention/m.md", [])
    assert (home.vault / "Needs_Attention/m.decision.json").exists()


def test_a_clock_that_was_put_back_makes_no_old_signature_count_again(kept: tuple[Home, Path, bytes]) -> None:
    home, _, data = kept
    ledger = home.house.ledger.path
    decision = (home.vault / "Approved/archived/old.decision.json").read_bytes()
    for path in ledger.parent.glob("ledger.db*"):
        path.unlink()
    shutil.rmtree(ledger.parent / "used", ignore_errors=True)

    home.clock.advance(-60)
    home.write("Approved/old.md", data)
    home.write("Approved/old.decision.json", decision)
    one_pass(home)
    assert (home.state("old"), home.sent) == (State.HELD, [])
