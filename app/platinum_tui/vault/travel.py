"""What of a vault travels between machines, and what must stay: logs, state, keys and hidden files."""

from __future__ import annotations

import os
import re

from platinum_tui.vault.folders import Folder
from platinum_tui.vault.git import Repository
from platinum_tui.vault.secrets import looks_secret

DASHBOARD = "Dashboard.md"
SINGLE_FILES = (DASHBOARD, ".gitignore", ".platinum/vault-id")
TOP_FOLDERS = tuple(folder.value for folder in Folder if "/" not in folder)
_LOGS_AND_TRACES = re.compile(r".*\.log(\..*)?|.*\.tmp|.*~", re.IGNORECASE)


def travels(path: str) -> bool:
    """Whether this program commits a vault-relative path."""
    *folders, name = path.split("/")
    if path in SINGLE_FILES:
        return True
    hidden = any(part.startswith(".") for part in (*folders, name))
    stays = _LOGS_AND_TRACES.fullmatch(name) or looks_secret(name)
    return bool(folders) and folders[0] in TOP_FOLDERS and not hidden and not stays


def exposed_files(repository: Repository) -> list[str]:
    """Files in the clone's index that look like state or keys, whoever added them: a person should remove them."""
    listed = repository.run("ls-files", "-z").split(b"\0")[:-1]
    return [path for path in map(os.fsdecode, listed) if looks_secret(path.rpartition("/")[2])]
