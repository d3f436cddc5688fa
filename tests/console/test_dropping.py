"""Stories of a reviewer who would approve a part of a request: drops the rest first, as an edit, then decides."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office, mail
from tests.support.reviewer import at_the_console

from platinum_tui.model.action import Kind
from platinum_tui.model.request import State

BOTH_SIZES = pytest.mark.parametrize("size", [(120, 36), (80, 24)])
TEAM = ["ana@example.com", "bo@example.com"]
LINES = [
    {"description": "Rye flour", "quantity": "4", "unit_price": "31.50"},
    {"description": "Delivery", "quantity": "1", "unit_price": "18.00"},
]


def _path(office: Office, name: str) -> Path:
    return office.house.vault.path(office.standing(name).file)


@BOTH_SIZES
async def test_a_recipient_is_dropped_and_only_then_the_rest_is_approved(
    office: Office, clock: ManualClock, size: tuple[int, int]
) -> None:
    office.put("notes", fields={**mail(TEAM), "cc": ["li@example.com"]})
    before, earlier = _path(office, "notes").read_bytes(), office.standing("notes").request
    async with at_the_console(office, clock, size) as reviewer:
        await reviewer.presses("E")
        listed = [" ".join(line.split()) for line in reviewer.screen.splitlines()]
        for part in ("to ana@example.com", "to bo@example.com", "cc li@example.com"):
            assert any(f"✓ keep {part}" in line for line in listed)
        await reviewer.presses("j", "space")
        assert "✗ drop  to   bo@example.com" in reviewer.screen
        assert _path(office, "notes").read_bytes() == before
        await reviewer.presses("enter")
        now = office.standing("notes")
        assert now.request.fields["to"] == ["ana@example.com"]
        assert now.request.fields["cc"] == ["li@example.com"]
        assert _path(office, "notes").read_bytes() == before.replace(b', "bo@example.com"', b"")
        assert any(now.request.fingerprint in toast for toast in reviewer.toasts)
        assert "changed since you looked" in reviewer.page
        assert earlier.fingerprint in reviewer.page
        assert "bo@example.com" in reviewer.page, "what went stands in the difference"
        assert any(event.event == "edited" for event in office.house.ledger.events())
        assert office.approved == []
        await reviewer.presses("a")
        assert office.approved == [], "dead for a moment after the change"
        await reviewer.presses(*("ctrl+d",) * 5)
        await reviewer.looks()
        await reviewer.presses("a")
        assert office.approved == [("notes", now.request.fingerprint)]


async def test_a_line_of_an_invoice_is_dropped(office: Office, clock: ManualClock) -> None:
    fields = {"customer": "Brightmill Ltd", "currency": "EUR", "lines": LINES}
    office.put("bill", Kind.ODOO_INVOICE_CREATE, fields)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("E", "down", "space")
        assert "drop  line Delivery  1 x 18.00" in reviewer.screen
        await reviewer.presses("enter")
        assert office.standing("bill").request.fields["lines"] == LINES[:1]
        assert office.state("bill") is State.PENDING


async def test_esc_and_a_choice_of_nothing_leave_every_byte(office: Office, clock: ManualClock) -> None:
    office.put("notes", fields=mail(TEAM))
    before = _path(office, "notes").read_bytes()
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("E", "space", "j", "space", "escape")
        assert "keep" not in reviewer.screen
        await reviewer.looks()
        await reviewer.presses("E", "space", "space", "enter")
        assert "Nothing was changed." in reviewer.toasts
        assert _path(office, "notes").read_bytes() == before
        assert not any(event.event == "edited" for event in office.house.ledger.events())


async def test_one_must_stay(office: Office, clock: ManualClock) -> None:
    office.put("notes", fields={**mail(TEAM), "cc": ["li@example.com"]})
    before = _path(office, "notes").read_bytes()
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("E", "space", "j", "space", "enter")
        assert "At least one recipient must stay in To." in reviewer.screen
        assert _path(office, "notes").read_bytes() == before
        await reviewer.presses("space", "enter")
        assert office.standing("notes").request.fields["to"] == ["bo@example.com"]


async def test_one_line_must_stay(office: Office, clock: ManualClock) -> None:
    office.put("bill", Kind.ODOO_INVOICE_CREATE, {"customer": "Nord", "currency": "EUR", "lines": LINES})
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("E", "space", "j", "space", "enter")
        assert "At least one line must stay." in reviewer.screen


async def test_what_changed_meanwhile_is_not_cut(office: Office, clock: ManualClock) -> None:
    office.put("notes", fields=mail(TEAM))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("E", "space")
        office.put("notes", fields=mail(TEAM, "Another subject"), quiet=True)
        theirs = _path(office, "notes").read_bytes()
        await reviewer.presses("enter")
        assert _path(office, "notes").read_bytes() == theirs
        assert any("is not the one" in toast for toast in reviewer.toasts)


async def test_a_click_drops_and_keeps(office: Office, clock: ManualClock) -> None:
    office.put("notes", fields=mail(TEAM))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("E")
        await reviewer._pilot.click("#choosing-options", offset=(5, 1))
        await reviewer.rests()
        assert "drop  to   bo@example.com" in reviewer.screen
        assert office.standing("notes").request.fields["to"] == TEAM


async def test_the_key_stands_where_there_is_something_to_drop(office: Office, clock: ManualClock) -> None:
    office.put("one", fields=mail(), quiet=True)
    office.put("two", fields=mail(TEAM), quiet=True)
    async with at_the_console(office, clock, (160, 40)) as reviewer:
        assert reviewer.selected == "one"
        assert "drop some" not in reviewer.bar("footer")
        await reviewer.presses("E")
        assert "no second recipient" in reviewer.toasts[-1]
        await reviewer.presses("j")
        assert "E drop some" in reviewer.bar("footer")
        await reviewer.presses("?")
        assert "Drop some of its recipients or lines" in reviewer.screen


async def test_looking_only_drops_nothing(tmp_path: Path, clock: ManualClock) -> None:
    office = Office(tmp_path, clock, readonly=True)
    office.put("notes", fields=mail(TEAM))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("E")
        assert "Read-only" in reviewer.toasts[-1]
