"""A machine is gone for good: a person takes over what it had claimed, by its name, and nothing happens twice."""

from __future__ import annotations

import pytest

from platinum_tui.execution.turns import Turns
from platinum_tui.review.house import House
from platinum_tui.system.configuration import Options, load


@pytest.fixture
def pair(join):
    """Two machines; the first has approved a request, and the other one has heard of that."""
    one, two = join("one"), join("two")
    for name in ("keyring.bin", "signers.json"):
        (two.root / "state" / name).write_bytes((one.root / "state" / name).read_bytes())
    one.draft("a.md", id="req-a")
    one.approve("req-a")
    one.run("sync")
    two.run("sync")
    return one, two


def claims(machine, *, begins: bool = False) -> None:
    """The machine wins its turn, as its executor does, goes as far as it is told, and is never seen again."""
    house = House.open(load(Options(), machine.environ), environ=machine.environ)
    entry = house.ledger.entry("req-a")
    turns = Turns(house)
    assert turns.take(entry)
    if begins:
        assert turns.go(entry)
    house.ledger.close()


def sent(machine) -> int:
    return len(machine.inbox.mails)


def settle(*machines) -> None:
    for machine in machines:
        machine.run("--daemon", "--once", code=0)


def test_what_a_dead_machine_had_not_begun_is_executed_here_and_should_it_come_back_it_sees_that(pair):
    one, two = pair
    claims(one)
    settle(two)
    assert sent(two) == 0
    (finding,) = [f for f in two.json("doctor")["findings"] if f["code"] == "request_claimed"]
    assert "take-over req-a --from one" in finding["remedy"]

    wrong = two.json("take-over", "req-a", "--from", "three", code=3)
    assert "one holds the claim, not three" in wrong["error"]["message"]
    two.run("take-over", "req-a", "--from", "one")
    settle(two)
    assert sent(two) == 1
    assert two.json("show", "req-a")["state"] == "done"
    settle(one, two)
    assert sent(two) == 1
    assert one.json("show", "req-a")["state"] == "done"
    assert "taken_over" in [event["event"] for event in two.json("show", "req-a")["history"]]


def test_what_it_had_begun_is_never_executed_here_but_asked(pair):
    one, two = pair
    claims(one, begins=True)
    settle(two)

    said = two.run("take-over", "req-a", "--from", "one", code=5)

    assert "one had begun to execute it; it may have happened" in said.stderr
    two.run("--daemon", "--once", code=5)
    two.run("--daemon", "--once", code=5)
    assert sent(two) == 0
    two.json("resolve", "req-a", "--did-not-happen", "--evidence", "asked Ana")
    assert two.json("show", "req-a")["state"] == "failed"
    two.run("sync")
    two.approve("req-a")
    settle(two)
    assert sent(two) == 1


def test_a_file_that_lies_in_the_dead_machines_folder_comes_back_with_its_decision(pair):
    one, two = pair
    claims(one)
    for name in ("a.md", "a.decision.json"):
        (one.vault / "Approved" / name).rename(one.vault / "In_Progress/one" / name)
    one.run("sync")
    two.run("sync")
    settle(two)
    assert sent(two) == 0

    two.run("take-over", "req-a", "--from", "one")
    settle(two)

    assert sent(two) == 1
    assert (two.vault / "Approved/archived/a.md").exists()


def test_where_nobody_has_claimed_anything_there_is_nothing_to_take_over(pair):
    one, two = pair
    assert "No machine has claimed it" in two.json("take-over", "req-a", "--from", "one", code=3)["error"]["message"]
    claims(one)
    assert "own claims" in one.json("take-over", "req-a", "--from", "one", code=3)["error"]["remedy"]
    settle(one)
    assert "brought it to an end" in two.json("take-over", "req-a", "--from", "one", code=3)["error"]["message"]
