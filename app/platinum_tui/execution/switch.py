"""The kill switch: while it is thrown, nothing is executed, across restarts and on every machine with the vault."""

from __future__ import annotations

from platinum_tui.ledger.happening import Happening
from platinum_tui.model.errors import NeedsPerson
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
        """Stop every execution that has not begun; without a reason an earlier one stays."""
        self._mark.set(safe_line(reason))
        self._ledger.note_event(Happening("frozen", "person", details={"reason": safe_line(reason)}))

    def thaw(self) -> None:
        """Allow executions again.

        Raises:
            NeedsPerson: all is frozen still, by a FREEZE file in the vault, which is the person's to remove.
        """
        self._mark.clear()
        still = self.reason
        self._ledger.note_event(Happening("thawed", "person", "still frozen" if still else ""))
        if still:
            raise NeedsPerson(f"Still frozen: {still}", remedy="Remove it: that is a person's to do.")
