"""A request that its author or a person writes anew after somebody decided on it, and took that back or did not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.support.vault_house import Home

from platinum_tui.model.request import State
from platinum_tui.review.editing import revise, take_draft

PLACE = "Pending_Approval/cloud/m.md"
_Decide = Callable[[Home], object]
_DECISIONS: dict[str, _Decide] = {
    "approved": lambda home: home.approve("m"),
    "rejected": lambda home: home.desk.reject("m", "Not our tone."),
    "sent back": lambda home: home.desk.request_changes("m", "Say when."),
    "snoozed": lambda home: home.desk.snooze("m", home.clock.now() + timedelta(hours=2)),
}


def _rewrite(home: Home, declared: str) -> None:
    home.draft(declared, PLACE, body="It is paid on Friday.")


def _edit(home: Home, _declared: str) -> None:
    draft = take_draft(home.desk, "m")
    revise(home.desk, draft, draft.data.replace(b"It is paid.", b"It is paid on Friday."))


@pytest.mark.parametrize("declared", ["m", ""], ids=["its own id", "no id"])
@pytest.mark.parametrize("change", [_rewrite, _edit], ids=["on the disk", "edited here"])
@pytest.mark.parametrize("decision", _DECISIONS)
def test_written_anew_after_a_decision_was_taken_back_it_is_the_new_version(
    home: Home, decision: str, change: Callable[[Home, str], None], declared: str
) -> None:
    home.draft(declared, PLACE)
    home.look()
    first = home.desk.find("m").request
    _DECISIONS[decision](home)
    home.desk.undo(first.id)
    change(home, declared)

    for _ in range(2):
        (standing,) = home.desk.standings()
        assert (standing.request.id, standing.state, standing.file) == (first.id, State.PENDING, PLACE)
        assert standing.approvable
        assert standing.request.fingerprint != first.fingerprint
        assert home.desk.counts() == {State.PENDING: 1}
        review = home.desk.review("m")
        assert "on Friday" in review.preview
        assert [event.event for event in review.history][-1] == "undone"
        home.look()
        home.work()
        home.reopen()

    home.approve("m")
    home.clock.advance(10)
    home.work()
    assert (home.state(first.id), [call[1]["body"] for call in home.servers.calls]) == (
        State.DONE,
        ["It is paid on Friday."],
    )


@pytest.mark.parametrize("declared", ["m", ""], ids=["its own id", "no id"])
def test_written_anew_while_it_is_snoozed_it_waits_at_once(home: Home, declared: str) -> None:
    home.draft(declared, PLACE)
    home.look()
    request_id = home.desk.find("m").request.id
    home.desk.snooze("m", home.clock.now() + timedelta(hours=2))
    _rewrite(home, declared)

    (standing,) = home.desk.standings()
    assert (standing.request.id, standing.state, standing.approvable) == (request_id, State.PENDING, True)
    assert "on Friday" in home.desk.review(request_id).preview
    home.clock.advance(3 * 3600)
    assert [s.state for s in home.desk.standings()] == [State.PENDING]


@pytest.mark.parametrize("decision", ["approved", "rejected", "snoozed"])
def test_deleted_after_a_decision_was_taken_back_it_is_gone_as_if_nobody_had_decided(home: Home, decision: str) -> None:
    home.draft("m")
    _DECISIONS[decision](home)
    home.desk.undo("m")
    (home.vault / PLACE).unlink()

    assert home.desk.standings() == ()
    _rewrite(home, "m")
    assert [(s.state, s.approvable) for s in home.desk.standings()] == [(State.PENDING, True)]


def test_held_and_written_anew_where_it_lies_it_is_one_request(home: Home) -> None:
    home.draft("m")
    home.approve("m")
    (home.vault / "Approved/m.md").write_bytes((home.vault / "Approved/m.md").read_bytes() + b"P.S.\n")
    assert [s.state for s in home.desk.standings()] == [State.HELD]
    assert "P.S." in home.desk.review("m").preview

    home.clock.advance(60)
    for _ in range(2):
        home.work()
        home.clock.advance(60)
    file = home.lies("m")
    home.write(file, (home.vault / file).read_bytes() + b"P.P.S.\n")
    (standing,) = home.desk.standings()
    assert (standing.state, standing.file, standing.approvable) == (State.HELD, file, True)
    assert "P.P.S." in home.desk.review("m").preview


def test_held_taken_back_to_the_queue_and_written_anew_it_waits_again(home: Home) -> None:
    home.draft("m", expires_at="2026-01-07T12:00:05Z")
    home.approve("m")
    home.clock.advance(11)
    home.work()
    assert home.lies("m") == "Needs_Attention/m.md"

    (home.vault / "Needs_Attention/m.md").unlink()
    home.draft("m", body="It is paid on Friday.")
    assert [(s.state, s.approvable) for s in home.desk.standings()] == [(State.PENDING, True)]


@pytest.mark.parametrize("declared", ["m", ""], ids=["its own id", "no id"])
@pytest.mark.parametrize(("decision", "place"), [("rejected", "Rejected/m.md"), ("sent back", "Rejected/m.md")])
def test_written_anew_where_it_was_put_and_then_taken_back_it_waits_there(
    home: Home, decision: str, place: str, declared: str
) -> None:
    home.draft(declared, PLACE)
    home.look()
    request_id = home.desk.find("m").request.id
    _DECISIONS[decision](home)
    home.draft(declared, place, body="It is paid on Friday.")
    home.desk.undo(request_id)

    for _ in range(2):
        (standing,) = home.desk.standings()
        assert (standing.request.id, standing.state, standing.file) == (request_id, State.PENDING, place)
        home.look()
        home.work()
        home.reopen()
    home.approve("m")
    home.clock.advance(10)
    home.work()
    assert (home.state("m"), home.lies("m")) == (State.DONE, "Approved/archived/m.md")
    assert home.files("Rejected") == []
