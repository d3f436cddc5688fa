"""A turn, step by step, between two houses on one remote: crashes and silence change nothing but the time."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest
from tests.orchestrator.clones import git

from platinum_tui.execution.turns import Turns
from platinum_tui.ledger.happening import Happening
from platinum_tui.model.errors import NotApprovable
from platinum_tui.model.request import State
from platinum_tui.review.house import House
from platinum_tui.service import Service
from platinum_tui.system.configuration import Options, load
from platinum_tui.vault.claims import Claims
from platinum_tui.vault.git_environment import GitFailed

STORY = Happening("told", "the story")


@pytest.fixture
def desks(join):
    """Two machines' services with one request that each has approved."""
    machines = [join("one"), join("two")]
    machines[0].draft("a.md", id="req-a")
    opened = []
    for machine in machines:
        machines[0].run("sync")
        machine.run("sync")
        environ = {**os.environ, **machine.environ}
        service = Service(House.open(load(Options(), environ), environ=environ))
        standing = service.review("req-a").standing
        service.approve("req-a", standing.request.fingerprint)
        opened.append(service)
    yield opened
    for service in opened:
        service.house.ledger.close()


def entry_of(service: Service):
    return service.house.ledger.entry("req-a")


def test_one_wins_and_wins_again_after_a_crash_the_other_waits(desks):
    one, two = desks
    assert Turns(one.house).take(entry_of(one)) == entry_of(one)
    assert Turns(two.house).take(entry_of(two)) is None
    assert entry_of(two).why == "one has claimed it."

    again = Turns(one.house)  # a new process has the claim from the ledger
    assert again.take(entry_of(one)) == entry_of(one)
    assert again.go(entry_of(one))
    assert Turns(one.house).go(entry_of(one))
    assert Turns(two.house).take(entry_of(two)) is None


def test_the_first_claimed_version_wins(desks):
    one, two = desks
    other = dataclasses.replace(entry_of(one), file_sha256="0" * 64)
    assert Turns(one.house).take(other) == other

    held = Turns(two.house).take(entry_of(two))

    assert held is not None
    assert (held.state, entry_of(two).state) == (State.HELD, State.HELD)
    assert "another version" in held.why


def test_a_remote_that_is_away_is_asked_again_later_and_nothing_is_taken(desks, remote: Path):
    one, _ = desks
    turns = Turns(one.house)
    remote.rename(remote.with_name("away.git"))

    assert turns.take(entry_of(one)) is None
    assert turns.wait_s(entry_of(one).id)
    assert turns.trouble
    assert not turns.go(entry_of(one))
    assert entry_of(one).state is State.APPROVED


def test_a_failure_is_told_and_lets_only_who_saw_it_claim_anew(desks, remote: Path):
    one, two = desks
    assert Turns(one.house).take(entry_of(one))
    one.house.ledger.transition(
        entry_of(one), State.FAILED, STORY, while_in={State.APPROVED}, why="refused", settled=True
    )
    assert Turns(one.house).report() == 1
    assert Turns(one.house).report() == 0

    seen = Turns(two.house).take(entry_of(two))

    assert seen is not None
    assert seen.state is State.FAILED
    two.house.ledger.transition(entry_of(two), State.APPROVED, STORY, while_in={State.FAILED})
    assert Turns(two.house).take(entry_of(two)) == entry_of(two)
    subject = git(remote, "for-each-ref", "--format=%(contents:subject)", "refs/platinum/claims/")
    assert subject.startswith("claimed ")


def test_a_take_over_while_the_workers_ask_for_the_same_turn_is_settled_once_and_told(desks, remote, monkeypatch):
    one, two = desks
    assert Turns(one.house).take(entry_of(one))
    assert Turns(one.house).go(entry_of(one))
    publish = Claims.publish

    def after_a_take_over(claims, claim):
        monkeypatch.undo()
        two.take_over("req-a", "one")
        return publish(claims, claim)

    monkeypatch.setattr(Claims, "publish", after_a_take_over)
    with pytest.raises(NotApprovable):
        Turns(two.house).take(entry_of(two))

    assert entry_of(two).state is State.UNKNOWN
    assert "one had begun to execute it" in entry_of(two).why
    two.resolve("req-a", False, "asked Ana")
    assert Turns(two.house).report() == 1
    assert git(remote, "for-each-ref", "--format=%(contents:subject)", "refs/platinum/claims/").startswith("failed ")


def test_what_was_settled_before_the_remote_heard_of_it_is_told_and_may_be_done_anew(desks, remote: Path):
    """Its outcome is unknown, the remote is away, and a person finds out meanwhile and approves it anew."""
    one, _ = desks
    assert Turns(one.house).take(entry_of(one))
    assert Turns(one.house).go(entry_of(one))
    one.house.ledger.transition(entry_of(one), State.UNKNOWN, STORY, while_in={State.APPROVED}, settled=True)
    away = remote.rename(remote.with_name("away.git"))
    with pytest.raises(GitFailed):
        Turns(one.house).report()
    one.resolve("req-a", False, "asked Ana")
    with pytest.raises(GitFailed):
        Turns(one.house).report()

    away.rename(remote)
    assert Turns(one.house).report() == 1
    one.house.ledger.transition(entry_of(one), State.APPROVED, STORY, while_in={State.FAILED})
    assert Turns(one.house).take(entry_of(one)) == entry_of(one)
