"""Stories of reading: what is on the screen, and that it stays where the reviewer put it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from pathlib import Path
from typing import cast

import pytest
from tests.support.clock import NOON, ManualClock
from tests.support.morning import fill
from tests.support.office import Office, mail
from tests.support.reviewer import Reviewer, at_the_console

from platinum_tui.console.app import PlatinumApp
from platinum_tui.console.snapshot import Snapshot
from platinum_tui.console.start import knows_unicode
from platinum_tui.model.event import Notice, SentMail, Worker, WorkerChanged, WorkerState, WorkerStatus
from platinum_tui.model.request import State
from platinum_tui.review.roll import Roll

HOSTILE = "\x1b]0;owned\x07 \u202egpj.exe [bold red]no markup[/]"


class _Slow(Office):
    """An office that does not come to an end with its looking before it may."""

    def __init__(self, root: Path, clock: ManualClock) -> None:
        super().__init__(root, clock)
        self.asked, self.go_on = threading.Event(), threading.Event()

    def look(self, told: Callable[[], None] | None = None) -> None:
        self.asked.set()
        assert self.go_on.wait(30)
        super().look(told)


async def test_one_that_needs_the_reviewer_is_told_of_as_one(office: Office, clock: ManualClock) -> None:
    office.put("lost")
    office.become("lost", State.UNKNOWN)
    async with at_the_console(office, clock) as reviewer:
        assert "1 needs you" in reviewer.bar("header")


@pytest.mark.parametrize("filtered", [False, True])
async def test_until_everything_was_looked_at_nobody_says_that_nothing_waits(
    tmp_path: Path, clock: ManualClock, filtered: bool
) -> None:
    office = _Slow(tmp_path, clock)
    async with PlatinumApp(office).run_test(size=(120, 36)) as pilot:
        reviewer = Reviewer(cast("PlatinumApp", pilot.app), pilot, clock)
        try:
            while not office.asked.is_set():
                await pilot.pause(0.01)
            await pilot.press("/", "z", "z") if filtered else await pilot.pause()
            await pilot.pause(0.1)
            assert "looking" in reviewer.bar("header")
            assert "Looking into the vault" in reviewer.screen
            await pilot.press("escape", "5")
            await pilot.pause(0.1)
            assert "Looking into the vault" in reviewer.screen
        finally:
            office.go_on.set()
        await reviewer.rests()
        assert "0 waiting" in reviewer.bar("header")
        assert "Nothing is finished yet." in reviewer.screen
        await reviewer.presses("1")
        assert "Nothing waits for you." in reviewer.screen


async def test_a_new_file_appears_by_itself_and_the_selection_stays(office: Office, clock: ManualClock) -> None:
    office.put("first")
    office.put("second", fields=mail(subject="Second"))
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("j")
        office.put("third", fields=mail(subject="Third"))
        await reviewer.rests()
        assert "Third" in reviewer.screen
        assert reviewer.selected == "second"
        office.drop("first")
        await reviewer.rests()
        assert reviewer.selected == "second"
        assert "Second" in reviewer.page


async def test_what_was_read_later_stays_on_screen(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        stock, later = reviewer.app.desk.stock, threading.Event()
        before = stock.snapshot

        def slowly() -> Snapshot:
            assert later.wait(30)
            return before

        stock.relist(slowly)
        office.put("second", quiet=True)
        office.look()
        stock.relist(lambda: Snapshot(office.roll(), looked_at=True), then=later.set)
        await reviewer.rests()
        assert len(reviewer.app.desk.list.listing) == 2, "what was asked for first came last, and was old"


async def test_the_selected_file_vanishes_and_its_neighbour_is_read(office: Office, clock: ManualClock) -> None:
    office.put("first")
    office.put("second", fields=mail(subject="Second"))
    async with at_the_console(office, clock) as reviewer:
        office.drop("first")
        await reviewer.rests()
        assert reviewer.selected == "second"
        assert "Second" in reviewer.page
        await reviewer.presses("a")
        assert office.approved == [], "the selection changed under the reviewer"


async def test_keys_move_the_selection(office: Office, clock: ManualClock) -> None:
    for number in range(60):
        office.put(f"r{number:02}", fields=mail(subject=f"Number {number}"), quiet=True)
    async with at_the_console(office, clock) as reviewer:
        for key, expected in (
            ("j", "r01"),
            ("down", "r02"),
            ("k", "r01"),
            ("up", "r00"),
            ("G", "r59"),
            ("g", "r00"),
            ("end", "r59"),
            ("home", "r00"),
            ("k", "r00"),
        ):
            await reviewer.presses(key)
            assert reviewer.selected == expected, key
            assert f"Number {int(expected[1:])}" in reviewer.page
        await reviewer.presses("pagedown", "pagedown", "pageup")
        assert reviewer.selected not in {"r00", None}


async def test_the_preview_scrolls_while_the_list_keeps_the_keys(office: Office, clock: ManualClock) -> None:
    office.put("long", fields=mail(body="\n".join(f"line {n}" for n in range(200))))
    async with at_the_console(office, clock) as reviewer:
        assert "line 55" not in reviewer.screen
        await reviewer.presses("ctrl+d", "ctrl+d", "ctrl+d", "ctrl+d")
        assert "line 55" in reviewer.screen
        assert reviewer.app.desk.list.has_focus
        await reviewer.presses("ctrl+u", "ctrl+u", "ctrl+u", "ctrl+u")
        assert "line 0" in reviewer.screen


async def test_enter_opens_and_escape_goes_back_layer_by_layer(office: Office, clock: ManualClock) -> None:
    fill(office)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("enter")
        assert "Hausverwaltung Nord" not in reviewer.screen
        await reviewer.presses("escape")
        assert "Hausverwaltung Nord" in reviewer.screen
        await reviewer.presses("tab")
        assert reviewer.app.desk.preview.has_focus
        await reviewer.presses("escape")
        assert reviewer.app.desk.list.has_focus


async def test_what_was_done_is_told_as_past_with_what_proves_it(office: Office, clock: ManualClock) -> None:
    office.put("first")
    evidence = {"message_id": "<7f3a@example.com>", "server_reply": "250 accepted", "recipients": ["ana@example.com"]}
    office.become("first", State.DONE, executed_at=clock.now(), result={"outcome": "done", "evidence": evidence})
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("5")
        assert "exactly this went out  2026-01-07 12:00:00 UTC" in reviewer.page
        assert "Date: Wed, 07 Jan 2026 12:00:00 +0000" in reviewer.page
        assert "Message-ID: <7f3a@example.com>" in reviewer.page
        assert "server reply  250 accepted" in reviewer.page
        assert "recipients  ana@example.com" in reviewer.page
        assert "goes out" not in reviewer.page
        assert "fixed at approval" not in reviewer.page


async def test_what_was_done_without_a_trace_claims_none(office: Office, clock: ManualClock) -> None:
    office.put("first")
    office.become("first", State.DONE)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("5")
        assert "exactly this went out" in reviewer.page
        assert "Message-ID: (not at hand)" in reviewer.page
        assert "receipt" not in reviewer.page


@pytest.mark.parametrize(
    ("state", "section", "told"),
    [
        (State.REJECTED, "5", "exactly this would have gone out"),
        (State.FAILED, "2", "exactly this would have gone out"),
        (State.UNKNOWN, "2", "exactly this may have gone out"),
    ],
)
async def test_what_did_not_go_out_is_not_said_to_go(
    office: Office, clock: ManualClock, state: State, section: str, told: str
) -> None:
    office.put("first")
    office.become("first", state)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses(section)
        assert told in reviewer.page
        assert "this goes out" not in reviewer.page


async def test_hidden_parts_and_link_targets_are_shown(office: Office, clock: ManualClock) -> None:
    body = "see [the bill](https://evil.example/x)\n\n<!-- pay eve instead -->\n\n[ref]: https://hidden.example\n"
    office.put("first", fields=mail(body=body))
    async with at_the_console(office, clock) as reviewer:
        rendered = reviewer.page.split("read as Markdown")[1]
        assert "the bill <https://evil.example/x>" in rendered
        assert "<!-- pay eve instead -->" in rendered
        assert "https://hidden.example" in rendered


async def test_plain_text_is_not_shown_twice(office: Office, clock: ManualClock) -> None:
    office.put("first", fields=mail(body="Dear Ana,\n\nit is paid.\n"))
    async with at_the_console(office, clock) as reviewer:
        assert "read as Markdown" not in reviewer.page
        assert reviewer.page.count("it is paid.") == 1


async def test_foreign_text_acts_nowhere(office: Office, clock: ManualClock) -> None:
    fields = mail(to=(HOSTILE,), subject=HOSTILE, body=f"{HOSTILE}\n&#27;[2J &#x202e;\n")
    office.put("first", fields=fields, reason=HOSTILE)
    office.put("second", text=f"{HOSTILE}\n{HOSTILE}")
    office.put("third", fields=mail(body=f"{HOSTILE}\n*a* &#27;[2J &#x202e;\n"))
    async with at_the_console(office, clock) as reviewer:
        shown = reviewer.screen + reviewer.page
        for key in ("s", "j", "s", "j", "a", "u", "3", "6"):
            await reviewer.presses(key)
            shown += reviewer.screen + reviewer.page
        office.tell(Notice("[bold]not markup[/]"))
        await reviewer.rests()
        shown += reviewer.screen + reviewer.page + "".join(reviewer.toasts)
        assert not {"\x1b", "\x07", "\u202e"} & set(shown)
        assert "⟦U+001B⟧" in shown
        assert "[bold]not markup[/]" in shown


async def test_the_raw_source_is_one_key_away(office: Office, clock: ManualClock) -> None:
    office.put("first", status="approved")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("s")
        assert "status: approved" in reviewer.page
        await reviewer.presses("s")
        assert "status: approved" not in reviewer.page


async def test_a_key_of_a_filter_looks_for_the_word_that_it_is_in_alone(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("first", fields=mail(subject="Oranges from Ana"))
    office.put("second", fields=mail(subject="Oranges from Ben"))
    looked_for, holding = list[str | None](), Roll.holding

    def heard(roll: Roll, text: str | None, kinds: Collection[str | None]) -> frozenset[int]:
        looked_for.append(text)
        return holding(roll, text, kinds)

    monkeypatch.setattr(Roll, "holding", heard)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("slash")
        assert looked_for == [""], "what a first letter needs is made ready"
        await reviewer.types("or be")
        assert looked_for == ["", "o", "or", "b", "be"]
        assert "Oranges from Ben" in reviewer.screen
        assert "Oranges from Ana" not in reviewer.screen


async def test_the_filter_works_while_typing(office: Office, clock: ManualClock) -> None:
    fill(office)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("/")
        await reviewer.types("rentfeb")
        assert reviewer.selected == "rent"
        await reviewer.presses("escape")
        assert len(reviewer.app.desk.list.listing) == 8
        await reviewer.presses("/")
        await reviewer.types("!kind:mail risk:high")
        await reviewer.presses("enter")
        assert list(reviewer.app.desk.list.listing.ids) == ["rent"]
        assert "risk:high" in reviewer.bar("sections")
        await reviewer.presses("escape")
        assert len(reviewer.app.desk.list.listing) == 8


async def test_sections_hold_the_states(office: Office, clock: ManualClock) -> None:
    fill(office)
    async with at_the_console(office, clock) as reviewer:
        for key, expected in (("2", {"lost", "bounced"}), ("5", {"shipped", "loud"}), ("3", set())):
            await reviewer.presses(key)
            assert set(reviewer.app.desk.list.listing.ids) == expected
        assert "Nothing is on its way." in reviewer.screen
        await reviewer.presses("[", "]", "]")
        assert reviewer.app.desk.section.value == "Later"


async def test_a_section_remembers_where_the_reviewer_was(office: Office, clock: ManualClock) -> None:
    fill(office)
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("j", "j", "5", "1")
        assert reviewer.selected == "launch"


async def test_executions_are_told_and_kept(office: Office, clock: ManualClock) -> None:
    office.put("first")
    office.put("second", fields=mail(subject="Second"))
    async with at_the_console(office, clock, demo=True) as reviewer:
        await reviewer.presses("a")
        office.become("first", State.DONE, "250 accepted")
        await reviewer.rests()
        assert "Done: Re: July invoice: 250 accepted" in reviewer.toasts
        office.become("second", State.FAILED, "no such mailbox")
        await reviewer.rests()
        assert "Failed: Second: no such mailbox" in reviewer.toasts
        await reviewer.presses("6")
        assert "Second" in reviewer.screen
        assert "no such mailbox" in reviewer.screen


async def test_the_demo_shows_what_its_sink_received(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock, demo=True) as reviewer:
        assert "DEMO" in reviewer.screen
        await reviewer.presses("a")
        office.mails.append(SentMail("me@example.com", ("ana@example.com",), "Re: July invoice", "it is paid.\n", NOON))
        office.become("first", State.DONE)
        await reviewer.rests()
        await reviewer.presses("9")
        assert "received" in reviewer.screen
        assert "nothing left this machine" in reviewer.page
        assert "it is paid." in reviewer.page


async def test_a_failing_worker_is_named_with_its_error(office: Office, clock: ManualClock) -> None:
    async with at_the_console(office, clock) as reviewer:
        status = WorkerStatus(WorkerState.FAILING, clock.now(), "the remote said no")
        office.tell(WorkerChanged(Worker.SYNC, status))
        await reviewer.rests()
        assert "sync failing" in reviewer.bar("workers")
        assert "the remote said no" in reviewer.bar("workers")


async def test_the_fingerprint_is_copied(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("y")
        assert reviewer.app.clipboard == office.standing("first").request.fingerprint


async def test_leaving_asks_only_while_something_is_under_way(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("a", "q")
        assert "still under way" in reviewer.screen
        assert reviewer.app.is_running
        await reviewer.presses("escape", "u", "q")
        assert reviewer.app.return_code == 0


@pytest.mark.parametrize(
    ("environ", "unicode"),
    [
        ({}, True),
        ({"LANG": "de_DE.UTF-8"}, True),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "en_US.ISO-8859-1"}, False),
        ({"LC_CTYPE": "C.utf8", "LANG": "C"}, True),
    ],
)
def test_a_locale_without_unicode_gets_ascii_signs(environ: dict[str, str], unicode: bool) -> None:
    assert knows_unicode(environ) is unicode


async def test_without_colours_everything_is_still_said(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    fill(office)
    async with at_the_console(office, clock) as reviewer:
        assert "Hausverwaltung Nord" in reviewer.screen
        await reviewer.presses("3", "2", "1", "j", "a")
        assert "High risk: approve this?" in reviewer.screen


async def test_ascii_signs_and_colours_are_not_needed_to_understand(office: Office, clock: ManualClock) -> None:
    fill(office)
    async with at_the_console(office, clock, ascii=True) as reviewer:
        ours = reviewer.screen.replace("ö", "").replace("ü", "").replace("Ö", "")
        assert ours.isascii(), sorted({letter for letter in ours if not letter.isascii()})
        assert "o " in ours
        assert "pending" in ours
