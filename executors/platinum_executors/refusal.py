"""How the work of a tool ends early: with a clear no, or with nobody knowing."""

from __future__ import annotations

from collections.abc import Mapping

from platinum_tui.model.action import JsonValue
from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.receipt import Outcome, Result


class Refused(PlatinumError):
    """The service said no, or was never asked: nothing happened in the world.

    Attributes:
        reason: the machine-readable code.
        retriable: the cause lies before the point of no return and may pass by itself.
    """

    def __init__(self, reason: str, message: str, *, retriable: bool = False) -> None:
        super().__init__(message)
        self.reason = reason
        self.retriable = retriable

    def result(self) -> Result:
        """The same as a tool's result."""
        return Result(Outcome.REFUSED, code=self.reason, message=self.message, retriable=self.retriable)


class Unknown(PlatinumError):
    """It may have happened: the point of no return was passed and no answer settles it.

    Attributes:
        reason: the machine-readable code.
        evidence: what a person can look it up by.
    """

    def __init__(self, reason: str, message: str, evidence: Mapping[str, JsonValue] | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.evidence = dict(evidence or {})

    def result(self) -> Result:
        """The same as a tool's result."""
        return Result(Outcome.UNKNOWN, code=self.reason, message=self.message, evidence=self.evidence)
