"""The environment in which git runs nothing that a clone brings along.

What a clone's own configuration, attributes and hooks may name (programs, filters, work trees, protocols) is overridden
for every call. The user's global configuration is trusted: credentials and keys are named there.
Sources: git-config(1), git(1) "Environment Variables", githooks(5), gitattributes(5).
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from platinum_tui.model.errors import Failed
from platinum_tui.model.text import safe_line

_KEPT_VARIABLES = {"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_SSH_COMMAND"}
_ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": "file:http:https:ssh",
    "GIT_ASKPASS": "",
    "GIT_EDITOR": "false",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "SSH_ASKPASS_REQUIRE": "never",
}
_ALWAYS = (
    ("core.hooksPath", "/dev/null"),
    ("core.fsmonitor", "false"),
    ("core.attributesFile", "/dev/null"),
    ("core.alternateRefsCommand", ":"),
    ("core.autocrlf", "false"),
    ("core.fileMode", "false"),
    ("core.symlinks", "false"),
    ("core.protectHFS", "true"),
    ("core.protectNTFS", "true"),
    ("core.quotePath", "false"),
    ("credential.interactive", "false"),
    ("fetch.recurseSubmodules", "false"),
    ("push.recurseSubmodules", "no"),
    ("submodule.recurse", "false"),
    ("diff.ignoreSubmodules", "all"),
    ("log.showSignature", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("safe.bareRepository", "explicit"),
)
_FILTER = re.compile(r"filter\..*\.(clean|smudge|process|required)", re.DOTALL)
_HELPER = re.compile(r"credential\.(.*\.)?helper", re.DOTALL)
_REFUSED = re.compile(
    r"remote\..*\.(promisor|partialclonefilter|vcs)|extensions\.partialclone|gc\.recentobjectshook", re.DOTALL
)


class GitFailed(Failed):
    """git did not do what was asked."""

    default_remedy = "Run `git status` in the vault; `platinum-tui doctor` checks the connection to the remote."


class Setting(NamedTuple):
    """One line of git's configuration."""

    scope: str
    key: str
    value: str

    @property
    def trusted(self) -> bool:
        """Whether it is the user's or the system's, and not the clone's own."""
        return self.scope in {"system", "global"}


def closed_environment(root: Path, settings: Sequence[Setting] = ()) -> dict[str, str]:
    """The environment for calls on a clone.

    Args:
        root: the top of its work tree.
        settings: the configuration as it stands; without it, only reading the configuration is safe.

    Raises:
        GitFailed: the clone's own configuration holds what cannot be overridden.
    """
    # Nor does git learn what opens our keyring.
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PLATINUM_")) or k in _KEPT_VARIABLES
    }
    environment |= {**_ENVIRONMENT, "GIT_WORK_TREE": str(root), "GIT_CEILING_DIRECTORIES": str(root.parent)}
    environment.setdefault("GIT_SSH_COMMAND", _ssh_command(settings))
    overrides = [*_ALWAYS, *_overrides(settings)]
    environment["GIT_CONFIG_COUNT"] = str(len(overrides))
    for number, (key, value) in enumerate(overrides):
        environment |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return environment


def _overrides(settings: Sequence[Setting]) -> list[tuple[str, str]]:
    """What switches off each program that the configuration names by a key with a free part in it."""
    overrides = []
    for setting in settings:
        key = setting.key
        if _FILTER.fullmatch(key):
            overrides.append((key, "false" if key.endswith(".required") else ""))
        elif setting.trusted:
            continue
        elif _REFUSED.fullmatch(key):
            raise GitFailed(
                f"The clone's own configuration holds {safe_line(key)}, which can run programs.",
                remedy="Remove it with `git config --unset`, or make a fresh clone.",
            )
    helpers = [setting for setting in settings if _HELPER.fullmatch(setting.key)]
    if not all(setting.trusted for setting in helpers):  # an empty helper forgets all before it
        overrides += [(setting.key, "") for setting in helpers if not setting.trusted]
        overrides += [(setting.key, setting.value) for setting in helpers if setting.trusted]
    return overrides


def _ssh_command(settings: Sequence[Setting]) -> str:
    """The user's own way to call ssh; the clone's is passed over."""
    commands = [setting.value for setting in settings if setting.trusted and setting.key == "core.sshcommand"]
    return commands[-1] if commands else shlex.quote(os.environ.get("GIT_SSH", "ssh"))
