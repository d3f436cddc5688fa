"""What the switch that stops everything means for one request: it waits, can be taken back, and loses nothing."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import pytest
from tests.orchestrator.clones import git
from tests.support.vault_house import Home

from platinum_tui.model.errors import NeedsPerson, NotApprovable
from platinum_tui.model.request import State
from platinum_tui.review.desk import Desk


def test_what_was_frozen_right_before_its_call_goes_out_with_the_thaw(home: Home) -> None:
    home.configure('undo = "0s"\n')
    home.draft("m")
    home.approve("m")
    home.servers.while_starting = lambda: home.executor.switch.freeze("Stop.")
    for _ in range(7):  # as often as somebody freezes at this very moment: no attempt was made, none is counted
        home.work()
        assert (home.state("m"), home.sent) == (State.APPROVED, [])
        assert home.desk.find("m").retry_at is None
        home.executor.switch.thaw()

    home.servers.while_starting = lambda: None
    home.work()

    assert (home.state("m"), home.sent) == (State.DONE, ["July"])


def _late(home: Home) -> None:
    """Approved, and its undo window is over."""
    home.draft("m")
    home.look()
    home.approve("m")
    home.clock.advance(60)


def test_while_frozen_an_approval_is_taken_back_past_its_window(home: Home) -> None:
    _late(home)
    with pytest.raises(NotApprovable, match="may begin at any moment") as late:
        home.desk.undo("m")
    assert "freeze" in late.value.remedy

    home.executor.switch.freeze("Wait.")
    home.work()
    assert home.desk.undo("m").state is State.PENDING

    home.executor.switch.thaw()
    home.work()
    assert (home.state("m"), home.lies("m"), home.sent) == (State.PENDING, "Pending_Approval/cloud/m.md", [])
    home.approve("m")
    home.clock.advance(60)
    home.work()
    assert home.sent == ["July"]


def test_what_was_frozen_right_before_its_call_is_taken_back_too(home: Home) -> None:
    _late(home)
    home.servers.while_starting = lambda: home.executor.switch.freeze("Stop.")
    home.work()
    home.work()
    assert home.lies("m") == "In_Progress/local/m.md"

    home.desk.undo("m")

    home.servers.while_starting = lambda: None
    home.executor.switch.thaw()
    home.work()
    assert (home.state("m"), home.lies("m"), home.sent) == (State.PENDING, "Pending_Approval/cloud/m.md", [])


@pytest.mark.parametrize("begun", [False, True], ids=["called meanwhile", "being called"])
def test_of_a_late_undo_and_a_thaw_at_the_same_moment_one_wins(
    home: Home, monkeypatch: pytest.MonkeyPatch, begun: bool
) -> None:
    _late(home)
    home.executor.switch.freeze("Wait.")
    undoing = Desk(home.house)
    holds, answers = undoing.placement.holds, home.servers.answers
    refused: list[NotApprovable] = []

    def undo() -> None:
        with pytest.raises(NotApprovable) as error:
            undoing.undo("m")
        refused.append(error.value)

    def thawed_meanwhile(file: str, sha256: str) -> bool:
        held = holds(file, sha256)
        home.executor.switch.thaw()
        home.work()
        return held

    def answer(tool: str) -> Mapping[str, Any]:
        undo()
        return answers(tool)

    if begun:
        home.servers.answers = answer
        home.executor.switch.thaw()
        home.work()
    else:
        monkeypatch.setattr(undoing.placement, "holds", thawed_meanwhile)
        undo()
    assert len(refused) == 1
    assert (home.state("m"), home.sent) == (State.DONE, ["July"])


def test_what_a_late_undo_takes_at_the_very_moment_of_a_thaw_is_not_sent(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    _late(home)
    undoing, undone = Desk(home.house), list[State]()
    holds, shortfall = undoing.placement.holds, home.desk.admission.shortfall_of_envelope
    looks = itertools.count()

    def held_a_moment_ago(file: str, sha256: str) -> bool:
        return next(looks) == 0 or holds(file, sha256)

    def undone_meanwhile(*given: Any) -> str | None:
        """Claimed by the executor, its row not changed yet; the undo has looked right before that."""
        home.executor.switch.freeze("Wait.")
        undone.append(undoing.undo("m").state)
        home.executor.switch.thaw()
        return shortfall(*given)

    monkeypatch.setattr(undoing.placement, "holds", held_a_moment_ago)
    monkeypatch.setattr(home.desk.admission, "shortfall_of_envelope", undone_meanwhile)
    home.work()
    home.work()

    assert undone == [State.PENDING]
    assert (home.state("m"), home.lies("m"), home.sent) == (State.PENDING, "Pending_Approval/cloud/m.md", [])


def test_where_other_machines_have_the_vault_a_late_undo_says_what_works(home: Home) -> None:
    _late(home)
    git(home.vault, "init", "-q", "-b", "main")
    git(home.vault, "remote", "add", "origin", "../remote.git")
    home.executor.switch.freeze("Wait.")

    with pytest.raises(NotApprovable, match="other machines") as refused:
        home.desk.undo("m")

    assert "reject" in refused.value.remedy
    assert home.state("m") is State.APPROVED


def test_what_another_instance_has_claimed_is_not_taken_back_late(home: Home) -> None:
    _late(home)
    home.executor.switch.freeze("Wait.")
    claimed = home.vault / "In_Progress/local/m.md"
    (home.vault / "Approved/m.md").rename(claimed)  # another state directory's, which this freeze does not stop

    with pytest.raises(NotApprovable):
        home.desk.undo("m")

    assert claimed.exists()


def test_a_second_freeze_without_a_reason_keeps_the_first_reason(home: Home) -> None:
    switch = home.executor.switch
    switch.freeze("The invoice is wrong.")
    switch.freeze("")
    assert switch.reason == "The invoice is wrong."
    switch.freeze("And the account, too.")
    assert switch.reason == "And the account, too."


def test_a_thaw_that_a_file_in_the_vault_outlasts_needs_a_person(home: Home) -> None:
    home.executor.switch.freeze("Wait.")
    home.write("FREEZE", "")

    with pytest.raises(NeedsPerson, match="Still frozen") as still:
        home.executor.switch.thaw()

    assert "Remove" in still.value.remedy
    (home.vault / "FREEZE").unlink()
    assert home.executor.switch.reason is None, "what could be lifted was"
