"""A file that somebody edits in Approved/, and what then becomes of it: taken back, edited back, moved back."""

from __future__ import annotations

import pytest
from tests.support.vault_house import Home

from platinum_tui.model.request import State

PLACE = "Pending_Approval/cloud/m.md"


@pytest.fixture
def original(home: Home, declared: str) -> bytes:
    """A request that was approved by the keyboard, and edited in Approved/ after that."""
    home.configure('undo = "1h"\n')
    data = home.draft(declared, PLACE).read_bytes()
    home.look()
    home.approve("m")
    home.write("Approved/m.md", data + b"P.S.\n")
    assert [s.state for s in home.desk.standings()] == [State.HELD]
    return data


def _pass(home: Home) -> None:
    for _ in range(2):
        home.look()
        home.clock.advance(60)
        home.work()


@pytest.mark.parametrize("declared", ["m", ""], ids=["its own id", "no id"])
class TestEdited:
    def test_taken_back_it_waits_again_as_it_is_now(self, home: Home, original: bytes) -> None:
        request_id = home.desk.find("m").request.id
        standing = home.desk.undo(request_id)
        assert (standing.state, standing.file) == (State.PENDING, PLACE)

        for _ in range(2):
            (standing,) = home.desk.standings()
            assert (standing.request.id, standing.state, standing.file) == (request_id, State.PENDING, PLACE)
            assert standing.approvable
            assert "P.S." in home.desk.review("m").preview
            _pass(home)
        assert (home.files("Approved"), home.sent) == ([], [])

    def test_edited_back_before_anybody_saw_it_is_what_was_approved(self, home: Home, original: bytes) -> None:
        home.write("Approved/m.md", original)
        assert home.state("m") is State.APPROVED
        home.clock.advance(3600)
        home.work()
        assert home.sent == ["July"]

    def test_edited_back_after_it_was_held_it_says_why_it_is_decided_on_anew(self, home: Home, original: bytes) -> None:
        _pass(home)
        home.write("Needs_Attention/m.md", original)
        _pass(home)
        (standing,) = home.desk.standings()
        assert (standing.state, standing.approvable) == (State.HELD, True)
        assert "changed" in standing.why
        home.approve("m")
        home.clock.advance(3600)
        _pass(home)
        assert home.sent == ["July"]

    def test_edited_back_and_moved_back_by_hand_it_is_approved_by_that_move(self, home: Home, original: bytes) -> None:
        _pass(home)
        home.write("Needs_Attention/m.md", original).rename(home.vault / "Approved/m.md")
        assert [(s.file, s.state) for s in home.desk.standings()] == [("Approved/m.md", State.APPROVED)]
        _pass(home)
        home.clock.advance(3600)
        _pass(home)
        assert (home.sent, home.state("m")) == (["July"], State.DONE)


@pytest.mark.parametrize("declared", ["m"])
def test_moved_back_as_it_was_edited_it_is_held_for_what_it_is(home: Home, original: bytes) -> None:
    _pass(home)
    (home.vault / "Needs_Attention/m.md").unlink()
    home.write("Approved/m.md", original + b"P.P.S.\n")
    (standing,) = home.desk.standings()
    assert (standing.file, standing.state) == ("Approved/m.md", State.HELD)
    assert "never seen" in standing.why
    _pass(home)
    assert (home.sent, [s.state for s in home.desk.standings()]) == ([], [State.HELD])
