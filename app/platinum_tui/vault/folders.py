"""The vault's folders, and paths inside it."""

from __future__ import annotations

import enum
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from platinum_tui.model.errors import Failed, UsageError
from platinum_tui.model.machine import is_machine_name
from platinum_tui.vault.moves import create_file

_IGNORED = b"""\
# Written by platinum-tui init. Logs of one machine, half-written files, state and keys never travel.
Logs/*.log
Logs/*.log.*
Logs/*/*.log
Logs/*/*.log.*
.platinum-*.tmp
ledger.db*
index.db*
keyring.bin
.env
.env.*
*.env
*.pem
*.key
id_rsa
id_ecdsa
id_ed25519
"""


class Obstructed(UsageError):
    """Something that is no folder lies where a folder of the vault should."""

    def __init__(self, folder: str, is_link: bool) -> None:
        found = "is a link, not a folder of its own" if is_link else "is not a folder"
        super().__init__(
            f"{folder} in the vault {found}.",
            remedy="Move it away and put a folder in its place (`platinum-tui init`).",
        )


class Folder(enum.StrEnum):
    """A folder of the vault that means something."""

    NEEDS_ACTION = "Needs_Action"
    IN_PROGRESS = "In_Progress"
    PENDING = "Pending_Approval"
    APPROVED = "Approved"
    ARCHIVED = "Approved/archived"
    REJECTED = "Rejected"
    NEEDS_ATTENTION = "Needs_Attention"
    QUARANTINE = "Quarantine"
    UPDATES = "Updates"
    SIGNALS = "Signals"
    DONE = "Done"
    LOGS = "Logs"


@dataclass(frozen=True)
class Vault:
    """One vault, as this machine sees it.

    Attributes:
        root: the vault's folder.
        machine: the name of this machine's folder in In_Progress/; `local` unless configured.
    """

    root: Path
    machine: str = "local"

    def __post_init__(self) -> None:
        if not is_machine_name(self.machine):
            raise ValueError(f"not a machine name: {self.machine!r}")

    @property
    def claimed(self) -> Path:
        """Where this machine keeps what it has claimed."""
        return self.folder(Folder.IN_PROGRESS) / self.machine

    @property
    def logs(self) -> Path:
        """Where this machine writes its logs: two machines never write one file."""
        logs = self.folder(Folder.LOGS)
        return logs if self.machine == "local" else logs / self.machine

    @property
    def layout(self) -> tuple[str, ...]:
        """The vault-relative paths of all folders that a vault has, each after those above it."""
        return (
            *(folder.value for folder in Folder),
            f"{Folder.PENDING}/cloud",
            f"{Folder.IN_PROGRESS}/{self.machine}",
            *(f"{folder}/{below}" for folder in (Folder.UPDATES, Folder.SIGNALS) for below in ("archive", "error")),
        )

    def folder(self, folder: Folder) -> Path:
        """Where a folder lies."""
        return self.root / folder.value

    def path(self, relative: str) -> Path:
        """Where a vault-relative path lies. Only the words are looked at, not the disk: see `reading.read_in_vault`.

        Raises:
            ValueError: the path is empty or absolute, or holds `..`, a backslash or NUL.
        """
        return self.root.joinpath(*self.parts(relative))

    def parts(self, relative: str) -> tuple[str, ...]:
        """The folders of a vault-relative path and its name; nothing for the root itself. Raises as `path`."""
        parts = relative.split("/")
        if not relative or relative.startswith("/") or ".." in parts or "\\" in relative or "\0" in relative:
            raise ValueError(f"not a path inside the vault: {relative!r}")
        return tuple(part for part in parts if part not in {"", "."})

    def relative(self, path: Path) -> str:
        """The vault-relative form of a path below the root, with `/`.

        Raises:
            ValueError: it does not lie below the root.
        """
        return path.relative_to(self.root).as_posix()

    def ensure(self) -> list[str]:
        """Make the folders and the ignore file that are missing; what is there is not touched.

        Returns:
            The vault-relative paths that were made.

        Raises:
            Obstructed: something that is no folder, or a link, lies where a folder should.
            Failed: the machine does not let us make one.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            made = [relative for relative in self.layout if self.make(relative)]
            if not os.path.lexists(self.root / ".gitignore"):
                create_file(self.root / ".gitignore", _IGNORED)
                made.append(".gitignore")
        except OSError as error:
            raise Failed(f"The vault's folders cannot be made: {error.strerror}: {error.filename}") from error
        return made

    def make(self, relative: str) -> bool:
        """Make a folder with those above it, as far as they are missing.

        Returns:
            Whether it was missing.

        Raises:
            Obstructed: something that is no folder, or a link, lies on the way.
            ValueError: the path is none inside the vault.
            OSError: the machine does not let us.
        """
        at, missing = self.root, False
        for part in self.parts(relative):
            at /= part
            missing = not os.path.lexists(at)
            if obstruction := self._obstruction(at):
                raise obstruction
            if missing:
                at.mkdir(parents=True, exist_ok=True)
        return missing

    def obstructions(self) -> Iterator[Obstructed]:
        """What lies where a folder of the vault should, and is none."""
        found = (self._obstruction(self.root / relative) for relative in (*self.layout, ".platinum"))
        return (obstruction for obstruction in found if obstruction)

    def _obstruction(self, folder: Path) -> Obstructed | None:
        is_link = folder.is_symlink()
        if is_link or (os.path.lexists(folder) and not folder.is_dir()):
            return Obstructed(self.relative(folder), is_link)
        return None
