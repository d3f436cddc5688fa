"""Stories of a reviewer's own editor and pager, and of what is copied."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office, mail
from tests.support.reviewer import at_the_console
from textual.app import App

BODY = "see [the bill](https://bill.example/x) and https://two.example/y.\n"


@pytest.fixture
def lent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that can be lent: the one of these stories is not a real one."""
    monkeypatch.setattr(App, "suspend", lambda _app: nullcontext())


def _program(tmp_path: Path, script: str) -> str:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    return str(program)


@pytest.mark.usefixtures("lent")
@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_an_edit_is_a_new_version_with_its_difference_and_approves_nothing(
    office: Office, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setenv("EDITOR", _program(tmp_path, "sed -i 's/it is paid/it is paid in full/' \"$1\""))
    monkeypatch.setenv("PLATINUM_PASSPHRASE", "secret")
    office.put("first")
    before = office.standing("first").request.fingerprint
    async with at_the_console(office, clock, size) as reviewer:
        await reviewer.presses("e")
        now = office.standing("first").request.fingerprint
        assert now != before
        assert any(now in toast for toast in reviewer.toasts)
        assert "changed since you looked" in reviewer.page
        assert "+it is paid in full." in reviewer.page
        await reviewer.presses("a")
        assert office.approved == [], "dead for a moment after the change"
        await reviewer.looks()
        await reviewer.presses("a")
        assert office.approved == [("first", now)]
        assert any(event.event == "edited" for event in office.house.ledger.events())


@pytest.mark.usefixtures("lent")
async def test_an_editor_that_changes_nothing_or_fails_changes_nothing(
    office: Office, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("first")
    before = office.standing("first").request.fingerprint
    async with at_the_console(office, clock) as reviewer:
        for script, said in (("true", "Nothing was changed."), ("echo x > $1; exit 3", "did not end well")):
            monkeypatch.setenv("EDITOR", _program(tmp_path, script))
            await reviewer.presses("e")
            await reviewer.looks()
            assert any(said in toast for toast in reviewer.toasts)
        monkeypatch.delenv("EDITOR")
        await reviewer.presses("e")
        assert any("No editor is named." in toast for toast in reviewer.toasts)
        assert office.standing("first").request.fingerprint == before


@pytest.mark.usefixtures("lent")
async def test_an_edit_loses_to_who_changed_the_file_meanwhile(
    office: Office, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("first")
    path = office.house.vault.root / office.standing("first").file
    monkeypatch.setenv("EDITOR", _program(tmp_path, f"echo mine >> $1; echo theirs >> {path}"))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("e")
        assert any("somebody else meanwhile" in toast for toast in reviewer.toasts)
        assert path.read_text().endswith("theirs\n")
        assert "mine" not in path.read_text()


@pytest.mark.usefixtures("lent")
async def test_the_pager_gets_the_page_and_not_the_passphrase(
    office: Office, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, environ = tmp_path / "seen", tmp_path / "environ"
    monkeypatch.setenv("PAGER", _program(tmp_path, f"cp $1 {seen}; env > {environ}"))
    monkeypatch.setenv("PLATINUM_PASSPHRASE", "open sesame")
    office.put("first", fields=mail(body="\x1b[31mred\n"))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("P")
        assert "⟦U+001B⟧" in seen.read_text()
        assert "open sesame" not in environ.read_text()


async def test_a_terminal_that_cannot_be_lent_says_so(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("P")
        assert any("cannot be lent" in toast for toast in reviewer.toasts)


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_links_and_attachments_are_listed_as_they_are_and_copied(
    office: Office, clock: ManualClock, size: tuple[int, int]
) -> None:
    office.put("first", fields=mail(body=BODY))
    async with at_the_console(office, clock, size) as reviewer:
        await reviewer.presses("l")
        assert "Links and attachments: 2" in reviewer.screen
        assert "https://bill.example/x" in reviewer.screen
        await reviewer.presses("down", "enter")
        assert reviewer.app.clipboard == "https://two.example/y"
        assert office.approved == []


async def test_another_part_is_copied(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("Y", "down", "enter")
        assert reviewer.app.clipboard == "ana@example.com"
        await reviewer.presses("Y", "escape", "l")
        assert "No links, no attachments." in reviewer.toasts
