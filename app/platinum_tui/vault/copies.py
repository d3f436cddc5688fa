"""Copies: a file whose very bytes lie elsewhere is removed, and never an edit of it."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from platinum_tui.vault import moves
from platinum_tui.vault.names import free_name
from platinum_tui.vault.reading import Unreadable, hash_file


def same_bytes(one: Path, other: Path) -> bool:
    """Whether two paths hold plain files with the same bytes.

    Raises:
        Unreadable: the machine does not let us see that.
    """
    try:
        return hash_file(one) == hash_file(other)
    except Unreadable as error:
        error.raise_if_denied()
        return False


def remove_copy(path: Path, original: Path) -> bool:
    """Remove a file if, at the very moment of its removal, it holds the bytes of another one.

    It is moved aside first, where nobody saves; what came out is looked at, and put back if it is another file by now.
    A crash in between leaves a half-written file's name, which `remove_leftovers` takes away.

    Args:
        path: the copy.
        original: the file that stays.

    Returns:
        Whether it was removed; if so that is durable. If not, all is as the other one left it.

    Raises:
        FileNotFoundError: the copy is gone.
        Unreadable, OSError: the machine refuses.
    """
    if not same_bytes(original, path):
        return False
    with moves.opened(path.parent) as folder, _locked(folder, path.name):
        aside = moves.temporary_name()
        moves.rename_at(folder, path.name, folder, aside)
        same = False
        try:
            same = same_bytes(original, path.with_name(aside))
        finally:
            if same:
                os.unlink(aside, dir_fd=folder)
            else:
                _put_back(folder, aside, path)
        moves.sync_folder(folder)
    return same


def _put_back(folder: int, aside: str, path: Path) -> None:
    """Under its name; where something was saved there meanwhile, beside that."""
    name = path.name
    while True:
        try:
            return moves.rename_at(folder, aside, folder, name)
        except FileExistsError:
            name = free_name(path.parent, path.name, "edited")


@contextlib.contextmanager
def _locked(folder: int, name: str) -> Iterator[None]:
    """Hold a file's lock: under its temporary name it then counts as that of a living writer."""
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
