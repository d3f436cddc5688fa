"""The kill switch: while it is thrown, nothing is executed, across restarts and on every machine with the vault."""

from __future__ import annotations

from platinum_tui.ledger.happening import Happening
from platinum_tui.model.text import safe_line
from platinum_tui.review.house import House


class Switch:
    """The kill switch of one house.

    Args:
        house: the vault and its surroundings.
    """

    def __init__(self, house: House) -> None:
        self._ledger = house.ledger
        self._mark = house.freeze_mark

    @property
    def reason(self) -> str | None:
        """Why everything is stopped; None while nothing is."""
        return self._mark.reason

    def freeze(self, reason: str) -> None:
        """Stop every execution that has not begun."""
        self._mark.set(safe_line(reason))
        self._ledger.note_event(Happening("frozen", "person", details={"reason": safe_line(reason)}))

    def thaw(self) -> None:
        """Allow executions again. A FREEZE file in the vault stays the person's to remove."""
        self._mark.clear()
        self._ledger.note_event(Happening("thawed", "person"))
