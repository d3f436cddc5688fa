"""What the configuration file may say, table by table."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from platinum_tui.model.action import Kind
from platinum_tui.model.contacts import Contact, ContactBook
from platinum_tui.model.machine import is_machine_name
from platinum_tui.system.console_settings import ConsoleSettings, read_console
from platinum_tui.system.durations import parse_duration
from platinum_tui.system.policy import DEFAULT_RECIPIENTS, Approval, Level, Limits, parse_money
from platinum_tui.system.server_settings import ServerSettings, read_server
from platinum_tui.system.toml_table import Table, count, text

Expand = Callable[[str], Path]
E = TypeVar("E", bound=enum.StrEnum)

DEFAULT_UNDO = timedelta(seconds=10)
DEFAULT_INTERVAL = timedelta(seconds=60)
LONGEST_UNDO = timedelta(days=7)
_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
_CONTACT_WORDS = {
    **dict.fromkeys(("phone", "telephone", "tel", "mobile", "cell", "number", "sms", "signal", "wa"), "whatsapp"),
    **dict.fromkeys(("mail", "e-mail", "address"), "email"),
    **dict.fromkeys(("account", "bank", "bank_account"), "iban"),
}
"""What people call what a contact has, and what it is called here."""
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


class SyncMode(enum.StrEnum):
    """How the vault reaches other machines."""

    GIT = "git"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """How the vault reaches other machines, and how often."""

    mode: SyncMode = SyncMode.GIT
    interval: timedelta = DEFAULT_INTERVAL


@dataclass(frozen=True)
class FileSettings:
    """What the file says, defaults filled in."""

    vault: Path | None
    undo: timedelta
    undo_by_kind: Mapping[Kind, timedelta]
    machine: str
    approval: Approval
    limits: Mapping[Kind, Limits]
    contacts: ContactBook
    servers: Mapping[str, ServerSettings]
    sync: SyncSettings
    console: ConsoleSettings


def read_settings(table: Table, expand: Expand) -> FileSettings:
    """The settings in a whole file; what is wrong is noted in the table."""
    settings = FileSettings(
        vault=table.take("vault", lambda value: expand(text(value)), None, 'a folder: vault = "~/AI_Employee_Vault"'),
        undo=table.take("undo", _undo, DEFAULT_UNDO, 'a duration of 7 days at most: undo = "10s"'),
        undo_by_kind=_read_undo_by_kind(table.below("undo_by_kind")),
        machine=table.take("machine", _machine, "local", 'one folder\'s name: machine = "local"'),
        approval=_read_approval(table.below("approval")),
        limits=_read_limits(table.below("limits")),
        contacts=read_contacts(table.below("contacts")),
        servers=_read_servers(table.below("servers"), expand),
        sync=_read_sync(table.below("sync")),
        console=read_console(table.below("console")),
    )
    table.end()
    return settings


def _read_undo_by_kind(table: Table) -> Mapping[Kind, timedelta]:
    read = {
        kind: table.take(kind.value, _undo, None, 'a duration of 7 days at most, for example "2m"') for kind in Kind
    }
    table.end()
    return {kind: undo for kind, undo in read.items() if undo is not None}


def _read_approval(table: Table) -> Approval:
    levels = " | ".join(f'"{level}"' for level in Level)
    approval = Approval(
        default=table.take("default", _one_of(Level), Level.MOVE, levels),
        high_risk=table.take("high_risk", _high_risk, Level.SIGNED, '"signed" | "two-keys"'),
        by_kind={
            kind: level for kind in Kind if (level := table.take(kind.value, _one_of(Level), None, levels)) is not None
        },
    )
    table.end()
    return approval


def _read_limits(table: Table) -> Mapping[Kind, Limits]:
    limits: dict[Kind, Limits] = {}
    for kind in Kind:
        below = table.below(kind.value)
        limits[kind] = Limits(
            recipients=below.take("recipients", count, DEFAULT_RECIPIENTS, "a number from 1: recipients = 50"),
            per_day=below.take("per_day", count, None, "a number from 1: per_day = 200"),
            amount=below.take("amount", lambda value: parse_money(text(value)), None, 'amount = "1000.00 EUR"'),
        )
        below.end()
    table.end()
    return limits


def read_contacts(table: Table) -> ContactBook:
    """The contact book; what is wrong in it is noted in the table."""
    contacts: dict[str, Contact] = {}
    for name, below in table.tables():
        contact = Contact(
            name=name,
            email=below.take("email", _matching(_ADDRESS), "", 'one address: email = "ana@example.com"'),
            whatsapp=below.take("whatsapp", _matching(_E164), "", 'an E.164 number: whatsapp = "+34600000000"'),
            iban=below.take("iban", _matching(_IBAN), "", 'an IBAN: iban = "DE02120300000000202051"'),
        )
        below.end(_CONTACT_WORDS)
        if ContactBook(contacts).find(name):
            table.report(f"{table.name_of(name)} stands there twice.", remedy="Give one of the two another name.")
        contacts[name] = contact
    return ContactBook(contacts)


def _read_servers(table: Table, expand: Expand) -> Mapping[str, ServerSettings]:
    return {name: read_server(name, below, expand) for name, below in table.tables()}


def _read_sync(table: Table) -> SyncSettings:
    settings = SyncSettings(
        mode=table.take("mode", _one_of(SyncMode), SyncMode.GIT, '"git" or "none"'),
        interval=table.take("interval", _interval, DEFAULT_INTERVAL, 'a duration from 1 second: interval = "60s"'),
    )
    table.end()
    return settings


def _undo(value: Any) -> timedelta:
    undo = parse_duration(text(value))
    if undo > LONGEST_UNDO:
        raise ValueError("it is too long")
    return undo


def _interval(value: Any) -> timedelta:
    interval = parse_duration(text(value))
    if interval < timedelta(seconds=1):
        raise ValueError("it is too short")
    return interval


def _machine(value: Any) -> str:
    if not is_machine_name(text(value)):
        raise ValueError("63 letters, digits, . _ and - at most")
    return str(value)


def _high_risk(value: Any) -> Level:
    level = _one_of(Level)(value)
    if level.strength < Level.SIGNED.strength:
        raise ValueError("high risk asks for signed at least")
    return level


def _one_of(choices: type[E]) -> Callable[[Any], E]:
    def parse(value: Any) -> E:
        return choices(text(value))

    return parse


def _matching(pattern: re.Pattern[str]) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        # An empty text means "none", as in the contract's own example.
        found = "" if value == "" else text(value).replace(" ", "")
        if found and not pattern.fullmatch(found):
            raise ValueError
        return found

    return parse
