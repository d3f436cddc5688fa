"""What lies in Updates/ and Signals/, and where it goes: archived unchanged, or set aside with the reason."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from platinum_tui.model.errors import Failed
from platinum_tui.vault import moves
from platinum_tui.vault.folders import Folder, Vault
from platinum_tui.vault.names import REQUEST_SUFFIXES, file_safe, free_name, is_machinery

ARCHIVE, ERROR = "archive", "error"
_REASON = ".reason.txt"
_LONGEST = 255 - len(_REASON)
_HALF_WRITTEN = ("~", ".part", ".swp", ".crdownload")


class Arrival(NamedTuple):
    """One file that waits to be merged.

    Attributes:
        file: the vault-relative path.
        modified: the file's own time.
    """

    file: str
    modified: datetime


def arrivals(vault: Vault) -> Iterator[Arrival]:
    """The files in Updates/ (`.md`, `.json`) and Signals/ (any), by name. A folder that is a link holds none."""
    for folder in (Folder.UPDATES, Folder.SIGNALS):
        path = vault.folder(folder)
        if path.is_symlink() or not path.is_dir():
            continue
        with os.scandir(path) as items:
            found = [item for item in items if _is_arrival(folder, item)]
        for item in sorted(found, key=lambda item: item.name):
            with contextlib.suppress(FileNotFoundError):
                modified = datetime.fromtimestamp(item.stat(follow_symlinks=False).st_mtime, UTC)
                yield Arrival(f"{folder}/{item.name}", modified)


def archive(vault: Vault, file: str, reference: str) -> None:
    """Move a merged file to its folder's archive/, its bytes unchanged, never onto another one."""
    _move(vault, file, ARCHIVE, reference)


def set_aside(vault: Vault, file: str, reference: str, reason: str) -> None:
    """Move a file to its folder's error/, with the reason beside it as `NAME.reason.txt`."""
    path = target_of(vault, file, ERROR, reference)
    name = path.name if len(os.fsencode(path.name)) <= _LONGEST else file_safe(reference)
    with contextlib.suppress(FileExistsError):
        moves.create_file(path.with_name(name + _REASON), f"{reason}\n".encode("utf-8", "replace"))
    _move(vault, file, ERROR, reference)


def target_of(vault: Vault, file: str, below: str, reference: str) -> Path:
    """Where a file would go in a folder below its own.

    Raises:
        Failed: that folder is a link or cannot be made.
    """
    source = vault.path(file)
    folder = source.parent / below
    try:
        if folder.is_symlink():
            raise Failed(f"{vault.relative(folder)} is a link: nothing is moved through it.")
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise Failed(f"{vault.relative(folder)} cannot be made: {error.strerror}.") from error
    return folder / free_name(folder, source.name, reference.removeprefix("update "))


def _move(vault: Vault, file: str, below: str, reference: str) -> None:
    """Another merger may have been faster: then there is nothing left to do."""
    while True:
        try:
            moves.move(vault.path(file), target_of(vault, file, below, reference))
        except FileExistsError:
            continue
        except FileNotFoundError:
            pass
        except OSError as error:
            raise Failed(f"{file} cannot be moved: {error.strerror}.") from error
        return


def _is_arrival(folder: Folder, item: os.DirEntry[str]) -> bool:
    if is_machinery(item.name) or item.name.endswith(_HALF_WRITTEN) or item.is_dir(follow_symlinks=False):
        return False
    return folder is Folder.SIGNALS or item.name.lower().endswith(REQUEST_SUFFIXES)
