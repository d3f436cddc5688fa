"""What this machine's own configuration asks of a decision, whoever brings it: how many signed it, when it may run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from platinum_executors.refusal import Refused
from platinum_tui.model.action import Kind
from platinum_tui.model.decision import Decision
from platinum_tui.model.request import RiskLevel
from platinum_tui.system.configuration import Configuration
from platinum_tui.system.freeze_mark import FreezeMark
from platinum_tui.system.keys import KnownKey, Role
from platinum_tui.system.policy import Level


@dataclass(frozen=True)
class Rules:
    """The rules of one vault on this machine.

    A server cannot weigh a request's risk, so it asks for what the kind asks for at the lowest; the core may only ask
    for more.

    Attributes:
        configuration: levels and undo windows.
        freeze: the freeze mark.
        keys: every key known here, read anew for each call.
    """

    configuration: Configuration
    freeze: FreezeMark
    keys: Callable[[], Iterable[KnownKey]]

    def keys_for(self, kind: Kind) -> tuple[KnownKey, ...]:
        """The keys whose signatures count for a kind."""
        level = self._level(kind)
        return tuple(
            key
            for key in self.keys()
            if (level is Level.MOVE or key.role is Role.REVIEWER) and (level is not Level.TWO_KEYS or key.listed)
        )

    def signers_for(self, kind: Kind) -> int:
        """How many must have signed at least."""
        return 2 if self._level(kind) is Level.TWO_KEYS else 1

    def check_time(self, decision: Decision, now: datetime) -> None:
        """Hold the freeze and the undo window.

        Raises:
            Refused: `frozen` or `undo_window`: nothing is done yet.
        """
        if frozen := self.freeze.reason:
            raise Refused("frozen", f"Every execution is stopped: {frozen}", retriable=True)
        if now < decision.decided_at + self._window(decision.kind):
            raise Refused("undo_window", "The person may still take this decision back.", retriable=True)

    def _level(self, kind: Kind) -> Level:
        return self.configuration.approval.level_for(kind, RiskLevel.LOW)

    def _window(self, kind: Kind | None) -> timedelta:
        return self.configuration.undo_for(kind)
