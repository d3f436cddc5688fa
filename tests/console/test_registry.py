"""Stories of the registry: what is bound, shown and explained is one and the same list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office, mail
from tests.support.reviewer import at_the_console

from platinum_tui.console.key_table import key_table
from platinum_tui.console.screens.help import help_text
from platinum_tui.console.sections import STATES
from platinum_tui.model.request import State
from platinum_tui.model.sections import Order
from platinum_tui.system.console_actions import ACTIONS, BY_ID, DESK, Scope
from platinum_tui.system.key_map import KeyMap


def test_no_key_does_two_things_in_one_place() -> None:
    for scopes in (DESK, {Scope.DIALOG}, {Scope.TYPING}):
        keys = [key for item in ACTIONS if item.scope in scopes for key in item.key.split(",")]
        assert len(keys) == len(set(keys))


def test_enter_and_space_and_r_decide_nothing() -> None:
    for item in ACTIONS:
        if {"enter", "r", "space"} & set(item.key.split(",")):
            assert not item.decides


def test_every_state_stands_in_one_section() -> None:
    assert sorted(state for states in STATES.values() for state in states) == sorted(State)


def test_the_help_names_every_action() -> None:
    text = help_text(KeyMap(), 200).plain
    for item in ACTIONS:
        assert item.help in text
        assert item.keys[0] in text


def test_the_key_table_has_a_row_for_every_action() -> None:
    assert len(key_table().splitlines()) == 2 + len(ACTIONS)


async def test_every_binding_of_the_desk_can_be_pressed(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock, demo=True) as reviewer:
        for item in ACTIONS:
            if item.scope not in DESK or item.id in {"palette", "quit"}:
                continue
            assert item.id in reviewer.app.desk._does
            for key in item.key.split(","):
                clock.advance(1)
                await reviewer.presses(key)
                assert not any("broke" in toast for toast in reviewer.toasts), key
                await reviewer.presses("escape")


async def test_the_palette_offers_the_same_actions(office: Office, clock: ManualClock) -> None:
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses(":")
        await reviewer.types("freeze")
        await reviewer.presses("enter")
        assert office.frozen


@pytest.mark.parametrize("word", ["sort", "group", "grouping"])
async def test_the_palette_finds_the_orders_by_either_word(office: Office, clock: ManualClock, word: str) -> None:
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses(":")
        await reviewer.types(word)
        await reviewer.presses("enter")
        assert reviewer.app.desk.order is Order.RISK


async def test_enter_in_the_palette_does_not_approve(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses(":")
        await reviewer.types("approve")
        await reviewer.presses("enter", "enter", "enter")
        assert office.approved == []
        clock.advance(1)
        await reviewer.presses(":")
        await reviewer.types("approve")
        await reviewer.presses("enter")
        assert "Low risk: approve this?" in reviewer.screen
        clock.advance(1)
        await reviewer.presses("y")
        assert len(office.approved) == 1


async def test_the_help_opens_and_closes(office: Office, clock: ManualClock) -> None:
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("?")
        assert "Approve what is shown" in reviewer.screen
        for way_out in ("escape", "?", "q"):
            await reviewer.presses(way_out)
            assert "Approve what is shown" not in reviewer.screen, way_out
            assert reviewer.app.is_running
            await reviewer.presses("?")
            assert "Approve what is shown" in reviewer.screen


async def test_in_the_help_a_long_sentence_goes_on_in_its_own_column(office: Office, clock: ManualClock) -> None:
    async with at_the_console(office, clock, size=(60, 40)) as reviewer:
        await reviewer.presses("?")
        rows = reviewer.screen.splitlines()
        begun = next(index for index, row in enumerate(rows) if "Approve what is shown; high" in row)
        assert rows[begun + 1].index("asks first") == rows[begun].index("Approve what")


def test_the_five_keys_of_the_readme_are_those_of_the_registry() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    rows = readme.partition("## Five keys")[2].partition("\n## ")[0].splitlines()
    shown = [re.findall(r"`([^`]+)`", row.split("|")[1]) for row in rows if row.startswith("| `")]
    wanted = (("next", "previous"), ("open",), ("approve",), ("reject",), ("undo",))
    assert shown == [[BY_ID[name].keys[0] for name in names] for names in wanted]


@pytest.mark.parametrize("opens", ["colon", "Y", "E"])
@pytest.mark.parametrize("key", ["pagedown", "pageup", "home", "end", "up", "down"])
async def test_moving_in_a_list_that_has_no_room_breaks_nothing(
    office: Office, clock: ManualClock, opens: str, key: str
) -> None:
    office.put("first", fields=mail(to=["ana@example.com", "ben@example.com"]))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses(opens)
        assert reviewer.app.screen is not reviewer.app.desk
        await reviewer.resizes(2, 1)
        await reviewer.presses(key)
        await reviewer.resizes(120, 36)
        await reviewer.presses("escape")
        assert reviewer.app.screen is reviewer.app.desk
