"""The program's own files lie where the XDG specification says, private, and never in a vault."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from platinum_tui.model.errors import ConfigurationError
from platinum_tui.system.paths import StateDir, config_dir, expand, state_dir


def test_the_folders_are_the_ones_of_the_specification() -> None:
    assert config_dir({"HOME": "/home/ana"}) == Path("/home/ana/.config/platinum-tui")
    assert state_dir({"HOME": "/home/ana"}) == Path("/home/ana/.local/state/platinum-tui")
    given = {"HOME": "/home/ana", "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s"}
    assert (config_dir(given), state_dir(given)) == (Path("/c/platinum-tui"), Path("/s/platinum-tui"))
    assert config_dir({"HOME": "/home/ana", "XDG_CONFIG_HOME": "relative"}) == Path("/home/ana/.config/platinum-tui")


def test_a_tilde_is_the_home_directory() -> None:
    environ = {"HOME": "/home/ana"}
    assert expand("~", environ) == Path("/home/ana")
    assert expand("~/vault", environ) == Path("/home/ana/vault")
    assert expand("vault", environ) == Path.cwd() / "vault"


def test_what_is_made_is_private(tmp_path: Path) -> None:
    state = StateDir(tmp_path / "a" / "state")
    folder = state.vault_dir("0123abcd")
    for path in (state.root, folder.parent, folder):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert folder == state.root / "vaults" / "0123abcd"


@pytest.mark.parametrize("vault_id", ["", "..", "a/b", "../../x", "a" * 65, "a\n", "-x"])
def test_a_vaults_own_id_cannot_lead_out_of_the_state_directory(tmp_path: Path, vault_id: str) -> None:
    with pytest.raises(ConfigurationError, match="id"):
        StateDir(tmp_path).vault_dir(vault_id)


def test_state_inside_a_vault_is_refused_also_through_a_link(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    (vault / "deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to(vault / "deep")
    StateDir(tmp_path / "state").check_outside(vault)
    for inside in (vault, vault / "state", tmp_path / "link" / "state"):
        with pytest.raises(ConfigurationError, match="inside the vault") as caught:
            StateDir(inside).check_outside(vault)
        assert "--state-dir" in caught.value.remedy


def test_a_state_directory_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot be made"):
        StateDir(tmp_path / "file" / "state").ensure()
