"""Which vault this is: an id that the state directory pins to a folder, so that nothing in the vault can change it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from platinum_tui.model.errors import ConfigurationError
from platinum_tui.system.private_file import write_private

ID_FILE = ".platinum/vault-id"
"""Where a vault carries its id to the other machines that share it, relative to its root."""


def pinned_vault_id(state_root: Path, vault_root: Path) -> str | None:
    """The id that this state directory has pinned to that folder, or None at first sight."""
    wanted = str(vault_root.resolve())
    pins = sorted(state_root.glob("vaults/*/root"))
    return next((pin.parent.name for pin in pins if _folder_of(pin) == wanted), None)


def pin_vault_id(state_root: Path, vault_root: Path) -> str:
    """The vault's id, pinned now if it was not: the id that the vault carries, else a new random one.

    Writes in the state directory only.

    Raises:
        ConfigurationError: the vault carries the id of another folder that is still there.
    """
    pinned = pinned_vault_id(state_root, vault_root)
    if pinned:
        return pinned
    vault_id = carried_vault_id(vault_root) or secrets.token_hex(16)
    pin = state_root / "vaults" / vault_id / "root"
    other = _folder_of(pin)
    if other and Path(other).is_dir():
        raise ConfigurationError(
            f"{vault_root} carries the id of another vault, {other}.",
            remedy=f"If it is a copy, delete {vault_root / ID_FILE}; if the vault was moved, remove the old folder.",
        )
    pin.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(pin, os.fsencode(f"{vault_root.resolve()}\n"))
    return vault_id


def carried_vault_id(vault_root: Path) -> str | None:
    """The id that the vault itself carries, if it is well formed."""
    try:
        text = (vault_root / ID_FILE).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return text if len(text) == 32 and all(c in "0123456789abcdef" for c in text) else None


def _folder_of(pin: Path) -> str:
    """The folder that a pin names; empty where there is none, or a crash left it empty."""
    try:
        return os.fsdecode(pin.read_bytes()).removesuffix("\n")
    except FileNotFoundError:
        return ""
