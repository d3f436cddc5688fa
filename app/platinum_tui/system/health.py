"""What `doctor` checks of the machine: each finding with its remedy. Checks are pure: the caller says what it knows."""

from __future__ import annotations

import dataclasses
import enum
import os
import shutil
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from platinum_tui.model.action import JsonValue
from platinum_tui.model.errors import PlatinumError
from platinum_tui.system.configuration import Configuration
from platinum_tui.system.credential_list import CredentialEntry, Standing, credential_entries
from platinum_tui.system.credentials import Credentials, self_test
from platinum_tui.system.paths import StateDir, is_inside
from platinum_tui.system.server_families import FAMILIES
from platinum_tui.system.server_settings import FamilySettings

LEAST_FREE_BYTES = 16 * 1024 * 1024
CLOCK_TOLERANCE = timedelta(minutes=5)
EARLIEST_YEAR = 2025


class Severity(enum.StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """Something does not work, or is not safe."""
    WARNING = "warning"
    """It works, but a person should look."""
    NOTE = "note"
    """Worth knowing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Attributes:
        code: a word for scripts.
        message: what was found, one sentence.
        remedy: what to do, one sentence.
    """

    code: str
    severity: Severity
    message: str
    remedy: str

    def to_json(self) -> dict[str, JsonValue]:
        """The finding as `doctor --json` shows it."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "remedy": self.remedy,
        }

    @classmethod
    def of_error(cls, error: PlatinumError, code: str | None = None) -> Finding:
        """An error as a finding."""
        return cls(code or error.code, Severity.ERROR, error.message, error.remedy)


def check_configuration(problems: Iterable[PlatinumError], file: Path) -> Iterator[Finding]:
    """What `validate` found, and whether others can change the file."""
    for problem in problems:
        yield Finding.of_error(problem)
    if file.exists() and file.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        yield Finding(
            "configuration_writable",
            Severity.ERROR,
            f"Others than you can write the configuration file {file}.",
            f"Run `chmod go-w {file}`.",
        )


def check_state_dir(state: StateDir, vault: Path | None) -> Iterator[Finding]:
    """Whether the state directory is private, ours, and outside the vault."""
    if vault and is_inside(state.root, vault):
        try:
            state.check_outside(vault)
        except PlatinumError as error:
            yield Finding.of_error(error, "state_dir_in_vault")
    if not state.root.exists():
        yield Finding(
            "state_dir_missing",
            Severity.NOTE,
            f"The state directory {state.root} is not there yet.",
            "It is made when it is first needed; `platinum-tui init` makes it now.",
        )
        return
    found = state.root.stat()
    if found.st_uid != os.getuid():
        yield Finding(
            "state_dir_owner",
            Severity.ERROR,
            f"The state directory {state.root} belongs to another user.",
            "Choose a directory of your own with --state-dir or PLATINUM_STATE_DIR.",
        )
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding(
            "state_dir_open",
            Severity.ERROR,
            f"Others than you can look into the state directory {state.root}.",
            f"Run `chmod 700 {state.root}`.",
        )


def check_keyring(open_keyring: Callable[[], Credentials]) -> Iterator[Finding]:
    """Whether there is a keyring, and whether it gives back what it is given."""
    try:
        self_test(open_keyring())
    except PlatinumError as error:
        yield Finding.of_error(error)


def check_clock(now: datetime, last_event: datetime | None) -> Iterator[Finding]:
    """Whether the wall clock can be right: not before this program, and not before what is in the audit log.

    Args:
        now: the wall clock.
        last_event: the time of the last record of the audit log.
    """
    if now.year < EARLIEST_YEAR or (last_event and now < last_event - CLOCK_TOLERANCE):
        since = f"; the audit log's last event was at {last_event:%Y-%m-%d %H:%M} UTC" if last_event else ""
        yield Finding(
            "clock",
            Severity.ERROR,
            f"The clock says {now:%Y-%m-%d %H:%M} UTC{since}.",
            "Set the clock; on most systems `timedatectl set-ntp true` keeps it right.",
        )


def check_disk(folders: Iterable[Path], free_bytes: Callable[[Path], int] | None = None) -> Iterator[Finding]:
    """Whether there is space for what must not fail: ledger, audit log, receipts."""
    measure = free_bytes or (lambda folder: shutil.disk_usage(folder).free)
    for folder in folders:
        free = measure(_existing(folder))
        if free < LEAST_FREE_BYTES:
            yield Finding(
                "disk_full",
                Severity.ERROR,
                f"Only {free // 2**20} MiB are free where {folder} lies.",
                f"Free some space: {LEAST_FREE_BYTES // 2**20} MiB are the least.",
            )


def findings_by_server(configuration: Configuration, names: Collection[str]) -> dict[str, tuple[Finding, ...]]:
    """What each configured server lacks, by its name; nothing for one that lacks nothing, and for the user's own."""
    return {
        name: tuple(check_servers(dataclasses.replace(configuration, servers={name: server}), names))
        for name, server in configuration.servers.items()
    }


def check_servers(configuration: Configuration, names: Collection[str]) -> Iterator[Finding]:
    """Whether each configured built-in server has its settings and credentials.

    Args:
        configuration: the configuration.
        names: the credentials that are there.
    """
    missing = [e for e in credential_entries(configuration, names) if e.standing is Standing.MISSING]
    for server in configuration.servers.values():
        if isinstance(server, FamilySettings):
            yield from _check_family(server)
            yield from (_lacking(entry) for entry in missing if entry.name.startswith(f"{server.name}."))


def untried(configuration: Configuration) -> str:
    """A sentence: which services no check here reaches, and the command that does; empty where none is configured."""
    names = sorted(FAMILIES.keys() & configuration.servers.keys())
    if not names:
        return ""
    return f"Not tried: reaching {', '.join(names)} and logging in; `platinum-tui credentials check` does that."


def in_order(untried: str) -> str:
    """What is said where nothing was found, and some services, or none (""), were not tried."""
    return "What was looked at is in order." if untried else "Everything is in order."


def check_vault(vault: Path | None, is_writable: Callable[[Path], bool] | None = None) -> Iterator[Finding]:
    """Whether the vault is there and can be written."""
    writable = is_writable or (lambda folder: os.access(folder, os.W_OK | os.X_OK))
    if vault is None:
        yield Finding(
            "vault_unnamed",
            Severity.ERROR,
            "No vault is named.",
            "Give --vault PATH, set PLATINUM_VAULT, or run `platinum-tui init PATH`.",
        )
    elif not vault.is_dir():
        yield Finding(
            "vault_missing",
            Severity.ERROR,
            f"There is no folder {vault}.",
            "Correct the path of the vault, or run `platinum-tui init` with it.",
        )
    elif not writable(vault):
        yield Finding(
            "vault_readonly",
            Severity.ERROR,
            f"The vault {vault} cannot be written.",
            "Correct the folder's permissions, or work with --readonly.",
        )


def _check_family(server: FamilySettings) -> Iterator[Finding]:
    family = FAMILIES[server.name]
    lacking = [tuple(key for key in keys if key not in server.values) for keys in family.required]
    if all(lacking):
        least = min(lacking, key=len)
        yield Finding(
            "server_incomplete",
            Severity.ERROR,
            f"The server {server.name} lacks settings: {', '.join(least)}.",
            f"Write them under [servers.{server.name}] in the configuration.",
        )


def _lacking(entry: CredentialEntry) -> Finding:
    return Finding(
        "credential_missing",
        Severity.ERROR,
        f"The server {entry.name.partition('.')[0]} needs the credential {entry.name} ({entry.purpose}).",
        f"Run `platinum-tui credentials set {entry.name}`; it comes from: {entry.origin}.",
    )


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.absolute().parents) if path.exists())
