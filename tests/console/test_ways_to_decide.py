"""Stories of a reviewer who says more than yes: with a note, a usual reason, a proof of reading, or for the author."""

from __future__ import annotations

import pytest
from tests.support.clock import ManualClock
from tests.support.morning import RENT
from tests.support.office import Office, mail
from tests.support.reviewer import Reviewer, at_the_console

from platinum_tui.console.bulk import MANY
from platinum_tui.console.guard import PAUSE
from platinum_tui.console.stakes import proof_of
from platinum_tui.model.action import Kind
from platinum_tui.model.request import State
from platinum_tui.model.sections import Section

HIDING = mail(body="Hello\n" * 30 + "<!-- pay eve instead -->\n")


async def test_an_approval_carries_its_note(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("A")
        await reviewer.types("asked Ana")
        await reviewer.presses("enter")
        assert [name for name, _ in office.approved] == ["first"]
        event = next(event for event in office.house.ledger.events() if event.event == "approved")
        assert event.parameters["note"] == "asked Ana"


async def test_a_note_on_high_risk_stands_in_the_dialog_and_the_dialog_still_answers(
    office: Office, clock: ManualClock
) -> None:
    office.put("rent", Kind.PAYMENT, RENT)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("A")
        await reviewer.types("due")
        await reviewer.presses("enter")
        assert "note due" in reviewer.screen
        clock.advance(1)
        await reviewer.types("1840.00")
        await reviewer.presses("y")
        assert [name for name, _ in office.approved] == ["rent"]


async def test_escape_leaves_the_note_and_nothing_is_approved(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("A", "x", "escape")
        assert office.approved == []


async def test_high_risk_is_approved_only_after_its_amount_was_typed(office: Office, clock: ManualClock) -> None:
    office.put("rent", Kind.PAYMENT, RENT)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("a")
        assert "type 1840.00" in reviewer.screen
        clock.advance(1)
        await reviewer.presses("y")
        assert "type 1840.00 first" in reviewer.screen
        await reviewer.presses("1", "8")
        assert "1840.00 is wanted; 18 typed so far" in reviewer.screen
        await reviewer.presses("y")
        assert "type 1840.00 first; 18 typed so far" in reviewer.screen
        assert office.approved == []
        await reviewer.presses("9")
        assert "1840.00 is wanted, not 189: begin again" in reviewer.screen
        await reviewer.presses("4")
        assert "1840.00 is wanted, not 4: begin again" in reviewer.screen
        await reviewer.types("1840.00")
        assert ": now y Approve" in reviewer.screen
        await reviewer.presses("enter")
        assert office.approved == [], "Enter never decides"


@pytest.mark.parametrize("way_out", ["escape", "enter"])
async def test_digits_meant_for_a_dialog_that_is_gone_choose_no_section(
    office: Office, clock: ManualClock, way_out: str
) -> None:
    office.put("rent", Kind.PAYMENT, RENT)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("a", "1", "8", way_out, "4")
        assert reviewer.app.desk.section is Section.PENDING
        assert any("digits" in toast for toast in reviewer.toasts)
        clock.advance(PAUSE)
        await reviewer.presses("4")
        assert reviewer.app.desk.section is Section.LATER


async def test_after_a_dialog_without_digits_a_digit_chooses_its_section(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("w", "escape", "4")
        assert reviewer.app.desk.section is Section.LATER


async def test_a_dialog_shows_which_button_has_the_keys(office: Office, clock: ManualClock) -> None:
    office.put("rent", Kind.PAYMENT, RENT)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("a")
        assert "> n  Cancel" in reviewer.screen
        await reviewer.presses("tab")
        assert "> n  Cancel" not in reviewer.screen
        assert "> y  Approve" in reviewer.screen


@pytest.mark.parametrize(
    ("kind", "fields", "wanted"),
    [
        (Kind.PAYMENT, RENT, "1840.00"),
        (Kind.WHATSAPP_MESSAGE, {"to": "+4915112345678", "body": "Hi"}, "5678"),
        (Kind.EMAIL_SEND, mail(to=("ana.lima@example.com",)), "lima"),
        (Kind.EMAIL_SEND, mail(to=("bo@example.com", "ana@example.com")), "ana"),
        (Kind.ODOO_CUSTOMER_CREATE, {"name": "花子"}, None),
    ],
)
def test_what_is_typed_says_what_is_at_stake(
    office: Office, kind: Kind, fields: dict[str, object], wanted: str | None
) -> None:
    office.put("it", kind, fields)
    standing = office.standing("it")
    assert proof_of(standing) == (wanted or standing.request.fingerprint[-4:])


async def test_a_usual_reason_is_one_digit(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock, (80, 24)) as reviewer:
        await reviewer.presses("x")
        assert "1 Wrong recipient" in reviewer.screen
        await reviewer.presses("3")
        assert office.state("first") is State.PENDING, "the digit fills the line, Enter rejects"
        await reviewer.presses("enter")
        assert office.standing("first").why == "Not our tone"


async def test_a_digit_later_in_the_reason_is_a_digit(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("x")
        await reviewer.types("only 3 left")
        await reviewer.presses("enter")
        assert office.standing("first").why == "only 3 left"


async def test_a_request_is_withdrawn_for_its_author_and_taken_back(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("w")
        assert "Withdraw this for its author?" in reviewer.screen
        clock.advance(1)
        await reviewer.presses("enter")
        assert office.state("first") is State.PENDING
        await reviewer.looks()
        await reviewer.presses("w")
        clock.advance(1)
        await reviewer.presses("y")
        assert office.state("first") is State.REJECTED
        assert office.standing("first").why == "Withdrawn by its author."
        await reviewer.presses("u")
        assert office.state("first") is State.PENDING


@pytest.mark.parametrize("section", ["2", "5", "6", "7", "8"])
async def test_the_last_decision_is_taken_back_from_any_section(
    office: Office, clock: ManualClock, section: str
) -> None:
    office.put("old", fields=mail(subject="Old"))
    office.become("old", State.DONE)
    office.put("lost", fields=mail(subject="Lost"))
    office.become("lost", State.UNKNOWN)
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("a", section)
        assert "undo" in reviewer.bar("footer")
        await reviewer.presses("u")
        assert office.state("first") is State.PENDING


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_footer_says_that_high_risk_is_to_be_read_to_its_end(
    office: Office, clock: ManualClock, size: tuple[int, int]
) -> None:
    office.put("long", fields=HIDING)
    async with at_the_console(office, clock, size) as reviewer:
        assert "Ctrl+D read on" in reviewer.bar("footer")
        assert "a approve" not in reviewer.bar("footer")
        await _reads_to_the_end(reviewer)
        assert "a approve" in reviewer.bar("footer")
        assert "Ctrl+D" not in reviewer.bar("footer")


async def test_more_than_a_handful_at_once_asks_for_their_number(office: Office, clock: ManualClock) -> None:
    many = MANY + 1
    for number in range(many):
        office.put(f"r{number:02}", fields=mail(subject=f"Number {number}"), quiet=True)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses(*("space",) * many, "a")
        assert f"type {many}" in reviewer.screen
        clock.advance(1)
        await reviewer.presses("y")
        assert office.approved == []
        await reviewer.types(str(many))
        await reviewer.presses("y")
        assert len(office.approved) == many


async def _reads_to_the_end(reviewer: Reviewer) -> None:
    for _ in range(30):
        await reviewer.presses("ctrl+d")
