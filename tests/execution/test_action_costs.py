"""What one action makes durable: no more than its promise needs; and what a death between two renames leaves."""

from __future__ import annotations

import os
from typing import Any

import pytest
from tests.support.lost_answers import approved
from tests.support.vault_house import Home

from platinum_tui.ledger.database import Database
from platinum_tui.model.request import State
from platinum_tui.vault.changes import Changes


class Crash(BaseException):
    """The machine goes off."""


def made_durable(home: Home, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Commits and syncs of a pass."""
    counts = {"commits": 0, "syncs": 0}
    transaction, fsync = Database.transaction, os.fsync

    def counted(database: Database) -> Any:
        counts["commits"] += 1
        return transaction(database)

    def synced(descriptor: int) -> None:
        counts["syncs"] += 1
        fsync(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(Database, "transaction", counted)
        patch.setattr(os, "fsync", synced)
        home.work()
    return counts["commits"], counts["syncs"]


def test_one_more_action_is_two_commits_and_five_syncs(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Intent and outcome; two folders for the claim, and for its end the receipt's bytes and two folders."""
    approved(home, "a", "b")
    commits, syncs = made_durable(home, monkeypatch)
    approved(home, "c", "d", "e")
    more_commits, more_syncs = made_durable(home, monkeypatch)

    assert len(home.sent) == 5
    assert (more_commits - commits, more_syncs - syncs) == (2, 5)


def archived(home: Home) -> list[str]:
    assert (home.files("Approved"), home.files("In_Progress/local")) == ([], [])
    return home.files("Approved/archived")


@pytest.mark.parametrize("moved", ["m.md", "m.decision.json"])
def test_of_a_claim_that_a_power_cut_left_half_done_nothing_stays_behind(home: Home, moved: str) -> None:
    approved(home, "m")
    (home.vault / "Approved" / moved).rename(home.vault / "In_Progress/local" / moved)
    home.reopen()
    home.work()

    assert home.sent == ["July"]
    assert archived(home) == ["m.decision.json", "m.md", "m.receipt.json"]


@pytest.mark.parametrize("done", [0, 1])
def test_of_an_end_that_a_death_left_half_done_nothing_stays_behind(
    home: Home, monkeypatch: pytest.MonkeyPatch, done: int
) -> None:
    approved(home, "m")
    move, moved = Changes.move, list[str]()

    def dying(self: Changes, file: str, target: str) -> None:
        if file.startswith("In_Progress/"):
            if len(moved) == done:
                raise Crash
            moved.append(file)
        move(self, file, target)

    with monkeypatch.context() as patch:
        patch.setattr(Changes, "move", dying)
        with pytest.raises(Crash):
            home.work()
    home.reopen()
    home.work()
    home.work()

    assert home.state("m") is State.DONE
    assert archived(home) == ["m.decision.json", "m.md", "m.receipt.json"]
    assert home.lies("m") == "Approved/archived/m.md"


def test_of_a_claim_that_a_death_left_while_it_was_turned_down_nothing_stays_behind(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.servers.answers = lambda _: {"outcome": "failed", "code": "service_unavailable", "message": "Busy."}
    approved(home, "m")
    home.work()
    assert home.files("In_Progress/local") == ["m.decision.json", "m.md"], "it waits for its next try"

    def dying(_self: Changes, _file: str) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(Changes, "remove", dying)
        with pytest.raises(Crash):
            home.desk.reject("m", "No.")
    assert home.files("Rejected")[-1:] == ["m.md"]
    home.reopen()
    home.work()

    assert home.files("In_Progress/local") == []
    assert home.files("Rejected") == ["m.decision.json", "m.md"]
    assert home.lies("m") == "Rejected/m.md"
