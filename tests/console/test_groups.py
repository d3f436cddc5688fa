"""Stories of a list in an order that groups: a heading over each group, which nobody can select, mark or count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import pytest
from tests.support.clock import ManualClock
from tests.support.morning import fill
from tests.support.office import Office, mail
from tests.support.reviewer import Reviewer, at_the_console

from platinum_tui.console.widgets.layout import HeadingLine, Layout, RowLine

BOTH_SIZES = pytest.mark.parametrize("size", [(120, 36), (80, 24)])
BY_KIND, BY_SENDER, BY_THREAD = (("S",) * presses for presses in (2, 5, 6))


def _listed(reviewer: Reviewer) -> list[str]:
    """The lines of the list, without its scrollbar."""
    region = reviewer.app.desk.list.content_region
    lines = reviewer.screen.splitlines()[region.y : region.bottom]
    return [line.ljust(region.right)[region.x : region.right - 1].rstrip() for line in lines]


def _headings(reviewer: Reviewer) -> list[str]:
    rule = reviewer.app.desk.symbols.rule
    return [line.rstrip(rule).strip() for line in _listed(reviewer) if line.endswith(rule * 3)]


def _threads(office: Office) -> None:
    for name, thread in (("one", "b"), ("two", "a"), ("three", "b"), ("four", "")):
        more = {"task": f"Needs_Action/{thread}.md"} if thread else {}
        office.put(name, fields=mail(subject=f"Subject {name}"), quiet=True, **more)


@BOTH_SIZES
async def test_each_kind_stands_under_its_name_and_number(
    office: Office, clock: ManualClock, size: tuple[int, int]
) -> None:
    fill(office)
    async with at_the_console(office, clock, size) as reviewer:
        assert _headings(reviewer) == []
        await reviewer.presses(*BY_KIND)
        assert "by kind" in reviewer.bar("sections")
        await reviewer.presses("g")
        assert _headings(reviewer)[:3] == ["customer 1", "file 1", "mail 3"]
        assert _listed(reviewer)[0].startswith(" customer 1 ─")
        assert "8" in reviewer.bar("sections").split("Pending")[1][:3], "a heading is no request"
        await reviewer.presses("S")
        assert "by target" in reviewer.bar("sections")
        assert _headings(reviewer) == []


async def test_what_belongs_to_a_thread_stands_under_it_and_what_stands_alone_says_so(
    office: Office, clock: ManualClock
) -> None:
    _threads(office)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses(*BY_THREAD)
        assert _headings(reviewer) == ["Needs_Action/a.md 1", "Needs_Action/b.md 2", "no thread 1"]


async def test_each_sender_has_a_heading_and_hostile_folder_names_are_shown_safely(
    office: Office, clock: ManualClock
) -> None:
    _threads(office)
    pending = office.house.vault.path("Pending_Approval")
    (pending / "evil\x1b[31m").mkdir()
    (pending / "cloud/two.md").rename(pending / "evil\x1b[31m/two.md")
    (pending / "cloud/one.md").rename(pending / "one.md")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses(*BY_SENDER)
        assert _headings(reviewer) == ["no sender 1", "cloud 2", "evil⟦U+001B⟧[31m 1"]


async def test_keys_go_from_request_to_request_over_the_headings(office: Office, clock: ManualClock) -> None:
    _threads(office)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses(*BY_THREAD, "g")
        passed = [reviewer.selected]
        for _ in range(3):
            await reviewer.presses("j")
            passed.append(reviewer.selected)
        assert passed[0] == "two"
        assert passed[3] == "four"
        assert set(passed[1:3]) == {"one", "three"}
        await reviewer.presses("k", "k", "k", "k")
        assert reviewer.selected == "two"
        await reviewer.presses("asterisk")
        assert len(reviewer.app.desk.list.marked) == 4
        assert "4 marked" in reviewer.bar("sections")
        await reviewer.presses("escape", "g", "space", "V")
        assert len(reviewer.app.desk.list.marked) == 2


async def test_a_filter_leaves_only_headings_of_what_passes(office: Office, clock: ManualClock) -> None:
    _threads(office)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses(*BY_THREAD, "/", "t", "h", "r", "e", "e", "enter")
        assert _headings(reviewer) == ["Needs_Action/b.md 1"]
        await reviewer.presses("/", "z", "z", "z", "enter")
        assert _headings(reviewer) == []
        assert "Nothing passes the filter." in reviewer.screen


async def test_a_click_on_a_heading_selects_nothing_and_one_below_its_request(
    office: Office, clock: ManualClock
) -> None:
    _threads(office)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses(*BY_THREAD, "G")
        assert reviewer.selected == "four"
        desk = reviewer.app.desk
        await reviewer._pilot.click(desk.list, offset=(5, 0))
        await reviewer.rests()
        assert reviewer.selected == "four"
        await reviewer._pilot.click(desk.list, offset=(5, 1))
        await reviewer.rests()
        assert reviewer.selected == "two"


async def test_who_comes_to_a_group_sees_its_heading_and_pages_leave_no_request_out(
    office: Office, clock: ManualClock
) -> None:
    for number in range(60):
        office.put(
            f"r{number:02}",
            fields=mail(subject=f"Number {number}"),
            task=f"Needs_Action/{number // 2:02}.md",
            quiet=True,
        )
    async with at_the_console(office, clock, (80, 24)) as reviewer:
        await reviewer.presses(*BY_THREAD, "g")
        shown: set[str] = set()
        for _ in range(40):
            assert f"Needs_Action/{int(str(reviewer.selected)[1:]) // 2:02}.md 2" in _headings(reviewer)
            screen = reviewer.screen
            shown |= {f"r{number:02}" for number in range(60) if f"Number {number} " in screen}
            await reviewer.presses("pagedown")
        assert reviewer.selected in {"r58", "r59"}
        assert len(shown) == 60
        for _ in range(60):
            await reviewer.presses("pageup")
        assert reviewer.selected in {"r00", "r01"}
        assert _headings(reviewer)[0] == "Needs_Action/00.md 2"


@pytest.mark.parametrize(("rows", "lines", "starts"), [(0, 2, ()), (5, 2, ()), (7, 2, (0, 1, 4)), (7, 1, (0, 3, 6))])
def test_rows_and_headings_stand_where_they_would_if_they_were_laid_out(
    rows: int, lines: int, starts: tuple[int, ...]
) -> None:
    laid_out: list[RowLine | HeadingLine] = []
    for index in range(rows):
        if index in starts:
            laid_out.append(HeadingLine(starts.index(index)))
        laid_out += [RowLine(index, line) for line in range(lines)]
    layout = Layout(rows, lines, starts)
    assert [layout.at(line) for line in range(layout.height)] == laid_out
    assert layout.at(-1) is None
    assert layout.at(layout.height) is None
    assert [layout.first_line(index) for index in range(rows)] == [laid_out.index(RowLine(n, 0)) for n in range(rows)]
    assert all(layout.top(index) == layout.first_line(index) - (index in starts) for index in range(rows))


class _Counted(Sequence[int]):
    """Every third number, and how many were looked at."""

    def __init__(self, length: int) -> None:
        self._numbers = range(0, 3 * length, 3)
        self.looked_at = 0

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        self.looked_at += 1
        return self._numbers[index]


def test_a_line_of_a_hundred_thousand_requests_is_found_without_looking_at_all_groups() -> None:
    starts = _Counted(33_334)
    layout = Layout(100_000, 2, starts)
    assert layout.at(layout.first_line(50_000)) == RowLine(50_000, 0)
    assert starts.looked_at < 50
