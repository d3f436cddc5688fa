"""One approved request's way to its effect: claim, verify, intent on the disk, one call, outcome on the disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from platinum_tui.execution.connection import NeverSent, NoAnswer
from platinum_tui.execution.servers import LocalServers
from platinum_tui.execution.switch import Switch
from platinum_tui.execution.tool_listing import ToolListing
from platinum_tui.execution.tools import APPROVAL_META, DEADLINE_S, arguments_for, result_of
from platinum_tui.ledger.entry import Entry
from platinum_tui.ledger.happening import Happening
from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.decision import Envelope
from platinum_tui.model.envelope import envelope_from_json
from platinum_tui.model.errors import NotApprovable, PlatinumError
from platinum_tui.model.receipt import Outcome, Result
from platinum_tui.model.request import Request, State
from platinum_tui.model.tool import tool_for
from platinum_tui.review.desk import Desk
from platinum_tui.review.limits import over_limit
from platinum_tui.system.policy import Level
from platinum_tui.vault.folders import Folder

ACTOR = "executor"
MOST_ATTEMPTS = 5
"""How often a cause that may pass, before the point of no return, is tried again."""
FIRST_DELAY = timedelta(seconds=30)
"""The wait after the first such failure; it doubles each time, up to an hour."""
LONGEST_DELAY = timedelta(hours=1)
_FROZEN = "frozen"
"""The code of a refusal while everything is stopped, here or by a server that looked last."""
_STATE_OF = {Outcome.DONE: State.DONE, Outcome.REFUSED: State.FAILED, Outcome.UNKNOWN: State.UNKNOWN}

_Shortfall = Callable[[Envelope | None, Request, Level], str | None]


class Runner:
    """Executes approved requests of one house, each at most once.

    Args:
        desk: the queue, the policy and the files of decided requests.
        servers: the local MCP servers.
        switch: the kill switch, looked at right before each call.
    """

    def __init__(self, desk: Desk, servers: LocalServers, switch: Switch) -> None:
        self._desk = desk
        self._house = desk.house
        self._servers = servers
        self._switch = switch
        self._listing = ToolListing(desk.house, servers)

    def begin(self, entry: Entry) -> Entry:
        """Bring a due, approved entry to the point where its call may be made, or hold it and say why.

        Returns:
            The entry as the ledger has it now: executing with its intent on the disk, or still approved where it has to
            wait.

        Raises:
            NotApprovable: it was decided otherwise at the same moment.
        """
        if self._switch.reason:
            return entry
        claimed = self._desk.placement.claim(entry)
        taken = self._taken_back(claimed)
        if taken:
            return taken
        why = self._obstacle(claimed, self._desk.admission.shortfall_of_envelope)
        if why:
            return self._hold(claimed, why)
        if self._switch.reason:
            return self._house.ledger.settle(claimed)
        return self._house.ledger.transition(
            claimed, State.EXECUTING, _intent(claimed.attempt), while_in={State.APPROVED}, why="", settled=False
        )

    def repeat(self, entry: Entry) -> Entry:
        """The next attempt, its intent on the disk, where an attempt has no outcome."""
        return self._house.ledger.transition(
            entry,
            State.EXECUTING,
            _intent(entry.attempt + 1),
            while_in={State.EXECUTING},
            attempt=entry.attempt + 1,
            why="",
        )

    def conclude(self, entry: Entry, result: Result) -> Entry:
        """Commit what an attempt came to.

        Only a refusal before the point of no return, for a cause that may pass, is tried again. What was frozen in time
        is approved as before: that was no attempt, and the thaw alone is waited for.
        """
        house, now = self._house, self._house.clock.now()
        outcome: dict[str, JsonValue] = {
            "outcome": result.outcome.value,
            "evidence": dict(result.evidence),
            "code": result.code,
            "message": result.message,
        }
        if result.outcome is Outcome.REFUSED and result.code == _FROZEN and self._switch.reason:
            happening = Happening("postponed", ACTOR, _FROZEN)
            return house.ledger.transition(entry, State.APPROVED, happening, while_in={State.EXECUTING})
        if result.outcome is Outcome.REFUSED and result.retriable and entry.attempt + 1 < MOST_ATTEMPTS:
            return house.ledger.transition(
                entry,
                State.APPROVED,
                Happening("postponed", ACTOR, result.code, {"message": result.message}),
                while_in={State.EXECUTING},
                attempt=entry.attempt + 1,
                due_at=now + delay_after(entry.attempt),
                why=f"{result.message} It is tried again.",
                result=outcome,
            )
        return house.ledger.transition(
            entry,
            _STATE_OF[result.outcome],
            Happening("outcome", ACTOR, result.outcome.value, {"code": result.code, "message": result.message}),
            while_in={State.EXECUTING, State.UNKNOWN},
            attempt=entry.attempt + (entry.state is State.EXECUTING),
            executed_at=now,
            why="" if result.outcome is Outcome.DONE else _sentence(result),
            result=outcome,
            settled=False,
        )

    def postpone(self, entry: Entry, refusal: Result) -> Entry:
        """An attempt that stays without outcome, for it only repeated another; why it was refused may pass."""
        return self._house.ledger.transition(
            entry,
            State.EXECUTING,
            Happening("postponed", ACTOR, refusal.code, {"message": refusal.message}),
            while_in={State.EXECUTING},
            why=f"It may have happened; it is asked for again, for this service does nothing twice: {refusal.message}",
        )

    def approval_meta(self, entry: Entry) -> dict[str, JsonValue]:
        """The `_meta` of a call: the signed decision, how many must have signed it, which attempt this is."""
        return {
            APPROVAL_META: {
                **(entry.envelope or {}),
                "required_signers": 2 if self._asks_for_two_keys(entry) else 1,
                "attempt": entry.attempt + 1,
            }
        }

    @property
    def is_stopped(self) -> bool:
        """Whether no call is to be made now."""
        return self._switch.reason is not None

    def may_repeat(self, entry: Entry) -> bool:
        """Whether an attempt without outcome still has everything that a new one needs."""
        if entry.attempt + 1 >= MOST_ATTEMPTS:
            return False
        return self._obstacle(entry, self._desk.admission.shortfall_of_signatures) is None

    def _taken_back(self, entry: Entry) -> Entry | None:
        """The entry turned down or open again, where a person moved its file to Rejected/ or back by hand."""
        folder = entry.file.partition("/")[0]
        if folder not in {Folder.REJECTED, Folder.PENDING}:
            return None
        state = State.REJECTED if folder == Folder.REJECTED else State.PENDING
        taken = self._house.ledger.transition(
            entry,
            state,
            Happening("taken_back_by_move", ACTOR, details={"file": entry.file}),
            while_in={State.APPROVED},
            why="",
            due_at=None,
            settled=False,
        )
        self._desk.placement.spend_taken_back()
        return taken

    def _obstacle(self, entry: Entry, shortfall: _Shortfall) -> str | None:
        """Why an approved entry must not be executed now; None where nothing stands against it."""
        house = self._house
        if not entry.file.startswith(f"{Folder.IN_PROGRESS}/") or not self._desk.placement.holds(
            entry.file, entry.file_sha256
        ):
            return "The file is gone, or it is not the one that was approved; nothing was done."
        request = self._desk.queue.reread(entry)
        if request.problems:
            return f"It can no longer be executed: {request.problems[0].message}"
        if request.digest != entry.digest:
            return "It reads differently now than when it was approved (contacts or attachments changed)."
        envelope = envelope_from_json(entry.envelope) if entry.envelope else None
        short = shortfall(envelope, request, self._level(request))
        limits = house.configuration.limits.get(request.kind) if request.kind else None
        return short or over_limit(request, limits, house.ledger, house.clock, but=entry.id)

    def _asks_for_two_keys(self, entry: Entry) -> bool:
        """Whether one signature is not enough; its risk is looked at only where that could make a difference."""
        highest = self._desk.admission.highest_level(entry.kind)
        return highest is Level.TWO_KEYS and self._level(self._desk.queue.frozen(entry)) is Level.TWO_KEYS

    def _level(self, request: Request) -> Level:
        return self._desk.admission.level_of(request, self._desk.queue.risk_of(request))

    def call(self, entry: Entry) -> Result:
        """Make the one call of an attempt whose intent is on the disk."""
        kind = entry.kind
        if kind is None:
            raise NotApprovable("A file that asks for nothing cannot be executed.")
        tool = tool_for(kind, entry.fields)
        own_tool = kind is Kind.MCP_CALL
        meta: Mapping[str, JsonValue] | None = None if own_tool else self.approval_meta(entry)
        try:
            self._servers.ready(tool.server)
            if own_tool and (refused := self._listing.refusal(tool.server, tool.name, entry.fields["arguments"])):
                return refused
            if frozen := self._switch.reason:
                return Result(Outcome.REFUSED, code=_FROZEN, message=frozen, retriable=True)
            answer = self._servers.call(
                tool.server, tool.name, arguments_for(kind, entry.fields), meta=meta, deadline_s=DEADLINE_S
            )
        except NeverSent as error:
            return Result(Outcome.REFUSED, code="server_not_started", message=error.message, retriable=True)
        except NoAnswer as error:
            return Result(Outcome.UNKNOWN, code="no_answer", message=error.message)
        except PlatinumError as error:
            return Result(Outcome.REFUSED, code=error.code, message=f"{error.message} {error.remedy}")
        return result_of(answer, own_tool=own_tool)

    def _hold(self, entry: Entry, why: str) -> Entry:
        return self._house.ledger.transition(
            entry,
            State.HELD,
            Happening("held", ACTOR, details={"why": why}),
            while_in={State.APPROVED},
            why=why,
            settled=False,
        )


def delay_after(attempt: int) -> timedelta:
    """The wait after so many failures before this one."""
    return min(FIRST_DELAY * (1 << attempt), LONGEST_DELAY)


def _intent(attempts_before: int) -> Happening:
    return Happening("intent", ACTOR, details={"attempt": attempts_before + 1})


def _sentence(result: Result) -> str:
    words = result.message or result.code or "no reason given"
    if result.outcome is Outcome.REFUSED:
        return f"The service refused it, nothing happened: {words}"
    return f"It may have happened, and the service cannot be asked: {words}"
