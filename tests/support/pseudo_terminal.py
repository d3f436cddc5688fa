"""A program in a pseudo-terminal, and what its screen shows."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType

import pyte

COLUMNS, ROWS = 120, 36


class PseudoTerminal:
    """One program with a terminal of its own, from the first byte it writes; ended when the block is left.

    Args:
        command: program and arguments.
        environ: its whole environment; TERM is added.
    """

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            env={**environ, "TERM": "xterm-256color"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)

    def __enter__(self) -> PseudoTerminal:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        self.hang_up()

    def hang_up(self) -> None:
        """The terminal goes away, as when its window is closed; only what it controls is told."""
        if self._master >= 0:
            os.close(self._master)
        self._master = -1

    @property
    def text(self) -> str:
        """What the screen shows, a line a row."""
        return "\n".join(self._screen.display)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def wait_for(self, text: str, within: float = 30.0) -> float:
        """Read until the screen shows a text; gives the seconds since the program was started."""
        end = time.monotonic() + within
        while text not in self.text:
            if not self._read(end - time.monotonic()):
                raise AssertionError(f"{text!r} was not seen:\n{self.text}")
        return time.perf_counter() - self.started

    def wait_for_end(self, within: float = 30.0) -> int:
        """Read until the program has ended; gives its exit code."""
        end = time.monotonic() + within
        while self._read(end - time.monotonic()):
            pass
        return self.process.wait(max(end - time.monotonic(), 0.1))

    def _read(self, within: float) -> bool:
        """Show what was written next; false where nothing comes any more, or not in time."""
        if within <= 0 or not select.select([self._master], [], [], within)[0]:
            return False
        with contextlib.suppress(OSError):  # Linux reports the end of the other side as EIO
            if data := os.read(self._master, 65536):
                self._stream.feed(data)
                return True
        return False
