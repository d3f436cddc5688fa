"""What `doctor` finds about how a vault is shared: secrets that would travel, and tools that carry it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from platinum_tui.model.text import safe_line
from platinum_tui.system.health import Finding, Severity
from platinum_tui.vault.git import Repository, is_clone
from platinum_tui.vault.git_environment import GitFailed
from platinum_tui.vault.sync_tools import sync_tools
from platinum_tui.vault.travel import exposed_files, looks_secret


def check_sharing(vault: Path, machine: str) -> Iterator[Finding]:
    """Secrets in the vault or tracked by git, and sync tools by which no machine can claim a request.

    Args:
        vault: the vault's root.
        machine: this machine's name.
    """
    tracked: list[str] = []
    if is_clone(vault):
        try:
            tracked = exposed_files(Repository(vault))
        except GitFailed as error:
            yield Finding.of_error(error, "git")
    for path in tracked:
        yield Finding(
            "secret_tracked",
            Severity.ERROR,
            f"git carries {safe_line(path)}, which looks like a key or like state, to every machine.",
            f"Run `git rm --cached -- {safe_line(path)}` in the vault, move the file out, and change what it holds.",
        )
    for path in sorted(set(_lying_around(vault)) - set(tracked)):
        yield Finding(
            "secret_in_vault",
            Severity.ERROR,
            f"{safe_line(path)} looks like a key or like state, and lies in the vault, which others can read.",
            "Move it out of the vault.",
        )
    for tool in sync_tools(vault):
        yield Finding(
            "sync_tool",
            Severity.NOTE,
            f"{tool} seems to carry this vault; with it no machine can claim a request before it executes it.",
            f"Let one machine alone execute ({machine}, if it is this one); on others decide only.",
        )


def _lying_around(vault: Path) -> Iterator[str]:
    for at, folders, names in os.walk(vault):
        folders[:] = [name for name in folders if name != ".git"]
        for name in names:
            if looks_secret(name):
                yield (Path(at) / name).relative_to(vault).as_posix()
