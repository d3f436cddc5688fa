"""What the undo key would take back: the selected decision, else the last one made here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.notifications import Notification, Notify

if TYPE_CHECKING:
    from datetime import datetime

    from platinum_tui.console.screens.desk import Desk
    from platinum_tui.model.standing import Standing

_TAKEN_BACK_ANY_TIME = frozenset({"rejected", "changes_requested", "snoozed"})
_NOTHING = "Nothing to undo: no decision can be taken back."
_WHY_NOT = {
    "done": "Too late to undo: it is done. What it did can only be put right at the other end.",
    "executing": "Too late to undo: it is going out now.",
    "repeated": "Too late to undo: it may have gone out, and is asked for again.",
    "unknown": "Too late to undo: it may have gone out. {settle} settles it.",
    "approved": "Its countdown is over: {freeze} (freeze) stops what has not gone out, and {undo} then takes it back.",
}


class Undoing:
    """Remembers the decisions made here, and knows which one undo means."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._decided: list[str] = []
        self._offers: dict[str, Notification] = {}

    def offer(self, said: str, *request_ids: str) -> None:
        """Decisions were made here: say so, and that undo takes the last one back, until one of them was."""
        toast = Notification(said, markup=False)
        for request_id in request_ids:
            self.forget(request_id)
            self._decided.append(request_id)
            self._offers[request_id] = toast
        self._desk.app.post_message(Notify(toast))

    def forget(self, request_id: str) -> None:
        """It was taken back, or decided anew: what offers to undo it goes with the next toast."""
        self._decided = [decided for decided in self._decided if decided != request_id]
        if toast := self._offers.pop(request_id, None):
            toast.timeout = 0

    @property
    def candidate(self) -> Standing | None:
        """What undo would take back now; None where it is too late or nothing was decided."""
        now = self._desk.service.clock.now()
        meant = self._meant(now)
        return meant if meant is not None and self.is_possible(meant, now) else None

    @property
    def why_not(self) -> str:
        """Why there is nothing to take back."""
        meant = self._meant(self._desk.service.clock.now())
        if meant is None:
            return _NOTHING
        state = "repeated" if meant.state == "executing" and meant.why else meant.state
        return self._desk.symbols.say(_WHY_NOT.get(state, _NOTHING))

    def _meant(self, now: datetime) -> Standing | None:
        selected = self._desk.selected_standing()
        if selected is not None and self.is_possible(selected, now):
            return selected
        last = self._desk.snapshot.find(self._decided[-1]) if self._decided else next(iter(self._desk.flights()), None)
        if last is not None and self.is_possible(last, now):
            return last
        return selected if selected is not None and selected.state in _WHY_NOT else last

    def is_possible(self, standing: Standing, now: datetime) -> bool:
        """Whether a decision can be undone: an approval while its countdown runs or all is frozen, a refusal always."""
        if standing.state == "approved":
            return self._desk.stock.frozen or (standing.undo_until is not None and standing.undo_until > now)
        return standing.state in _TAKEN_BACK_ANY_TIME
