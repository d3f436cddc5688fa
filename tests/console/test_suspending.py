"""Stories of a reviewer who gives the terminal back to the shell for a while."""

from __future__ import annotations

import shutil
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office, mail
from tests.support.pseudo_terminal import PseudoTerminal
from tests.support.reviewer import at_the_console
from textual.geometry import Region

from platinum_tui.console import outside
from platinum_tui.model.errors import Failed
from platinum_tui.model.request import State

_SHELL = """
import fcntl, os, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash, for its job control")
def test_in_a_terminal_ctrl_z_gives_the_shell_back_and_fg_the_console(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path), "PS1": "ready> "}
    with PseudoTerminal([sys.executable, "-c", _SHELL], environ) as terminal:
        terminal.wait_for("ready>")
        terminal.type(f"{sys.executable} -m platinum_tui.cli --demo\n")
        terminal.wait_for("idle")
        terminal.type("\x1a")
        terminal.wait_for("Stopped")
        terminal.type("echo the shell $((6 * 7))\n")
        terminal.wait_for("echo the shell $((6 * 7))")
        terminal.wait_for("the shell 42")
        terminal.type("printf '\\033[2J\\033[H'; echo nothing else $((7 * 7))\n")  # as another screen would be
        terminal.wait_for("nothing else 49")
        assert "DEMO" not in terminal.text
        terminal.type("fg\n")
        terminal.wait_for("DEMO")
        terminal.type("?")
        terminal.wait_for("Approve what is shown")
        terminal.type("\x1bq")
        terminal.type("exit\n")


async def test_who_comes_back_looks_before_a_key_decides(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("ctrl+z")
        office.put("second", fields=mail(subject="Meanwhile"), quiet=True)
        reviewer.app.app_resume_signal.publish(reviewer.app)
        await reviewer.presses("a")
        assert office.approved == []
        assert "It changed a moment ago" in " ".join(reviewer.toasts)
        assert "Meanwhile" in reviewer.screen


async def test_who_comes_back_finds_the_whole_console_painted_anew(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        await reviewer.presses("ctrl+z")
        painted = set[str]()
        for name in ("header", "sections", "list", "preview", "workers", "footer"):
            widget = reviewer.app.desk.query_one(f"#{name}")

            def seen(crop: Region, name: str = name, render: Any = widget.render_lines) -> Any:
                painted.add(name)
                return render(crop)

            monkeypatch.setattr(widget, "render_lines", seen)
        reviewer.app.app_resume_signal.publish(reviewer.app)
        await reviewer.rests()
        assert painted == {"header", "sections", "list", "preview", "workers", "footer"}


class _Busy(Office):
    """An office whose executor has begun something that no list shows yet."""

    def __init__(self, root: Path, clock: ManualClock) -> None:
        super().__init__(root, clock)
        self.done = threading.Event()
        self.moves: list[str] = []

    def hold(self, patience_s: float) -> None:
        if not self.done.wait(patience_s):
            raise Failed("The executor is in the middle of its work.", remedy="Try again in a moment.")
        self.moves.append("held")

    def let_go(self) -> None:
        self.moves.append("let go")


async def test_what_began_an_instant_ago_is_done_before_the_process_stands_still(
    tmp_path: Path, clock: ManualClock
) -> None:
    office = _Busy(tmp_path, clock)
    async with at_the_console(office, clock) as reviewer:
        reviewer.app.action_suspend_process = lambda: office.moves.append("stopped")  # type: ignore[method-assign]
        await reviewer._pilot.press("ctrl+z")
        await reviewer._pilot.pause()
        assert office.moves == []
        office.done.set()
        await reviewer.rests()
        assert office.moves == ["held", "stopped", "let go"]


async def test_what_takes_longer_than_a_person_waits_is_told(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "_PATIENCE_S", 0.01)
    office = _Busy(tmp_path, clock)
    async with at_the_console(office, clock) as reviewer:
        reviewer.app.action_suspend_process = lambda: office.moves.append("stopped")  # type: ignore[method-assign]
        await reviewer.presses("ctrl+z")
        assert office.moves == []
        assert "The executor is in the middle of its work. Try again in a moment." in reviewer.toasts


async def test_what_is_seen_to_go_out_is_waited_for_in_words(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock) as reviewer:
        stopped: list[bool] = []
        reviewer.app.action_suspend_process = lambda: stopped.append(True)  # type: ignore[method-assign]
        office.become("first", State.EXECUTING)
        await reviewer.looks()
        assert "is going out now" in reviewer.flight
        await reviewer.presses("ctrl+z")
        assert "once it is done" in reviewer.toasts[-1]
        assert stopped == [True], "no worker of this process has it under way"
