"""The curtain: the first page on the terminal while the program behind it is loaded.

What is typed meanwhile waits in the terminal, unechoed, for the screen that takes over.
"""

from __future__ import annotations

import contextlib
import os
import sys
import termios
import time
from types import TracebackType

from platinum_tui.console.first_page import FirstPage, Keeper

_OPEN = "\x1b[?1049h\x1b[?25l"
_CLOSE = "\x1b[0m\x1b[?1049l\x1b[?25h"
_LOCAL_FLAGS = 3
"""Where `termios.tcgetattr` has the flags of the line discipline."""


class Curtain:
    """Shows the first page, where one is right, until the block is left; by then the screen has painted over it.

    Args:
        keeper: has the page.

    Attributes:
        page: what is shown; None where nothing is.
    """

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._before: list[object] | None = None
        self.page: FirstPage | None = None

    def __enter__(self) -> Curtain:
        with contextlib.suppress(OSError, termios.error):
            self.page = self._keeper.find(os.get_terminal_size(sys.stdin.fileno()), time.time())
            if self.page:
                self._silence()
                _write(_painted(self.page))
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            if error is not None:
                _write(_CLOSE)
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, self._before)  # type: ignore[arg-type]

    def _silence(self) -> None:
        """Keys are neither echoed nor held back until Enter."""
        descriptor = sys.stdin.fileno()
        self._before = termios.tcgetattr(descriptor)
        silent = termios.tcgetattr(descriptor)
        silent[_LOCAL_FLAGS] &= ~(termios.ECHO | termios.ICANON)
        termios.tcsetattr(descriptor, termios.TCSANOW, silent)


def _painted(page: FirstPage) -> str:
    lines = (f"\x1b[{page.top + y + 1};{page.left + 1}H{line}" for y, line in enumerate(page.lines))
    return f"{_OPEN}{page.ground}\x1b[2J{''.join(lines)}\x1b[0m"


def _write(text: str) -> None:
    """To where the screen will write, too."""
    stream = sys.__stderr__
    if stream is not None:
        stream.write(text)
        stream.flush()
