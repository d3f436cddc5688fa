"""Stories of the first page: it stands before the program is loaded, and only where every row on it is right still."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.clock import NOON, ManualClock
from tests.support.office import Office
from tests.support.reviewer import at_the_console

from platinum_tui.console import page_keeping
from platinum_tui.console.first_page import FirstPage, Keeper
from platinum_tui.model.event import QueueChanged
from platinum_tui.model.request import State
from platinum_tui.review import inventory

WIDE = os.terminal_size((120, 36))
NOW = NOON.timestamp()
ENVIRON = {"TERM": "xterm-256color"}


@pytest.fixture(autouse=True)
def _a_while_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file was written in the very moment in which it was read."""
    monkeypatch.setattr(inventory, "settled_at", lambda *_: True)


@pytest.fixture
def keeper(office: Office) -> Keeper:
    return _keeper(office)


def _keeper(office: Office) -> Keeper:
    return Keeper(office.house.state.root, ["a vault"], ENVIRON, ascii=False)


def _file(office: Office, name: str) -> Path:
    return office.house.vault.root / "Pending_Approval" / "cloud" / f"{name}.md"


async def _left_by_a_start(office: Office, clock: ManualClock, keeper: Keeper) -> FirstPage:
    for number in range(30):
        office.put(f"r{number:02}", quiet=True)
    async with at_the_console(office, clock, keeper=keeper) as reviewer:
        await reviewer.rests()
        page = keeper.find(WIDE, NOW)
    assert page is not None
    return page


async def test_the_next_start_finds_the_rows_as_they_were_painted(
    office: Office, clock: ManualClock, keeper: Keeper
) -> None:
    page = await _left_by_a_start(office, clock, keeper)
    assert [row[0] for row in page.rows][:3] == ["r00", "r01", "r02"]
    assert all(row[4] == "Re: July invoice" for row in page.rows)
    async with at_the_console(office, clock) as reviewer:
        screen = reviewer.screen.split("\n")
        for y, line in enumerate(page.lines, page.top):
            told = "".join(part.partition("m")[2] for part in line.split("\x1b")).rstrip()
            assert screen[y][page.left :].startswith(told), "the screen paints the same at the same place"


async def test_a_page_is_kept_as_it_is_laid_out_however_quick_its_proof_is(
    office: Office, clock: ManualClock, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_once(
        _: object, work: Callable[[], object], done: Callable[[object], None], *__: object, **___: object
    ) -> None:
        done(work())

    kept, keep = list[FirstPage](), keeper.keep

    def heard(page: FirstPage) -> None:
        kept.append(page)
        keep(page)

    monkeypatch.setattr(page_keeping, "in_background", at_once)
    monkeypatch.setattr(keeper, "keep", heard)
    last = await _left_by_a_start(office, clock, keeper)
    assert {tuple(page.lines) for page in kept} == {tuple(last.lines)}


async def test_the_first_frame_lists_it(office: Office, clock: ManualClock, keeper: Keeper) -> None:
    page = await _left_by_a_start(office, clock, keeper)
    async with at_the_console(office, clock, first=page, keeper=keeper) as reviewer:
        assert reviewer.selected == "r00"
        await reviewer.presses("a")
        assert [name for name, _ in office.approved] == ["r00"], (
            "what was listed from the page is decided on like everything else"
        )


Change = Callable[[Office], object]
CHANGES: dict[str, Change] = {
    "a file was edited": lambda office: office.put(
        "r03", quiet=True, fields={"to": ["thief@example.com"], "subject": "S", "body": "B"}
    ),
    "a file is gone": lambda office: _file(office, "r03").unlink(),
    "a file became a link": lambda office: _linked(_file(office, "r03")),
    "a decision was made": lambda office: office.desk.reject("r29", "no"),
    "the configuration changed": lambda office: _appended(office.house.configuration.config_file),
    "a tool list was kept": lambda office: office.house.tool_lists.directory.mkdir(),
    "the ledger is lost": lambda office: office.house.ledger.path.unlink(),
}


def _linked(path: Path) -> None:
    other = path.with_name("other")
    path.rename(other)
    path.symlink_to(other)


def _appended(path: Path) -> None:
    path.write_text(path.read_text() + "\n")


@pytest.mark.parametrize("what", CHANGES)
async def test_it_is_not_shown_where(office: Office, clock: ManualClock, keeper: Keeper, what: str) -> None:
    await _left_by_a_start(office, clock, keeper)
    CHANGES[what](office)
    assert keeper.find(WIDE, NOW) is None


async def test_it_is_not_shown_on_another_terminal_or_after_a_time_that_a_row_names(
    office: Office, clock: ManualClock, keeper: Keeper
) -> None:
    office.put("a", quiet=True, expires_at="2026-01-07T12:30:00Z")
    await _left_by_a_start(office, clock, keeper)
    assert keeper.find(os.terminal_size((121, 36)), NOW) is None
    assert Keeper(office.house.state.root, ["a vault"], {"TERM": "vt100"}, ascii=False).find(WIDE, NOW) is None
    assert Keeper(office.house.state.root, ["another"], ENVIRON, ascii=False).find(WIDE, NOW) is None
    assert keeper.find(WIDE, NOW + 3600) is None, "the first row has expired"


async def test_what_is_not_read_or_rests_on_another_file_is_not_kept(
    office: Office, clock: ManualClock, keeper: Keeper
) -> None:
    (office.house.vault.root / "paper.txt").write_text("paper")
    office.put(
        "with-paper", fields={"to": ["a@example.com"], "subject": "S", "body": "B", "attachments": ["paper.txt"]}
    )
    async with at_the_console(office, clock, keeper=keeper):
        assert keeper.find(WIDE, NOW) is None


async def test_it_follows_what_happens(office: Office, clock: ManualClock, keeper: Keeper) -> None:
    await _left_by_a_start(office, clock, keeper)
    async with at_the_console(office, clock, keeper=keeper) as reviewer:
        office.desk.reject("r00", "no")
        office.tell(QueueChanged())
        await reviewer.rests()
        page = keeper.find(WIDE, NOW)
    assert page is not None
    assert page.rows[0][0] == "r01"
    assert office.standing("r00").state is State.REJECTED


@pytest.mark.parametrize("broken", ["", "[]", "{}", '[1, [120, 36], ["x"], 1, 2]', '"\\ud800"', "[[[["])
def test_a_broken_page_is_none(office: Office, keeper: Keeper, broken: str) -> None:
    folder = office.house.state.root / "first_pages"
    folder.mkdir()
    keeper._path.write_text(broken)
    assert keeper.find(WIDE, NOW) is None


SHOWS = """
import sys
from pathlib import Path
from platinum_tui.console.curtain import Curtain
from platinum_tui.console.first_page import Keeper
keeper = Keeper(Path(sys.argv[1]), ["a vault"], {"TERM": "xterm-256color"}, ascii=False)
keeper.find, find = (lambda size, now: find(size, float(sys.argv[2]))), keeper.find
with Curtain(keeper) as curtain:
    loaded = sorted({name.partition(".")[0] for name in sys.modules} & {"textual", "rich", "asyncio", "tomllib"})
    print("loaded", loaded, flush=True)
    if sys.argv[3] == "breaks":
        raise SystemExit(2)
"""


@pytest.mark.parametrize("ending", ["well", "breaks"])
async def test_the_terminal_shows_it_before_anything_is_loaded(
    office: Office, clock: ManualClock, keeper: Keeper, ending: str
) -> None:
    page = await _left_by_a_start(office, clock, keeper)
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    before = termios.tcgetattr(slave)
    command = [sys.executable, "-c", SHOWS, str(office.house.state.root), str(NOW), ending]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave)
    read = b""
    while process.poll() is None or select.select([master], [], [], 0)[0]:
        if select.select([master], [], [], 0.1)[0]:
            read += os.read(master, 65536)
    said = read.decode()
    assert termios.tcgetattr(slave) == before, "the terminal is as it was"
    os.close(slave)
    os.close(master)
    assert "Re: July invoice" in said
    assert "loaded []" in said
    assert said.count("\x1b[?1049h") == 1
    assert said.count("\x1b[?1049l") == (ending == "breaks"), "else the screen that took over leaves it"
    assert page.lines[0] in said
