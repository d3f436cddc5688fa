"""Credentials: secrets by name, `SERVER.NAME`, in the system's keyring or in the program's own encrypted file."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from platinum_tui.model.errors import KeyringError, UsageError
from platinum_tui.system.paths import StateDir

SERVICE = "platinum-tui"
"""The service name of every entry."""
TEST_NAME = "doctor.self_test"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}\.[A-Za-z][A-Za-z0-9_-]{0,63}", re.ASCII)


class Credentials(Protocol):
    """Secrets by name. Every method may raise KeyringError, whose remedy says how to open the keyring."""

    @property
    def backend(self) -> str:
        """Where the secrets lie, for people: `Secret Service`, `encrypted file`."""

    @property
    def place(self) -> str:
        """The same within a sentence: `the keyring (Secret Service)`."""

    def get(self, name: str) -> str | None:
        """The secret of that name, or None."""

    def set(self, name: str, value: str) -> None:
        """Keeps a secret, in place of the one of that name."""

    def remove(self, name: str) -> None:
        """Forgets a secret; there need be none."""

    def names(self) -> tuple[str, ...]:
        """The names of all secrets that this program keeps, sorted."""


def check_name(name: str) -> str:
    """The name, if it is one.

    Raises:
        UsageError: it is not of the form SERVER.NAME.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            "A credential is named SERVER.NAME.", remedy="For example email.password, odoo.api_key, whatsapp.token."
        )
    return name


def open_credentials(state: StateDir, environ: Mapping[str, str]) -> Credentials:
    """The keyring to use: the file keyring where a passphrase is given, else the system's. Nothing ever asks.

    Args:
        state: the state directory, where the file keyring lies.
        environ: PLATINUM_PASSPHRASE, PLATINUM_PASSPHRASE_FILE and CREDENTIALS_DIRECTORY (systemd.exec(5)) are
            looked at, and PYTHON_KEYRING_BACKEND, which may choose among the allowed backends only.

    Raises:
        KeyringError: there is no keyring that is safe to use, or the passphrase cannot be read.
    """
    passphrase = find_passphrase(environ)
    if passphrase is not None:
        from platinum_tui.system.file_keyring import FileKeyring

        state.ensure()
        return FileKeyring(state.keyring_file, passphrase)

    from platinum_tui.system.system_keyring import open_system_keyring

    try:
        return open_system_keyring(environ, state)
    except KeyringError as error:
        if not state.keyring_file.exists():
            raise
        raise KeyringError(
            f"The keyring is the encrypted file {state.keyring_file}, and no passphrase is given.",
            remedy="Set PLATINUM_PASSPHRASE, or PLATINUM_PASSPHRASE_FILE to a file that only you can read.",
        ) from error


def find_passphrase(environ: Mapping[str, str]) -> str | None:
    """The file keyring's passphrase, or None where none is given.

    Raises:
        KeyringError: the file that should hold it cannot be read or is empty.
    """
    if environ.get("PLATINUM_PASSPHRASE"):
        return environ["PLATINUM_PASSPHRASE"]
    if environ.get("PLATINUM_PASSPHRASE_FILE"):
        return _first_line(Path(environ["PLATINUM_PASSPHRASE_FILE"]).expanduser())
    if environ.get("CREDENTIALS_DIRECTORY"):
        loaded = Path(environ["CREDENTIALS_DIRECTORY"]) / "platinum-passphrase"
        return _first_line(loaded) if loaded.exists() else None
    return None


def self_test(credentials: Credentials) -> None:
    """Stores, reads and removes a random secret.

    Raises:
        KeyringError: the keyring does not give back what it was given.
    """
    value = secrets.token_hex(16)
    credentials.set(TEST_NAME, value)
    try:
        found = credentials.get(TEST_NAME)
    finally:
        credentials.remove(TEST_NAME)
    if found != value:
        raise KeyringError(f"The keyring ({credentials.backend}) does not give back what it was given.")


def _first_line(file: Path) -> str:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyringError(
            f"The passphrase file {file} cannot be read.", remedy="Correct PLATINUM_PASSPHRASE_FILE."
        ) from error
    if not lines or not lines[0]:
        raise KeyringError(f"The passphrase file {file} is empty.", remedy="Write the passphrase in its first line.")
    return lines[0]
