"""An approved request whose file somebody deleted: a person can end it."""

from __future__ import annotations

import pytest
from tests.support.vault_house import Home

from platinum_tui.model.errors import Ambiguous, NotApprovable
from platinum_tui.model.request import State
from platinum_tui.model.spoken import Spoken


@pytest.fixture
def held(home: Home) -> Home:
    home.draft("k")
    home.look()
    home.approve("k")
    (home.vault / "Approved/k.md").unlink()
    home.clock.advance(60)
    home.work()
    assert (home.state("k"), home.sent) == (State.HELD, [])
    return home


@pytest.mark.parametrize("end", ["reject", "withdraw", "request_changes"])
@pytest.mark.parametrize("name", ["k", "k.md", "Approved/k.md"])
def test_held_without_its_file_it_is_ended_by_a_person(held: Home, end: str, name: str) -> None:
    decide = getattr(held.desk, end)
    standing = decide(name) if end == "withdraw" else decide(name, "Its file is gone.")
    assert standing.state in {State.REJECTED, State.CHANGES_REQUESTED}

    for _ in range(2):
        assert [s.state for s in held.desk.standings()] == [standing.state]
        assert held.desk.counts() == {standing.state: 1}
        held.look()
        held.work()
        held.reopen()
    assert [e.event for e in held.desk.review("k").history][-1] in {"rejected", "withdrawn", "changes_requested"}
    assert held.files("Approved") == []
    assert held.files("Rejected") == ([] if end == "withdraw" else ["k.decision.json"])
    assert held.sent == []


def test_approving_it_says_what_can_be_done(held: Home) -> None:
    with pytest.raises(NotApprovable, match="missing") as refused:
        held.approve("k")
    assert "reject" in refused.value.remedy


def test_put_back_after_it_was_ended_it_stays_rejected(held: Home) -> None:
    data = held.house.ledger.entry("k").data  # type: ignore[union-attr]
    held.desk.reject("k", "Its file is gone.")
    held.write("Rejected/k.md", data)
    (standing,) = held.desk.standings()
    assert (standing.state, standing.file) == (State.REJECTED, "Rejected/k.md")
    held.desk.undo("k")
    assert (held.state("k"), held.lies("k")) == (State.PENDING, "Pending_Approval/cloud/k.md")


def test_another_file_in_its_place_is_another_question(held: Home) -> None:
    held.write("Approved/k.md", "# My own notes\n")
    with pytest.raises(Ambiguous):
        held.desk.reject(Spoken("k"), "Its file is gone.")
    held.desk.reject("k", "Its file is gone.")
    assert held.state("k") is State.REJECTED
    assert (held.vault / "Approved/k.md").read_text() == "# My own notes\n"
