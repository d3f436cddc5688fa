"""Stories of the page of a request: its head says what matters, the rest what goes out."""

from __future__ import annotations

from tests.support.clock import ManualClock
from tests.support.office import Office, mail
from tests.support.reviewer import at_the_console

from platinum_tui.console.stakes import proof_of
from platinum_tui.model.action import Kind
from platinum_tui.model.request import State

PAYMENT = {"payee": "Nord", "amount": "1840.00", "currency": "EUR", "account": "DE89370400440532013000"}
INVOICE = {
    "customer": "Brightmill Ltd",
    "currency": "EUR",
    "lines": [
        {"description": "Rye flour", "quantity": "4", "unit_price": "31.50"},
        {"description": "Delivery", "quantity": "1", "unit_price": "18.00"},
    ],
}
CALL = {"server": "calendar", "tool": "create_event", "arguments": {"title": "Stock count"}}
HIDING = mail(body="\n".join(["Dear Ana,", *(f"line {n}" for n in range(60)), "<!-- pay twice -->", "the end"]))


async def test_the_lines_of_an_invoice_are_counted_above_and_spread_out_below(
    office: Office, clock: ManualClock
) -> None:
    office.put("bill", Kind.ODOO_INVOICE_CREATE, INVOICE)
    async with at_the_console(office, clock) as reviewer:
        assert "lines  2 lines  front matter:" in reviewer.page
        assert "unit_price" not in reviewer.page
        assert "4 × 31.50 = 126.00" in reviewer.page


async def test_the_arguments_of_a_call_are_counted_above_and_spread_out_below(
    office: Office, clock: ManualClock
) -> None:
    office.put("call", Kind.MCP_CALL, CALL)
    async with at_the_console(office, clock) as reviewer:
        assert "arguments  1 argument  front matter:" in reviewer.page
        assert reviewer.page.count("Stock count") == 1


async def test_a_subject_stands_once_in_the_head_with_its_source(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        assert reviewer.page.startswith("Re: July invoice  front matter:6")
        assert reviewer.page.count("Re: July invoice") == 2, "in the head and in what goes out"


async def test_a_note_that_is_no_request_can_be_read(office: Office, clock: ManualClock) -> None:
    office.put("note", text="# Note for Monday\n\nNobody has to do anything.\n")
    async with at_the_console(office, clock) as reviewer:
        assert "not a request" in reviewer.page
        assert "There is nothing to decide." in reviewer.page
        assert "Nobody has to do anything." in reviewer.page
        assert "risk" not in reviewer.page


async def test_a_value_that_was_refused_is_seen_in_the_file_itself(office: Office, clock: ManualClock) -> None:
    office.put("alert", fields={**mail(), "subject": "It is \x1b[31mOK"})
    async with at_the_console(office, clock) as reviewer:
        assert "subject holds control characters" in reviewer.page
        assert "the file itself" in reviewer.page
        assert "[31mOK" in reviewer.page
        assert "\x1b" not in reviewer.page


async def test_high_risk_whose_end_was_not_on_screen_is_not_approved(office: Office, clock: ManualClock) -> None:
    office.put("long", fields=HIDING)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("a")
        assert any("not all on screen" in toast for toast in reviewer.toasts)
        assert "approve this?" not in reviewer.screen
        await reviewer.presses(*["ctrl+d"] * 8)
        await reviewer.presses("a")
        assert "High risk: approve this?" in reviewer.screen
        clock.advance(1)
        await reviewer.types(proof_of(office.standing("long")))
        await reviewer.presses("y")
        assert len(office.approved) == 1


async def test_what_was_read_stays_read_in_a_window_of_another_size_but_not_when_it_changed(
    office: Office, clock: ManualClock
) -> None:
    office.put("long", fields=HIDING)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses(*["ctrl+d"] * 8)
        await reviewer.resizes(80, 24)
        assert reviewer.app.desk.preview.seen
        office.put("long", fields={**HIDING, "to": ["eve@example.com"]})
        await reviewer.looks()
        await reviewer.presses("g")
        assert not reviewer.app.desk.preview.seen


async def test_the_dialog_names_the_amount_and_the_end_of_the_account(office: Office, clock: ManualClock) -> None:
    office.put("rent", Kind.PAYMENT, PAYMENT)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("a")
        assert "amount 1840.00 EUR" in reviewer.screen
        assert "account ends in 3000" in reviewer.screen


async def test_a_long_name_of_a_field_stands_apart_from_its_value(office: Office, clock: ManualClock) -> None:
    office.put("book", Kind.ODOO_INVOICE_POST, {"invoice": "INV/2026/00012", "expected_total": "144.00"})
    async with at_the_console(office, clock, (80, 24)) as reviewer:
        assert "expected total  144.00" in reviewer.page


async def test_what_was_left_out_above_is_shown_when_high_risk_is_approved_too_early(
    office: Office, clock: ManualClock
) -> None:
    many = [f"r{number:03}@example.com" for number in range(120)]
    office.put("all", fields=mail(to=many, body="Hello\n" * 60))
    async with at_the_console(office, clock, (80, 24)) as reviewer:
        preview = reviewer.app.desk.preview
        assert reviewer.app.desk.must_read_on
        preview.scroll_end(animate=False)
        await reviewer.rests()
        assert reviewer.app.desk.must_read_on, "whom it reaches was not on the screen"
        await reviewer.looks()
        await reviewer.presses("a")
        assert any("Here is what was left out." in toast for toast in reviewer.toasts)
        assert not reviewer.app.desk.must_read_on
        assert office.approved == []


async def test_what_changed_stands_before_everything_else(office: Office, clock: ManualClock) -> None:
    office.put("first", fields=mail(body="Hello Ana"))
    async with at_the_console(office, clock, (80, 24)) as reviewer:
        office.put("first", fields=mail(body="Hello Eve"))
        await reviewer.rests()
        assert "+Hello Eve" in reviewer.screen


async def test_a_done_mail_is_not_said_to_be_the_first_to_anybody(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        assert "Nothing was ever sent to" in reviewer.page
        office.become("first", State.DONE)
        await reviewer.presses("5")
        assert "went out" in reviewer.page
        assert "Nothing was ever sent to" not in reviewer.page
