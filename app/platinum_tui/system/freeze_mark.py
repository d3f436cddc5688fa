"""The freeze mark: while it stands, nothing is executed. Core and servers look at it, each for itself."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from platinum_tui.system.private_file import write_private

FREEZE_FILE = "FREEZE"
"""A file of this name in the vault's root stops every execution, too; whoever can write there may throw it."""


@dataclass(frozen=True, slots=True)
class FreezeMark:
    """The mark of one vault.

    Attributes:
        vault_state: `STATE/vaults/<vault id>`, where a person's freeze is kept.
        vault_root: the vault's folder.
    """

    vault_state: Path
    vault_root: Path

    @property
    def reason(self) -> str | None:
        """Why everything is stopped; None while nothing is."""
        try:
            return self._file.read_text("utf-8").strip() or "Frozen by a person."
        except FileNotFoundError:
            in_vault = os.path.lexists(f"{self.vault_root}/{FREEZE_FILE}")  # asked before each call
            return f"There is a file {FREEZE_FILE} in the vault." if in_vault else None

    def set(self, reason: str) -> None:
        """Stop every execution that has not begun, across restarts; without a reason an earlier one stays."""
        if reason or not self._file.exists():
            write_private(self._file, f"{reason}\n".encode())

    def clear(self) -> None:
        """Allow executions again, as far as this mark is concerned."""
        self._file.unlink(missing_ok=True)

    @property
    def files(self) -> tuple[Path, Path]:
        """What comes when everything is stopped, and goes when it is allowed again: a person's freeze, the vault's."""
        return self._file, self.vault_root / FREEZE_FILE

    @property
    def _file(self) -> Path:
        return self.vault_state / "frozen"
