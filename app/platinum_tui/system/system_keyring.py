"""The system's keyring, through the `keyring` library, with only the backends that really protect a secret.

The library's own choice is never used: an environment variable or `keyringrc.cfg` could make it load any class. The
backends on the allow-list are imported by name, and the best one that works is taken.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Protocol, TypeVar

from platinum_tui.model.errors import KeyringError
from platinum_tui.system.credentials import SERVICE, check_name
from platinum_tui.system.deadline import DeadlineCaller, DeadlinePassed
from platinum_tui.system.paths import StateDir
from platinum_tui.system.private_file import exclusive

T = TypeVar("T")
DEADLINE_SECONDS = 5.0
ALLOWED: Mapping[str, str] = {
    "keyring.backends.SecretService.Keyring": "Secret Service",
    "keyring.backends.libsecret.Keyring": "Secret Service",
    "keyring.backends.kwallet.DBusKeyring": "KWallet",
    "keyring.backends.kwallet.DBusKeyringKWallet4": "KWallet",
    "keyring.backends.macOS.Keyring": "macOS Keychain",
    "keyring.backends.Windows.WinVaultKeyring": "Windows Credential Manager",
}
"""The classes that may keep secrets, with their names for people."""
_CHAINER = "keyring.backends.chainer.ChainerBackend"
_INDEX = "names"
"""The entry that lists the others' names; no credential can have this name, since it has no dot."""
_ELSE_A_FILE = (
    "or set PLATINUM_PASSPHRASE to a passphrase that you choose yourself and start again: "
    "the program's own encrypted file then takes its place"
)


class PasswordStore(Protocol):
    """What is used of a backend of `keyring`."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keeps a secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Forgets a secret; it must exist."""


class SystemKeyring:
    """Secrets in the system's keyring: one entry a secret, and one that lists the names."""

    def __init__(self, store: PasswordStore, backend: str, lock_file: Path, deadline: float = DEADLINE_SECONDS) -> None:
        self._store = store
        self._backend = backend
        self._lock_file = lock_file
        self._caller = DeadlineCaller(deadline)

    @property
    def backend(self) -> str:
        """The keyring's name for people."""
        return self._backend

    @property
    def place(self) -> str:
        """As in `Credentials`."""
        return f"the keyring ({self._backend})"

    def get(self, name: str) -> str | None:
        """The secret of that name, or None."""
        check_name(name)
        return self._call(lambda: self._store.get_password(SERVICE, name))

    def set(self, name: str, value: str) -> None:
        """Keeps a secret, in place of the one of that name."""
        check_name(name)
        with exclusive(self._lock_file):
            self._call(lambda: self._store.set_password(SERVICE, name, value))
            self._write_index({*self.names(), name})

    def remove(self, name: str) -> None:
        """Forgets a secret; there need be none."""
        check_name(name)
        with exclusive(self._lock_file):
            if self._call(lambda: self._store.get_password(SERVICE, name)) is not None:
                self._call(lambda: self._store.delete_password(SERVICE, name))
            self._write_index({*self.names()} - {name})

    def names(self) -> tuple[str, ...]:
        """The names of all secrets that were set through this program, sorted."""
        index = self._call(lambda: self._store.get_password(SERVICE, _INDEX))
        try:
            return tuple(sorted(json.loads(index or "[]")))
        except (ValueError, TypeError) as error:
            raise KeyringError(
                f"The list of names in the keyring ({self._backend}) is damaged.",
                remedy=f"Delete the entry {_INDEX} of the service {SERVICE} there, then set the credentials again.",
            ) from error

    def _write_index(self, names: AbstractSet[str]) -> None:
        if names != {*self.names()}:
            self._call(lambda: self._store.set_password(SERVICE, _INDEX, json.dumps(sorted(names))))

    def _call(self, work: Callable[[], T]) -> T:
        try:
            return self._caller.call(work)
        except DeadlinePassed as error:
            raise KeyringError(
                f"The keyring ({self._backend}) does not answer; it may be waiting to be unlocked.",
                remedy=f"Unlock the keyring of this login, {_ELSE_A_FILE}.",
            ) from error
        except Exception as error:  # the library passes on whatever its backend's own libraries raise
            raise KeyringError(
                f"The keyring ({self._backend}) refused: {_kind_of(error)}.",
                remedy=f"Unlock the keyring of this login, {_ELSE_A_FILE}.",
            ) from error


def open_system_keyring(environ: Mapping[str, str], state: StateDir) -> SystemKeyring:
    """The best allowed keyring of this system.

    Args:
        environ: PYTHON_KEYRING_BACKEND may name one of `ALLOWED`.
        state: where the lock file for writers lies.

    Raises:
        KeyringError: there is none, it does not answer, or PYTHON_KEYRING_BACKEND names one that is not allowed.
    """
    chosen = environ.get("PYTHON_KEYRING_BACKEND", "")
    if chosen and chosen not in {*ALLOWED, _CHAINER}:
        raise KeyringError(
            f"PYTHON_KEYRING_BACKEND names {chosen}, which does not protect secrets.",
            remedy=f"Unset it, {_ELSE_A_FILE}.",
        )
    candidates = (chosen,) if chosen in ALLOWED else tuple(ALLOWED)
    try:
        found = DeadlineCaller(DEADLINE_SECONDS).call(lambda: _best(candidates))
    except DeadlinePassed as error:
        raise KeyringError(
            "The system's keyring does not answer.", remedy=f"Restart the keyring's daemon, {_ELSE_A_FILE}."
        ) from error
    if not found:
        raise KeyringError(
            "There is no keyring on this system that protects secrets.",
            remedy=f"Start a Secret Service (GNOME Keyring, KeePassXC) or KWallet, {_ELSE_A_FILE}.",
        )
    store, name = found
    state.ensure()
    return SystemKeyring(store, name, state.root / "keyring.lock")


def _best(candidates: tuple[str, ...]) -> tuple[PasswordStore, str] | None:
    working: list[tuple[float, PasswordStore, str]] = []
    for path in candidates:
        module, _, name = path.rpartition(".")
        try:
            cls = getattr(importlib.import_module(module), name)
            working.append((float(cls.priority), cls(), ALLOWED[path]))
        except Exception:  # noqa: BLE001, S112 - a backend says in any way it likes that it does not work here
            continue
    best = max(working, key=lambda entry: entry[0], default=None)
    return (best[1], best[2]) if best else None


def _kind_of(error: Exception) -> str:
    # The class alone: a message could quote what was to be stored.
    return type(error).__name__
