"""Moves and writes that survive a crash and never overwrite: rename without replace, then fsync of the folders."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import functools
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

_TEMPORARY = (".platinum-", ".tmp")
_AT_FDCWD = -100
_RENAME_NOREPLACE = 1
"""Linux, renameat2(2)."""
_RENAME_EXCL = 4
"""macOS, renamex_np(2)."""
_UNSUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}


def move(source: Path, target: Path) -> None:
    """Rename a file so that no other is ever replaced; durable when this returns.

    Of many that move one file at a time, exactly one succeeds.

    Raises:
        FileExistsError: the target's name is taken.
        FileNotFoundError: the source is gone, or the target's folder is missing.
        OSError: the machine refuses; after a failed fsync the move may be undone by a power cut.
    """
    rename(source, target)
    fsync_directory(target.parent)
    if source.parent != target.parent:
        fsync_directory(source.parent)


def create_file(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a new file, whole or not at all; durable when this returns.

    Args:
        path: where.
        data: its bytes, or pieces of them.

    Raises:
        FileExistsError: the name is taken.
        OSError: the machine refuses.
    """
    publish_file(path, data)
    fsync_directory(path.parent)


def publish_file(path: Path, data: bytes | Iterable[bytes]) -> None:
    """As `create_file`, but its name is durable only after `fsync_directory`: for many files in one folder."""
    with _temporary(path.parent) as (temporary, descriptor):
        _write(descriptor, data)
        rename(temporary, path)


def replace_file(path: Path, data: bytes) -> None:
    """Write a file anew, keeping its mode: whoever reads sees all of the old or all of the new; durable on return.

    Raises:
        OSError: the machine refuses.
    """
    with _temporary(path.parent) as (temporary, descriptor):
        with contextlib.suppress(FileNotFoundError):
            os.fchmod(descriptor, stat.S_IMODE(path.stat().st_mode))
        _write(descriptor, data)
        temporary.replace(path)
    fsync_directory(path.parent)


def fsync_directory(path: Path) -> None:
    """Make the names in a folder durable.

    Raises:
        OSError: the machine refuses: stop, and do not try again (the pages may be gone).
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_leftovers(folder: Path) -> list[str]:
    """Remove the half-written files that a crash left; those of a living writer, known by their lock, stay.

    Returns:
        The names that were removed.
    """
    return [path.name for path in folder.glob("*".join(_TEMPORARY)) if _remove_unlocked(path)]


def _remove_unlocked(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


@contextlib.contextmanager
def _temporary(folder: Path) -> Iterator[tuple[Path, int]]:
    """A new locked file in a folder, with a name that nobody takes for a request; removed unless it was renamed."""
    path, descriptor = _open_temporary(folder)
    try:
        yield path, descriptor
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def _open_temporary(folder: Path) -> tuple[Path, int]:
    while True:
        path = folder / os.urandom(8).hex().join(_TEMPORARY)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return path, descriptor
        os.close(descriptor)  # `remove_leftovers` took it in the moment before it was locked


def _write(descriptor: int, data: bytes | Iterable[bytes]) -> None:
    for piece in (data,) if isinstance(data, bytes) else data:
        view = memoryview(piece)
        while view:
            view = view[os.write(descriptor, view) :]
    os.fsync(descriptor)


def rename(source: Path, target: Path) -> None:
    """As `move`, but durable only after `fsync_directory` of both folders: for many files at once."""
    try:
        _rename_exclusively(source, target)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
        _link_and_unlink(source, target)


def _link_and_unlink(source: Path, target: Path) -> None:
    """The same on file systems without such a rename. Who finds the source gone was second: its link goes again."""
    os.link(source, target, follow_symlinks=False)
    try:
        source.unlink()
    except FileNotFoundError:
        target.unlink()
        raise


def _rename_exclusively(source: Path, target: Path) -> None:
    number = _native_rename()(os.fsencode(source), os.fsencode(target))
    if number:
        raise OSError(number, os.strerror(number), str(source), None, str(target))


@functools.cache
def _native_rename() -> Callable[[bytes, bytes], int]:
    """The system's rename without replace, from two paths to an errno, 0 for success; ENOSYS where there is none."""
    import ctypes  # 4 ms that only a move pays

    libc = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        return lambda source, target: libc.renamex_np(source, target, _RENAME_EXCL) and ctypes.get_errno()
    if hasattr(libc, "renameat2"):
        return lambda source, target: (
            libc.renameat2(_AT_FDCWD, source, _AT_FDCWD, target, _RENAME_NOREPLACE) and ctypes.get_errno()
        )
    return lambda _source, _target: errno.ENOSYS
