"""After a crash, or an answer that never came: what an attempt really did, from the marks, then from the service."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from platinum_tui.execution.runner import ACTOR, Runner
from platinum_tui.execution.servers import LocalServers
from platinum_tui.execution.tools import LOOK_UP_DEADLINE_S, tool_for
from platinum_tui.ledger.entry import Entry
from platinum_tui.ledger.happening import Happening
from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.decision import Decision, idempotency_key
from platinum_tui.model.envelope import decision_in, envelope_from_json
from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.mail import message_id
from platinum_tui.model.receipt import Outcome, Result
from platinum_tui.model.request import State
from platinum_tui.review.house import House

_CANNOT_TELL = Result(Outcome.UNKNOWN, code="cannot_tell", message="The service cannot say whether it happened.")


class Recovery:
    """Finds out what attempts without an outcome came to. Only the one executing instance may use it.

    Args:
        house: the vault and its surroundings.
        runner: commits outcomes.
        servers: the local MCP servers.
    """

    def __init__(self, house: House, runner: Runner, servers: LocalServers) -> None:
        self._house = house
        self._runner = runner
        self._servers = servers

    def recover_all(self) -> list[Entry]:
        """Every attempt that an earlier process left without an outcome, brought to one or back to its place."""
        return [self.recover(entry) for entry in self._house.ledger.entries((State.EXECUTING,))]

    def recover(self, entry: Entry) -> Entry:
        """One attempt that was interrupted, brought to an outcome or back to its place.

        Where its server never passed the point of no return, and now never will, it is simply due again; else the
        service is asked; else the person.
        """
        if entry.kind is not Kind.MCP_CALL and self._house.spent.void(_decision(entry).nonce, entry.attempt + 1):
            return self._again(entry, "interrupted before the point of no return")
        return self._runner.conclude(entry, self.look_up(entry))

    def look_up(self, entry: Entry) -> Result:
        """What the service says about an attempt whose outcome is not known."""
        if entry.kind is None or entry.kind is Kind.MCP_CALL:
            return _CANNOT_TELL
        tool = tool_for(entry.kind, entry.fields)
        try:
            described = self._servers.call(tool.server, "describe", {}, deadline_s=LOOK_UP_DEADLINE_S).content
            promise = described["tools"][tool.name]["promise"]
            marker = self._marker(entry, promise)
            answer = self._servers.call(tool.server, "find", {"marker": marker}, deadline_s=LOOK_UP_DEADLINE_S).content
        except (PlatinumError, KeyError):
            return _CANNOT_TELL
        evidence = answer["evidence"] if isinstance(answer.get("evidence"), Mapping) else {}
        match answer.get("outcome"):
            case "found":
                return Result(Outcome.DONE, {**evidence, "found_by": marker})
            case "absent" if promise.get("absence_is_proof") and self._is_settled(entry, promise):
                return Result(Outcome.REFUSED, evidence, "did_not_happen", "The service has no trace of it.")
            case _:
                return Result(Outcome.UNKNOWN, evidence, _CANNOT_TELL.code, _CANNOT_TELL.message)

    def recheck_unknowns(self) -> list[Entry]:
        """The unknown entries that the service can tell about by now."""
        unknown = self._house.ledger.entries((State.UNKNOWN,))
        return [after for entry in unknown if (after := self.reconsider(entry)).state is not State.UNKNOWN]

    def reconsider(self, entry: Entry) -> Entry:
        """An unknown entry, brought to its outcome if the service can tell by now."""
        result = self.look_up(entry)
        return entry if result.outcome is Outcome.UNKNOWN else self._runner.conclude(entry, result)

    def _again(self, entry: Entry, why: str) -> Entry:
        return self._house.ledger.transition(
            entry,
            State.APPROVED,
            Happening("recovered", ACTOR, details={"why": why}),
            while_in={State.EXECUTING},
            attempt=entry.attempt + 1,
            settled=True,
        )

    def _marker(self, entry: Entry, promise: Mapping[str, JsonValue]) -> str:
        if promise.get("marker") == "message_id":
            sender = self._house.configuration.family("email").text("sender")
            return message_id(self._house.vault_id, entry.id, entry.digest, sender)
        return idempotency_key(self._house.vault_id, entry.id, entry.digest)

    def _is_settled(self, entry: Entry, promise: Mapping[str, JsonValue]) -> bool:
        """Whether the request may no longer be under way at the service."""
        begun = self._begun(entry)
        return begun is not None and self._house.clock.now() >= begun + timedelta(
            seconds=promise.get("settled_after", 0)
        )

    def _begun(self, entry: Entry) -> datetime | None:
        intents = [record for record in self._house.ledger.history(entry.id) if record.event == "intent"]
        return datetime.fromisoformat(intents[-1].timestamp) if intents else None


def _decision(entry: Entry) -> Decision:
    return decision_in(envelope_from_json(entry.envelope))
