"""Every credential that is called for or kept: what it is for, where to get it, what is missing."""

from __future__ import annotations

import difflib
import enum
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from platinum_tui.model.action import JsonValue
from platinum_tui.system.configuration import Configuration
from platinum_tui.system.server_families import FAMILIES
from platinum_tui.system.server_settings import FamilySettings

OWN = ("signing", "doctor")
"""Entries of the keyring that are the program's own affair."""


class Standing(enum.StrEnum):
    """How it is with a credential."""

    KEPT = "kept"
    MISSING = "missing"
    """The configuration calls for it, and it is not there."""
    OPTIONAL = "optional"
    """Not there, and nothing waits for it."""
    UNUSED = "unused"
    """It is kept, and the configuration does not call for it."""


@dataclass(frozen=True, slots=True)
class CredentialEntry:
    """One credential; never its value.

    Attributes:
        name: `SERVER.NAME`.
        purpose: what it is for; empty where only its name is known.
        origin: where a person gets it.
        setting: the setting that calls for it.
    """

    name: str
    standing: Standing
    purpose: str = ""
    origin: str = ""
    setting: str = ""

    def to_json(self) -> dict[str, JsonValue]:
        """As `credentials list --json` shows it."""
        return {
            "name": self.name,
            "standing": self.standing.value,
            "purpose": self.purpose,
            "origin": self.origin,
            "setting": self.setting,
        }


def credential_entries(configuration: Configuration, kept: Collection[str]) -> tuple[CredentialEntry, ...]:
    """All credentials, by name.

    Args:
        configuration: says which are called for.
        kept: the names of the keyring's entries.
    """
    called_for = {entry.name: entry for entry in _called_for(configuration, kept)}
    others = {name for name in kept if name.partition(".")[0] not in OWN} - set(called_for)
    entries = [*called_for.values(), *map(_unused, others)]
    return tuple(sorted(entries, key=lambda entry: entry.name))


def hint_for(name: str, configuration: Configuration) -> str | None:
    """What a person should know who keeps a credential that nothing calls for; None where something does."""
    if any(entry.name == name for entry in _called_for(configuration, ())):
        return None
    server, _, key = name.partition(".")
    known = FAMILIES[server].credentials.get(key) if server in FAMILIES else None
    if known:
        return f"Nothing asks for it yet: there is no {known.setting} under [servers.{server}]."
    names = [f"{family}.{each}" for family, about in FAMILIES.items() for each in about.credentials]
    nearest = difflib.get_close_matches(name, names, n=1)
    meant = (
        f"did you mean {nearest[0]}?" if nearest else "`platinum-tui credentials list` names those that are asked for."
    )
    return f"No built-in server asks for {name}: {meant}"


def _called_for(configuration: Configuration, kept: Collection[str]) -> Iterator[CredentialEntry]:
    for server in configuration.servers.values():
        if not isinstance(server, FamilySettings):
            continue
        for key, credential in FAMILIES[server.name].credentials.items():
            if credential.setting not in server.values:
                continue
            name, other = f"{server.name}.{key}", f"{server.name}.{credential.instead}"
            if name in kept:
                standing = Standing.KEPT
            elif credential.optional or (credential.instead and other in kept):
                standing = Standing.OPTIONAL
            else:
                standing = Standing.MISSING
            yield CredentialEntry(name, standing, credential.purpose, credential.origin, credential.setting)


def _unused(name: str) -> CredentialEntry:
    server, _, key = name.partition(".")
    known = FAMILIES[server].credentials.get(key) if server in FAMILIES else None
    if known is None:
        return CredentialEntry(name, Standing.UNUSED)
    return CredentialEntry(name, Standing.UNUSED, known.purpose, known.origin, known.setting)
