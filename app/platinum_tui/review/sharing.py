"""What `doctor` finds about how a vault is shared: secrets that would travel, and tools that carry it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from platinum_tui.model.text import safe_line
from platinum_tui.system.health import Finding, Severity
from platinum_tui.vault.commit_check import HookState, hook_line, hook_state, staged_secrets
from platinum_tui.vault.git import Repository, is_clone
from platinum_tui.vault.git_environment import GitFailed
from platinum_tui.vault.names import second_version
from platinum_tui.vault.reading import Unreadable, read_file
from platinum_tui.vault.secrets import looks_secret, secret_inside
from platinum_tui.vault.sync_tools import sync_tools
from platinum_tui.vault.travel import exposed_files

_LARGEST_LOOKED_INTO = 256 * 1024
"""Bytes; requests are no larger, and a larger file is an attachment."""


def check_sharing(vault: Path, machine: str) -> Iterator[Finding]:
    """Secrets in the vault or tracked by git, and sync tools by which no machine can claim a request.

    Args:
        vault: the vault's root.
        machine: this machine's name.
    """
    tracked: list[str] = []
    if is_clone(vault):
        try:
            repository = Repository(vault)
            tracked = exposed_files(repository)
            yield from _check_hook(hook_state(repository))
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
    for path, what in _told_in_files(vault):
        yield Finding(
            "secret_in_file",
            Severity.WARNING,
            f"{safe_line(path)} holds {what}, and lies in the vault, which others can read.",
            "Take it out of the file, and change it where it is valid; `credentials set` keeps what the program needs.",
        )
    for path in sorted(_second_versions(vault)):
        yield Finding(
            "second_version",
            Severity.WARNING,
            f"{safe_line(path)} is one of two versions of a file, kept by a sync tool.",
            "Compare it with the other one, keep what is right under the plain name, and remove or reject the rest.",
        )
    for tool in sync_tools(vault):
        yield Finding(
            "sync_tool",
            Severity.NOTE,
            f"{tool} seems to carry this vault; with it no machine can claim a request before it executes it.",
            f"Let one machine alone execute ({machine}, if it is this one); on others decide only.",
        )


def check_staged(vault: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    """What the next commit by hand would take along and must not; raises GitFailed."""
    for path, why in staged_secrets(Repository(vault), environ):
        name = safe_line(path)
        yield Finding(
            "secret_staged",
            Severity.ERROR,
            f"{name} {why}: it must not be committed.",
            f"Run `git restore --staged -- {name}` and take it out of the vault.",
        )


def _check_hook(state: HookState) -> Iterator[Finding]:
    if state is HookState.MISSING:
        yield Finding(
            "commits_unchecked",
            Severity.NOTE,
            "Commits that are made here by hand are not checked for keys, credentials and state; ours are.",
            "Run `platinum-tui init`: it installs the check as a pre-commit hook.",
        )
    elif state in {HookState.FOREIGN, HookState.ELSEWHERE}:
        yield Finding(
            "commits_unchecked",
            Severity.NOTE,
            "The clone has a pre-commit hook, or a place for hooks, of its own: commits by hand are not checked.",
            f"Put this line into the hook: {hook_line()} || exit 1",
        )


def _told_in_files(vault: Path) -> Iterator[tuple[str, str]]:
    for path in _files(vault):
        if looks_secret(path.name):
            continue
        try:
            what = secret_inside(read_file(path, _LARGEST_LOOKED_INTO).data)
        except Unreadable:
            continue
        if what:
            yield path.relative_to(vault).as_posix(), what


def _second_versions(vault: Path) -> Iterator[str]:
    return (path.relative_to(vault).as_posix() for path in _files(vault) if second_version(path.name))


def _lying_around(vault: Path) -> Iterator[str]:
    return (path.relative_to(vault).as_posix() for path in _files(vault) if looks_secret(path.name))


def _files(vault: Path) -> Iterator[Path]:
    for at, folders, names in os.walk(vault):
        folders[:] = [name for name in folders if name != ".git"]
        yield from (Path(at) / name for name in names)
