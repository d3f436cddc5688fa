"""The executor's lock where somebody who can write in the vault plants other things in its place, or takes it away."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.vault_house import Home

from platinum_tui.execution.lock import ExecutorLock
from platinum_tui.model.errors import PlatinumError

PLANTS: dict[str, Callable[[Path], object]] = {
    "folder": lambda path: path.mkdir(),
    "link": lambda path: path.symlink_to("/nonexistent/elsewhere"),
    "pipe": lambda path: os.mkfifo(path),
}


def _lock(home: Home, state: str = "state") -> ExecutorLock:
    return ExecutorLock(home.house.vault, home.root / state)


@pytest.mark.parametrize("plant", PLANTS)
def test_a_node_in_place_of_the_executors_lock_is_named(home: Home, plant: str) -> None:
    (home.vault / ".platinum").mkdir(exist_ok=True)
    PLANTS[plant](home.vault / ".platinum/executor.lock")
    lock = _lock(home)
    assert not lock.is_taken()
    with pytest.raises(PlatinumError, match=r"executor\.lock") as refused:
        lock.acquire()
    assert "Remove" in refused.value.remedy
    assert not lock.held
    assert not lock.is_taken()


@pytest.mark.parametrize("plant", ["file", "link"])
def test_a_node_in_place_of_the_folder_of_locks_is_named(home: Home, plant: str) -> None:
    place = home.vault / ".platinum"
    if place.exists():
        place.rmdir()
    place.write_text("planted") if plant == "file" else place.symlink_to("/nonexistent/elsewhere")
    lock = _lock(home)
    assert not lock.is_taken()
    with pytest.raises(PlatinumError, match=r"\.platinum .*not a folder"):
        lock.acquire()
    home.draft("m")
    home.approve("m")
    assert home.lies("m") == "Approved/m.md"


@pytest.mark.parametrize("plant", PLANTS)
def test_a_node_in_place_of_the_lock_of_files_keeps_nothing(home: Home, plant: str) -> None:
    (home.vault / ".platinum").mkdir(exist_ok=True)
    PLANTS[plant](home.vault / ".platinum/files.lock")
    home.draft("m")
    home.approve("m")
    assert home.lies("m") == "Approved/m.md"


def test_a_lock_that_is_unlinked_in_the_vault_is_still_held(home: Home) -> None:
    first, second = _lock(home), _lock(home)
    first.acquire()
    (home.vault / ".platinum/executor.lock").unlink()
    assert second.is_taken()
    with pytest.raises(PlatinumError, match="Another instance"):
        second.acquire()
    assert not second.held
    first.release()
    second.acquire()
    second.release()


def test_two_state_directories_meet_in_the_vault(home: Home) -> None:
    first, second = _lock(home), _lock(home, "other-state")
    (home.root / "other-state").mkdir()
    first.acquire()
    assert second.is_taken()
    with pytest.raises(PlatinumError, match="Another instance"):
        second.acquire()
    first.release()
    assert not second.is_taken()
    second.acquire()
    assert first.is_taken()
    second.release()
