"""Calling a reviewer who looks elsewhere: a bell, the terminal's own notification, or the user's program.

It says how many requests wait, and nothing that stands in one.
"""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from platinum_tui.console.sections import need_you
from platinum_tui.model.sections import Section

if TYPE_CHECKING:
    from platinum_tui.console.app import PlatinumApp
    from platinum_tui.system.console_settings import ConsoleSettings

COOL_DOWN_S = 30.0
"""Seconds between two calls."""
_SEQUENCES = {"bell": "\a", "osc9": "\x1b]9;{}\x1b\\", "osc777": "\x1b]777;notify;platinum;{}\x1b\\"}


class Calling:
    """Calls when something new waits while nobody looks.

    Args:
        app: the console, whose requests wait.
        settings: how to call.
    """

    def __init__(self, app: PlatinumApp, settings: ConsoleSettings) -> None:
        self._app = app
        self._settings = settings
        self._known: tuple[int, int] | None = None
        self._called_at = float("-inf")

    def look(self) -> None:
        """Compare what waits now with what was known; what was there at the start is known."""
        snapshot = self._app.desk.snapshot
        if not snapshot.looked_at:
            return
        waiting = (snapshot.count(Section.PENDING), snapshot.count(Section.ATTENTION))
        known, self._known = self._known, waiting
        now = self._app.service.clock.monotonic()
        if known is None or not any(count > before for count, before in zip(waiting, known, strict=True)):
            return
        if not self._app.app_focus and now - self._called_at >= COOL_DOWN_S:
            self._called_at = now
            self._call(f"{waiting[0]} waiting, {need_you(waiting[1])}")

    def _call(self, sentence: str) -> None:
        if self._settings.call_command:
            self._app.run_worker(lambda: self._run(sentence), thread=True, exit_on_error=False, group="calling")
        elif sequence := _SEQUENCES.get(self._settings.call):
            self._app.write_sequence(sequence.format(sentence))

    def _run(self, sentence: str) -> None:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("PLATINUM_PASSPHRASE")}
        quiet = subprocess.DEVNULL
        subprocess.run(
            [*self._settings.call_command, sentence],
            env=environ,
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            timeout=COOL_DOWN_S,
            check=False,
        )
