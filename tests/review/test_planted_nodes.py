"""What somebody who can write in the vault plants there: nothing leaves through it, nothing hangs or is lost on it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.vault_house import Home

from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.request import State
from platinum_tui.vault import placing

FOLDERS = ("Approved", "Approved/archived", "Rejected", "In_Progress/local", "Needs_Attention", "Quarantine", "Done")
PLANTS: dict[str, Callable[[Path], object]] = {
    "folder": lambda path: path.mkdir(),
    "link": lambda path: path.symlink_to("/nonexistent/elsewhere"),
    "pipe": lambda path: os.mkfifo(path),
}


def _link_out(home: Home, folder: str) -> Path:
    """The folder led out of the vault, as by `mv` and `ln -s`."""
    outside = home.root / "outside"
    (home.vault / folder).rename(outside)
    (home.vault / folder).symlink_to(outside)
    return outside


def _all_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_is_decided_while_a_folder_leads_out_of_the_vault(home: Home, folder: str) -> None:
    home.draft("m")
    outside = _link_out(home, folder)
    for decide in (lambda: home.approve("m"), lambda: home.desk.reject("m", "no")):
        with pytest.raises(PlatinumError, match=f"{folder} .*is a link") as refused:
            decide()
        assert "folder" in refused.value.remedy
    assert (home.state("m"), _all_below(outside)) == (State.PENDING, [])


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_is_sent_while_a_folder_leads_out_of_the_vault(home: Home, folder: str) -> None:
    home.draft("m")
    home.approve("m")
    home.clock.advance(60)
    outside = _link_out(home, folder)
    before = _all_below(outside)
    with pytest.raises(PlatinumError, match=f"{folder} .*is a link"):
        home.work()
    assert (home.sent, _all_below(outside)) == ([], before)

    (home.vault / folder).unlink()
    outside.rename(home.vault / folder)
    home.work()
    assert (home.sent, home.state("m")) == (["July"], State.DONE)


def test_a_link_in_place_of_a_folder_is_left_for_the_person_and_breaks_no_list(home: Home) -> None:
    home.draft("m")
    _link_out(home, "Approved")
    home.look()
    assert (home.vault / "Approved").is_symlink()
    assert home.state("m") is State.PENDING


def test_a_file_in_place_of_the_archive_is_named_before_anything_is_sent(home: Home) -> None:
    home.draft("m")
    home.approve("m")
    home.clock.advance(60)
    (home.vault / "Approved/archived").rmdir()
    home.write("Approved/archived", "planted")
    with pytest.raises(PlatinumError, match=r"Approved/archived .*not a folder"):
        home.work()
    assert home.sent == []


def test_a_folder_that_is_swapped_for_a_link_in_the_last_moment_takes_no_file(home: Home) -> None:
    home.draft("m")
    outside = _link_out(home, "Rejected")
    with pytest.raises(PlatinumError, match=r"Rejected .*is a link"):
        placing.move_in_vault(home.house.vault, "Pending_Approval/cloud/m.md", "Rejected/m.md")
    assert (_all_below(outside), home.files("Pending_Approval/cloud")) == ([], ["m.md"])


@pytest.mark.parametrize("plant", PLANTS)
@pytest.mark.parametrize("folder", ["Pending_Approval/cloud", "Approved", "In_Progress/local", "Approved/archived"])
def test_what_lies_where_our_decision_belongs_is_put_in_quarantine(home: Home, folder: str, plant: str) -> None:
    home.draft("m")
    PLANTS[plant](home.vault / folder / "m.decision.json")
    home.approve("m")
    home.clock.advance(60)
    home.work()
    assert (home.state("m"), home.sent) == (State.DONE, ["July"])
    assert home.files("Approved/archived") == ["m.decision.json", "m.md", "m.receipt.json"]
    if folder != "Pending_Approval/cloud":
        assert [path.name for path in (home.vault / "Quarantine").iterdir()] == ["m.decision.json"]


@pytest.mark.parametrize("plant", PLANTS)
def test_what_is_planted_beside_an_approved_file_does_not_keep_it(home: Home, plant: str) -> None:
    home.draft("m")
    home.approve("m")
    (home.vault / "Approved/m.decision.json").unlink()
    PLANTS[plant](home.vault / "Approved/m.decision.json")
    home.clock.advance(60)
    home.work()
    assert (home.state("m"), home.sent) == (State.DONE, ["July"])


@pytest.mark.parametrize("plant", PLANTS)
def test_what_lies_where_our_receipt_belongs_is_put_in_quarantine(home: Home, plant: str) -> None:
    home.draft("m")
    PLANTS[plant](home.vault / "Approved/archived/m.receipt.json")
    home.approve("m")
    home.clock.advance(60)
    home.work()
    assert home.files("Approved/archived") == ["m.decision.json", "m.md", "m.receipt.json"]
    assert [path.name for path in (home.vault / "Quarantine").iterdir()] == ["m.receipt.json"]


def test_files_that_take_both_names_of_a_receipt_do_not_keep_it_from_being_written(home: Home) -> None:
    for name in ("m.receipt.json", "m.m.receipt.json"):
        home.write(f"Approved/archived/{name}", "planted")
    home.draft("m")
    home.approve("m")
    home.clock.advance(60)
    home.work()
    for name in ("m.receipt.json", "m.m.receipt.json"):
        assert (home.vault / "Approved/archived" / name).read_text() == "planted"
    assert '"request_id": "m"' in (home.vault / "Approved/archived/m.m.2.receipt.json").read_text()
    assert (home.lies("m"), home.files("Quarantine")) == ("Approved/archived/m.m.2.md", [])
