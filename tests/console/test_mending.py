"""Stories of requests that cannot be approved yet, and of what a reviewer settles at the desk."""

from __future__ import annotations

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office
from tests.support.reviewer import at_the_console

from platinum_tui.model.action import Kind
from platinum_tui.model.request import State

SEVERAL = """\
---
id: spring
action: social_post
platforms: [x, linkedin]
created_at: 2026-01-07T10:00:00Z
---
## Content

Our spring release is out.
"""
BOTH_SIZES = pytest.mark.parametrize("size", [(120, 36), (80, 24)])


@BOTH_SIZES
async def test_an_unknown_name_gets_the_number_that_was_typed_and_is_remembered(
    office: Office, clock: ManualClock, size: tuple[int, int]
) -> None:
    office.put("late", Kind.WHATSAPP_MESSAGE, {"to": "Maria Lund", "body": "Ten minutes late."})
    async with at_the_console(office, clock, size) as reviewer:
        assert "f: choose or type the number" in " ".join(reviewer.page.split())
        assert "fix" in reviewer.bar("footer")
        await reviewer.presses("f")
        assert "Who is Maria Lund?" in reviewer.screen
        await reviewer.types("0123")
        await reviewer.presses("enter")
        assert "It " in reviewer.screen
        assert office.house.contacts.find("Maria Lund") is None
        await reviewer.presses("backspace", "backspace", "backspace", "backspace")
        await reviewer.types("+4915112340000")
        await reviewer.presses("enter")
        assert "Maria Lund is +4915112340000 from now on" in reviewer.toasts
        assert office.standing("late").approvable
        assert office.standing("late").request.fields["to"] == "+4915112340000"
        assert "+4915112340000" in reviewer.page
        assert office.approved == [], "a contact is no approval"


async def test_a_known_person_is_chosen_with_the_arrow_keys(office: Office, clock: ManualClock) -> None:
    office.put("late", Kind.WHATSAPP_MESSAGE, {"to": "Lee Chen", "body": "Ten minutes late."})
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("f")
        assert "Lee  +4915112345678" in reviewer.screen
        await reviewer.presses("down", "enter")
        contact = office.house.contacts.find("Lee Chen")
        assert contact is not None
        assert contact.whatsapp == "+4915112345678"
        assert office.standing("late").approvable


async def test_escape_leaves_the_name_unknown(office: Office, clock: ManualClock) -> None:
    office.put("late", Kind.WHATSAPP_MESSAGE, {"to": "Lee Chen", "body": "Ten minutes late."})
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("f", "down", "escape")
        assert office.house.contacts.find("Lee Chen") is None


@BOTH_SIZES
async def test_a_file_with_two_actions_shows_its_parts_and_is_split(
    office: Office, clock: ManualClock, size: tuple[int, int]
) -> None:
    office.put("spring", text=SEVERAL)
    async with at_the_console(office, clock, size) as reviewer:
        await reviewer.presses("f")
        assert "One file for each of 2 actions?" in reviewer.screen
        assert "post → x" in reviewer.screen
        assert "post → linkedin" in reviewer.screen
        await reviewer.presses("enter")
        assert office.state("spring") is State.PENDING
        await reviewer.looks()
        await reviewer.presses("f")
        clock.advance(1)
        await reviewer.presses("y")
        assert office.state("spring") is State.REJECTED
        assert {office.state("spring-1"), office.state("spring-2")} == {State.PENDING}
        assert office.approved == []
        assert any("Split into 2 requests" in toast for toast in reviewer.toasts)


async def test_f_says_where_there_is_nothing_for_it(office: Office, clock: ManualClock) -> None:
    office.put("fine")
    async with at_the_console(office, clock) as reviewer:
        assert "fix" not in reviewer.bar("footer")
        await reviewer.presses("f")
        assert "Nothing stands against it." in reviewer.toasts
