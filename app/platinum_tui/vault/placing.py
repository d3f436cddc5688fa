"""Files placed in the vault: below its root no link is followed, and what stands in the way of ours is set aside."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator

from platinum_tui.model.errors import Failed
from platinum_tui.vault.folders import Folder, Obstructed, Vault
from platinum_tui.vault.moves import create_at, move_at, opened, replace_at
from platinum_tui.vault.names import free_name

_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
_OBSTRUCTED = {errno.ENOTDIR, errno.ELOOP, errno.EMLINK}
_PASSED = (
    Folder.APPROVED,
    Folder.ARCHIVED,
    Folder.REJECTED,
    Folder.NEEDS_ATTENTION,
    Folder.QUARANTINE,
    Folder.DONE,
)
"""Folders that decided requests and their tasks go to, besides this machine's own in In_Progress/."""


def prepare_folders(vault: Vault) -> None:
    """Have every folder that a decided request may go to, before anything is done that cannot be taken back.

    Raises:
        Obstructed: a link, or something that is no folder, lies in place of one.
        Failed: the machine does not let us make one.
    """
    try:
        for folder in (*_PASSED, vault.relative(vault.claimed)):
            vault.make(folder)
    except OSError as error:
        raise Failed(f"The vault's folders cannot be made: {error.strerror}: {error.filename}.") from error


@contextlib.contextmanager
def folder_in_vault(vault: Vault, relative: str) -> Iterator[int]:
    """A descriptor of a folder by its vault-relative path; below the root, no component may be a link.

    Raises:
        Obstructed: a link, or something that is no folder, lies on the way.
        FileNotFoundError: it is missing.
        OSError: the machine refuses.
        ValueError: the path is none inside the vault.
    """
    with contextlib.ExitStack() as stack:
        path, at = vault.root, stack.enter_context(opened(vault.root))
        for part in vault.path(relative).relative_to(vault.root).parts:
            path /= part
            try:
                descriptor = os.open(part, _FOLDER, dir_fd=at)
            except OSError as error:
                if error.errno in _OBSTRUCTED:
                    raise Obstructed(vault.relative(path), path.is_symlink()) from error
                raise
            stack.callback(os.close, descriptor)
            at = descriptor
        yield at


def move_in_vault(vault: Vault, file: str, target: str) -> None:
    """Move a file, by vault-relative paths, so that no other is ever replaced; the target's folder is made if missing.

    Raises:
        FileExistsError: the target's name is taken.
        FileNotFoundError: the file is gone.
        Obstructed, OSError, ValueError: as `folder_in_vault`.
    """
    with _parent(vault, file) as (here, name):
        vault.make(target.rpartition("/")[0])
        with _parent(vault, target) as (there, new_name):
            move_at(here, name, there, new_name)


def create_in_vault(vault: Vault, file: str, data: bytes) -> None:
    """Write a new file of ours, whole or not at all; a folder, link or pipe of its name is set aside.

    Raises:
        FileExistsError: a plain file of that name is there.
        Obstructed, OSError, ValueError: as `folder_in_vault`.
    """
    with _parent(vault, file) as (folder, name):
        if not _is_plain(folder, name):
            set_aside(vault, file)
        create_at(folder, name, data)


def replace_in_vault(vault: Vault, file: str, data: bytes) -> None:
    """Write a plain file of ours anew; raises as `folder_in_vault`."""
    with _parent(vault, file) as (folder, name):
        replace_at(folder, name, data)


def remove_in_vault(vault: Vault, file: str) -> None:
    """Remove a file of ours, where there is one; a folder of its name is a stranger's and stays. Raises as above."""
    with contextlib.suppress(FileNotFoundError, IsADirectoryError), _parent(vault, file) as (folder, name):
        if not stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            os.unlink(name, dir_fd=folder)


def set_aside(vault: Vault, file: str) -> None:
    """Move whatever lies at a path to Quarantine/, under a free name; raises as `folder_in_vault`."""
    name = file.rpartition("/")[2]
    while True:
        target = f"{Folder.QUARANTINE}/{free_name(vault.folder(Folder.QUARANTINE), name, 'planted')}"
        try:
            return move_in_vault(vault, file, target)
        except FileExistsError:
            continue
        except FileNotFoundError:
            return None


@contextlib.contextmanager
def _parent(vault: Vault, file: str) -> Iterator[tuple[int, str]]:
    folder, _, name = file.rpartition("/")
    with folder_in_vault(vault, folder) as descriptor:
        yield descriptor, name


def _is_plain(folder: int, name: str) -> bool:
    """Whether a name is free, or that of a plain file."""
    try:
        return stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return True
