"""A program in a pseudo-terminal of 120 by 40 cells: when its screen shows something, and what it costs."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

COLUMNS, ROWS = 120, 40
_QUIET_S = 0.05
EMPTY_APP = """
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static("ready")

Empty().run()
"""
"""A Textual application with one line of text: what no console on Textual can start faster than."""


class Terminal:
    """One program, from exec until the block is left.

    Args:
        command: program and arguments.
        environ: added to the environment.
    """

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self.began = self._came = time.perf_counter()
        self._pid, self._master = pty.fork()  # the terminal is the program's own: aerc opens /dev/tty
        if not self._pid:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.execvpe(command[0], list(command), {**os.environ, **environ, "TERM": "xterm-256color"})

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._master)

    @property
    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(self._screen.display)

    @property
    def memory(self) -> float:
        """The proportional set size in MiB."""
        lines = Path(f"/proc/{self._pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024

    def wait_for(self, text: str, within: float = 60.0) -> float:
        """Seconds from exec to the bytes after which the screen shows a text; to the last ones if it does already."""
        if text in self.text:
            return self._came - self.began
        return self.since(self.began, text, within)

    def rest(self, quiet: float = 0.05, most: float = 3.0) -> float:
        """Read until nothing comes for a while; gives when the last byte came."""
        last, end = time.perf_counter(), time.perf_counter() + most
        while time.perf_counter() < end and self.readable(quiet):
            self._stream.feed(self._read())
            last = self._came
        return last

    def press(self, key: bytes) -> None:
        """A key, once nothing comes any more."""
        self.rest()
        os.write(self._master, key)

    def press_until_another(self, key: bytes, selected: Callable[[pyte.Screen], str | None]) -> float:
        """Seconds from a key to the bytes after which the screen shows another line as the selected one.

        All that comes is read before any of it is looked into: no program waits for the emulator.
        """
        self.rest()
        before, came = selected(self._screen), list[tuple[float, bytes]]()
        began = time.perf_counter()
        os.write(self._master, key)
        while self.readable(_QUIET_S if came else 5.0):
            data = self._read()
            came.append((self._came, data))
        painted = None
        for at, data in came:
            self._stream.feed(data)
            if painted is None and selected(self._screen) not in {before, None}:
                painted = at - began
        if painted is None:
            raise TimeoutError(f"the same line is selected:\n{self.text}")
        return painted

    def press_until(self, key: bytes, text: str, within: float = 10.0) -> float:
        """Seconds from a key to the bytes after which the screen shows a text that it does not show now."""
        self.rest()
        began = time.perf_counter()
        os.write(self._master, key)
        return self.since(began, text, within)

    def since(self, began: float, text: str, within: float = 10.0) -> float:
        """Seconds from a moment to the bytes after which the screen shows a text that it did not show then.

        Until they come the screen is not looked at: that would keep a processor from the program.
        """
        end = time.perf_counter() + within
        while self.readable(end - time.perf_counter()):
            self._stream.feed(self._read())
            if text in self.text:
                return self._came - began
        raise TimeoutError(f"{text!r} was not seen:\n{self.text}")

    def readable(self, within: float) -> bool:
        """Whether something comes within some seconds."""
        return within > 0 and bool(select.select([self._master], [], [], within)[0])

    def _read(self) -> bytes:
        with contextlib.suppress(OSError):  # Linux reports the end of the other side as EIO
            if data := os.read(self._master, 65536):
                self._came = time.perf_counter()
                return data
        raise TimeoutError(f"the program ended:\n{self.text}")
