"""A terminal, or a browser, that went away: nobody reads any more, so the console ends the way `q` does."""

from __future__ import annotations

import os
import select
import stat
import sys
import termios
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App

LOOK_EVERY_S = 1.0
"""Seconds between two looks at whether the terminal is still there; a hangup is told to its own processes only."""


def leave_with_the_terminal(app: App[Any]) -> None:
    """Have a console end soon after its terminal is gone."""

    def look() -> None:
        if not app.is_headless and is_gone():
            app.exit(0)

    app.set_interval(LOOK_EVERY_S, look)


def is_gone() -> bool:
    """Whether what the console reads from, a terminal or a browser's pipe, has nobody at its other end any more."""
    try:
        descriptor = (sys.__stdin__ or sys.stdin).fileno()
        if not stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            termios.tcgetattr(descriptor)
            return False
    except (OSError, ValueError, termios.error):
        return True
    pipe = select.poll()
    pipe.register(descriptor, 0)
    return bool(pipe.poll(0))


def fall_silent() -> None:
    """Where the terminal is gone, have what is still written go nowhere, so that the end of it is no error."""
    if is_gone():
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        os.close(nowhere)
