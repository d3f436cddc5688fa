"""The scan: what lies in the request folders. It is the truth; watching only says when to look."""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Iterator
from typing import NamedTuple

from platinum_tui.vault.folders import Folder, Vault
from platinum_tui.vault.moves import opened
from platinum_tui.vault.names import (
    REQUEST_SUFFIXES,
    decision_name,
    is_machinery,
    is_sidecar,
    may_be_request,
    portable,
    receipt_name,
)
from platinum_tui.vault.reading import LARGEST_REQUEST, FileIdentity, Reason, identity_of, obstacle_of

QUEUE_FOLDERS = (
    Folder.PENDING,
    Folder.APPROVED,
    Folder.REJECTED,
    Folder.NEEDS_ATTENTION,
    Folder.QUARANTINE,
    Folder.IN_PROGRESS,
)
"""Where requests lie that are not archived; of In_Progress/ only this machine's folder."""

_SECOND_NS = 1_000_000_000
_GRAIN_NS = 20_000_000
_COARSE_GRAIN_NS = 2 * _SECOND_NS


class Entry(NamedTuple):
    """One file in a request folder.

    Attributes:
        file: the vault-relative path, with `/`. A name that not every system can hold is given as `portable` has it.
        folder: the request folder that it lies in, at any depth.
        identity: tells whether it changed.
        obstacle: why it is not read; None where it can be.
    """

    file: str
    folder: Folder
    identity: FileIdentity
    obstacle: Reason | None


def scan(vault: Vault, folders: tuple[Folder, ...] = QUEUE_FOLDERS, *, others: bool = False) -> Iterator[Entry]:
    """Every request file, one stat each. What vanishes while we look is left out; links are never followed.

    A folder that cannot be listed is an entry of its own, with the obstacle `DENIED` or `SYMLINK`.

    Args:
        vault: the vault.
        folders: where to look.
        others: whether plain files that are not called like a request are listed, too.
    """
    for folder, below, found in _listings(vault, folders, others):
        if isinstance(found, Reason):
            yield _entry(below, folder, (vault.root / below).lstat(), found)
            continue
        for name in found.names:
            try:
                status = os.stat(name, dir_fd=found.descriptor, follow_symlinks=False)
            except FileNotFoundError:
                continue
            yield entry_of(f"{below}/{name}", folder, status)


def lists(file: str) -> bool | None:
    """Whether a scan, with the others, lists what lies at a vault-relative path in a queue folder, if it is a file.

    Returns:
        None where that cannot be told from the path alone: what is called like a sidecar is listed where it lies beside
        no request, and a path that is not portable is listed under another one.
    """
    folders, _, name = file.rpartition("/")
    if portable(file) != file or (is_sidecar(name) and file.startswith(f"{Folder.PENDING}/")):
        return None
    if any(part.startswith(".") for part in folders.split("/")) or f"{file}/".startswith(f"{Folder.ARCHIVED}/"):
        return False
    return not is_machinery(name)


def is_passed_over(file: str, status: os.stat_result) -> bool:
    """Whether a scan lists nothing at a path: neither a plain file lies there, nor what is called like a request."""
    return not stat.S_ISREG(status.st_mode) and not may_be_request(file)


def entry_of(file: str, folder: Folder, status: os.stat_result) -> Entry:
    """A file as the scan sees it, with what hinders reading it."""
    obstacle = obstacle_of(status, LARGEST_REQUEST) or (Reason.RESERVED_NAME if is_sidecar(file) else None)
    if obstacle and stat.S_ISREG(status.st_mode) and not may_be_request(file):
        obstacle = Reason.OTHER_SUFFIX
    return _entry(file, folder, status, obstacle)


def settled_at(identity: FileIdentity, moment_ns: int | None = None) -> bool:
    """Whether any change after a moment must give the file another identity.

    A file system stamps times with a grain: a file that was written in the very grain in which it was read may be
    written once more without a trace. A kernel's tick is 10 ms at most; a file system that keeps whole seconds only
    (FAT, HFS+, some servers) shows it by the stamp itself, and keeps two of them at worst.

    Args:
        identity: the file's, taken after the moment.
        moment_ns: the wall clock, in nanoseconds, before it was read; now where left out.
    """
    stamp = max(identity.mtime_ns, identity.changed_ns)
    grain = _COARSE_GRAIN_NS if identity.changed_ns % _SECOND_NS == 0 else _GRAIN_NS
    return stamp + grain < (time.time_ns() if moment_ns is None else moment_ns)


def _entry(file: str, folder: Folder, status: os.stat_result, obstacle: Reason | None) -> Entry:
    name = portable(file)
    return Entry(name, folder, identity_of(status), obstacle if name == file else Reason.BAD_NAME)


class _Listing(NamedTuple):
    """The names of the files in a folder that is open, as far as they are listed."""

    descriptor: int
    names: list[str]


def _listings(
    vault: Vault, folders: tuple[Folder, ...], others: bool
) -> Iterator[tuple[Folder, str, _Listing | Reason]]:
    """Each folder, open, with the files in it, or with why it cannot be listed."""
    for folder in folders:
        waiting = [f"{folder}/{vault.machine}" if folder is Folder.IN_PROGRESS else folder.value]
        if (vault.root / waiting[0]).is_symlink():
            yield folder, waiting.pop(), Reason.SYMLINK
        while waiting:
            below = waiting.pop()
            with contextlib.ExitStack() as stack:
                try:
                    descriptor = stack.enter_context(opened(vault.root / below))
                    names = _sort_out(descriptor, below, waiting, strays=folder is Folder.PENDING, others=others)
                    found = _Listing(descriptor, names)
                except (FileNotFoundError, NotADirectoryError):
                    continue
                except OSError:
                    yield folder, below, Reason.DENIED
                    continue
                if folder is Folder.APPROVED and below == folder:
                    waiting[:] = [each for each in waiting if each != Folder.ARCHIVED]
                yield folder, below, found


def _sort_out(descriptor: int, below: str, waiting: list[str], *, strays: bool, others: bool) -> list[str]:
    """The names of the request files in a folder; folders that may hold more are added to those waiting.

    A decision or a receipt that lies where nothing is decided, beside no request, is one that somebody else made: with
    `strays` it is among them. With `others` plain files are that are not called like a request.
    """
    found, sidecars = [], []
    with os.scandir(descriptor) as items:
        for item in items:
            name = item.name
            if name[-5:].lower().endswith(REQUEST_SUFFIXES):
                if not is_machinery(name):
                    found.append(name)
                elif strays and is_sidecar(name) and name[0] != ".":
                    sidecars.append(name)
            elif name[0] != "." and item.is_dir(follow_symlinks=False):
                waiting.append(f"{below}/{name}")
            elif others and not is_machinery(name) and item.is_file(follow_symlinks=False):
                found.append(name)
    if sidecars:
        ours = {beside(name) for name in found for beside in (decision_name, receipt_name)}
        found += [name for name in sidecars if name not in ours]
    return found
