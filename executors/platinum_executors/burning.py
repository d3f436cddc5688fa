"""Burnt decisions: each is worth one effect, and the mark that it was used survives a crash."""

from __future__ import annotations

from pathlib import Path

from platinum_executors.refusal import Refused
from platinum_tui.system.spent_decisions import SpentDecisions


class BurntDecisions:
    """The decisions used so far, as this machine's state has them, with a server's refusals."""

    def __init__(self, directory: Path) -> None:
        self._spent = SpentDecisions(directory)

    def has(self, nonce: str) -> bool:
        """Whether a decision (32 hex digits) was used."""
        return self._spent.is_spent(nonce)

    def burn(self, nonce: str, attempt: int = 1) -> None:
        """Use a decision, durably, before anything that cannot be taken back.

        Raises:
            Refused: `decision_used`: it was used before, or this attempt was given up; `cannot_record`: the disk did
                not take the mark.
        """
        try:
            self._spent.act(nonce, attempt)
        except FileExistsError as error:
            raise used() from error
        except OSError as error:
            message = f"The decision cannot be marked as used: {error.strerror}."
            raise Refused("cannot_record", message, retriable=True) from error


def used() -> Refused:
    """The refusal of a decision that was used before."""
    return Refused("decision_used", "This decision was used before; it is worth one effect only.")
