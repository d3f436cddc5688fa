"""Moves and writes that survive a crash and never overwrite: rename without replace, then fsync of the folders."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import functools
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

_TEMPORARY = (".platinum-", ".tmp")
_RENAME_NOREPLACE = 1
"""Linux, renameat2(2)."""
_RENAME_EXCL = 4
"""macOS, renameatx_np(2)."""
_EXCHANGE = 2
"""RENAME_EXCHANGE of renameat2(2), RENAME_SWAP of renameatx_np(2)."""
_UNSUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}


def move(source: Path, target: Path) -> None:
    """Rename a file so that no other is ever replaced; durable when this returns.

    Of many that move one file at a time, exactly one succeeds. Links in the folders above are followed: see
    `changes.Changes`.

    Raises:
        FileExistsError: the target's name is taken.
        FileNotFoundError: the source is gone, or the target's folder is missing.
        OSError: the machine refuses; after a failed fsync the move may be undone by a power cut.
    """
    with opened(source.parent) as here, opened(target.parent) as there:
        rename_at(here, source.name, there, target.name)
        sync_folder(there)
        if not os.path.sameopenfile(here, there):
            sync_folder(here)


def rename(source: Path, target: Path) -> None:
    """As `move`, but durable only after `fsync_directory` of both folders: for many files at once."""
    with opened(source.parent) as here, opened(target.parent) as there:
        rename_at(here, source.name, there, target.name)


def rename_at(here: int, name: str, there: int, new_name: str) -> None:
    """As `rename`, between two open folders."""
    number = _native_rename(_RENAME_NOREPLACE, _RENAME_EXCL)(here, os.fsencode(name), there, os.fsencode(new_name))
    if number in _UNSUPPORTED:
        _link_and_unlink(here, name, there, new_name)
    elif number:
        raise OSError(number, os.strerror(number), name, None, new_name)


def create_file(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a new file, whole or not at all; durable when this returns.

    Args:
        path: where.
        data: its bytes, or pieces of them.

    Raises:
        FileExistsError: the name is taken.
        OSError: the machine refuses.
    """
    with opened(path.parent) as folder:
        publish_at(folder, path.name, data)
        sync_folder(folder)


def publish_file(path: Path, data: bytes | Iterable[bytes]) -> None:
    """As `create_file`, but its name is durable only after `fsync_directory`: for many files in one folder."""
    with opened(path.parent) as folder:
        publish_at(folder, path.name, data)


def publish_at(folder: int, name: str, data: bytes | Iterable[bytes]) -> None:
    """As `publish_file`, in an open folder, until `sync_folder`."""
    with _temporary(folder) as (temporary, descriptor):
        _write(descriptor, data)
        rename_at(folder, temporary, folder, name)


def put_at(folder: int, name: str, data: bytes) -> None:
    """Write a file of ours in an open folder anew, keeping its mode; durable only after `sync_folder`.

    Whoever reads sees all of the old or all of the new. What others may edit is for `replace_unchanged`.

    Raises:
        OSError: the machine refuses.
    """
    with _temporary(folder) as (temporary, descriptor):
        with contextlib.suppress(FileNotFoundError):
            os.fchmod(descriptor, stat.S_IMODE(os.stat(name, dir_fd=folder).st_mode))
        _write(descriptor, data)
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)


def replace_unchanged(path: Path, data: bytes, expected: bytes) -> bool:
    """Write a plain file anew if, at the very moment of its replacement, it holds what its caller read.

    The new file and the old one change places; what came out is looked at, and put back if somebody saved it meanwhile,
    in place or by a rename of their own. Where a file system cannot do that, it is compared right before.

    Args:
        path: where.
        data: the new bytes.
        expected: the bytes that were read; empty for a file that was not there.

    Returns:
        Whether it was written; if so it is durable. If not, all is as the other one left it.

    Raises:
        OSError: the machine refuses.
    """
    with opened(path.parent) as folder, _temporary(folder) as (temporary, descriptor):
        with contextlib.suppress(FileNotFoundError):
            os.fchmod(descriptor, stat.S_IMODE(os.stat(path.name, dir_fd=folder, follow_symlinks=False).st_mode))
        _write(descriptor, data)
        replaced = _swap_in(folder, temporary, path.name, data, expected)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
        sync_folder(folder)
    return replaced


def _swap_in(folder: int, temporary: str, name: str, data: bytes, expected: bytes) -> bool:
    try:
        exchange_at(folder, temporary, name)
    except OSError as error:
        if error.errno not in _UNSUPPORTED | {errno.ENOENT}:
            raise
        return _put_in(folder, temporary, name, expected)
    if _content(folder, temporary) == expected:
        return True
    exchange_at(folder, temporary, name)
    if _content(folder, temporary) != data:  # saved once more in between: the last one stays
        exchange_at(folder, temporary, name)
    return False


def _put_in(folder: int, temporary: str, name: str, expected: bytes) -> bool:
    """Where two names cannot change places: what is there is compared first, and nothing is replaced unseen."""
    found = _content(folder, name)
    if (found or b"") != expected:
        return False
    if found is not None:
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        return True
    try:
        rename_at(folder, temporary, folder, name)
    except FileExistsError:
        return False
    return True


def exchange(one: Path, other: Path) -> bool:
    """Let two names of one folder change places, so that both are there at every moment.

    Returns:
        Whether the file system can do that; if not, nothing has changed.

    Raises:
        FileNotFoundError: one of them is gone.
        OSError: the machine refuses.
    """
    with opened(one.parent) as folder:
        try:
            exchange_at(folder, one.name, other.name)
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise
            return False
    return True


def exchange_at(folder: int, one: str, other: str) -> None:
    """Let two names of an open folder change places; raises OSError, ENOSYS or EINVAL where that cannot be done."""
    if number := _native_rename(_EXCHANGE, _EXCHANGE)(folder, os.fsencode(one), folder, os.fsencode(other)):
        raise OSError(number, os.strerror(number), one, None, other)


def _content(folder: int, name: str) -> bytes | None:
    """The bytes of a plain file; None for anything else."""
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError:
        return None
    with open(descriptor, "rb") as file:  # noqa: PTH123  # of a descriptor
        return file.read() if stat.S_ISREG(os.fstat(descriptor).st_mode) else None


def fsync_directory(path: Path) -> None:
    """Make the names in a folder durable.

    Raises:
        OSError: the machine refuses: stop, and do not try again (the pages may be gone).
    """
    with opened(path) as folder:
        sync_folder(folder)


def sync_folder(folder: int) -> None:
    """As `fsync_directory`, of an open folder."""
    os.fsync(folder)


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[int]:
    """A descriptor of a folder, for the functions that end in `_at`.

    Raises:
        OSError: it is missing, no folder, or the machine refuses.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def temporary_name() -> str:
    """A new name that nobody takes for a request, and under which `remove_leftovers` leaves no unlocked file."""
    return os.urandom(8).hex().join(_TEMPORARY)


def remove_leftovers(folder: Path) -> list[str]:
    """Remove the half-written files that a crash left; those of a living writer, known by their lock, stay.

    Returns:
        The names that were removed.
    """
    begin, end = _TEMPORARY
    found: list[str] = []
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as items:
        found = [item.name for item in items if item.name.startswith(begin) and item.name.endswith(end)]
    return [name for name in found if _remove_unlocked(folder / name)]


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
def _temporary(folder: int) -> Iterator[tuple[str, int]]:
    """A new locked file in a folder, with a name that nobody takes for a request; removed unless it was renamed."""
    name, descriptor = _open_temporary(folder)
    try:
        yield name, descriptor
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder)
        raise
    finally:
        os.close(descriptor)


def _open_temporary(folder: int) -> tuple[str, int]:
    while True:
        name = temporary_name()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        descriptor = os.open(name, flags, 0o666, dir_fd=folder)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return name, descriptor
        os.close(descriptor)  # `remove_leftovers` took it in the moment before it was locked


def _write(descriptor: int, data: bytes | Iterable[bytes]) -> None:
    for piece in (data,) if isinstance(data, bytes) else data:
        view = memoryview(piece)
        while view:
            view = view[os.write(descriptor, view) :]
    os.fsync(descriptor)


def _link_and_unlink(here: int, name: str, there: int, new_name: str) -> None:
    """The same on file systems without such a rename. Who finds the source gone was second: its link goes again."""
    os.link(name, new_name, src_dir_fd=here, dst_dir_fd=there, follow_symlinks=False)
    try:
        os.unlink(name, dir_fd=here)
    except FileNotFoundError:
        os.unlink(new_name, dir_fd=there)
        raise


@functools.cache
def _native_rename(on_linux: int, on_macos: int) -> Callable[[int, bytes, int, bytes], int]:
    """The system's rename with a flag: open folder and name, twice, to an errno; ENOSYS where there is none."""
    import ctypes  # 4 ms that only a move pays

    libc = ctypes.CDLL(None, use_errno=True)
    for function, flag in (("renameat2", on_linux), ("renameatx_np", on_macos)):
        if hasattr(libc, function):
            native = getattr(libc, function)
            return lambda *names: native(*names, flag) and ctypes.get_errno()
    return lambda *_names: errno.ENOSYS
