"""One executing instance for each vault: locks that the system gives back when their holder dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from collections.abc import Callable
from pathlib import Path

from platinum_tui.model.errors import Failed, Locked, PlatinumError
from platinum_tui.vault.folders import Vault
from platinum_tui.vault.placing import folder_in_vault

LOCK_FOLDER = ".platinum"
LOCK_NAME = "executor.lock"
_LOOK = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_TAKE = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class ExecutorLock:
    """The right to execute on a vault.

    It is two locks: one in the vault, where two state directories of one machine meet, and one in the state directory,
    which nobody else can unlink.

    Args:
        vault: the vault.
        state: this machine's folder for the vault in the state directory.
    """

    def __init__(self, vault: Vault, state: Path) -> None:
        self._vault = vault
        self._state = state
        self._held: contextlib.ExitStack | None = None

    @property
    def held(self) -> bool:
        """Whether we have it."""
        return self._held is not None

    def is_taken(self) -> bool:
        """Whether an instance, this one included, executes on this vault now. Writes nothing."""
        return self.held or any(_is_locked(open_lock) for open_lock in (self._of_state, self._of_vault))

    def acquire(self) -> None:
        """Take it.

        Raises:
            Locked: another instance executes on this vault.
            Failed, Obstructed: something else lies where a lock belongs.
        """
        if self.held:
            return
        with contextlib.ExitStack() as stack:
            for open_lock in (self._of_state, self._of_vault):
                descriptor = _opened(open_lock)
                stack.callback(os.close, descriptor)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError as error:
                    raise Locked from error
            self._held = stack.pop_all()

    def release(self) -> None:
        """Give it back."""
        if self._held is not None:
            self._held.close()
            self._held = None

    def _of_state(self, flags: int) -> int:
        return os.open(self._state / LOCK_NAME, flags, 0o600)

    def _of_vault(self, flags: int) -> int:
        if flags & os.O_CREAT:
            self._vault.make(LOCK_FOLDER)
        with folder_in_vault(self._vault, LOCK_FOLDER) as folder:
            return os.open(LOCK_NAME, flags, 0o600, dir_fd=folder)


def _opened(open_lock: Callable[[int], int]) -> int:
    """A descriptor of a lock's file, made where it is missing."""
    where = f"{LOCK_FOLDER}/{LOCK_NAME}"
    remedy = f"Remove what lies at {where} in the vault, then start again; look who put it there."
    try:
        descriptor = open_lock(_TAKE)
    except OSError as error:
        raise Failed(f"The lock {where} cannot be opened: {error.strerror}.", remedy=remedy) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Failed(f"The lock {where} is not a plain file.", remedy=remedy)
    return descriptor


def _is_locked(open_lock: Callable[[int], int]) -> bool:
    try:
        descriptor = open_lock(_LOOK)
    except (OSError, PlatinumError):
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
