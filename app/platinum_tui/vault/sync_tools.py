"""Programs that sync a vault without compare-and-swap: with one of these, a single executor has to be named."""

from __future__ import annotations

import enum
import json
import os
from pathlib import Path

from platinum_tui.vault.reading import Unreadable, read_file


class SyncTool(enum.StrEnum):
    """A program that carries files between machines."""

    SYNCTHING = "Syncthing"
    OBSIDIAN = "Obsidian Sync"
    DROPBOX = "Dropbox"
    ONEDRIVE = "OneDrive"
    NEXTCLOUD = "Nextcloud"
    ICLOUD = "iCloud Drive"


_MARKERS = {
    ".stfolder": SyncTool.SYNCTHING,
    ".stignore": SyncTool.SYNCTHING,
    ".dropbox": SyncTool.DROPBOX,
    ".dropbox.cache": SyncTool.DROPBOX,
    ".owncloudsync.log": SyncTool.NEXTCLOUD,
    ".nextcloudsync.log": SyncTool.NEXTCLOUD,
}
_FOLDERS = {"OneDrive": SyncTool.ONEDRIVE, "Mobile Documents": SyncTool.ICLOUD, "Dropbox": SyncTool.DROPBOX}


def sync_tools(root: Path) -> tuple[SyncTool, ...]:
    """The tools whose marks a vault, or a folder above it, bears; by name. Marks can be left from earlier."""
    found = {
        tool for folder in (root, *root.parents) for mark, tool in _MARKERS.items() if os.path.lexists(folder / mark)
    }
    found |= {tool for part in root.parts for name, tool in _FOLDERS.items() if part.split(" - ")[0] == name}
    if _obsidian_sync(root):
        found.add(SyncTool.OBSIDIAN)
    return tuple(sorted(found))


def _obsidian_sync(root: Path) -> bool:
    """Whether the core plugin is switched on: a list of plugins, or since Obsidian 1.7 an object of switches."""
    try:
        plugins = json.loads(read_file(root / ".obsidian" / "core-plugins.json").data)
    except (Unreadable, ValueError, RecursionError):
        return False
    return plugins.get("sync") is True if isinstance(plugins, dict) else isinstance(plugins, list) and "sync" in plugins
