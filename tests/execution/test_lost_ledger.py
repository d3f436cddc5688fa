"""The ledger is lost, or an older copy of it is put back: everything asks for a fresh signature."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.support.vault_house import Home, Stand

from platinum_tui.ledger.witness import trusts_from
from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.request import State
from platinum_tui.service import Service
from platinum_tui.system.audit_checkpoints import read_checkpoints
from platinum_tui.system.audit_verify import verify


def one_pass(home: Home) -> Service:
    """`--daemon --once`; the service that made it."""
    service = started(home)
    service.run_once(wait=lambda _: None)
    return service


def started(home: Home) -> Service:
    """The program started anew; no worker has begun."""
    home.reopen()
    service = Service(home.house)
    service.servers = home.servers = Stand(home.house)
    service._staff._executor._executor._runner._servers = home.servers
    service._staff._executor._executor._recovery._servers = home.servers
    return service


def put_back(home: Home, copy: Path | None) -> None:
    """The ledger, with the marks beside it, is an old copy again, or gone."""
    ledger = home.house.ledger.path
    home.house.ledger.close()
    for path in ledger.parent.glob("ledger.db*"):
        path.unlink()
    shutil.rmtree(ledger.parent / "used", ignore_errors=True)
    if copy:
        shutil.copy(copy, ledger)


def found_out(home: Home) -> int:
    """How often the ledger's log says that it was found to be behind."""
    return sum(1 for event in home.house.ledger.events() if event.event == "ledger_behind")


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
    decision = (home.vault / "Approved/archived/old.decision.json").read_bytes()
    put_back(home, copy if fate == "rolled back" else None)

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
    decision = (home.vault / "Approved/archived/old.decision.json").read_bytes()
    put_back(home, None)

    home.clock.advance(-60)
    home.write("Approved/old.md", data)
    home.write("Approved/old.decision.json", decision)
    one_pass(home)
    assert (home.state("old"), home.sent) == (State.HELD, [])


def works(service: Service) -> None:
    """A pass of the daemon's executor, which goes on: nothing is signed for its end."""
    service._staff._executor.run_pass()


@pytest.mark.parametrize("fate", ["lost", "rolled back"])
def test_it_is_said_once_and_what_is_approved_from_then_on_counts_whatever_fails(
    kept: tuple[Home, Path, bytes], fate: str
) -> None:
    """A pass that fails is followed by one that compares again, and so is one of a program that was killed."""
    home, copy, _ = kept
    put_back(home, copy if fate == "rolled back" else None)
    home.clock.advance(3600)
    service = started(home)
    works(service)
    told = trusts_from(home.house.ledger)
    assert told is not None

    for name, is_killed in (("fresh", False), ("later", True)):
        home.clock.advance(60)
        home.draft(name, body=f"It is {name}.")
        home.look()
        home.approve(name)
        home.clock.advance(60)
        (home.vault / "In_Progress/local").rename(home.root / "aside")
        (home.vault / "In_Progress/local").symlink_to(home.root)
        with pytest.raises(PlatinumError):
            works(service)
        (home.vault / "In_Progress/local").unlink()
        (home.root / "aside").rename(home.vault / "In_Progress/local")
        service = started(home) if is_killed else service
        works(service)
        assert (home.state(name), home.desk.find(name).why) == (State.DONE, "")

    assert (trusts_from(home.house.ledger), found_out(home)) == (told, 1)
    service.stop()


@pytest.mark.parametrize("again", ["the same copy", "a copy made since"])
def test_a_second_loss_is_found_out_like_the_first(kept: tuple[Home, Path, bytes], again: str) -> None:
    home, copy, _ = kept
    put_back(home, copy)
    home.clock.advance(3600)
    service = started(home)
    works(service)
    first = trusts_from(home.house.ledger)
    if again == "a copy made since":
        home.house.ledger.close()
        copy = home.root / "second.db"
        shutil.copy(home.house.ledger.path, copy)
        service = started(home)
    home.clock.advance(60)
    home.draft("fresh", body="Another.")
    home.look()
    home.approve("fresh")
    works(service)
    assert home.sent == ["July"]
    service._staff.seal()
    service.stop()

    put_back(home, copy)
    home.clock.advance(3600)
    service = started(home)
    works(service)
    second = trusts_from(home.house.ledger)
    assert first is not None
    assert second is not None
    assert first < second
    assert home.sent == []
    service.stop()


def test_the_log_of_a_ledger_that_was_lost_stays_as_it_was_and_the_next_one_begins_beside_it(
    kept: tuple[Home, Path, bytes],
) -> None:
    home, _, _ = kept
    put_back(home, None)
    service = started(home)
    works(service)
    service._staff.seal()
    logs, vault_id, keys = home.vault / "Logs", home.house.vault_id, home.house.machine_keys()
    (beside,) = logs.glob("chain-*")
    for folder in (logs, beside):
        assert verify(folder, vault_id, None, read_checkpoints(folder, vault_id, keys)) == ()
    service.stop()


_DUPLICATE = "possible_duplicate"


def _reasons(home: Home, name: str) -> list[str]:
    risk = home.desk.find(name).risk
    return [f"{risk.level} {reason.message}" for reason in risk.reasons if reason.code == _DUPLICATE]


@pytest.mark.parametrize("fate", ["lost", "restored"])
@pytest.mark.parametrize("place", ["Pending_Approval/old.md", "Pending_Approval/cloud/other.md"])
def test_what_was_sent_under_a_ledger_that_is_lost_is_not_offered_again_without_a_word(
    kept: tuple[Home, Path, bytes], place: str, fate: str
) -> None:
    home, copy, data = kept
    put_back(home, copy if fate == "restored" else None)
    one_pass(home)
    home.write(place, data)

    (said,) = _reasons(home, place)
    assert said.startswith("high ")
    assert "Approved/archived/old.receipt.json" in said
    assert "a key that this machine knows" in said
    assert [s.risk.level for s in home.desk.standings({State.PENDING})] == ["high"]

    home.draft("new", body="Something else.")
    assert _reasons(home, "new") == []


@pytest.mark.parametrize("fate", ["lost", "restored"])
def test_that_is_told_before_any_worker_has_looked(kept: tuple[Home, Path, bytes], fate: str) -> None:
    home, copy, data = kept
    put_back(home, copy if fate == "restored" else None)
    home.reopen()
    home.write("Pending_Approval/old.md", data)
    assert len(_reasons(home, "old")) == 1


def test_a_receipt_that_nobody_known_has_signed_is_told_as_that(kept: tuple[Home, Path, bytes]) -> None:
    home, _, data = kept
    receipt = home.vault / "Approved/archived/old.receipt.json"
    receipt.write_text(receipt.read_text().replace('"sig": "', '"sig": "AAAA'))
    put_back(home, None)
    home.reopen()
    home.write("Pending_Approval/old.md", data)
    (said,) = _reasons(home, "old")
    assert said.startswith("high ")
    assert "nobody" in said


@pytest.mark.parametrize(
    "planted", [b"", b"[]", b'{"outcome": "done"}', b'{"decision": {"payload": "!"}}', b"\xff" * 300_000]
)
def test_a_receipt_that_is_none_says_nothing(kept: tuple[Home, Path, bytes], planted: bytes) -> None:
    home, _, data = kept
    (home.vault / "Approved/archived/old.receipt.json").write_bytes(planted)
    put_back(home, None)
    home.reopen()
    home.write("Pending_Approval/old.md", data)
    assert _reasons(home, "old") == []


def test_what_the_ledger_knows_to_be_done_is_no_duplicate_of_itself(kept: tuple[Home, Path, bytes]) -> None:
    home, _, _ = kept
    home.reopen()
    assert _reasons(home, "old") == []
