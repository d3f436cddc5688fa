"""Stories of decisions: what a key may decide, on what, and when it must not."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office, mail
from tests.support.reviewer import at_the_console

from platinum_tui.console.guard import PAUSE
from platinum_tui.ledger.happening import Happening
from platinum_tui.model.action import Kind
from platinum_tui.model.request import State

PAYMENT = {"payee": "Nord", "amount": "1840.00", "currency": "EUR", "account": "DE89370400440532013000"}


async def test_low_risk_is_approved_at_once_with_the_fingerprint_on_screen(office: Office, clock: ManualClock) -> None:
    office.put("first")
    office.put("second", fields=mail(subject="Second"))
    fingerprint = office.standing("first").request.fingerprint
    async with at_the_console(office, clock) as reviewer:
        assert fingerprint in reviewer.screen
        await reviewer.presses("a")
        assert office.approved == [("first", fingerprint)]
        assert "Approved Re: July invoice · u to undo" in reviewer.toasts
        assert reviewer.selected == "second"


async def test_the_countdown_runs_and_u_takes_the_approval_back(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("a")
        assert "goes out in 10s" in reviewer.flight
        await reviewer.waits(3)
        assert "goes out in 7s" in reviewer.flight
        assert "undo" in reviewer.bar("footer")
        await reviewer.presses("u")
        assert office.standing("first").state is State.PENDING
        assert reviewer.flight == ""
        assert "Taken back: Re: July invoice" in reviewer.toasts


async def test_after_the_window_u_says_why_not(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("a")
        await reviewer.waits(11)
        await reviewer.presses("3", "u")
        assert office.standing("first").state is State.APPROVED
        assert any("countdown is over" in toast for toast in reviewer.toasts)


@pytest.mark.parametrize("way_out", ["n", "escape", "enter"])
async def test_high_risk_asks_with_cancel_in_focus(office: Office, clock: ManualClock, way_out: str) -> None:
    office.put("rent", Kind.PAYMENT, PAYMENT)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("a")
        assert "High risk: approve this?" in reviewer.screen
        assert "Money leaves an account" in reviewer.screen
        assert office.standing("rent").request.fingerprint in reviewer.screen
        clock.advance(1)
        await reviewer.presses(way_out)
        assert "High risk" not in reviewer.screen
        assert office.approved == []


async def test_y_confirms_high_risk_but_not_in_the_first_moment(office: Office, clock: ManualClock) -> None:
    office.put("rent", Kind.PAYMENT, PAYMENT)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("a")
        await reviewer.types("1840.00")
        await reviewer.presses("y")
        assert office.approved == []
        clock.advance(0.4)
        await reviewer.presses("y")
        assert [request_id for request_id, _ in office.approved] == ["rent"]


async def test_enter_never_decides_not_even_on_the_button_that_approves(office: Office, clock: ManualClock) -> None:
    office.put("rent", Kind.PAYMENT, PAYMENT)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("a")
        clock.advance(1)
        await reviewer.presses("tab", "enter", "enter")
        assert office.approved == []
        await reviewer.presses("escape", "enter", "enter")
        assert office.approved == []


async def test_a_rejection_needs_a_reason(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("x", "enter")
        assert "a reason is needed" in reviewer.screen
        assert office.standing("first").state is State.PENDING
        await reviewer.types("not our tone")
        await reviewer.presses("enter")
        assert office.standing("first").state is State.REJECTED
        assert office.standing("first").why == "not our tone"


async def test_u_takes_a_rejection_back(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("x")
        await reviewer.types("oops")
        await reviewer.presses("enter")
        assert "Rejected Re: July invoice · u to undo" in reviewer.toasts
        await reviewer.presses("u")
        assert office.standing("first").state is State.PENDING
        assert reviewer.toasts == ["Taken back: Re: July invoice"], "what is undone is not offered any more"
        assert "to undo" not in reviewer.screen


async def test_an_offer_to_undo_stays_while_another_one_is_taken(office: Office, clock: ManualClock) -> None:
    office.put("first")
    office.put("second", fields=mail(subject="Second"))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("a")
        await reviewer.looks()
        await reviewer.presses("a", "u")
        assert "Approved Re: July invoice · u to undo" in reviewer.toasts
        assert "Approved Second · u to undo" not in reviewer.toasts


async def test_escape_leaves_the_reason_line_and_nothing_happened(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("x", "a", "escape")
        assert office.standing("first").state is State.PENDING
        assert office.approved == []


@pytest.mark.parametrize("size", [(200, 36), (120, 36), (80, 24)])
async def test_what_failed_and_waits_for_its_next_try_says_so(
    office: Office, clock: ManualClock, size: tuple[int, int]
) -> None:
    office.put("first")
    office.put("second", fields=mail(subject="Second"))
    for name in ("first", "second"):
        office.desk.approve(name, office.standing(name).request.fingerprint)
    _comes_to_nothing(office, "first", clock.now() + timedelta(seconds=52 + PAUSE))
    async with at_the_console(office, clock, size) as reviewer:
        await reviewer.presses("3", "g")
        await reviewer.waits(0)
        tried, other = sorted(reviewer.flight.splitlines(), key=lambda told: "Second" in told)
        assert "Re: July invoice  tried again in 52s" in tried
        assert "goes out in" in other
        rows = [row[: reviewer.app.desk.list.size.width] for row in reviewer.screen.splitlines()[2:-5]]
        assert any("tried again in 52s" in row for row in rows)
        assert sum("undo" in row for row in rows) == 1, "the one that goes out for the first time"
        reviewer.app.desk.list.select("first")
        await reviewer.rests()
        assert "tried again at 12:00:52 UTC" in reviewer.page
        await reviewer.presses("u")
        assert office.state("first") is State.PENDING, "it is not tried again"
        assert "tried again" not in reviewer.flight


async def test_what_may_have_gone_out_and_is_asked_for_again_is_not_said_to_go_out_now(
    office: Office, clock: ManualClock
) -> None:
    office.put("first")
    office.become("first", State.EXECUTING, "It may have happened; it is asked for again.")
    async with at_the_console(office, clock) as reviewer:
        assert "may have gone out: asked for again" in reviewer.flight
        await reviewer.presses("3", "u")
        assert reviewer.toasts[-1] == "Too late to undo: it may have gone out, and is asked for again."


async def test_what_failed_and_is_approved_anew_goes_out_as_any_approval(office: Office, clock: ManualClock) -> None:
    office.put("first")
    office.desk.approve("first", office.standing("first").request.fingerprint)
    _comes_to_nothing(office, "first", clock.now() + timedelta(seconds=52 + PAUSE))
    office.undo("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("a")
        assert "goes out in 10s" in reviewer.flight


def _comes_to_nothing(office: Office, name: str, next_try: datetime) -> None:
    """An attempt is refused for a cause that may pass."""
    ledger = office.house.ledger
    for state, changes in (
        (State.EXECUTING, {}),
        (
            State.APPROVED,
            {"due_at": next_try, "attempt": 1, "why": "Busy. It is tried again.", "result": {"code": "busy"}},
        ),
    ):
        entry = ledger.entry(name)
        assert entry is not None
        ledger.transition(entry, state, Happening("attempted", "executor"), while_in={entry.state}, **changes)


async def test_a_file_that_changed_under_the_reviewer_is_shown_again(office: Office, clock: ManualClock) -> None:
    office.put("first", fields=mail(subject="Old subject"))
    async with at_the_console(office, clock) as reviewer:
        office.put("first", fields=mail(subject="New subject", to=("eve@example.com",)), quiet=True)
        await reviewer.presses("a")
        assert office.approved == []
        assert any("changed while you looked" in toast for toast in reviewer.toasts)
        assert "changed since you looked" in reviewer.page
        assert "- subject: Old subject" in reviewer.page
        assert "+ subject: New subject" in reviewer.page
        await reviewer.presses("a")
        assert office.approved == [], "dead for a moment after the change"
        await reviewer.looks()
        await reviewer.presses("a")
        assert office.approved == [("first", office.standing("first").request.fingerprint)]


async def test_a_change_that_the_service_tells_of_shows_its_difference_by_itself(
    office: Office, clock: ManualClock
) -> None:
    office.put("first", fields=mail(body="old line\nsame line\n"))
    async with at_the_console(office, clock) as reviewer:
        office.put("first", fields=mail(body="new line\nsame line\n"))
        await reviewer.rests()
        assert "-old line" in reviewer.page
        assert "+new line" in reviewer.page
        await reviewer.presses("d")
        assert "-old line" not in reviewer.page


async def test_keys_that_decide_are_dead_for_400_ms_after_the_list_changed(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        office.put("second", fields=mail(subject="Second"))
        await reviewer.rests()
        clock.advance(0.39)
        await reviewer.presses("a")
        assert office.approved == []
        assert any("changed a moment ago" in toast for toast in reviewer.toasts)
        clock.advance(0.02)
        await reviewer.presses("a")
        assert [request_id for request_id, _ in office.approved] == ["first"]


async def test_a_key_pressed_twice_approves_one_request(office: Office, clock: ManualClock) -> None:
    office.put("first")
    office.put("second", fields=mail(subject="Second"))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("a", "a")
        assert [request_id for request_id, _ in office.approved] == ["first"]


async def test_moving_by_key_kills_no_key(office: Office, clock: ManualClock) -> None:
    office.put("first")
    office.put("second", fields=mail(subject="Second"))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("j", "a")
        assert [request_id for request_id, _ in office.approved] == ["second"]


async def test_a_request_with_a_problem_says_what_to_do(office: Office, clock: ManualClock) -> None:
    office.put("first", fields={"subject": "Hello", "body": "Hi"})
    async with at_the_console(office, clock) as reviewer:
        assert "missing field" in reviewer.screen
        assert "Edit the file and add it" in reviewer.page
        assert "approve" not in reviewer.bar("footer")
        await reviewer.presses("a")
        assert office.approved == []
        assert any("No recipient is given" in toast for toast in reviewer.toasts)


async def test_read_only_decides_nothing(tmp_path: Path, clock: ManualClock) -> None:
    office = Office(tmp_path, clock, readonly=True)
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        assert "READ-ONLY" in reviewer.screen
        await reviewer.presses("a", "x", "u", "c", "z", "F")
        assert office.standing("first").state is State.PENDING
        assert not office.frozen
        assert "reject" not in reviewer.bar("footer")


async def test_an_unknown_outcome_is_settled_with_evidence(office: Office, clock: ManualClock) -> None:
    office.put("lost")
    office.become("lost", State.UNKNOWN, "The connection broke.")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("2", "o")
        assert "It is not known whether this happened" in reviewer.screen
        assert "The connection broke." in reviewer.screen
        clock.advance(1)
        await reviewer.presses("y")
        await reviewer.types("in her inbox")
        await reviewer.presses("enter")
        assert office.standing("lost").state is State.DONE
        assert any("in her inbox" in repr(event) for event in office.house.ledger.events())


async def test_an_unknown_outcome_can_be_left(office: Office, clock: ManualClock) -> None:
    office.put("lost")
    office.become("lost", State.UNKNOWN)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("2", "o", "escape")
        assert office.standing("lost").state is State.UNKNOWN


async def test_a_request_is_put_off_and_sent_back(office: Office, clock: ManualClock) -> None:
    office.put("first")
    office.put("second", fields=mail(subject="Second"))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("z")
        await reviewer.types("2h")
        await reviewer.presses("enter")
        assert office.standing("first").snoozed_until == clock.now() + timedelta(hours=2)
        await reviewer.looks()
        await reviewer.presses("c")
        await reviewer.types("shorter please")
        await reviewer.presses("enter")
        assert office.standing("second").state is State.CHANGES_REQUESTED


async def test_freezing_is_at_once_and_thawing_asks(office: Office, clock: ManualClock) -> None:
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("F")
        assert office.frozen
        assert "FROZEN" in reviewer.screen
        await reviewer.presses("F")
        clock.advance(1)
        await reviewer.presses("enter")
        assert office.frozen
        await reviewer.presses("F")
        clock.advance(1)
        await reviewer.presses("y")
        assert not office.frozen


async def test_an_error_is_told_with_its_remedy(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        office.desk.reject("first", "decided by another hand")
        await reviewer.presses("a")
        assert office.approved == []
        assert any("rejected" in toast and "show" in toast for toast in reviewer.toasts)
