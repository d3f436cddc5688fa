"""The check before commits that a person makes by hand: a hook that the vault's owner has installed, and what it asks.

Our own commits run no hook of the repository: `Sync` asks the same questions itself.
"""

from __future__ import annotations

import enum
import os
import shlex
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from platinum_tui.vault.git import Repository
from platinum_tui.vault.moves import create_file
from platinum_tui.vault.secrets import why_secret

_MARK = "platinum-tui doctor --staged"
_COMMAND = 'doctor --staged --vault "$(git rev-parse --show-toplevel)"'


class HookState(enum.Enum):
    """Whether commits made by hand are checked."""

    OURS = "ours"
    NAMED = "a hook of the user's that asks ours, too"
    FOREIGN = "a hook of the user's that does not"
    ELSEWHERE = "the clone keeps its hooks elsewhere"
    MISSING = "missing"


def hook_line() -> str:
    """The shell command that refuses a commit with secrets in it; the vault's own folder is no place to import from."""
    return f"{shlex.quote(sys.executable)} -P -m platinum_tui.cli {_COMMAND}"


def hook_state(repository: Repository) -> HookState:
    """Whether the clone's pre-commit hook asks ours; nothing is run."""
    if repository.hooks_elsewhere:
        return HookState.ELSEWHERE
    hook = _hook_file(repository)
    if not os.path.lexists(hook):
        return HookState.MISSING
    try:
        text = hook.read_text("utf-8", "replace") if hook.is_file() else ""
    except OSError:
        return HookState.FOREIGN
    if text == _hook():
        return HookState.OURS
    return HookState.NAMED if "doctor --staged" in text else HookState.FOREIGN


def install_hook(repository: Repository) -> Path | None:
    """Write the hook where there is none; what is there stays.

    Returns:
        Where it was written; None where it was not.

    Raises:
        OSError: the machine does not let us.
    """
    if hook_state(repository) is not HookState.MISSING:
        return None
    hook = _hook_file(repository)
    hook.parent.mkdir(exist_ok=True)
    create_file(hook, _hook().encode())
    hook.chmod(0o755)
    return hook


def staged_secrets(repository: Repository, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What would be committed and must not: (path, why).

    Args:
        repository: the clone.
        environ: git tells a hook with GIT_INDEX_FILE which index it is about to commit.
    """
    index = environ.get("GIT_INDEX_FILE")
    environment = {"GIT_INDEX_FILE": str(repository.root / index)} if index else None
    head = repository.resolve("HEAD") or repository.empty_tree
    listing = repository.run(
        "diff-index", "--cached", "-z", "--raw", "--no-renames", "--no-abbrev", head, environment=environment
    )
    changed = [(path, change.new) for path, change in repository.parse_changes(listing) if change.new]
    with repository.blobs() as blobs:
        for path, leaf in changed:
            data = b"".join(blobs.read(leaf.oid)) if leaf.is_file else b""
            if why := why_secret(path, data):
                yield path, why


def _hook_file(repository: Repository) -> Path:
    return repository.common_dir / "hooks" / "pre-commit"


def _hook() -> str:
    return (
        f"#!/bin/sh\n# {_MARK}: no commit takes along a key, a credential or the program's state.\nexec {hook_line()}\n"
    )
