"""Machines with clones of one vault, for the stories of the sync."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from platinum_tui.vault.folders import Vault
from platinum_tui.vault.git import Repository
from platinum_tui.vault.sync import Sync, SyncReport


class Machine:
    """One machine with a clone of the vault; `git` is the user's own git in it."""

    def __init__(self, root: Path, name: str) -> None:
        self.root = root
        self.vault = Vault(root, name)
        self.vault.ensure()

    def git(self, *arguments: str) -> str:
        run = subprocess.run(["git", *arguments], cwd=self.root, check=True, capture_output=True)
        return os.fsdecode(run.stdout).strip()

    def sync(self) -> SyncReport:
        return Sync(self.vault, Repository(self.root)).run()

    def open_sync(self) -> Sync:
        return Sync(self.vault, Repository(self.root))

    def put(self, file: str, text: str) -> str:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return file

    def read(self, file: str) -> str:
        return (self.root / file).read_text()

    def has(self, file: str) -> bool:
        return os.path.lexists(self.root / file)

    def files(self) -> dict[str, str]:
        """Every file outside .git, with its text."""
        found = (path for path in self.root.rglob("*") if path.is_file() and ".git" not in path.parts)
        return {self.vault.relative(path): path.read_text() for path in found if path.name != ".gitignore"}


def clone(remote: Path, name: str) -> Machine:
    root = remote.parent / name
    subprocess.run(["git", "clone", "-q", str(remote), str(root)], check=True, capture_output=True)
    return Machine(root, name)
