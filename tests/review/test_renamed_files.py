"""A file that a person renames on its way keeps the name that it has; one whose name was only taken gets it back."""

from __future__ import annotations

import pytest
from tests.support.vault_house import Home

from platinum_tui.model.request import State


def _do(home: Home) -> None:
    home.clock.advance(60)
    home.work()
    home.clock.advance(60)
    home.work()


@pytest.mark.parametrize("declared", ["m", ""], ids=["its own id", "no id"])
def test_renamed_on_its_way_into_approved_it_is_archived_under_that_name(home: Home, declared: str) -> None:
    home.draft(declared, "Pending_Approval/cloud/m.md")
    home.look()
    (home.vault / "Pending_Approval/cloud/m.md").rename(home.vault / "Approved/crates.md")
    _do(home)

    assert home.sent == ["July"]
    assert home.files("Approved/archived") == ["crates.decision.json", "crates.md", "crates.receipt.json"]
    assert home.lies("crates") == "Approved/archived/crates.md"


def test_renamed_after_its_approval_too(home: Home) -> None:
    home.draft("m")
    home.approve("m")
    (home.vault / "Approved/m.md").rename(home.vault / "Approved/crates.md")
    _do(home)

    assert home.sent == ["July"]
    assert home.files("Approved/archived") == ["crates.decision.json", "crates.md", "crates.receipt.json"]


def test_undone_it_waits_again_where_it_waited(home: Home) -> None:
    home.draft("m")
    home.look()
    (home.vault / "Pending_Approval/cloud/m.md").rename(home.vault / "Approved/crates.md")
    home.work()
    assert home.state("m") is State.APPROVED
    home.desk.undo("m")
    assert (home.state("m"), home.lies("m")) == (State.PENDING, "Pending_Approval/cloud/m.md")


def test_a_version_of_another_name_is_filed_under_its_own(home: Home) -> None:
    home.draft("m")
    home.desk.reject("m", "Say when.")
    home.draft("m", "Pending_Approval/second.md", body="It is paid on Friday.")

    assert home.approve("second").file == "Approved/second.md"
    home.desk.undo("m")
    assert home.lies("second") == "Pending_Approval/second.md"
    assert home.files("Rejected") == ["m.decision.json", "m.md"]
