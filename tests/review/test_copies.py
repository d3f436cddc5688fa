"""Files of the same bytes: copied to write another request, drafted twice, or kept after a decision."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.vault_house import Home

from platinum_tui.ledger.happening import Happening
from platinum_tui.model.decision import Verdict
from platinum_tui.model.errors import NotApprovable
from platinum_tui.model.request import State
from platinum_tui.review.entries import entry_for
from platinum_tui.review.signing import decide

A, B = "Pending_Approval/cloud/a.md", "Pending_Approval/b.md"


def _copy(home: Home, source: str, target: str) -> Path:
    return home.write(target, (home.vault / source).read_bytes())


def _do(home: Home) -> None:
    for _ in range(3):
        home.look()
        home.clock.advance(60)
        home.work()


def _states(home: Home) -> dict[str, State]:
    found = home.desk.standings()
    assert len({standing.file for standing in found}) == len(found)
    return {standing.file: standing.state for standing in found}


def _edited_copy(home: Home) -> None:
    _copy(home, A, B)
    home.desk.standings()
    home.draft("", B, body="The next one.")


def _edited_original(home: Home) -> None:
    _copy(home, A, B)
    home.desk.standings()
    home.draft("", A, body="The next one.")


def _both_at_once(home: Home) -> None:
    _copy(home, A, B)
    home.draft("", A, body="The next one.")


@pytest.mark.parametrize("change", [_edited_copy, _edited_original, _both_at_once])
def test_a_draft_that_is_copied_to_write_another_one_is_two_requests(
    home: Home, change: Callable[[Home], None]
) -> None:
    home.draft("", A)
    home.look()
    change(home)

    for _ in range(2):
        standings = home.desk.standings()
        assert [(s.state, s.approvable) for s in standings] == [(State.PENDING, True)] * 2
        assert len({s.request.id for s in standings}) == 2
        home.reopen()
    home.approve(A)
    home.approve(B)
    _do(home)
    assert sorted(call[1]["body"] for call in home.servers.calls) == ["It is paid.", "The next one."]


def test_a_draft_that_is_moved_stays_the_same_request(home: Home) -> None:
    home.draft("", A)
    first = home.desk.find("a").request.id
    (home.vault / A).rename(home.vault / B)
    assert home.desk.find("b").request.id == first
    home.draft("", B, body="It is paid on Friday.")
    assert home.desk.find("b").request.id == first


def test_of_two_that_are_equal_one_is_sent_and_the_other_one_put_away(home: Home) -> None:
    home.draft("", A)
    _copy(home, A, B)
    assert len({s.request.id for s in home.desk.standings()}) == 2

    home.approve("a")
    assert _states(home) == {"Approved/a.md": State.APPROVED, B: State.APPROVED}
    assert not any(s.approvable for s in home.desk.standings())
    with pytest.raises(NotApprovable):
        home.approve("b")
    _do(home)
    assert (home.sent, _states(home)) == (["July"], {"Approved/archived/a.md": State.DONE})
    assert (home.vault / "Approved/archived/b.md").exists()


def test_of_two_that_are_equal_each_is_decided_for_itself_until_one_is_approved(home: Home) -> None:
    home.draft("", A)
    _copy(home, A, B)
    home.desk.standings()

    home.desk.reject("a", "Not our tone.")
    assert _states(home) == {"Rejected/a.md": State.REJECTED, B: State.PENDING}
    home.approve("b")
    assert _states(home) == {"Rejected/a.md": State.REJECTED, "Approved/b.md": State.APPROVED}
    _do(home)
    assert home.sent == ["July"]
    assert _states(home) == {"Rejected/a.md": State.REJECTED, "Approved/archived/b.md": State.DONE}


def test_approved_by_two_at_the_same_moment_equal_ones_are_approved_once(home: Home) -> None:
    home.draft("", A)
    _copy(home, A, B)
    standing = home.desk.find("b")
    envelope = decide(
        standing.request,
        Verdict.APPROVE,
        vault_id=home.house.vault_id,
        signer=home.house.reviewer,
        now=home.clock.now(),
    )
    other = entry_for(home.house, standing, State.APPROVED, envelope)
    home.approve("a")
    with pytest.raises(NotApprovable, match=r"same bytes are approved already, as .*a\.md"):
        home.house.ledger.record(other, Happening("approved", "person"))


@pytest.mark.parametrize("declared", ["a", ""], ids=["its own id", "no id"])
@pytest.mark.parametrize("place", [A, B])
def test_drafted_again_after_it_was_rejected_each_file_is_listed_as_what_became_of_it(
    home: Home, place: str, declared: str
) -> None:
    home.draft(declared, A)
    home.desk.reject("a", "Not our tone.")
    _copy(home, "Rejected/a.md", place)
    assert _states(home) == {"Rejected/a.md": State.REJECTED, place: State.PENDING}
    name = place.rpartition("/")[2]

    home.approve(place)
    assert _states(home) == {"Rejected/a.md": State.REJECTED, f"Approved/{name}": State.APPROVED}
    request_id = home.desk.find(f"Approved/{name}").request.id
    assert home.desk.find(request_id).file == f"Approved/{name}"
    with pytest.raises(NotApprovable, match="turned down"):
        home.desk.undo("Rejected/a.md")
    _do(home)
    assert home.sent == ["July"]
    assert _states(home) == {"Rejected/a.md": State.REJECTED, f"Approved/archived/{name}": State.DONE}
    assert [file for file in home.files("Approved/archived") if file.endswith(".md")] == [name]


def test_put_into_rejected_by_hand_a_copy_keeps_nothing_from_being_decided(home: Home) -> None:
    home.draft("a", A)
    home.look()
    _copy(home, A, "Rejected/b.md")
    assert _states(home) == {A: State.PENDING, "Rejected/b.md": State.REJECTED}
    home.approve(A)
    assert _states(home) == {"Approved/a.md": State.APPROVED, "Rejected/b.md": State.REJECTED}
    _do(home)
    assert _states(home) == {"Approved/archived/a.md": State.DONE, "Rejected/b.md": State.REJECTED}


def test_taken_back_the_file_that_was_turned_down_earlier_stays_so(home: Home) -> None:
    home.draft("a", A)
    home.desk.reject("a", "Not our tone.")
    _copy(home, "Rejected/a.md", B)
    home.approve(B)
    home.desk.undo("a")
    assert _states(home) == {"Rejected/a.md": State.REJECTED, B: State.PENDING}


@pytest.mark.parametrize("named", ["Approved/a.md", B, "a"])
@pytest.mark.parametrize("declared", ["a", ""], ids=["its own id", "no id"])
def test_turned_down_by_any_of_its_files_nothing_of_it_waits_or_stays_approved(
    home: Home, named: str, declared: str
) -> None:
    home.draft(declared, A)
    home.approve("a")
    _copy(home, "Approved/a.md", B)

    standing = home.desk.reject(named, "Not our tone.")
    assert (standing.state, standing.file) == (State.REJECTED, "Rejected/a.md")
    for _ in range(2):
        assert _states(home) == {"Rejected/a.md": State.REJECTED, "Rejected/b.md": State.REJECTED}
        _do(home)
    assert home.sent == []
    home.desk.undo(standing.request.id)
    assert _states(home) == {A: State.PENDING, "Rejected/b.md": State.REJECTED}


def test_two_files_of_one_id_are_turned_down_together(home: Home) -> None:
    home.draft("a", A)
    _copy(home, A, B)
    home.desk.withdraw("a")
    assert _states(home) == {"Rejected/a.md": State.REJECTED, "Rejected/b.md": State.REJECTED}


def test_taken_back_after_its_very_bytes_were_executed_it_is_not_offered_again(home: Home) -> None:
    home.draft("", A)
    _copy(home, A, B)
    home.desk.standings()
    first = home.desk.reject(A, "Not our tone.").request.id
    home.approve("b")
    _do(home)

    home.desk.undo(first)
    assert _states(home) == {A: State.DONE}
    _do(home)
    assert (home.sent, _states(home)) == (["July"], {"Approved/archived/b.md": State.DONE})


def test_a_flood_of_copies_costs_no_more_than_other_files(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = 0

    def lies(path: object) -> bool:
        nonlocal looked
        looked += 1
        return os.path.exists(str(path))

    data = home.draft("", A).read_bytes()
    for number in range(300):
        home.write(f"Pending_Approval/{number}.md", data)
    monkeypatch.setattr(os.path, "lexists", lies)
    assert len({standing.request.id for standing in home.desk.standings()}) == 301
    assert looked < 301 * 25
