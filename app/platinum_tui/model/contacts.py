"""The contact book: what a name in a chat resolves to. It comes from the configuration, never from the vault."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Contact:
    """One person or company. `whatsapp` is an E.164 number, `iban` has no spaces."""

    name: str
    email: str = ""
    whatsapp: str = ""
    iban: str = ""


@dataclass(frozen=True)
class ContactBook:
    """Contacts by name; names are compared after NFC and case folding, never by likeness."""

    contacts: Mapping[str, Contact] = field(default_factory=dict)

    def find(self, name: str) -> Contact | None:
        """The contact of exactly that name, or None."""
        wanted = _folded(name)
        return next((contact for contact in self if _folded(contact.name) == wanted), None)

    def __iter__(self) -> Iterator[Contact]:
        return iter(self.contacts.values())


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()
