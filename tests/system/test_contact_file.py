"""Contacts are put into the configuration file by the program, and the person's own writing in it stays."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from platinum_tui.model.contacts import Contact, ContactBook
from platinum_tui.model.errors import ConfigurationError
from platinum_tui.system.contact_file import ContactFile

ANA = Contact("Ana", whatsapp="+34600000000")
WRITTEN = """\
# mine
vault = "/vault"   # here

[contacts]          # friends
"Lee" = { whatsapp = "+4915112345678" }  # from work

[servers.calendar]
command = ["false"]
"""


def contact_file(tmp_path: Path, content: str = WRITTEN) -> ContactFile:
    (tmp_path / "config.toml").write_text(content)
    return ContactFile(tmp_path / "config.toml", tmp_path / "state" / "contacts.lock", ContactBook())


def test_a_new_contact_is_there_and_every_comment_stays(tmp_path: Path) -> None:
    contacts = contact_file(tmp_path)

    assert contacts.remember(ANA) == ANA

    assert contacts.book.find("ana") == ANA
    lines = (tmp_path / "config.toml").read_text().splitlines()
    assert [line for line in lines if "Ana" not in line and line] == [line for line in WRITTEN.splitlines() if line]


@pytest.mark.parametrize(
    "content", ["", 'vault = "/v"\n', '[contacts.Lee]\nemail = "lee@example.com"\n', "[contacts]\n"]
)
def test_a_file_of_any_shape_takes_it(tmp_path: Path, content: str) -> None:
    assert contact_file(tmp_path, content).remember(Contact("Ana de la Cruz", "ana@example.com")).name
    assert contact_file(tmp_path, (tmp_path / "config.toml").read_text()).remember(ANA) == ANA


def test_without_a_file_one_is_made(tmp_path: Path) -> None:
    contacts = ContactFile(tmp_path / "new" / "config.toml", tmp_path / "lock", ContactBook())
    contacts.remember(ANA)
    assert contacts.book.find("Ana") == ANA


def test_a_known_person_gets_what_was_missing(tmp_path: Path) -> None:
    lee = contact_file(tmp_path).remember(Contact("lee", email="lee@example.com"))
    assert lee == Contact("Lee", "lee@example.com", "+4915112345678")


def test_another_number_for_a_known_name_is_refused(tmp_path: Path) -> None:
    contacts = contact_file(tmp_path)
    with pytest.raises(ConfigurationError, match="another whatsapp"):
        contacts.remember(Contact("Lee", whatsapp="+12025550142"))
    assert (tmp_path / "config.toml").read_text() == WRITTEN


@pytest.mark.parametrize(
    "contact",
    [
        Contact("A\x1b[2J", whatsapp="+34600000000"),
        Contact(" ", email="a@b.c"),
        Contact("Ana"),
        Contact("Ana", whatsapp="0171 1"),
        Contact("Ana", email="nobody"),
    ],
)
def test_what_the_file_may_not_hold_is_refused(tmp_path: Path, contact: Contact) -> None:
    with pytest.raises(ConfigurationError):
        contact_file(tmp_path).remember(contact)
    assert (tmp_path / "config.toml").read_text() == WRITTEN


def test_a_file_that_is_no_toml_is_left_alone_and_the_last_book_counts(tmp_path: Path) -> None:
    contacts = contact_file(tmp_path)
    contacts.remember(ANA)
    (tmp_path / "config.toml").write_text("[contacts\n")
    assert contacts.book.find("Ana") == ANA
    with pytest.raises(ConfigurationError, match="not TOML"):
        contacts.remember(Contact("Bo", email="bo@example.com"))
    assert (tmp_path / "config.toml").read_text() == "[contacts\n"


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    contacts = contact_file(tmp_path)
    os.rename(tmp_path / "config.toml", tmp_path / "dotfile")
    os.symlink(tmp_path / "dotfile", tmp_path / "config.toml")
    contacts.remember(ANA)
    assert (tmp_path / "config.toml").is_symlink()
    assert "Ana" in (tmp_path / "dotfile").read_text()
