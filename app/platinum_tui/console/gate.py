"""The gate through which every key of the desk goes: why one does nothing now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platinum_tui.system.console_actions import Action

if TYPE_CHECKING:
    from platinum_tui.console.screens.desk import Desk

LEAST_WIDTH, LEAST_HEIGHT = 50, 12
"""The smallest terminal that shows what a key would decide."""
TOO_SMALL = f"Too small to decide in: {LEAST_WIDTH} by {LEAST_HEIGHT} is the least."


class Gate:
    """Lets a key through, or says why not; a key that is held down says it once.

    Attributes:
        shut: whether the console is being left, and keys that were typed faster than that do nothing.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._refused = ("", 0)
        self.shut = False

    def lets_through(self, action: Action) -> bool:
        """Whether that action may be done now."""
        if self.shut:
            return False
        why = self._refusal(action)
        if why is not None:
            self._say(why)
        return why is None

    def _refusal(self, action: Action) -> str | None:
        desk = self._desk
        if action.writes and desk.service.readonly:
            return "Read-only: nothing is decided here."
        if action.writes and desk.too_small:
            return TOO_SMALL
        if action.decides and not desk.preview_on_screen:
            return desk.symbols.say("{open} opens it: read, then decide.")
        if action.key.isdigit() and desk.guard.may_be_typed:
            return "The dialog is closed: its digits mean nothing here."
        if action.decides and desk.guard.closed:
            return "It changed a moment ago: look, then press again."
        return None

    def _say(self, why: str) -> None:
        moment = (why, int(self._desk.service.clock.monotonic()))
        if moment != self._refused:
            self._refused = moment
            self._desk.tell(why, "warning")
