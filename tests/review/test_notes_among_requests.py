"""Stories of files that ask for nothing: they can be turned down, and taken back, like any other."""

from __future__ import annotations

from collections import Counter

from tests.support.vault_house import Home

from platinum_tui.model.request import State


def test_a_note_that_was_turned_down_is_one_request_and_can_be_taken_back(home: Home) -> None:
    for name in ("README", "OTHER"):
        home.write(f"Pending_Approval/{name}.md", "# The same words\n")
    home.look()
    known = {standing.file: standing.request.id for standing in home.desk.standings()}
    assert len(known) == len(set(known.values())) == 2

    home.desk.reject("README", "no request")
    for _ in range(2):
        home.look()
        found = {standing.file: (standing.request.id, standing.state) for standing in home.desk.standings()}
        assert found == {
            "Rejected/README.md": (known["Pending_Approval/README.md"], State.REJECTED),
            "Pending_Approval/OTHER.md": (known["Pending_Approval/OTHER.md"], State.PENDING),
        }

    home.desk.undo("README")
    assert (home.state("README"), home.lies("README")) == (State.PENDING, "Pending_Approval/README.md")
    assert len(home.desk.standings()) == 2


def test_what_is_counted_is_what_is_listed_state_by_state(home: Home) -> None:
    home.draft("a-mail")
    home.draft("an-approved-mail")
    home.write("Pending_Approval/README.md", "# A note\n")
    home.write("Pending_Approval/scan.pdf", b"%PDF\0\xff")
    home.write("Pending_Approval/torn.md", b"---\nto: \xff\n")
    home.write("Pending_Approval/large.md", b"x" * 300_000)
    home.write("Approved/README.md", "# Another note\n")
    home.write("Needs_Attention/notes.txt", "a third one")
    for _ in range(2):
        listed = Counter(standing.state for standing in home.desk.standings())
        assert dict(home.desk.counts()) == dict(listed)
        assert listed[State.PENDING] >= 4
        home.approve("an-approved-mail") if home.state("an-approved-mail") is State.PENDING else None
        home.look()
