"""A vault keeps its id, whatever a crash leaves of the pin, and whatever its folder is called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from platinum_tui.model.errors import ConfigurationError
from platinum_tui.review.founding import found
from platinum_tui.system.options import Options
from platinum_tui.system.vault_identity import ID_FILE, pin_vault_id, pinned_vault_id

CARRIED = "0123456789abcdef" * 2


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    vault = tmp_path / "vault"
    (vault / ID_FILE).parent.mkdir(parents=True)
    (vault / ID_FILE).write_text(f"{CARRIED}\n")
    return vault


@pytest.mark.parametrize("left", ["", "\n"])
def test_a_pin_that_a_crash_left_empty_is_written_anew(tmp_path: Path, vault: Path, left: str) -> None:
    pin = tmp_path / "state" / "vaults" / CARRIED / "root"
    pin.parent.mkdir(parents=True)
    pin.write_text(left)

    assert pin_vault_id(tmp_path / "state", vault) == CARRIED
    assert pinned_vault_id(tmp_path / "state", vault) == CARRIED


def test_a_crash_while_it_is_pinned_leaves_no_half_of_a_pin(
    tmp_path: Path, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_arguments: object) -> None:
        raise OSError("the power went away")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", die)
        with pytest.raises(OSError, match="power"):
            pin_vault_id(tmp_path / "state", vault)

    assert not list((tmp_path / "state").glob("vaults/*/root"))
    assert pin_vault_id(tmp_path / "state", vault) == CARRIED


def test_a_folder_whose_name_is_not_utf_8_is_pinned_like_any_other(tmp_path: Path) -> None:
    vault = tmp_path / os.fsdecode(b"latin-\xf1")
    vault.mkdir()

    vault_id = pin_vault_id(tmp_path / "state", vault)

    assert pinned_vault_id(tmp_path / "state", vault) == vault_id
    assert pinned_vault_id(tmp_path / "state", tmp_path) is None


def test_a_copy_of_a_vault_that_is_still_there_is_refused_by_name(tmp_path: Path, vault: Path) -> None:
    pin_vault_id(tmp_path / "state", vault)
    copy = tmp_path / "copy"
    vault.rename(copy)
    assert pin_vault_id(tmp_path / "state", copy) == CARRIED  # it was moved

    (vault / ID_FILE).parent.mkdir(parents=True)
    (vault / ID_FILE).write_text(f"{CARRIED}\n")
    with pytest.raises(ConfigurationError, match=str(copy)):
        pin_vault_id(tmp_path / "state", vault)


def test_the_id_that_a_vault_carries_stays_on_every_machine(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "PLATINUM_PASSPHRASE": "correct horse"}
    carried = []
    for machine in ("one", "two"):
        folder = str(tmp_path / machine)
        options = Options(vault=str(tmp_path / "vault"), config=f"{folder}/config.toml", state_dir=f"{folder}/state")
        found(options, environ, lambda _said: None)
        carried.append((tmp_path / "vault" / ID_FILE).read_text().strip())
        assert pinned_vault_id(tmp_path / machine / "state", tmp_path / "vault") == carried[0]

    assert carried[0] == carried[1]
