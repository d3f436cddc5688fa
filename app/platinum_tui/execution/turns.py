"""Of several machines one executes a request: its turn is a claim at the remote, won before anything is touched."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping

from platinum_tui.execution.runner import ACTOR
from platinum_tui.ledger.entry import Entry
from platinum_tui.ledger.happening import Happening
from platinum_tui.ledger.ledger import Approved
from platinum_tui.model.action import JsonValue
from platinum_tui.model.errors import Failed, RefusedByPolicy
from platinum_tui.model.request import State
from platinum_tui.model.text import safe_line
from platinum_tui.review.house import House
from platinum_tui.vault.claims import Claim, Claims, Stage
from platinum_tui.vault.claims import Outcome as Claimed
from platinum_tui.vault.git_environment import GitFailed

LOOK_AGAIN_S = 30.0
"""Seconds until another machine's claim is looked at again; the longest wait for a remote that did not answer."""
FIRST_SILENCE_S = 1.0
"""The first such wait; it doubles each time."""
CLAIMED_ELSEWHERE = " has claimed it."
"""What the sentence on an approved request ends with that another machine has claimed; its name stands before."""
_NOTE = "claim:"
_UNDER_WAY = frozenset({Stage.CLAIMED, Stage.IN_FLIGHT})
_STATE_OF = {Stage.DONE: State.DONE, Stage.FAILED: State.FAILED, Stage.UNKNOWN: State.UNKNOWN}
_STAGE_OF = {State.DONE: Stage.DONE, State.UNKNOWN: Stage.UNKNOWN}
"""What a claim becomes by its request's state; every other state in which nothing is under way means `failed`."""


class Turns:
    """The claims of one house. Where the vault has no remote, every turn is ours.

    Args:
        house: the vault and its surroundings; its ledger keeps each claim before it is published.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._look_again: dict[str, float] = {}
        self._silent_until = 0.0
        self._silence_s = FIRST_SILENCE_S
        self._open: Claims | None = None
        self.trouble: str | None = None
        """Why the remote could not be asked the last time; None while it answers."""

    def wait_s(self, request_id: str) -> float:
        """For how many seconds a request is not to be asked about yet; 0 where it may be now."""
        until = max(self._look_again.get(request_id, 0.0), self._silent_until)
        return max(0.0, until - self._house.clock.monotonic())

    def look_again(self) -> None:
        """Ask about everything that waits at the next pass."""
        self._look_again.clear()
        self._silent_until = 0.0

    def begin_pass(self) -> None:
        """Look at the clone's configuration anew: it is read once a pass."""
        self._open = None

    def in_order(self, approved: Iterable[Approved]) -> list[Approved]:
        """Requests in the order in which this machine tries them: each machine its own, so that few claims collide."""
        if not self._house.is_shared:
            return list(approved)
        machine = self._house.vault.machine
        return sorted(approved, key=lambda each: hashlib.sha256(f"{machine}\0{each.id}".encode()).digest())

    def take(self, entry: Entry) -> Entry | None:
        """Win the turn of a due, approved entry.

        Returns:
            The entry, if the turn is ours; with what came of it, if another machine executed it; None where it has to
            wait: the remote does not answer, or another machine is at it.
        """
        if self.wait_s(entry.id):
            return None
        try:
            claims = self._claims()
            if claims is None:
                return entry
            claim = self._to_publish(claims, entry)
            outcome = self._publish(claims, claim, self._begun_by(claim))
            if outcome is not Claimed.CANNOT_TELL:
                self.trouble, self._silence_s = None, FIRST_SILENCE_S
            if outcome is Claimed.LOST:
                self._forget(claim)
                return self._elsewhere(claims, entry)
        except GitFailed as error:
            self._remote_is_silent(error.message)
            return None
        match outcome:
            case Claimed.WON:
                return entry if claim.stage in _UNDER_WAY else self._house.ledger.entry(entry.id)
            case Claimed.CANNOT_TELL:
                self._remote_is_silent("The remote does not answer; what needs its claim waits.")
            case _:
                self._wait(entry)
        return None

    def go(self, entry: Entry) -> bool:
        """Right before the call, the intent on the disk: whether the claim is still ours, and the call may be made."""
        try:
            claims, held = self._claims(), self._kept(entry.id)
            if claims is None:
                return True
            if held and held.stage in _UNDER_WAY:
                claim = held if held.stage is Stage.IN_FLIGHT else self._advance(claims, held, Stage.IN_FLIGHT)
                if self._publish(claims, claim) is Claimed.WON:
                    return True
        except GitFailed as error:
            self._remote_is_silent(error.message)
        self._wait(entry)
        return False

    def held_by(self, request_id: str, machine: str) -> Claim:
        """The claim on a request that a machine other than this one holds and has not brought to an end.

        Raises:
            RefusedByPolicy: it does not hold it, or no other machine can.
            GitFailed: the remote does not answer.
        """
        claims, entry = self._claims(), self._house.ledger.entry(request_id)
        standing = claims.current(request_id, entry.file_sha256 if entry else "") if claims else None
        if standing is None:
            raise RefusedByPolicy("No machine has claimed it.", remedy="It is executed where it is approved.")
        if standing.machine != machine or machine == self._house.vault.machine:
            raise RefusedByPolicy(
                f"{standing.machine} holds the claim, not {safe_line(machine)}.",
                remedy="Give the name of the machine that is gone; this machine's own claims need no taking over.",
            )
        if standing.stage not in _UNDER_WAY:
            raise RefusedByPolicy(
                f"{machine} brought it to an end: {standing.stage}.", remedy="`platinum-tui sync` tells it here."
            )
        return standing

    def take_over(self, standing: Claim) -> None:
        """Put ours in the place of another machine's claim, if that one still stands; kept before it is published.

        A request of which that machine had begun the call becomes `unknown` once ours stands, and not before; what was
        cut off in between, the next pass ends, and until then the request is not executed.

        Raises:
            Failed: it stands no more.
            GitFailed: the remote does not answer; the next pass tries again.
        """
        claims = self._claims()
        if claims is None:
            raise GitFailed("There is no remote.")
        claim = claims.succeed(standing, self._house.clock.now())
        begun_by = standing.machine if standing.stage is Stage.IN_FLIGHT else ""
        self._keep(claim, begun_by=begun_by)
        outcome = self._publish(claims, claim, begun_by)
        if outcome is Claimed.LOST:
            self._forget(claim)
            raise Failed(f"{standing.machine} is not gone: its claim moved on at this very moment.")
        if outcome is not Claimed.WON:
            raise GitFailed("The remote does not answer.")
        self._look_again.pop(claim.request_id, None)

    def wait_again(self, entry: Entry) -> Entry:
        """An entry whose claim could not be confirmed, approved as before: nothing was tried."""
        happening = Happening("postponed", ACTOR, "claim_unconfirmed")
        return self._house.ledger.transition(entry, State.APPROVED, happening, while_in={State.EXECUTING})

    def report(self) -> int:
        """Tell the remote what became of the requests that this machine claimed, as far as it does not know it yet.

        Returns:
            How many claims were brought up to date.

        Raises:
            GitFailed: the remote does not answer.
        """
        claims, told = self._claims(), 0
        for request_id in self._house.ledger.notes(_NOTE) if claims else ():
            told += self._report(claims, request_id) if claims else 0
        return told

    def unreported(self) -> int:
        """How many claims stand at the remote otherwise than they came out here."""
        kept = (json.loads(note) for note in self._house.ledger.notes(_NOTE).values())
        return sum(1 for note in kept if not note["published"] or note["stage"] in _UNDER_WAY)

    def _report(self, claims: Claims, request_id: str) -> bool:
        held, entry = self._kept(request_id), self._house.ledger.entry(request_id)
        if held is None or entry is None or entry.state in {State.APPROVED, State.EXECUTING}:
            return False
        if self._begun_by(held) and entry.state is not State.UNKNOWN:
            return False  # nobody settled what the other machine may have done
        wanted = _STAGE_OF.get(entry.state, Stage.FAILED)
        if held.stage is wanted and self._note(request_id)["published"]:
            return False
        claim = held if held.stage is wanted else self._advance(claims, held, wanted)
        outcome = self._publish(claims, claim)
        if outcome is Claimed.CANNOT_TELL:
            raise GitFailed("The remote does not answer.")
        if outcome is Claimed.LOST or wanted is Stage.DONE:
            self._forget(claim)
        return outcome is Claimed.WON

    # A request that another machine has

    def _elsewhere(self, claims: Claims, entry: Entry) -> Entry | None:
        """What another machine's claim makes of our entry: of two versions of a request, the first claimed one wins."""
        standing = claims.current(entry.id, entry.file_sha256)
        if standing is None:
            self._wait(entry)
            return None
        if standing.sha256 != entry.file_sha256:
            why = f"{standing.machine} was first with another version of it; this one was not executed."
            return self._become(entry, State.HELD, Happening("held", ACTOR, details={"why": why}), why, settled=False)
        if standing.stage in _UNDER_WAY:
            self._leave(standing, entry)
            return None
        if standing.stage is Stage.FAILED:
            self._keep(standing, published=True)
        why = {
            Stage.DONE: "",
            Stage.FAILED: f"{standing.machine} tried it; nothing happened.",
            Stage.UNKNOWN: f"{standing.machine} tried it; it may have happened. Resolve it there.",
        }[standing.stage]
        happening = Happening("executed_elsewhere", ACTOR, standing.stage.value, {"machine": standing.machine})
        return self._become(entry, _STATE_OF[standing.stage], happening, why, settled=True)

    def _leave(self, standing: Claim, entry: Entry) -> None:
        why = f"{standing.machine}{CLAIMED_ELSEWHERE}"
        self._wait(entry)
        if entry.why != why:
            happening = Happening("claimed_elsewhere", ACTOR, details={"machine": standing.machine})
            self._become(entry, State.APPROVED, happening, why, settled=entry.settled)

    def _become(self, entry: Entry, state: State, happening: Happening, why: str, *, settled: bool) -> Entry:
        at = self._house.clock.now() if state in {State.DONE, State.UNKNOWN} else entry.executed_at
        return self._house.ledger.transition(
            entry, state, happening, while_in={State.APPROVED}, why=why, settled=settled, executed_at=at
        )

    # Claims, kept before they are published

    def _claims(self) -> Claims | None:
        if self._open is None:
            clone = self._house.shared_clone()
            self._open = Claims(clone, self._house.vault.machine) if clone else None
        return self._open

    def _to_publish(self, claims: Claims, entry: Entry) -> Claim:
        held = self._kept(entry.id)
        if held is None:
            claim = claims.draft(entry.id, entry.file_sha256, self._house.clock.now())
            self._keep(claim)
            return claim
        if held.stage in _UNDER_WAY or self._begun_by(held):
            return held
        return self._advance(claims, dataclasses.replace(held, sha256=entry.file_sha256), Stage.CLAIMED)

    def _advance(self, claims: Claims, held: Claim, stage: Stage) -> Claim:
        """The next version of a kept claim. It takes the place of the one before it, which must stand first."""
        if not self._note(held.request_id)["published"]:
            outcome = self._publish(claims, held)
            if outcome in {Claimed.CANNOT_TELL, Claimed.ABSENT}:
                raise GitFailed("The remote does not answer.")
        claim = claims.advance(held, stage, self._house.clock.now())
        self._keep(claim)
        return claim

    def _publish(self, claims: Claims, claim: Claim, begun_by: str = "") -> Claimed:
        """Publish a kept claim; `begun_by` names the machine from which it takes over a call that may have been made.

        Once ours stands its entry is unknown, and only then counts as published: a crash in between does both again.
        """
        outcome = claims.publish(claim)
        if outcome is Claimed.WON:
            is_settled = not begun_by or self._becomes_unknown(claim.request_id, begun_by)
            self._keep(claim, published=True, begun_by="" if is_settled else begun_by)
        return outcome

    def _becomes_unknown(self, request_id: str, machine: str) -> bool:
        """Whether an entry whose call that machine had begun is unknown by now; one that is not approved stays."""
        entry = self._house.ledger.entry(request_id)
        if entry and entry.state is State.APPROVED:
            why = f"{machine} had begun to execute it; it may have happened. Ask the service, then resolve it."
            happening = Happening("outcome", "person", "unknown", {"machine": machine})
            entry = self._become(entry, State.UNKNOWN, happening, why, settled=False)
        return entry is not None and entry.state is State.UNKNOWN

    def _kept(self, request_id: str) -> Claim | None:
        note = self._note(request_id)
        values = {field.name: note[field.name] for field in dataclasses.fields(Claim) if note["nonce"]}
        return Claim(**{**values, "stage": Stage(note["stage"])}) if values else None

    def _begun_by(self, claim: Claim) -> str:
        """The machine from which a kept claim takes over a call, as long as that is not settled here; or nobody."""
        note = self._note(claim.request_id)
        return str(note["begun_by"]) if note["nonce"] == claim.nonce else ""

    def _note(self, request_id: str) -> Mapping[str, JsonValue]:
        kept = json.loads(self._house.ledger.note(_NOTE + request_id) or "{}")
        return {"nonce": "", "published": False, "begun_by": "", **kept}

    def _keep(self, claim: Claim, *, published: bool = False, begun_by: str = "") -> None:
        value = json.dumps({**dataclasses.asdict(claim), "published": published, "begun_by": begun_by})
        self._house.ledger.set_note(_NOTE + claim.request_id, value)

    def _forget(self, claim: Claim) -> None:
        """Keep a claim no longer; one that another process, taking over, put in its place stays."""
        if self._note(claim.request_id)["nonce"] == claim.nonce:
            self._house.ledger.set_note(_NOTE + claim.request_id, None)

    def _wait(self, entry: Entry) -> None:
        self._look_again[entry.id] = self._house.clock.monotonic() + LOOK_AGAIN_S

    def _remote_is_silent(self, why: str) -> None:
        self.trouble = why
        self._silent_until = self._house.clock.monotonic() + self._silence_s
        self._silence_s = min(self._silence_s * 2, LOOK_AGAIN_S)
