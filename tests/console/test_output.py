"""Stories of the terminal: what is painted leaves at once, in order, and a terminal that reads nothing stops nobody."""

from __future__ import annotations

import os
import pty
import termios
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

import pytest

from platinum_tui.console.output import Output


@dataclass
class Terminal:
    """A terminal, and who reads what comes to it."""

    output: Output
    stream: TextIO
    reader: int

    def reads(self, count: int) -> str:
        """So many bytes, as soon as they are there."""
        data = b""
        while len(data) < count:
            data += os.read(self.reader, count - len(data))
        return data.decode()


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    reader, writer = pty.openpty()
    settings = termios.tcgetattr(writer)
    settings[1] &= ~termios.ONLCR  # but for line ends as a terminal has it
    termios.tcsetattr(writer, termios.TCSANOW, settings)
    stream = os.fdopen(writer, "w", encoding="utf-8")
    output = Output(stream)
    output.start()
    yield Terminal(output, stream, reader)
    output.stop()
    stream.close()


def test_what_is_painted_is_there_when_the_call_is_over(terminal: Terminal) -> None:
    os.set_blocking(terminal.reader, False)
    terminal.output.write("Zürich")
    assert os.read(terminal.reader, 100).decode() == "Zürich"
    os.close(terminal.reader)


@pytest.mark.parametrize("length", [333, 700, 1000])
def test_a_terminal_that_reads_nothing_holds_nobody_up_and_gets_all_of_it_later(
    terminal: Terminal, length: int
) -> None:
    frames = [f"{number:05}".ljust(length, "·") for number in range(500)]
    for frame in frames:
        terminal.output.write(frame)
    whole = "".join(frames)
    assert terminal.reads(len(whole.encode())) == whole
    os.close(terminal.reader)


def test_what_comes_once_the_terminal_is_gone_is_dropped(terminal: Terminal) -> None:
    terminal.output.write("x" * 1_000_000)
    os.close(terminal.reader)
    terminal.output.write("more")
    terminal.output.stop()
    assert not terminal.output.is_alive()
