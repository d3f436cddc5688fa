"""The lock of all of ours that write Dashboard.md, in this process and in others: flock(2) on the vault's folder."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator

from platinum_tui.vault.folders import Vault


@contextlib.contextmanager
def dashboard_lock(vault: Vault) -> Iterator[None]:
    """Wait until no other writer of ours is at it, then hold it. No lock file lies in the vault.

    Raises:
        OSError: the vault's folder cannot be opened.
    """
    folder = os.open(vault.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
