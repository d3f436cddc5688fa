"""The main job by keyboard, in a real terminal."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

pytestmark = pytest.mark.skipif(not shutil.which("tmux"), reason="tmux is not installed: apt-get install tmux")

PATIENCE_S = 20.0


class Terminal:
    """One tmux window with the program in it."""

    def __init__(self, name: str) -> None:
        self._tmux = ["tmux", "-L", name]

    def open(self, command: list[str], environ: dict[str, str]) -> None:
        line = shlex.join(["exec", "env", "-i", *(f"{key}={value}" for key, value in environ.items()), *command])
        self._run("-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "36", line)

    def type(self, *keys: str) -> None:
        self._run("send-keys", *keys)

    @property
    def text(self) -> str:
        return self._run("capture-pane", "-p", check=False)

    def wait_for(self, seen: Callable[[str], bool], within: float = PATIENCE_S) -> str:
        end = time.monotonic() + within
        while time.monotonic() < end:
            text = self.text
            if seen(text):
                return text
            time.sleep(0.05)
        raise AssertionError(f"not seen within {within} s:\n{self.text}")

    def close(self) -> None:
        self._run("kill-server", check=False)

    def _run(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run([*self._tmux, *arguments], capture_output=True, text=True, check=check, timeout=20)
        return done.stdout


@pytest.fixture
def terminal(tmp_path) -> Iterator[Terminal]:
    terminal = Terminal(f"platinum-{os.getpid()}-{tmp_path.name}")
    yield terminal
    terminal.close()


def test_a_reviewer_reads_approves_and_undoes_and_the_mail_arrives_once(machine, terminal):
    machine.configure(undo="3s")
    machine.draft("a.md", id="req-a")
    machine.draft("b.md", id="req-b", subject='"August invoice"')
    terminal.open(machine.command(), {**machine.environ, "TERM": "xterm-256color"})
    wanted = ("July invoice", "August invoice", "To: ana@example.com")
    terminal.wait_for(lambda text: all(words in text for words in wanted))
    time.sleep(0.6)  # keys that decide are dead for a moment after the list appeared

    terminal.type("a")
    terminal.wait_for(lambda text: "Approved" in text)
    terminal.wait_for(lambda _: len(machine.inbox.mails) == 1)
    time.sleep(0.6)
    terminal.type("a")
    terminal.wait_for(lambda text: "0 waiting" in text or "nothing" in text.lower())
    terminal.type("u")
    terminal.wait_for(lambda text: "1 waiting" in text)

    time.sleep(4)
    assert len(machine.inbox.mails) == 1
    terminal.type("q")
    terminal.wait_for(lambda text: not text.strip())
    states = sorted(request["state"] for request in machine.json("list", "--state", "all")["requests"])
    assert states == ["done", "pending"]


def test_a_new_request_appears_within_a_second_and_the_selection_stays(machine, terminal):
    for name in ("a", "b", "c"):
        machine.draft(f"{name}.md", id=f"req-{name}", subject=f'"Subject {name}"')
    terminal.open(machine.command(), {**machine.environ, "TERM": "xterm-256color"})
    first = _selected(terminal.wait_for(lambda text: all(f"Subject {name}" in text for name in "abc")))
    terminal.type("j")
    selected = _selected(terminal.wait_for(lambda text: _selected(text) not in {"", first}))
    time.sleep(1)  # the folder watching is up

    machine.draft("0-first.md", id="req-0", subject='"Subject new"')

    text = terminal.wait_for(lambda text: "Subject new" in text, within=1.0)
    assert _selected(text) == selected
    terminal.type("q")


def _selected(screen: str) -> str:
    """The headline of the selected row."""
    lines = [line for line in screen.splitlines() if line.startswith("▌")]
    return lines[0][1:48].strip() if lines else ""


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({}, "No editor is named"),
        ({"EDITOR": "false"}, "false did not end well"),
        ({"EDITOR": "no-such"}, "no-such did"),
    ],
    ids=["none", "fails", "missing"],
)
def test_the_console_comes_back_from_an_editor_that_is_none(machine, terminal, named, said):
    machine.draft("a.md", id="req-a")
    terminal.open(machine.command(), {**machine.environ, **named, "TERM": "xterm-256color"})
    terminal.wait_for(lambda text: "To: ana@example.com" in text)
    time.sleep(0.6)  # keys that decide are dead for a moment after the list appeared

    terminal.type("e")
    terminal.wait_for(lambda text: said in text and "To: ana@example.com" in text)

    terminal.type("?")
    terminal.wait_for(lambda text: "approve" in text and "To: ana@example.com" not in text)
