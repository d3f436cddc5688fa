"""Stories of a list in another order, of decisions counted and drawn, and of a reviewer who goes too fast."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.support.clock import NOON, ManualClock
from tests.support.morning import fill
from tests.support.office import Office, mail
from tests.support.reviewer import at_the_console

from platinum_tui.console.attention import GLANCE_S, RUN
from platinum_tui.console.statistics import figures_of
from platinum_tui.model.sections import Order
from platinum_tui.system.audit import AuditRecord

BOTH_SIZES = pytest.mark.parametrize("size", [(120, 36), (80, 24)])


@BOTH_SIZES
async def test_the_list_is_put_in_other_orders_and_the_selection_stays(
    office: Office, clock: ManualClock, size: tuple[int, int]
) -> None:
    fill(office)
    async with at_the_console(office, clock, size) as reviewer:
        await reviewer.presses("j", "S")
        assert "by risk" in reviewer.bar("sections")
        assert reviewer.selected == "rent"
        ids = list(reviewer.app.desk.list.listing.ids)
        assert set(ids[:2]) == {"july-invoice", "rent"}
        assert len(ids) == 8
        await reviewer.presses("S")
        kinds = [office.standing(name).request.kind for name in reviewer.app.desk.list.listing.ids]
        assert kinds.index("email_send") + kinds.count("email_send") - 1 == 8 - 1 - kinds[::-1].index("email_send")
        await reviewer.presses("S", "S", "S", "S", "S")
        assert reviewer.app.desk.order is Order.AGE
        assert "by " not in reviewer.bar("sections")


async def test_an_order_and_a_filter_work_together(office: Office, clock: ManualClock) -> None:
    for name, subject in (("one", "bravo zz"), ("two", "alpha zz"), ("three", "charlie")):
        office.put(name, fields=mail(subject=subject), quiet=True)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("/", "z", "z", "enter", "S", "S", "S", "S")
        assert list(reviewer.app.desk.list.listing.ids) == ["two", "one"]
        assert "filter zz by title" in reviewer.bar("sections")


async def test_what_belongs_to_one_thread_or_comes_from_one_sender_stands_together(
    office: Office, clock: ManualClock
) -> None:
    for name, thread in (("one", "b"), ("two", "a"), ("three", "b"), ("four", "")):
        more = {"task": f"Needs_Action/{thread}.md"} if thread else {}
        office.put(name, fields=mail(subject=name), quiet=True, **more)
    other = office.house.vault.path("Pending_Approval") / "audit"
    other.mkdir()
    (office.house.vault.path("Pending_Approval/cloud/two.md")).rename(other / "two.md")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("S", "S", "S", "S", "S")
        assert "by sender" in reviewer.bar("sections")
        assert next(iter(reviewer.app.desk.list.listing.ids)) == "two"
        await reviewer.presses("S")
        assert "by thread" in reviewer.bar("sections")
        ids = list(reviewer.app.desk.list.listing.ids)
        assert ids[0] == "two"
        assert set(ids[1:3]) == {"one", "three"}
        assert ids[3] == "four"


@BOTH_SIZES
async def test_the_figures_are_drawn(office: Office, clock: ManualClock, size: tuple[int, int]) -> None:
    fill(office)
    async with at_the_console(office, clock, size) as reviewer:
        await reviewer.presses("I")
        assert "4 decided" in reviewer.screen
        assert "25% turned down" in reviewer.screen
        assert "per day" in reviewer.screen
        assert "█" in reviewer.screen
        await reviewer.presses("escape")
        assert "turned down" not in reviewer.screen


async def test_what_was_taken_back_is_no_decision(office: Office, clock: ManualClock) -> None:
    office.put("first")
    office.put("second", fields=mail(subject="Second"))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("a", "u")
        await reviewer.looks()
        await reviewer.presses("a", "u")
        await reviewer.presses("I")
        assert "Nothing was decided in these days." in reviewer.screen
        await reviewer.presses("escape")
        await reviewer.looks()
        await reviewer.presses("a", "I")
        assert "1 decided" in reviewer.screen


async def test_figures_of_nothing_say_so(office: Office, clock: ManualClock) -> None:
    async with at_the_console(office, clock, ascii=True) as reviewer:
        await reviewer.presses("I")
        assert "Nothing was decided in these days." in reviewer.screen


def test_figures_count_days_kinds_refusals_and_waits() -> None:
    def event(what: str, days_ago: int, kind: str = "email_send") -> AuditRecord:
        time, name = (NOON - timedelta(days=days_ago)).isoformat(), f"{what} {days_ago}"
        return AuditRecord(seq=1, timestamp=time, event=what, actor="person", action_type=kind, request_id=name)

    events = [event("approved", 0), event("rejected", 1), event("done", 1), event("approved", 1, "payment")]
    figures = figures_of([*events, event("approved", 90)], lambda _: NOON - timedelta(days=1, hours=2), NOON, days=3)
    assert figures.per_day == {date(2026, 1, 5): 0, date(2026, 1, 6): 2, date(2026, 1, 7): 1}
    assert figures.per_kind == {"email_send": 2, "payment": 1}
    assert figures.turned_down == 1
    assert figures.median_wait == timedelta(hours=2)
    assert figures_of([], lambda _: datetime.now(UTC), NOON).decisions == 0


def test_of_several_decisions_on_one_request_the_last_one_counts() -> None:
    def event(seq: int, what: str, digest: str = "a", **parameters: str) -> AuditRecord:
        time = (NOON + timedelta(seconds=seq)).isoformat()
        return AuditRecord(
            seq=seq,
            timestamp=time,
            event=what,
            actor="person",
            action_type="payment",
            request_id="it",
            digest=digest,
            parameters=parameters,
        )

    def decided(*events: AuditRecord) -> tuple[int, int]:
        figures = figures_of(reversed(events), lambda _: None, NOON)
        return figures.decisions, figures.turned_down

    assert decided(event(1, "approved"), event(2, "undone", was="approved"), event(3, "approved")) == (1, 0)
    assert decided(event(1, "approved"), event(2, "rejected")) == (1, 1), "a refusal in the place of an approval"
    assert decided(event(1, "approved"), event(2, "taken_back_by_move")) == (0, 0)
    assert decided(event(1, "changes_requested"), event(2, "approved", "b")) == (2, 1), "each version is decided on"


async def test_a_run_of_fast_approvals_asks_whether_they_were_read(office: Office, clock: ManualClock) -> None:
    for number in range(RUN + 2):
        office.put(f"r{number}", fields=mail(subject=f"Number {number}"), quiet=True)
    async with at_the_console(office, clock) as reviewer:
        for _ in range(RUN):
            await reviewer.presses("a")
            clock.advance(0.5)
        assert len(office.approved) == RUN
        await reviewer.presses("a")
        assert "That was fast" in reviewer.screen
        assert len(office.approved) == RUN
        clock.advance(1)
        await reviewer.presses("y")
        assert len(office.approved) == RUN + 1
        await reviewer.looks()
        await reviewer.presses("a")
        assert len(office.approved) == RUN + 2, "who answered is not asked again at once"


async def test_a_run_of_fast_approvals_asks_at_one_with_a_note_too(office: Office, clock: ManualClock) -> None:
    for number in range(RUN + 1):
        office.put(f"r{number}", fields=mail(subject=f"Number {number}"), quiet=True)
    async with at_the_console(office, clock) as reviewer:
        for _ in range(RUN):
            await reviewer.presses("a")
            clock.advance(0.5)
        await reviewer.presses("A", "x", "enter")
        assert "That was fast" in reviewer.screen
        assert len(office.approved) == RUN


async def test_who_reads_is_not_asked(office: Office, clock: ManualClock) -> None:
    for number in range(RUN + 1):
        office.put(f"r{number}", fields=mail(subject=f"Number {number}"), quiet=True)
    async with at_the_console(office, clock) as reviewer:
        for _ in range(RUN + 1):
            clock.advance(GLANCE_S)
            await reviewer.presses("a")
        assert len(office.approved) == RUN + 1
