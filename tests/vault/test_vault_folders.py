from __future__ import annotations

from pathlib import Path

import pytest

from platinum_tui.model.errors import UsageError
from platinum_tui.vault.folders import Folder, Vault


def test_init_makes_every_folder_and_a_second_one_makes_nothing(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault")
    made = vault.ensure()
    assert {"Pending_Approval/cloud", "In_Progress/local", "Approved/archived", "Updates/error", ".gitignore"} <= {
        *made
    }
    assert all((vault.root / folder).is_dir() for folder in Folder)
    assert vault.ensure() == []


def test_init_touches_nothing_of_the_user(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    (tmp_path / "Approved").mkdir()
    (tmp_path / "Approved" / "note.md").write_text("mine\n")
    made = Vault(tmp_path).ensure()
    assert ".gitignore" not in made
    assert "Approved" not in made
    assert (tmp_path / ".gitignore").read_text() == (tmp_path / "Approved/note.md").read_text() == "mine\n"


def test_init_refuses_a_folder_that_is_a_link_out_of_the_vault(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    vault = Vault(tmp_path / "vault")
    vault.root.mkdir()
    (vault.root / "Approved").symlink_to(outside)
    with pytest.raises(UsageError, match="Approved"):
        vault.ensure()
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("hostile", ["", "/etc/passwd", "../x", "a/../../x", "a\\..\\x", "a\0b", ".."])
def test_a_path_that_could_leave_the_vault_is_refused(tmp_path: Path, hostile: str) -> None:
    with pytest.raises(ValueError, match="not a path inside the vault"):
        Vault(tmp_path).path(hostile)


def test_an_ordinary_path_goes_in_and_out(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    path = vault.path("Pending_Approval/cloud/a b..md")
    assert path == tmp_path / "Pending_Approval" / "cloud" / "a b..md"
    assert vault.relative(path) == "Pending_Approval/cloud/a b..md"


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", ".hidden", "a\n"])
def test_a_machine_cannot_be_named_like_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="machine"):
        Vault(tmp_path, name)


def test_two_machines_never_write_one_log(tmp_path: Path) -> None:
    assert Vault(tmp_path).logs == tmp_path / "Logs"
    assert Vault(tmp_path, "laptop").logs == tmp_path / "Logs" / "laptop"
