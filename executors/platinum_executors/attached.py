"""Files of the vault as they were approved: opened without following a link, and checked against their hash."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from platinum_executors.refusal import Refused
from platinum_tui.model.action import LARGEST_ATTACHMENT
from platinum_tui.model.mail import AttachedFile


def read_attached(vault: Path, paths: Sequence[str], hashes: Sequence[str]) -> tuple[AttachedFile, ...]:
    """The approved files, byte for byte.

    Args:
        vault: the vault's root.
        paths: vault-relative paths, with `/`.
        hashes: the SHA-256 of each, 64 hex digits, in the same order.

    Raises:
        Refused: `attachment_missing`, `attachment_changed` or `attachment_too_large`.
    """
    return tuple(_read(vault, path, sha256) for path, sha256 in zip(paths, hashes, strict=True))


def _read(vault: Path, path: str, sha256: str) -> AttachedFile:
    try:
        data = _bytes_of(vault, PurePosixPath(path).parts)
    except OSError as error:
        raise Refused("attachment_missing", f"{path} cannot be read: {error.strerror}.") from error
    if len(data) > LARGEST_ATTACHMENT:
        raise Refused("attachment_too_large", f"{path} is larger than {LARGEST_ATTACHMENT // 1024**2} MiB.")
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Refused("attachment_changed", f"{path} is not the file that was approved; approve the request anew.")
    return AttachedFile(PurePosixPath(path).name, data)


def _bytes_of(vault: Path, parts: Sequence[str]) -> bytes:
    """One descriptor a step, so that no part of the way can be swapped for a link."""
    if not parts or any(part in ("..", "/") for part in parts):
        raise FileNotFoundError(0, "it lies outside the vault")
    folder = os.open(vault, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
            os.close(folder)
            folder = inner
        return _regular_bytes(parts[-1], folder)
    finally:
        os.close(folder)


def _regular_bytes(name: str, folder: int) -> bytes:
    # O_NONBLOCK: opening a FIFO must not wait for its writer.
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FileNotFoundError(0, "it is not a regular file")
        return file.read(LARGEST_ATTACHMENT + 1)
