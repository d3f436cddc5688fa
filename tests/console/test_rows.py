"""Stories of the lines of a list: each thing stands in them once, and nothing hangs at their end."""

from __future__ import annotations

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office
from tests.support.reviewer import at_the_console

from platinum_tui.model.action import Kind

PAYMENT = {
    "payee": "Hausverwaltung Nord",
    "amount": "1840.00",
    "currency": "EUR",
    "account": "DE89370400440532013000",
    "reference": "Rent",
}


@pytest.mark.parametrize("size", [(200, 36), (120, 36), (80, 24)])
async def test_an_amount_with_a_place_of_its_own_is_not_told_in_the_title_too(
    office: Office, clock: ManualClock, size: tuple[int, int]
) -> None:
    office.put("rent", Kind.PAYMENT, PAYMENT)
    async with at_the_console(office, clock, size) as reviewer:
        row = reviewer.app.desk.list.listing.row(0)
        assert (row.title, row.amount) == ("Hausverwaltung Nord, Rent", "1840.00 EUR")
        listed = [line[: reviewer.app.desk.list.size.width] for line in reviewer.screen.splitlines()]
        assert "\n".join(listed).count("1840.00 EUR") == 1 + reviewer.app.desk.has_class("-stacked")


async def test_a_title_that_is_nothing_but_money_stays(office: Office, clock: ManualClock) -> None:
    office.put("bill", Kind.PAYMENT, {**PAYMENT, "payee": "", "reference": ""})
    async with at_the_console(office, clock) as reviewer:
        assert reviewer.app.desk.list.listing.row(0).title == "1840.00 EUR"


async def test_a_service_without_anything_to_add_ends_with_its_kind(office: Office, clock: ManualClock) -> None:
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("8")
        width = reviewer.app.desk.list.size.width
        lines = [line[:width].rstrip(" │▐") for line in reviewer.screen.splitlines()]
        assert any(line.endswith("· server") for line in lines)
        assert not any(line.endswith("·") for line in lines)
