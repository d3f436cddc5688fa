"""After a crash, or an answer that never came: what an attempt really did, from the marks, then from the service."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from platinum_tui.execution.runner import ACTOR, Runner, delay_after
from platinum_tui.execution.servers import LocalServers
from platinum_tui.execution.tools import DEADLINE_S, LOOK_UP_DEADLINE_S
from platinum_tui.execution.turns import Turns
from platinum_tui.ledger.entry import Entry
from platinum_tui.ledger.happening import Happening
from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.decision import Decision, idempotency_key
from platinum_tui.model.envelope import decision_in, envelope_from_json
from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.mail import message_id
from platinum_tui.model.receipt import Outcome, Result
from platinum_tui.model.request import State
from platinum_tui.model.tool import tool_for
from platinum_tui.review.house import House

_SHORTEST_PAUSE = timedelta(seconds=30)
_CANNOT_TELL = Result(Outcome.UNKNOWN, code="cannot_tell", message="The service cannot say whether it happened.")


class Recovery:
    """Finds out what attempts without an outcome came to. Only the one executing instance may use it.

    Args:
        house: the vault and its surroundings.
        runner: commits outcomes.
        servers: the local MCP servers.
        turns: whether a call is still this machine's to make.
    """

    def __init__(self, house: House, runner: Runner, servers: LocalServers, turns: Turns) -> None:
        self._house = house
        self._runner = runner
        self._servers = servers
        self._turns = turns
        self._waits: dict[tuple[str, State, int, str], float] = {}
        self._promised: dict[tuple[str, str], Mapping[str, JsonValue]] = {}

    def recover(self, entry: Entry) -> Entry:
        """An attempt without an outcome, brought to one or back to its place; left while its repetition waits."""
        return entry if self.wait_s(entry) else self.conclude(entry, _CANNOT_TELL)

    def wait_s(self, entry: Entry) -> float:
        """For how many seconds the service is not to be asked about this attempt yet; 0 where it may be now."""
        return max(0.0, self._waits.get(_standing(entry), 0.0) - self._house.clock.monotonic())

    def conclude(self, entry: Entry, result: Result) -> Entry:
        """Commit what an attempt came to; where its caller could not tell, find out.

        An attempt whose server never passed the point of no return, and now never will, or of which the service proves
        that nothing came, is due again. Where the service itself does no key twice, the call is made again; what keeps
        it from being made tells nothing of the call before. Else the service's word counts; else the person is asked.
        """
        if entry.kind is None or entry.kind is Kind.MCP_CALL:
            return self._runner.conclude(entry, result)
        spent, nonce = self._house.spent, _decision(entry).nonce
        if result.outcome is not Outcome.UNKNOWN:
            if result.retriable:
                spent.forgive(nonce)
            return self._runner.conclude(entry, result)
        if spent.void(nonce, entry.attempt + 1) and not spent.may_have_acted(nonce):
            return self._again(entry, "interrupted before the point of no return")
        promise = self._promise(entry)
        found = self.look_up(entry, promise)
        if found.outcome is Outcome.REFUSED:
            spent.forgive(nonce)
            return self._again(entry, "the service proves that nothing happened")
        if found.outcome is Outcome.UNKNOWN and self._key_lives(entry, promise):
            return self._repeat(entry)
        return self._runner.conclude(entry, result if found.outcome is Outcome.UNKNOWN and result.message else found)

    def look_up(self, entry: Entry, promise: Mapping[str, JsonValue] | None) -> Result:
        """What the service says about an attempt: done; refused, if it proves that nothing happened; else unknown."""
        if promise is None or entry.kind is None:
            return _CANNOT_TELL
        server, marker = tool_for(entry.kind, entry.fields).server, self._marker(entry, promise)
        try:
            answer = self._servers.call(server, "find", {"marker": marker}, deadline_s=LOOK_UP_DEADLINE_S).content
        except PlatinumError:
            return _CANNOT_TELL
        evidence = answer["evidence"] if isinstance(answer.get("evidence"), Mapping) else {}
        match answer.get("outcome"):
            case "found":
                return Result(Outcome.DONE, {**evidence, "found_by": marker})
            case "absent" if promise.get("absence_is_proof") and self._is_settled(entry, promise):
                return Result(Outcome.REFUSED, evidence, "did_not_happen", "The service has no trace of it.")
            case _:
                return Result(Outcome.UNKNOWN, evidence, _CANNOT_TELL.code, _CANNOT_TELL.message)

    def reconsider(self, entry: Entry) -> Entry:
        """An unknown entry, brought to its outcome if the service can tell by now; it is asked ever more rarely."""
        if entry.kind is Kind.MCP_CALL or self.wait_s(entry):
            return entry
        now = self._house.clock.now()
        self._wait(entry, max(_SHORTEST_PAUSE, now - (entry.executed_at or now)))
        found = self.look_up(entry, self._promise(entry))
        if found.outcome is Outcome.REFUSED:
            self._house.spent.forgive(_decision(entry).nonce)
            return self._again(entry, "the service proves that nothing happened")
        return entry if found.outcome is Outcome.UNKNOWN else self._runner.conclude(entry, found)

    def _repeat(self, entry: Entry) -> Entry:
        """Make the call again until its answer comes; a server that hangs instead of dying is waited for only once.

        What keeps it from being made tells nothing of the call before; where that may pass, it is made again later.
        """
        spent, nonce, clock = self._house.spent, _decision(entry).nonce, self._house.clock
        answer, ends_at = _CANNOT_TELL, clock.monotonic() + DEADLINE_S
        while answer.outcome is Outcome.UNKNOWN and clock.monotonic() < ends_at and self._runner.may_repeat(entry):
            if self._runner.is_stopped or not self._turns.go(entry):
                self._wait(entry, delay_after(entry.attempt))
                return entry
            spent.void(nonce, entry.attempt + 1)  # what died before it acted must not act beside the next attempt
            spent.allow_repeat(nonce)
            entry = self._runner.repeat(entry)
            answer = self._runner.call(entry)
        if answer.outcome is Outcome.REFUSED and answer.retriable and self._runner.may_repeat(entry):
            self._wait(entry, delay_after(entry.attempt))
            return self._runner.postpone(entry, answer)
        return self._runner.conclude(entry, answer if answer.outcome is Outcome.DONE else _unknown_by(answer))

    def _again(self, entry: Entry, why: str) -> Entry:
        return self._house.ledger.transition(
            entry,
            State.APPROVED,
            Happening("recovered", ACTOR, details={"why": why}),
            while_in={State.EXECUTING, State.UNKNOWN},
            attempt=entry.attempt + (entry.state is State.EXECUTING),
            why="",
            result=None,
            executed_at=None,
            settled=False,
        )

    def _promise(self, entry: Entry) -> Mapping[str, JsonValue] | None:
        """What an entry's server promises of its tool; where it cannot be asked, what it promised last, or None."""
        if entry.kind is None:
            return None
        tool = tool_for(entry.kind, entry.fields)
        try:
            described = self._servers.call(tool.server, "describe", {}, deadline_s=LOOK_UP_DEADLINE_S).content
            promise = described["tools"][tool.name]["promise"]
        except PlatinumError:
            return self._promised.get((tool.server, tool.name))
        except KeyError:
            return None
        if not isinstance(promise, Mapping):
            return None
        self._promised[tool.server, tool.name] = promise
        return promise

    def _wait(self, entry: Entry, pause: timedelta) -> None:
        self._waits[_standing(entry)] = self._house.clock.monotonic() + pause.total_seconds()

    def _key_lives(self, entry: Entry, promise: Mapping[str, JsonValue] | None) -> bool:
        """Whether the service, for at least as long again, refuses to do what it did under this key."""
        life, first = promise.get("key_life") if promise else None, self._intents(entry)[:1]
        age = self._house.clock.now() - first[0] if first else None
        return life is not None and age is not None and timedelta(0) <= age < timedelta(seconds=life) / 2

    def _marker(self, entry: Entry, promise: Mapping[str, JsonValue]) -> str:
        if promise.get("marker") == "message_id":
            sender = self._house.configuration.family("email").text("sender")
            return message_id(self._house.vault_id, entry.id, entry.digest, sender)
        return idempotency_key(self._house.vault_id, entry.id, entry.digest)

    def _is_settled(self, entry: Entry, promise: Mapping[str, JsonValue]) -> bool:
        """Whether the request may no longer be under way at the service."""
        begun = self._intents(entry)[-1:]
        settled_after = timedelta(seconds=promise.get("settled_after", 0))
        return bool(begun) and self._house.clock.now() >= begun[0] + settled_after

    def _intents(self, entry: Entry) -> list[datetime]:
        """When the attempts at an entry's effect were begun."""
        history = self._house.ledger.history(entry.id)
        same = [record for record in history if record.event == "intent" and record.digest == entry.digest]
        return [datetime.fromisoformat(record.timestamp) for record in same]


def _standing(entry: Entry) -> tuple[str, State, int, str]:
    """What a wait is for: the next attempt, or another decision, does not wait for it."""
    return (entry.id, entry.state, entry.attempt, str((entry.envelope or {}).get("payload")))


def _unknown_by(answer: Result) -> Result:
    return Result(Outcome.UNKNOWN, answer.evidence, answer.code, answer.message)


def _decision(entry: Entry) -> Decision:
    return decision_in(envelope_from_json(entry.envelope))
