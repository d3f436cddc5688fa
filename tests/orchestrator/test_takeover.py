"""A machine is gone for good: a person takes over what it had claimed, by its name, and nothing happens twice."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.orchestrator.clones import git

from platinum_tui.execution.turns import Turns
from platinum_tui.review.house import House
from platinum_tui.system.configuration import Options, load
from platinum_tui.vault.claims import Claims, Stage, ref_of


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


def test_it_is_answered_for_the_request_that_a_name_means(pair):
    one, two = pair
    claims(one, begins=True)
    settle(two)

    assert two.json("take-over", "a", "--from", "one", code=5) == {"id": "req-a", "state": "unknown"}


def test_where_this_machine_had_not_even_heard_of_the_approval_it_is_answered_how_it_stands(pair):
    one, two = pair
    claims(one)

    assert two.json("take-over", "a.md", "--from", "one") == {"id": "req-a", "state": "approved"}


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


CLAIM = ref_of("req-a")
IT_MOVES_ON = f"git update-ref {CLAIM} refs/aside/next; exit 1"
"""The machine was not gone: while the take-over is being pushed, its claim comes to its end."""
THE_REMOTE_GOES = 'mv "$PWD" "$PWD.away"; exit 1'
WE_DIE = 'kill -9 $(cat "$PWD/../taker"); exit 1'


def when_it_is_pushed(remote: Path, happens: str, hook: str = "update") -> None:
    """What happens, once, while a claim is on its way: before it stands (`update`), or right after (`post-update`)."""
    script = remote / "hooks" / hook
    script.parent.mkdir(exist_ok=True)
    script.write_text(f'#!/bin/sh\nrm "$PWD/hooks/{hook}"\n{happens}\n')
    script.chmod(0o755)


def will_be_done(machine, remote: Path) -> None:
    """The remote has what the machine's claim becomes, and does not show it yet."""
    house = House.open(load(Options(), machine.environ), environ=machine.environ)
    clone = house.shared_clone()
    claims = Claims(clone, "one")
    done = claims.advance(claims.current("req-a"), Stage.DONE, datetime.now(UTC))
    git(machine.vault, "push", "-q", str(remote), f"{done.commit}:refs/aside/next")
    house.ledger.close()


def taking_over(machine, remote: Path) -> subprocess.CompletedProcess[str]:
    """`take-over`, whose process id stands where one of the things that happen looks for it."""
    command = ["sh", "-c", 'echo $$ > "$0"; exec "$@"', str(remote.parent / "taker")]
    command += machine.command("take-over", "req-a", "--from", "one")
    return subprocess.run(command, env=machine.environ, capture_output=True, text=True, timeout=180, check=False)


def test_a_take_over_that_comes_too_late_changes_nothing_here(pair, remote):
    one, two = pair
    claims(one, begins=True)
    settle(two)
    will_be_done(one, remote)
    when_it_is_pushed(remote, IT_MOVES_ON)

    late = taking_over(two, remote)

    assert (late.returncode, "one is not gone: its claim moved on" in late.stderr) == (1, True)
    assert two.json("show", "req-a")["state"] == "approved"
    settle(two)
    assert (two.json("show", "req-a")["state"], sent(two)) == ("done", 0)


@pytest.mark.parametrize("hook", ["update", "post-update"])
def test_where_the_remote_goes_away_in_the_middle_it_is_unknown_once_the_take_over_stands(pair, remote, hook):
    one, two = pair
    claims(one, begins=True)
    settle(two)
    when_it_is_pushed(remote, THE_REMOTE_GOES, hook)

    assert "The remote does not answer" in taking_over(two, remote).stderr

    assert two.json("show", "req-a")["state"] == "approved"
    settle(two)
    assert (two.json("show", "req-a")["state"], sent(two)) == ("approved", 0)
    remote.with_name(f"{remote.name}.away").rename(remote)
    assert "one had begun to execute it; it may have happened" in two.run("--daemon", "--once", code=5).stderr
    assert (two.json("show", "req-a")["state"], sent(two)) == ("unknown", 0)
    it_goes_on_as_ever(two)


@pytest.mark.parametrize("hook", ["update", "post-update"])
def test_where_we_die_in_the_middle_the_next_pass_brings_it_to_its_end(pair, remote, hook):
    one, two = pair
    claims(one, begins=True)
    settle(two)
    when_it_is_pushed(remote, WE_DIE, hook)

    assert taking_over(two, remote).returncode == -9

    assert two.json("show", "req-a")["state"] == "approved"
    two.run("--daemon", "--once", code=5)
    assert (two.json("show", "req-a")["state"], sent(two)) == ("unknown", 0)
    it_goes_on_as_ever(two)


def test_where_we_die_in_the_middle_and_the_other_machine_was_not_gone_its_outcome_is_ours(pair, remote):
    one, two = pair
    claims(one, begins=True)
    settle(two)
    will_be_done(one, remote)
    when_it_is_pushed(remote, f"git update-ref {CLAIM} refs/aside/next; {WE_DIE}")

    assert taking_over(two, remote).returncode == -9

    settle(two)
    assert (two.json("show", "req-a")["state"], sent(two)) == ("done", 0)


def test_where_we_die_in_the_middle_and_it_is_rejected_then_nobody_is_told_that_nothing_happened(pair, remote):
    one, two = pair
    claims(one, begins=True)
    settle(two)
    when_it_is_pushed(remote, WE_DIE, "post-update")
    assert taking_over(two, remote).returncode == -9

    two.run("reject", "req-a", "--reason", "not now")
    settle(two)
    two.run("sync")

    assert git(remote, "for-each-ref", "--format=%(contents:subject)", CLAIM).startswith("unknown ")


def it_goes_on_as_ever(two) -> None:
    """A person finds out that nothing happened, and approves it anew: it is sent, once."""
    two.json("resolve", "req-a", "--did-not-happen", "--evidence", "asked Ana")
    two.run("sync")
    two.approve("req-a")
    settle(two)
    assert (two.json("show", "req-a")["state"], sent(two)) == ("done", 1)
