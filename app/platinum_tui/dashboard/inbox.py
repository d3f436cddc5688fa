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
from platinum_tui.vault.copies import remove_copy, same_bytes
from platinum_tui.vault.folders import Folder, Vault
from platinum_tui.vault.names import file_safe, is_machinery, is_taken, may_be_request, names_for
from platinum_tui.vault.reading import FileIdentity, Reason, identity_of

ARCHIVE, ERROR = "archive", "error"
_REASON = ".reason.txt"
_LONGEST = 255 - len(_REASON)


class Arrival(NamedTuple):
    """One file that waits to be merged.

    Attributes:
        file: the vault-relative path.
        identity: tells whether it changed since it was listed.
    """

    file: str
    identity: FileIdentity

    @property
    def obstacle(self) -> Reason | None:
        """Why it is not read, as far as its name tells."""
        if "\\" in self.file:
            return Reason.BAD_NAME
        is_update = self.file.startswith(f"{Folder.UPDATES}/")
        return Reason.OTHER_SUFFIX if is_update and not may_be_request(self.file) else None

    @property
    def modified(self) -> datetime:
        """The file's own time."""
        return datetime.fromtimestamp(self.identity.mtime_ns / 1e9, UTC)


def arrivals(vault: Vault) -> Iterator[Arrival]:
    """The files in Updates/ and Signals/, by name; a signal may be called anything. A link to a folder holds none."""
    for folder in (Folder.UPDATES, Folder.SIGNALS):
        path = vault.folder(folder)
        if path.is_symlink() or not path.is_dir():
            continue
        with os.scandir(path) as items:
            found = [item for item in items if _is_arrival(item)]
        for item in sorted(found, key=lambda item: item.name):
            with contextlib.suppress(FileNotFoundError):
                yield Arrival(f"{folder}/{item.name}", identity_of(item.stat(follow_symlinks=False)))


def archive(vault: Vault, arrival: Arrival, reference: str) -> None:
    """Move a merged file to its folder's archive/, its bytes unchanged, never onto another one.

    One that came back, by a sync that a crash cut off or by hand, goes: its very bytes lie there under a name of its
    own. A file that changed since it was listed stays: the next pass reads it anew.
    """
    _move(vault, arrival, ARCHIVE, reference)


def set_aside(vault: Vault, arrival: Arrival, reference: str, reason: str) -> None:
    """Move a file to its folder's error/, with the reason beside it as `NAME.reason.txt`; a changed one stays."""
    if _changed(vault, arrival):
        return
    path = target_of(vault, arrival.file, ERROR, reference)
    name = path.name if len(os.fsencode(path.name)) <= _LONGEST else file_safe(reference)
    with contextlib.suppress(FileExistsError):
        moves.create_file(path.with_name(name + _REASON), f"{reason}\n".encode("utf-8", "replace"))
    _move(vault, arrival, ERROR, reference)


def target_of(vault: Vault, file: str, below: str, reference: str) -> Path:
    """Where a file would go in a folder below its own: a free name, or the one of its own names that has its bytes.

    Raises:
        Failed: that folder is a link or cannot be made.
    """
    source = vault.root / file
    folder = source.parent / below
    try:
        if folder.is_symlink():
            raise Failed(f"{vault.relative(folder)} is a link: nothing is moved through it.")
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise Failed(f"{vault.relative(folder)} cannot be made: {error.strerror}.") from error
    places = (folder / name for name in names_for(source.name, reference.removeprefix("update ")))
    return next(place for place in places if same_bytes(place, source) or not is_taken(folder, place.name))


def _move(vault: Vault, arrival: Arrival, below: str, reference: str) -> None:
    """Another merger may have been faster: then there is nothing left to do."""
    path = vault.root / arrival.file
    while not _changed(vault, arrival):
        target = target_of(vault, arrival.file, below, reference)
        try:
            if not remove_copy(path, target):
                moves.move(path, target)
        except FileExistsError:
            continue
        except FileNotFoundError:
            pass
        except OSError as error:
            raise Failed(f"{arrival.file} cannot be moved: {error.strerror}.") from error
        return


def _changed(vault: Vault, arrival: Arrival) -> bool:
    try:
        return identity_of((vault.root / arrival.file).lstat()) != arrival.identity
    except FileNotFoundError:
        return True


def _is_arrival(item: os.DirEntry[str]) -> bool:
    return not is_machinery(item.name) and not item.is_dir(follow_symlinks=False)
