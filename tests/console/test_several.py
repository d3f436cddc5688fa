"""Stories of deciding on several at once."""

from __future__ import annotations

from tests.support.clock import ManualClock
from tests.support.office import Office, mail
from tests.support.reviewer import at_the_console

from platinum_tui.model.action import Kind
from platinum_tui.model.request import State

PAYMENT = {"payee": "Nord", "amount": "1840.00", "currency": "EUR", "account": "DE89370400440532013000"}


async def test_what_was_read_is_approved_together_and_the_rest_is_left_out(office: Office, clock: ManualClock) -> None:
    office.put("a-mail", fields=mail(subject="One"))
    office.put("b-mail", fields=mail(subject="Two"))
    office.put("c-rent", Kind.PAYMENT, PAYMENT)
    office.put("d-unread", fields=mail(subject="Three"))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("space", "space", "space")
        assert "3 marked" in reviewer.bar("sections")
        assert reviewer.selected == "d-unread"
        await reviewer.presses("k", "asterisk", "a")
        assert "Approve 3 of 4 marked requests?" in reviewer.screen
        assert "high risk: on its own" in reviewer.screen
        await reviewer.presses("y")
        assert office.approved == [], "deaf for a moment after the dialog opened"
        await reviewer.looks()
        await reviewer.presses("enter")
        assert office.approved == [], "Cancel has the focus"


async def test_a_note_is_kept_with_each_of_several(office: Office, clock: ManualClock) -> None:
    office.put("a-mail", fields=mail(subject="One"))
    office.put("b-mail", fields=mail(subject="Two"))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("space", "space", "A")
        await reviewer.types("asked Ana")
        await reviewer.presses("enter")
        assert "Approve 2 of 2 marked requests?" in reviewer.screen
        assert "note asked Ana" in reviewer.screen
        await reviewer.looks()
        await reviewer.presses("y")
        approvals = [event for event in office.house.ledger.events() if event.event == "approved"]
        assert {(event.request_id, event.parameters["note"]) for event in approvals} == {
            ("a-mail", "asked Ana"),
            ("b-mail", "asked Ana"),
        }


async def test_an_unread_request_is_not_approved_with_the_others(office: Office, clock: ManualClock) -> None:
    office.put("a-mail", fields=mail(subject="One"))
    office.put("b-mail", fields=mail(subject="Two"))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("asterisk", "a")
        assert "not read yet" in reviewer.screen
        await reviewer.looks()
        await reviewer.presses("y")
        assert [request_id for request_id, _ in office.approved] == ["a-mail"]
        assert any("Approved 1" in toast for toast in reviewer.toasts)


async def test_one_that_changed_after_it_was_marked_is_dropped(office: Office, clock: ManualClock) -> None:
    office.put("a-mail", fields=mail(subject="One"))
    office.put("b-mail", fields=mail(subject="Two"))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("space", "space", "a")
        office.put("a-mail", fields=mail(subject="Evil"), quiet=True)
        await reviewer.looks()
        await reviewer.presses("y")
        assert [request_id for request_id, _ in office.approved] == ["b-mail"]
        assert office.state("a-mail") is State.PENDING
        assert any("One: " in toast for toast in reviewer.toasts)


async def test_several_are_rejected_with_one_reason(office: Office, clock: ManualClock) -> None:
    for name in ("a", "b", "c"):
        office.put(name, fields=mail(subject=name))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("space", "j", "V", "x")
        assert "Reject 3 requests because" in reviewer.screen
        await reviewer.types("spam")
        await reviewer.presses("enter")
        await reviewer.looks()
        await reviewer.presses("y")
        assert {office.state(name) for name in ("a", "b", "c")} == {State.REJECTED}


async def test_escape_clears_the_marks(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("space", "escape")
        assert reviewer.app.desk.list.marked == ()
