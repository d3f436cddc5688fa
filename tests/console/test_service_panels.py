"""Stories of the services beside the workers: one's own servers and their tools, credentials, the WhatsApp session."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import segno
from tests.support.clock import ManualClock
from tests.support.every_service import calendar_server
from tests.support.machine import CHECKOUT
from tests.support.office import Office
from tests.support.reviewer import Reviewer, at_the_console

from platinum_tui.model.qr_code import QUIET_ZONE

BOTH_SIZES = pytest.mark.parametrize("size", [(120, 36), (80, 24)])
BLOCKS = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
Furnish = Callable[..., Office]


@pytest.fixture
def furnish(tmp_path: Path, clock: ManualClock) -> Iterator[Furnish]:
    """Makes the office with more servers; they run no longer than the story."""
    offices: list[Office] = []

    def open_office(more: str = "", **options: bool) -> Office:
        offices.append(Office(tmp_path, clock, more=more, **options))
        return offices[-1]

    yield open_office
    for office in offices:
        office.servers.close()


def _diary(root: Path, tools: dict[str, object]) -> str:
    (root / "tools.json").write_text(json.dumps(tools))
    return calendar_server(root).replace("servers.calendar", "servers.diary")


def _bridge(root: Path, mode: str) -> str:
    program = CHECKOUT / "tests/support/whatsapp_bridge.py"
    return (
        f"[servers.whatsapp]\nbridge_command = {json.dumps([sys.executable, str(program), mode, str(root / 'sent')])}\n"
    )


async def _selects(reviewer: Reviewer, row_id: str) -> None:
    await reviewer.presses("8", "g")
    for _ in range(12):
        if reviewer.selected == row_id:
            return
        await reviewer.presses("j")
    raise AssertionError(f"{row_id} is not listed")


def _modules(rows: list[str]) -> list[list[int]]:
    """What a phone sees, dark as 1: light modules are drawn, on black."""
    return [[1 - BLOCKS[block][half] for block in row] for row in rows for half in (0, 1)]


def _wanted(code: str) -> list[list[int]]:
    rows = segno.make(code, error="l", micro=False).matrix_iter(border=QUIET_ZONE)
    return [list(map(int, row)) for row in rows]


@BOTH_SIZES
async def test_a_server_of_ones_own_lists_its_tools_when_told(
    furnish: Furnish, tmp_path: Path, clock: ManualClock, size: tuple[int, int]
) -> None:
    schema = {"type": "object", "properties": {"title": {"type": "string"}}}
    office = furnish(_diary(tmp_path, {"book": schema, "ca\x1b[31mncel": {"type": "object"}}))
    async with at_the_console(office, clock, size) as reviewer:
        await _selects(reviewer, "server diary")
        assert "nobody asked it yet" in reviewer.page
        assert not (tmp_path / "state/tools/diary.json").exists()
        await reviewer.presses("b")
        await reviewer.rests()
        assert "diary lists 2 tools" in reviewer.toasts
        assert "2, listed just now" in reviewer.page
        assert "book(title)" in reviewer.page
        assert "Do it." in reviewer.page
        assert "At once." in reviewer.page
        assert "\x1b" not in reviewer.page
        assert "⟦U+001B⟧" in reviewer.page
        assert "2 tools" in reviewer.screen

        (tmp_path / "tools.json").write_text(json.dumps({"book": schema}))
        clock.advance(300)
        await reviewer.presses("b")
        await reviewer.rests()
        assert "1, listed just now" in reviewer.page
        assert "cancel" not in reviewer.page


async def test_a_server_that_does_not_start_says_why(furnish: Furnish, clock: ManualClock) -> None:
    async with at_the_console(furnish(), clock) as reviewer:
        await _selects(reviewer, "server calendar")
        await reviewer.presses("b")
        assert any("calendar" in toast for toast in reviewer.toasts)
        assert "nobody asked it yet" in reviewer.page


@BOTH_SIZES
async def test_credentials_say_what_is_missing_and_never_a_value(
    furnish: Furnish, clock: ManualClock, size: tuple[int, int]
) -> None:
    office = furnish('[servers.odoo]\nurl = "https://erp.example.com"\ndatabase = "books"\nusername = "me"\n')
    office.house.credentials.set("shop.token", "hunter2hunter2")
    [missing] = [entry for entry in office.credentials() if entry.standing == "missing"]
    async with at_the_console(office, clock, size) as reviewer:
        await _selects(reviewer, "credentials")
        assert "1 missing" in reviewer.screen
        page = " ".join(reviewer.page.split())
        assert f"{missing.name} missing" in page
        assert missing.purpose in page
        assert missing.origin in page
        assert f"platinum-tui credentials set {missing.name}" in page
        assert "shop.token kept in the keyring" in page
        assert "hunter2" not in reviewer.page + reviewer.screen

        office.house.credentials.set(missing.name, "hunter2hunter2")
        await reviewer.presses("R")
        assert "missing" not in reviewer.page
        assert "2 kept" in reviewer.screen
        assert "hunter2" not in reviewer.page + reviewer.screen


@BOTH_SIZES
async def test_whatsapp_is_off_and_says_how_it_is_linked(
    furnish: Furnish, clock: ManualClock, size: tuple[int, int]
) -> None:
    async with at_the_console(furnish(), clock, size) as reviewer:
        await _selects(reviewer, "whatsapp")
        page = " ".join(reviewer.page.split())
        assert "off" in reviewer.screen
        assert "names its bridge_command or bridge_url" in page
        assert "the number may be banned" in page
        await reviewer.presses("b")
        assert any("Select a worker" in toast for toast in reviewer.toasts)


@BOTH_SIZES
async def test_a_bridge_is_linked_again_from_the_console(
    furnish: Furnish, tmp_path: Path, clock: ManualClock, size: tuple[int, int]
) -> None:
    async with at_the_console(furnish(_bridge(tmp_path, "relinked")), clock, size) as reviewer:
        await _selects(reviewer, "whatsapp")
        assert "not asked" in reviewer.screen
        assert not (tmp_path / "pids").exists()

        clock.advance((datetime(2026, 1, 15, 12, 0, tzinfo=UTC) - clock.now()).total_seconds())
        await reviewer.presses("b")
        assert "expired" in reviewer.screen
        assert "good for 20s more" in reviewer.page
        assert "Linked devices" in " ".join(reviewer.page.split())
        wanted = _wanted("2@code-1")
        await reviewer.presses("enter")
        rows = [row for row in reviewer.page.splitlines() if "█" in row]
        assert _modules(rows)[: len(wanted)] == wanted
        assert all(row in reviewer.screen for row in rows)

        await reviewer.waits(19)
        assert "good for 1s more" in reviewer.page
        await reviewer.waits(1)
        assert "█" not in reviewer.page
        assert "b asks for the next" in reviewer.page

        clock.advance(-10)  # the bridge knows one hour only
        await reviewer.presses("b")
        assert _modules([row for row in reviewer.page.splitlines() if "█" in row])[: len(wanted)] == _wanted("2@code-2")
        await reviewer.presses("b")
        assert "linked  +34600000000" in reviewer.page
        assert "█" not in reviewer.page
        assert "may be banned" in " ".join(reviewer.page.split())


async def test_a_code_is_drawn_whole_or_not_at_all(furnish: Furnish, tmp_path: Path, clock: ManualClock) -> None:
    async with at_the_console(furnish(_bridge(tmp_path, "lengthy")), clock, (80, 24)) as reviewer:
        await _selects(reviewer, "whatsapp")
        await reviewer.presses("b")
        assert "waiting" in reviewer.screen
        assert "█" not in reviewer.page
        assert "Enter shows it over the full width" in " ".join(reviewer.page.split())
        await reviewer.resizes(120, 40)
        await reviewer.presses("enter")
        rows = [row for row in reviewer.page.splitlines() if "█" in row]
        wanted = _wanted(f"2@{'Qm9hdHM9' * 29}")
        assert _modules(rows)[: len(wanted)] == wanted
        await reviewer.presses("G")
        assert all(row in reviewer.screen for row in rows)
        reviewer.app.theme = "platinum-light"
        await reviewer.rests()
        drawn = [part for part in reviewer.app.desk.preview._lines[5] if "█" in part.text]
        assert {(part.style.color.name, part.style.bgcolor.name) for part in drawn} == {("#ffffff", "#000000")}


async def test_looking_only_asks_no_server(furnish: Furnish, tmp_path: Path, clock: ManualClock) -> None:
    office = furnish(_bridge(tmp_path, "unlinked"), readonly=True)
    async with at_the_console(office, clock) as reviewer:
        await _selects(reviewer, "whatsapp")
        await reviewer.presses("b")
        assert "not asked" in reviewer.screen
        assert not (tmp_path / "pids").exists()
