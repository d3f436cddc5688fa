"""Stories of fast fingers: what is typed before a line or a dialog is open is typed there, no key of the list."""

from __future__ import annotations

from tests.support.clock import ManualClock
from tests.support.office import Office, mail
from tests.support.reviewer import Reviewer, at_the_console

from platinum_tui.model.action import Kind
from platinum_tui.model.request import State
from platinum_tui.model.sections import Section

RENT = {"payee": "Nord", "amount": "1840.00", "currency": "EUR", "account": "DE89370400440532013000"}


async def _types_at_once(reviewer: Reviewer, *keys: str) -> None:
    for key in keys:
        await reviewer.hits(key)
    await reviewer.rests()
    await reviewer.rests()


async def test_a_filter_typed_in_one_burst_filters(office: Office, clock: ManualClock) -> None:
    office.put("first", fields=mail(subject="Oranges"))
    office.put("second", fields=mail(subject="Apples"))
    async with at_the_console(office, clock) as reviewer:
        await _types_at_once(reviewer, "slash", *"Apples")
        assert reviewer.app.desk.filter.text == "Apples"
        assert reviewer.selected == "second"
        assert office.approved == []


async def test_what_is_pasted_behind_the_key_that_opens_the_line_is_in_it(office: Office, clock: ManualClock) -> None:
    office.put("first", fields=mail(subject="Oranges"))
    office.put("second", fields=mail(subject="Apples"))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.hits("slash")
        await reviewer.pastes("Apples")
        await _types_at_once(reviewer)
        assert reviewer.app.desk.filter.text == "Apples"


async def test_a_reason_typed_in_one_burst_decides_nothing_else(office: Office, clock: ManualClock) -> None:
    office.put("first", fields=mail(subject="Oranges"))
    office.put("second", fields=mail(subject="Apples"))
    async with at_the_console(office, clock) as reviewer:
        await _types_at_once(reviewer, "x", *"Fax", "enter")
        assert office.state("first") is State.REJECTED
        entry = office.house.ledger.entry("first")
        assert entry is not None
        assert entry.why == "Fax"
        assert office.state("second") is State.PENDING
        assert not reviewer.app.desk.stock.frozen, "F of the reason is no key"


async def test_an_amount_typed_with_the_key_that_asks_for_it_goes_to_the_dialog(
    office: Office, clock: ManualClock
) -> None:
    office.put("rent", Kind.PAYMENT, RENT)
    async with at_the_console(office, clock) as reviewer:
        await _types_at_once(reviewer, "a", *"1840", "full_stop", *"00")
        assert "typed 1840.00" in reviewer.screen
        assert reviewer.app.desk.section is Section.PENDING
        await _types_at_once(reviewer, "y")
        assert office.approved == [], "deaf for a moment after it opened"
        clock.advance(1)
        await reviewer.presses("y")
        assert [name for name, _ in office.approved] == ["rent"]


async def test_a_reason_typed_behind_a_refused_key_decides_nothing(office: Office, clock: ManualClock) -> None:
    """`x` came too early; the reason was on its way, and holds an `a`."""
    office.put("first", fields=mail(subject="Oranges"))
    office.put("second", fields=mail(subject="Apples"))
    async with at_the_console(office, clock) as reviewer:
        reviewer.app.desk.guard.changed()
        await _types_at_once(reviewer, "x")
        for letter in "already paid":
            clock.advance(0.3)
            await _types_at_once(reviewer, "space" if letter == " " else letter)
        await _types_at_once(reviewer, "enter")
        assert "It changed a moment ago: look, then press again." in reviewer.toasts
        assert office.approved == []
        assert {office.state("first"), office.state("second")} == {State.PENDING}
        assert not reviewer.app.desk.list.marked
        clock.advance(1)
        await reviewer.presses("a")
        assert len(office.approved) == 1, "after a pause a key is a key again"


async def test_a_refused_key_pressed_again_asks_for_its_reason(office: Office, clock: ManualClock) -> None:
    office.put("first", fields=mail(subject="Oranges"))
    async with at_the_console(office, clock) as reviewer:
        reviewer.app.desk.guard.changed()
        await _types_at_once(reviewer, "x")
        clock.advance(0.5)
        await _types_at_once(reviewer, "x", *"Fax", "enter")
        assert office.state("first") is State.REJECTED


async def test_a_refused_key_leaves_moving_by_arrows_alone(office: Office, clock: ManualClock) -> None:
    office.put("first", fields=mail(subject="Oranges"))
    office.put("second", fields=mail(subject="Apples"))
    async with at_the_console(office, clock) as reviewer:
        reviewer.app.desk.guard.changed()
        before = reviewer.selected
        await _types_at_once(reviewer, "x", "down")
        assert reviewer.selected != before
