"""Where the program keeps what is its own: configuration and state, outside every vault (XDG Base Directory 0.8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platinum_tui.model.errors import ConfigurationError

FOLDER = "platinum-tui"
PRIVATE = 0o700
_VAULT_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")


def config_home(environ: Mapping[str, str]) -> Path:
    """Where programs keep their configuration: `$XDG_CONFIG_HOME`, else `~/.config`."""
    return _base(environ, "XDG_CONFIG_HOME", ".config")


def config_dir(environ: Mapping[str, str]) -> Path:
    """The default configuration directory: `platinum-tui` in there."""
    return config_home(environ) / FOLDER


def state_dir(environ: Mapping[str, str]) -> Path:
    """The default state directory: `$XDG_STATE_HOME/platinum-tui`, else `~/.local/state/platinum-tui`."""
    return _base(environ, "XDG_STATE_HOME", ".local/state") / FOLDER


def expand(path: str, environ: Mapping[str, str]) -> Path:
    """A path as people write it: `~` is the home directory; a relative path starts at the working directory."""
    if path == "~" or path.startswith("~/"):
        return _home(environ) / path[2:]
    return Path(path).absolute()


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a path is a folder or lies below it, symbolic links followed."""
    return path.resolve().is_relative_to(folder.resolve())


@dataclass(frozen=True, slots=True)
class StateDir:
    """The state directory: readable by its owner alone, and never inside a vault."""

    root: Path

    def ensure(self) -> Path:
        """Makes the directory (mode 0700) where it is missing, and returns it.

        Raises:
            ConfigurationError: it cannot be made.
        """
        return _make_private(self.root)

    def check_outside(self, vault_root: Path) -> None:
        """Holds the rule that state does not lie where others can write.

        Raises:
            ConfigurationError: the state directory lies inside the vault.
        """
        if is_inside(self.root, vault_root):
            raise ConfigurationError(
                f"The state directory {self.root} lies inside the vault {vault_root}.",
                remedy="Choose another with --state-dir or PLATINUM_STATE_DIR: others can write in the vault.",
            )

    @property
    def keyring_file(self) -> Path:
        """The encrypted file keyring, where there is no system one."""
        return self.root / "keyring.bin"

    @property
    def signers_file(self) -> Path:
        """The public keys of this machine's signers."""
        return self.root / "signers.json"

    def vault_dir(self, vault_id: str) -> Path:
        """The directory of one vault's ledger, made (mode 0700) where it is missing.

        Args:
            vault_id: as the vault itself says; it is checked, since others can write there.

        Raises:
            ConfigurationError: the id cannot name a directory, or the directory cannot be made.
        """
        if not _VAULT_ID.fullmatch(vault_id):
            raise ConfigurationError(
                "The vault's id is not one that this program writes.",
                remedy="Restore .platinum/vault-id in the vault, from git or a backup.",
            )
        self.ensure()
        _make_private(self.root / "vaults")
        return _make_private(self.root / "vaults" / vault_id)


def _base(environ: Mapping[str, str], variable: str, default: str) -> Path:
    # The specification: a relative path in these variables is invalid and is ignored.
    given = environ.get(variable, "")
    return Path(given) if given.startswith("/") else _home(environ) / default


def _home(environ: Mapping[str, str]) -> Path:
    home = environ.get("HOME")
    return Path(home) if home else Path.home()


def _make_private(folder: Path) -> Path:
    try:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"The state directory {folder} cannot be made: {error.strerror}.",
            remedy="Give a directory that you can write with --state-dir or PLATINUM_STATE_DIR.",
        ) from error
    return folder
