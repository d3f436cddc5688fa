"""Which vault this is: an id that the state directory pins to a folder, so that nothing in the vault can change it."""

from __future__ import annotations

import secrets
from pathlib import Path

from platinum_tui.model.errors import ConfigurationError

ID_FILE = ".platinum/vault-id"
"""Where a vault carries its id to the other machines that share it, relative to its root."""


def pinned_vault_id(state_root: Path, vault_root: Path) -> str | None:
    """The id that this state directory has pinned to that folder, or None at first sight."""
    wanted = str(vault_root.resolve())
    for root_file in sorted(state_root.glob("vaults/*/root")):
        if root_file.read_text(encoding="utf-8").strip() == wanted:
            return root_file.parent.name
    return None


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
    root_file = state_root / "vaults" / vault_id / "root"
    if root_file.exists() and Path(root_file.read_text(encoding="utf-8").strip()).is_dir():
        raise ConfigurationError(
            f"{vault_root} carries the id of another vault, {root_file.read_text(encoding='utf-8').strip()}.",
            remedy=f"If it is a copy, delete {vault_root / ID_FILE}; if the vault was moved, remove the old folder.",
        )
    root_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    root_file.write_text(f"{vault_root.resolve()}\n", encoding="utf-8")
    return vault_id


def carried_vault_id(vault_root: Path) -> str | None:
    """The id that the vault itself carries, if it is well formed."""
    try:
        text = (vault_root / ID_FILE).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return text if len(text) == 32 and all(c in "0123456789abcdef" for c in text) else None
