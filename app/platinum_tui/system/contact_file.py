"""The contact book in the configuration file: as the file says now, and with a contact put in, all else untouched."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from platinum_tui.model.contacts import Contact, ContactBook
from platinum_tui.model.errors import ConfigurationError
from platinum_tui.system.configuration_reading import read_contacts
from platinum_tui.system.private_file import exclusive, write_private
from platinum_tui.system.toml_table import Table, text

_KEYS = ("email", "whatsapp", "iban")
_Identity = tuple[int, int, int]


class ContactFile:
    """The `[contacts]` of one configuration file.

    Args:
        file: the configuration file; it need not be there.
        lock: a file that the writers of one machine lock.
        book: what the file said when the program began; it counts while the file cannot be used.
    """

    def __init__(self, file: Path, lock: Path, book: ContactBook) -> None:
        self._file = file
        self._lock = lock
        self._book = book
        self._identity = _identity(file)

    @property
    def book(self) -> ContactBook:
        """The contact book; read anew where the file is another one than before and can be used."""
        identity = _identity(self._file)
        if identity != self._identity:
            self._identity = identity
            try:
                self._book = _book_in(self._text(), self._file)
            except ConfigurationError:
                return self._book
        return self._book

    def remember(self, contact: Contact) -> Contact:
        """Put a contact into the file, or what is new of it; comments and everything else stay as they are.

        Returns:
            The contact as the file has it by then.

        Raises:
            ConfigurationError: the file cannot be used or written, the contact is not what the file may hold, or
                another address or number stands there under that name.
        """
        self._lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with exclusive(self._lock):
            before = self._text()
            known = _book_in(before, self._file).find(contact.name)
            after = _with(before, known.name if known else _name(contact), _new(contact, known))
            book = _checked(before, after, self._file)
            remembered = book.find(contact.name)
            if remembered is None:
                raise ConfigurationError(f"{self._file}: [contacts] cannot be extended; write the entry by hand.")
            self._write(after)
            self._book, self._identity = book, _identity(self._file)
        return remembered

    def _text(self) -> str:
        try:
            return self._file.read_text("utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"The configuration file {self._file} cannot be read.") from error

    def _write(self, content: str) -> None:
        target = self._file.resolve()  # a link into somebody's collection of settings stays a link
        try:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_private(target, content.encode())
        except OSError as error:
            raise ConfigurationError(
                f"The configuration file {self._file} cannot be written: {error.strerror}."
            ) from error


def _identity(file: Path) -> _Identity | None:
    try:
        status = os.stat(file)  # noqa: PTH116 - asked for before each list
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _name(contact: Contact) -> str:
    try:
        return text(contact.name.strip())
    except ValueError as error:
        raise ConfigurationError(f"That is no name: {error}.", remedy="Write the name as it is shown.") from None


def _new(contact: Contact, known: Contact | None) -> dict[str, str]:
    """What is given of a contact and not known yet."""
    given = {key: value for key in _KEYS if (value := getattr(contact, key))}
    if not given:
        raise ConfigurationError(f"Nothing is given for {contact.name}.", remedy="Give a number, an address, or both.")
    for key, value in given.items():
        held = getattr(known, key) if known else ""
        if held and held != value:
            raise ConfigurationError(
                f"{contact.name} has another {key} already: {held}.",
                remedy="Change it in the configuration file, if the new one is right; ask them by another way first.",
            )
    return {key: value for key, value in given.items() if not (known and getattr(known, key))}


def _with(content: str, name: str, values: Mapping[str, str]) -> str:
    """A TOML text with some values of one contact put in."""
    import tomlkit
    from tomlkit.items import AbstractTable

    document = tomlkit.parse(content)
    if "contacts" not in document:
        document.add("contacts", tomlkit.table())
    contacts = document["contacts"]
    if not isinstance(contacts, AbstractTable):
        raise ConfigurationError("contacts is no table in the configuration file.", remedy="Write it as [contacts].")
    if name not in contacts:
        entry = tomlkit.inline_table()
        entry.update(values)
        contacts.append(tomlkit.key([name]), entry)
    else:
        entry = contacts[name]
        for key, value in values.items():
            entry[key] = value
    return tomlkit.dumps(document)


def _checked(before: str, after: str, file: Path) -> ContactBook:
    """The contact book of a new text; raises ConfigurationError where it is wrong or anything else became different."""
    book = _book_in(after, file)
    if _rest_of(before, file) != _rest_of(after, file):
        raise ConfigurationError(f"{file}: [contacts] cannot be extended; write the entry by hand.")
    return book


def _book_in(content: str, file: Path) -> ContactBook:
    table = Table(_parsed(content, file), file)
    book = read_contacts(table.below("contacts"))
    if table.problems:
        raise table.problems[0]
    return book


def _rest_of(content: str, file: Path) -> dict[str, Any]:
    return {key: value for key, value in _parsed(content, file).items() if key != "contacts"}


def _parsed(content: str, file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigurationError(f"{file}: it is not TOML: {error}.") from error
