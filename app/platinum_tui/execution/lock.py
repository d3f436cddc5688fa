"""One executing instance for each vault: a lock that the system gives back when its holder dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from platinum_tui.model.errors import Locked

LOCK_FILE = ".platinum/executor.lock"
"""In the vault itself, so that two state directories on one machine meet there."""


class ExecutorLock:
    """The right to execute on a vault.

    Args:
        vault_root: the vault's folder.
    """

    def __init__(self, vault_root: Path) -> None:
        self._path = vault_root / LOCK_FILE
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether we have it."""
        return self._descriptor is not None

    def is_taken(self) -> bool:
        """Whether an instance, this one included, executes on this vault now. Writes nothing."""
        if self.held:
            return True
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def acquire(self) -> None:
        """Take it.

        Raises:
            Locked: another instance executes on this vault.
        """
        if self.held:
            return
        self._path.parent.mkdir(exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise Locked from error
        self._descriptor = descriptor

    def release(self) -> None:
        """Give it back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
