"""From a call to its result: verified, done once, and whatever happens on the way becomes one of three outcomes."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Protocol

from platinum_executors.approval import SigningKey, attempt_number, verify
from platinum_executors.attempt import Attempt
from platinum_executors.burning import BurntDecisions, used
from platinum_executors.family import ActingTool, Surroundings
from platinum_executors.refusal import Refused, Unknown
from platinum_tui.model.action import Action, JsonValue, Kind
from platinum_tui.model.canonical import build_action
from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.receipt import Result

log = logging.getLogger("platinum_executors")


class Rules(Protocol):
    """What this machine asks of a decision; see `rules.Rules`."""

    def keys_for(self, kind: Kind) -> Iterable[SigningKey]:
        """The keys whose signatures count for a kind."""

    def signers_for(self, kind: Kind) -> int:
        """How many must have signed at least."""

    def check_freeze(self) -> None:
        """Raises Refused while nothing may be done."""


class Gate:
    """The only way to an acting tool's function."""

    def __init__(self, surroundings: Surroundings, *, vault_id: str, rules: Rules, burnt: BurntDecisions) -> None:
        self._surroundings = surroundings
        self._vault_id = vault_id
        self._rules = rules
        self._burnt = burnt

    def run(self, tool: ActingTool, arguments: Mapping[str, JsonValue], approval: JsonValue) -> Result:
        """What a call came to; never raises.

        Args:
            tool: which tool.
            arguments: the action's fields as JSON.
            approval: the value of `_meta["platinum/approval"]`, or None.
        """
        try:
            attempt = self._admit(tool, arguments, approval)
        except Refused as refused:
            return refused.result()
        except PlatinumError as error:
            may_pass = isinstance(error.__cause__, OSError)  # the machine does not let us read now what we go by
            return Refused(error.code, f"{error.message} {error.remedy}", retriable=may_pass).result()
        return self._act(tool, attempt)

    def _admit(self, tool: ActingTool, arguments: Mapping[str, JsonValue], approval: JsonValue) -> Attempt[Action]:
        now = self._surroundings.clock.now()
        decision = verify(
            approval,
            kind=tool.kind,
            arguments=arguments,
            vault_id=self._vault_id,
            keys=self._rules.keys_for(tool.kind),
            signers=self._rules.signers_for(tool.kind),
            now=now,
        )
        self._rules.check_freeze()
        if self._burnt.has(decision.nonce):
            raise used()
        try:
            action = build_action(tool.kind, arguments)
        except ValueError as error:
            raise Refused("invalid_arguments", f"The action cannot be done like this: {error}.") from error
        return Attempt(action, decision, lambda: self._burnt.burn(decision.nonce, attempt_number(approval)))

    def _act(self, tool: ActingTool, attempt: Attempt[Action]) -> Result:
        try:
            return tool.act(self._surroundings, attempt)
        except (Refused, Unknown) as ending:
            return ending.result()
        except Exception as error:  # noqa: BLE001 — the border of the work: after the crossing nothing may pass for a no
            # Only the type is logged: a foreign error's text may quote what was sent, credentials included.
            log.error("%s ended in %s, crossed=%s", tool.name, type(error).__name__, attempt.crossed)
            return self._surprise(error, attempt).result()

    @staticmethod
    def _surprise(error: Exception, attempt: Attempt[Action]) -> Refused | Unknown:
        if attempt.crossed:
            return Unknown(
                "unexpected", f"{type(error).__name__} after the point of no return.", {"marker": attempt.marker}
            )
        if isinstance(error, PlatinumError):
            return Refused(error.code, f"{error.message} {error.remedy}")
        return Refused("unexpected", f"{type(error).__name__} before anything was sent.")
