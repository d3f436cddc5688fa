"""Stories of files that ask for nothing: they can be turned down, and taken back, like any other."""

from __future__ import annotations

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
