"""A name in a chat gets its number or address, as a person settles it."""

from __future__ import annotations

from collections.abc import Callable

from platinum_tui.intake.addresses import read_mailbox
from platinum_tui.intake.phones import read_number
from platinum_tui.ledger.happening import Happening
from platinum_tui.model.contacts import Contact
from platinum_tui.model.errors import RefusedByPolicy, UsageError
from platinum_tui.review.house import House


def remember_contact(house: House, name: str, whatsapp: str, email: str) -> Contact:
    """Put a contact into the configuration file; the next reading of each request knows it.

    Args:
        house: the vault and its surroundings.
        name: as requests name it.
        whatsapp: a number with its country code, in any usual spelling; empty where none is given.
        email: an address; empty where none is given.

    Raises:
        UsageError: a number or an address is none.
        RefusedByPolicy: nothing may be written.
        ConfigurationError: the file cannot be used or written, or holds another number or address for that name.
    """
    if house.configuration.readonly:
        raise RefusedByPolicy("Nothing is written in read-only mode.", remedy="Start it without --readonly.")
    number = _read("number", whatsapp, read_number, "+34600000000")
    address = _read("address", email, lambda text: read_mailbox(text).address, "ana@example.com")
    contact = house.contact_file.remember(Contact(name=name, whatsapp=number, email=address))
    house.ledger.note_event(Happening("contact_remembered", "person", details={"name": contact.name}))
    return contact


def _read(what: str, text: str, read: Callable[[str], str], example: str) -> str:
    try:
        return read(text) if text.strip() else ""
    except ValueError as error:
        raise UsageError(f"The {what} {error}.", remedy=f"Write it like {example}.") from None
