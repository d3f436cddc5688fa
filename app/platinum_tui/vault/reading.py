"""Reading untrusted files: through one descriptor, once, never through a link, never waiting."""

from __future__ import annotations

import contextlib
import enum
import errno
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from platinum_tui.model.errors import PlatinumError
from platinum_tui.vault.folders import Vault

LARGEST_REQUEST = 256 * 1024
"""Bytes; a larger file is no request."""
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
_CHUNK = 1024 * 1024


class Reason(enum.StrEnum):
    """Why a file is not read."""

    MISSING = "it is missing"
    SYMLINK = "it is reached through a symbolic link"
    NOT_REGULAR = "it is not a regular file"
    HARD_LINKED = "it has more than one name on the disk (a hard link)"
    TOO_LARGE = "it is too large"
    DENIED = "the machine does not let us read it"
    BAD_NAME = "its name is not UTF-8, or holds a backslash; rename it"
    OTHER_SUFFIX = "its name ends in neither .md nor .json"
    RESERVED_NAME = "its name is one that decisions and receipts have; rename it"


_REASONS = {
    errno.ENOENT: Reason.MISSING,
    errno.ENOTDIR: Reason.MISSING,
    errno.ENAMETOOLONG: Reason.MISSING,
    errno.ELOOP: Reason.SYMLINK,
    errno.EMLINK: Reason.SYMLINK,
    errno.ENXIO: Reason.NOT_REGULAR,
    errno.ENODEV: Reason.NOT_REGULAR,
}


class Unreadable(PlatinumError):
    """A file cannot be read safely."""

    default_remedy = "Look at the file in the vault; a plain file with the same content in its place is read."

    def __init__(self, reason: Reason) -> None:
        remedy = "Shorten it, or take it out of the folder." if reason is Reason.TOO_LARGE else None
        super().__init__(f"The file cannot be read: {reason}.", remedy=remedy)
        self.reason = reason

    def raise_if_denied(self) -> None:
        """Raise this where the machine refused: then nothing follows about what lies there, not even that it is gone.

        Raises:
            Unreadable: this one.
        """
        if self.reason is Reason.DENIED:
            raise self


class FileIdentity(NamedTuple):
    """What tells an unchanged file from a changed one without reading it.

    Attributes:
        changed_ns: when file or metadata last changed; no program can set it back, as it can `mtime_ns`.
    """

    device: int
    inode: int
    size: int
    mtime_ns: int
    changed_ns: int


class FileBytes(NamedTuple):
    """A file as it was read once.

    Attributes:
        data: the bytes.
        sha256: their hash, 64 hex digits.
        identity: the file they came from, as it was before the first byte was read.
    """

    data: bytes
    sha256: str
    identity: FileIdentity


def identity_of(status: os.stat_result) -> FileIdentity:
    """A file's identity from what stat says of it."""
    return FileIdentity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def obstacle_of(status: os.stat_result, limit: int | None) -> Reason | None:
    """Why a file of this kind and size (limit in bytes, None: any) is not read; None where it is."""
    if stat.S_ISLNK(status.st_mode):
        return Reason.SYMLINK
    if not stat.S_ISREG(status.st_mode):
        return Reason.NOT_REGULAR
    if status.st_nlink > 1:
        return Reason.HARD_LINKED
    return Reason.TOO_LARGE if limit is not None and status.st_size > limit else None


def read_file(path: Path, limit: int = LARGEST_REQUEST) -> FileBytes:
    """Read a small file whole. Links in the folders above it are the caller's to exclude: see `read_in_vault`.

    Raises:
        Unreadable: with the reason.
    """
    with _opened(path, None) as descriptor:
        return _read(descriptor, limit)


def read_in_vault(vault: Vault, relative: str, limit: int = LARGEST_REQUEST) -> FileBytes:
    """Read a small file by its vault-relative path; below the root, no component may be a link.

    Raises:
        Unreadable: with the reason.
        ValueError: the path is none inside the vault.
    """
    with _opened_in_vault(vault, relative) as descriptor:
        return _read(descriptor, limit)


def read_at(folder: int, name: str, limit: int = LARGEST_REQUEST) -> FileBytes:
    """As `read_in_vault`, of a file in an open folder."""
    with _opened(name, folder) as descriptor:
        return _read(descriptor, limit)


def heads_in_vault(vault: Vault, folder: str, names: Iterable[str], length: int) -> Iterator[bytes]:
    """The first bytes of many files of one vault-relative folder, links excluded as in `read_in_vault`.

    What cannot be read gives no bytes; if the folder itself cannot, none of its files does.

    Raises:
        ValueError: the folder is none inside the vault.
    """
    with contextlib.ExitStack() as stack:
        try:
            at = stack.enter_context(_opened_in_vault(vault, folder, _FOLDER))
        except Unreadable:
            yield from (b"" for _ in names)
            return
        for name in names:
            try:
                descriptor = os.open(name, _FILE, dir_fd=at)
            except OSError:
                yield b""
                continue
            try:
                yield os.read(descriptor, length)
            except OSError:
                yield b""
            finally:
                os.close(descriptor)


def probe_in_vault(vault: Vault, relative: str) -> FileIdentity:
    """The identity of a file of any size that could be read, links excluded as in `read_in_vault`.

    Raises:
        Unreadable: with the reason.
        ValueError: the path is none inside the vault.
    """
    with _opened_in_vault(vault, relative) as descriptor:
        return identity_of(_checked(descriptor, None))


def hash_file(path: Path) -> str:
    """The SHA-256 (64 hex digits) of a file of any size.

    Raises:
        Unreadable: with the reason.
    """
    with _opened(path, None) as descriptor:
        _checked(descriptor, None)
        return _hash(_chunks(descriptor))


@contextlib.contextmanager
def stream_in_vault(vault: Vault, relative: str) -> Iterator[tuple[FileIdentity, Iterator[bytes]]]:
    """A file of any size, piece by piece, with its identity before the first one; links excluded as above.

    Raises:
        Unreadable: with the reason.
        ValueError: the path is none inside the vault.
    """
    with _opened_in_vault(vault, relative) as descriptor:
        yield identity_of(_checked(descriptor, None)), _chunks(descriptor)


def _opened(path: Path | str, folder: int | None, flags: int = _FILE) -> AbstractContextManager[int]:
    """A descriptor of a path, relative to an open folder where one is given; a refusal becomes `Unreadable`."""
    return _open_until_the_end(_open(path, folder, flags))


def _opened_in_vault(vault: Vault, relative: str, flags: int = _FILE) -> AbstractContextManager[int]:
    *folders, name = vault.parts(relative) or (".",)
    at = _open(vault.root, None, _FOLDER & ~os.O_NOFOLLOW)
    try:
        for folder in folders:
            above, at = at, _open(folder, at, _FOLDER)
            os.close(above)
        return _open_until_the_end(_open(name, at, flags))
    finally:
        os.close(at)


@contextlib.contextmanager
def _open_until_the_end(descriptor: int) -> Iterator[int]:
    try:
        yield descriptor
    except OSError as error:
        raise Unreadable(Reason.DENIED) from error
    finally:
        os.close(descriptor)


def _open(path: Path | str, folder: int | None, flags: int) -> int:
    try:
        return os.open(path, flags, dir_fd=folder)
    except OSError as error:
        raise Unreadable(_reason_of(error, path, folder)) from error


def _reason_of(error: OSError, path: Path | str, folder: int | None) -> Reason:
    if error.errno != errno.ENOTDIR:
        return _REASONS.get(error.errno or 0, Reason.DENIED)
    try:  # O_DIRECTORY with O_NOFOLLOW gives ENOTDIR for a link, too
        status = os.stat(path, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return Reason.MISSING
    return Reason.SYMLINK if stat.S_ISLNK(status.st_mode) else Reason.MISSING


def _checked(descriptor: int, limit: int | None) -> os.stat_result:
    status = os.fstat(descriptor)
    if obstacle := obstacle_of(status, limit):
        raise Unreadable(obstacle)
    return status


def _read(descriptor: int, limit: int) -> FileBytes:
    status = _checked(descriptor, limit)
    chunks, left = [], limit + 1
    while left and (chunk := os.read(descriptor, left)):
        chunks.append(chunk)
        left -= len(chunk)
    if not left:
        raise Unreadable(Reason.TOO_LARGE)
    data = b"".join(chunks)
    return FileBytes(data, hashlib.sha256(data).hexdigest(), identity_of(status))


def _chunks(descriptor: int) -> Iterator[bytes]:
    while chunk := os.read(descriptor, _CHUNK):
        yield chunk


def _hash(chunks: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
