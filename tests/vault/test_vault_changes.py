"""Changes that become durable together: one sync for each folder, the new names first."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from platinum_tui.vault import moves
from platinum_tui.vault.changes import Changes
from platinum_tui.vault.folders import Obstructed, Vault


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    vault = Vault(tmp_path / "vault")
    vault.ensure()
    (vault.root / "Approved/a.md").write_text("a")
    (vault.root / "Approved/a.decision.json").write_text("{}")
    return vault


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Device and inode of each folder that is synced, in order."""
    folders: list[tuple[int, int]] = []

    def noting(folder: int) -> None:
        status = os.fstat(folder)
        folders.append((status.st_dev, status.st_ino))

    monkeypatch.setattr(moves, "sync_folder", noting)
    return folders


def identity(vault: Vault, folder: str) -> tuple[int, int]:
    status = vault.path(folder).stat()
    return status.st_dev, status.st_ino


def test_a_file_its_decision_and_its_receipt_share_the_syncs_of_their_folders(
    vault: Vault, synced: list[tuple[int, int]]
) -> None:
    with Changes(vault) as changes:
        changes.move("Approved/a.md", "Approved/archived/a.md")
        changes.move("Approved/a.decision.json", "Approved/archived/a.decision.json")
        changes.create("Approved/archived/a.receipt.json", b"done")
        assert synced == []

    assert synced == [identity(vault, "Approved/archived"), identity(vault, "Approved")]
    assert (vault.root / "Approved/archived/a.receipt.json").read_bytes() == b"done"


def test_a_removed_name_is_synced_and_a_look_syncs_nothing(vault: Vault, synced: list[tuple[int, int]]) -> None:
    with Changes(vault) as changes:
        assert changes.read("Approved/a.md").data == b"a"
        changes.remove("Approved/none.md")
    assert synced == []

    with Changes(vault) as changes:
        changes.remove("Approved/a.md")
    assert synced == [identity(vault, "Approved")]


def test_after_an_error_nothing_counts_as_durable_and_no_folder_stays_open(
    vault: Vault, synced: list[tuple[int, int]]
) -> None:
    def fail_after_a_move() -> None:
        with Changes(vault) as changes:
            changes.move("Approved/a.md", "Rejected/a.md")
            changes.create("Approved/a.decision.json", b"other")

    before = os.listdir("/dev/fd")
    with pytest.raises(FileExistsError):
        fail_after_a_move()

    assert synced == []
    assert len(os.listdir("/dev/fd")) == len(before)


def test_a_missing_target_is_made_and_a_link_in_place_of_one_is_not_followed(vault: Vault, tmp_path: Path) -> None:
    with Changes(vault) as changes:
        changes.move("Approved/a.md", "In_Progress/laptop/a.md")
    assert (vault.root / "In_Progress/laptop/a.md").read_text() == "a"

    (vault.root / "Rejected").rmdir()
    (vault.root / "Rejected").symlink_to(tmp_path)
    with pytest.raises(Obstructed), Changes(vault) as changes:
        changes.move("In_Progress/laptop/a.md", "Rejected/a.md")
    assert not (tmp_path / "a.md").exists()
