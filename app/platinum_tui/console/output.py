"""What goes to the terminal: at once as far as the terminal takes it, the rest in a thread that waits for it."""

from __future__ import annotations

import os
import select
import threading
from collections import deque
from typing import TextIO

_LAST_S = 2.0
"""Seconds that the end of the console waits for a terminal that takes nothing any more."""


class Output(threading.Thread):
    """A terminal to write to: what leaves at once waits for no thread, which a program that goes on computing holds up.

    What comes once the terminal is gone is dropped, and stops nobody.

    Args:
        file: its stream.
    """

    def __init__(self, file: TextIO) -> None:
        super().__init__(daemon=True, name="terminal-output")
        self._descriptor = file.fileno()
        self._encoding, self._errors = file.encoding, file.errors or "strict"
        self._willing = _willing(self._descriptor)
        self._left: deque[bytes] = deque()
        self._changed = threading.Condition()
        self._ends = False

    def write(self, text: str) -> None:
        """Write what the terminal takes now, after all that came before; never waits for it."""
        data = text.encode(self._encoding, self._errors)
        with self._changed:
            rest = data if self._left else self._straight(data)
            if rest:
                self._left.append(rest)
                self._changed.notify()

    def run(self) -> None:
        """Write what the terminal did not take at once."""
        while data := self._next():
            while data:
                data = self._written(data)
            with self._changed:
                self._left.popleft()

    def stop(self) -> None:
        """End, when all is written, or the terminal takes nothing more."""
        with self._changed:
            self._ends = True
            self._changed.notify()
        self.join(_LAST_S)
        if self._willing is not None:
            os.close(self._willing)
            self._willing = None

    def _next(self) -> bytes:
        """The oldest of what is left, as soon as there is some; nothing at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._left or self._ends)
            return self._left[0] if self._left else b""

    def _straight(self, data: bytes) -> bytes:
        """What the terminal leaves of some bytes."""
        try:
            while data and self._willing is not None:
                data = data[os.write(self._willing, data) :]
        except BlockingIOError:
            return data
        except OSError:
            return b""
        return data

    def _written(self, data: bytes) -> bytes:
        """What is left after one write, for which the terminal is waited for."""
        try:
            return data[os.write(self._descriptor, data) :]
        except BlockingIOError:  # another program has set that for all who share the terminal
            select.select((), (self._descriptor,), ())
            return data
        except OSError:
            return b""


def _willing(descriptor: int) -> int | None:
    """The same terminal, opened anew so that a write to it never waits; nothing where that cannot be had."""
    try:
        return os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
