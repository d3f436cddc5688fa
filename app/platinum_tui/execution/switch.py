"""The kill switch: while it is thrown, nothing is executed, across restarts and on every machine with the vault."""

from __future__ import annotations

import os

from platinum_tui.ledger.happening import Happening
from platinum_tui.model.text import safe_line
from platinum_tui.review.house import House

_NOTE = "frozen"
FREEZE_FILE = "FREEZE"
"""A file of this name in the vault's root stops every execution, too; whoever can write there may throw it."""


class Switch:
    """The kill switch of one house.

    Args:
        house: the vault and its surroundings.
    """

    def __init__(self, house: House) -> None:
        self._house = house

    @property
    def reason(self) -> str | None:
        """Why everything is stopped; None while nothing is."""
        note = self._house.ledger.note(_NOTE)
        if note is not None:
            return note or "Frozen by a person."
        if os.path.lexists(self._house.vault.root / FREEZE_FILE):
            return f"There is a file {FREEZE_FILE} in the vault."
        return None

    def freeze(self, reason: str) -> None:
        """Stop every execution that has not begun."""
        self._house.ledger.set_note(_NOTE, safe_line(reason))
        self._house.ledger.note_event(Happening("frozen", "person", details={"reason": safe_line(reason)}))

    def thaw(self) -> None:
        """Allow executions again. A FREEZE file in the vault stays the person's to remove."""
        self._house.ledger.set_note(_NOTE, None)
        self._house.ledger.note_event(Happening("thawed", "person"))
