"""What this machine itself asks of a decision, whoever brings it: who signed it, and whether anything may run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from platinum_executors.refusal import Refused
from platinum_tui.model.action import Kind
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
        configuration: the levels.
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

    def check_freeze(self) -> None:
        """Hold the freeze.

        Raises:
            Refused: `frozen`: nothing is done until a person thaws it.
        """
        if frozen := self.freeze.reason:
            raise Refused("frozen", f"Every execution is stopped: {frozen}", retriable=True)

    def _level(self, kind: Kind) -> Level:
        return self.configuration.approval.level_for(kind, RiskLevel.LOW)
