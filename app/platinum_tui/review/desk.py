"""The desk: where a person decides. Every decision is bound to the digest that was on screen."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime

from platinum_tui.ledger.entry import Entry
from platinum_tui.ledger.happening import Happening
from platinum_tui.model.action import JsonValue
from platinum_tui.model.canonical import same_fingerprint
from platinum_tui.model.decision import Envelope, Verdict
from platinum_tui.model.envelope import decision_in, envelope_from_json
from platinum_tui.model.errors import NotApprovable, PlatinumError, RefusedByPolicy, StaleFingerprint, UsageError
from platinum_tui.model.event import Event, Notice
from platinum_tui.model.request import Request, State
from platinum_tui.model.spoken import Spoken
from platinum_tui.model.standing import HistoryEvent, Review, Standing
from platinum_tui.model.text import safe_line
from platinum_tui.review.accomplished import evidence_of, fixed_of
from platinum_tui.review.admission import Admission
from platinum_tui.review.copies import Copies
from platinum_tui.review.earlier import earlier_version
from platinum_tui.review.entries import DECIDABLE_AGAIN, entry_for
from platinum_tui.review.house import House
from platinum_tui.review.limits import over_limit
from platinum_tui.review.outgoing import outgoing
from platinum_tui.review.placement import Placement
from platinum_tui.review.putting_aside import is_unread, put_unread_aside
from platinum_tui.review.queue import Queue
from platinum_tui.review.raw_text import raw_text
from platinum_tui.review.readiness import unready
from platinum_tui.review.signing import countersign, decide
from platinum_tui.review.ways_on import not_approvable, not_in_state
from platinum_tui.system.disk import is_disk_failure, reason_of
from platinum_tui.system.policy import Level, Limits
from platinum_tui.vault.folders import Folder
from platinum_tui.vault.git_environment import GitFailed
from platinum_tui.vault.placing import prepare_folders

_UNDECIDED = frozenset({State.PENDING, State.HELD, State.SNOOZED, State.FAILED, State.CHANGES_REQUESTED, State.EXPIRED})
_PERSON, _AUTHOR = "person", "author"


class Desk:
    """Reading and deciding the requests of one vault.

    Args:
        house: the vault and its surroundings.
        came_by_sync: whether a sync brought a vault-relative path to its place.
        tell: is told of a decision that stands while its files do not show it yet.
    """

    def __init__(
        self,
        house: House,
        came_by_sync: Callable[[str], bool] = lambda _file: False,
        tell: Callable[[Event], None] = lambda _event: None,
    ) -> None:
        self.house = house
        self._tell = tell
        self.admission = Admission(house, came_by_sync)
        self.queue = Queue(house, self.admission)
        self.placement = Placement(house)
        self.copies = Copies(house, self.queue, self.placement)

    def counts(self) -> Mapping[State, int]:
        """How many requests are in each state, as `standings` has them."""
        return self.queue.counts()

    def standings(self, states: Collection[State] | None = None) -> tuple[Standing, ...]:
        """The requests in some states, or all."""
        return self.queue.standings(states)

    def find(self, name: str) -> Standing:
        """The request that a person means by a name; see `Queue.find`."""
        return self.queue.find(name)

    def review(self, name: str) -> Review:
        """One request with its outgoing form and its history.

        Raises:
            NotFound, Ambiguous: no request, or several, of that name.
        """
        standing = self.queue.look_up(name)
        self.house.ledger.note_shown(standing.request.fingerprint, standing.request.digest)
        history = tuple(
            HistoryEvent(datetime.fromisoformat(r.timestamp), r.event, safe_line(r.actor), safe_line(r.result))
            for r in self.house.ledger.history(standing.request.id)
        )
        entry = earlier_version(self.house.ledger, standing.request)
        before = self.queue.frozen(entry) if entry else None
        is_done = standing.state is State.DONE
        done = self.house.ledger.entry(standing.request.id) if is_done else None
        configuration, listed = self.house.configuration, self.house.tool_lists.known
        return Review(
            standing,
            outgoing(standing.request, configuration, listed, fixed_of(done) if is_done else None),
            history,
            before,
            done_at=done.executed_at if done else None,
            evidence=evidence_of(done) if done else {},
            unready=unready(standing, configuration)
            or (standing.approvable and self.limit_for(standing.request))
            or "",
            raw=raw_text(self.house, standing),
        )

    def limit_for(self, request: Request) -> str | None:
        """Which limit forbids a request now, as one sentence; None where it keeps them all."""
        return over_limit(request, self._limits(request), self.house.ledger, self.house.clock)

    def form_of(self, standing: Standing) -> dict[str, JsonValue]:
        """The JSON form of a request, with what `approve` would say of it now: its limits are not the file's."""
        approvable = standing.approvable and self.limit_for(standing.request) is None
        return {**standing.to_json(), "approvable": approvable}

    def approve(self, name: str, fingerprint: str, note: str = "") -> Standing:
        """Approve exactly what a fingerprint names.

        Raises:
            StaleFingerprint: the request is not the one with this fingerprint (any more).
            NotApprovable: it has a problem, or was decided already.
            RefusedByPolicy: a limit forbids it, or nothing may be written.
            NotFound, Ambiguous, KeyringError: as they say.
        """
        self._require_writable()
        standing = self._as_signed_by_others(self.find(name))
        request = standing.request
        if not same_fingerprint(fingerprint, request.digest):
            raise StaleFingerprint(
                f"{safe_line(standing.file)} is {request.fingerprint} now, not {safe_line(fingerprint)}."
            )
        if not standing.approvable:
            raise not_approvable(standing, self.house.ledger.entry(request.id))
        if self.house.ledger.was_shown_another(request.fingerprint, request.digest):
            raise StaleFingerprint(
                f"Two different requests were shown here as {request.fingerprint}: somebody made them look alike.",
                remedy="Reject it; who wrote it tries to have one request approved for another.",
            )
        if limit := self.limit_for(request):
            raise RefusedByPolicy(limit)
        details = {**_note(note), **self.copies.turned_down_before(request)}
        happening = Happening("approved", _PERSON, details=details)
        return self._stands(self._decided(standing, Verdict.APPROVE, State.APPROVED, happening), standing)

    def reject(self, name: str, reason: str) -> Standing:
        """Reject a request, with the reason.

        Raises:
            NotApprovable: it was executed, or is being executed.
        """
        return self._turn_down(name, reason, Verdict.REJECT, State.REJECTED, "rejected")

    def request_changes(self, name: str, reason: str) -> Standing:
        """Send a request back to its author, with what should change.

        Raises:
            NotApprovable: it was executed, or is being executed.
        """
        return self._turn_down(name, reason, Verdict.REQUEST_CHANGES, State.CHANGES_REQUESTED, "changes_requested")

    def withdraw(self, name: str) -> Standing:
        """Take a request out of the queue in its author's name.

        Raises:
            NotApprovable: it was executed, or is being executed.
        """
        noted = self.note_withdrawal(name)
        return self._turned_down(self._shown(noted), noted)

    def note_withdrawal(self, name: str) -> Entry:
        """The same in the ledger alone: a worker moves the file. Nobody signs: a withdrawal allows nothing.

        Raises:
            NotApprovable: it was executed, or is being executed.
        """
        self._require_writable()
        standing = self._refusable(name)
        entry = entry_for(self.house, standing, State.REJECTED, None, why="Withdrawn by its author.")
        return self._recorded(entry, Happening("withdrawn", _AUTHOR), DECIDABLE_AGAIN | {State.APPROVED})

    def snooze(self, name: str, until: datetime) -> Standing:
        """Hide a request from the pending list until a time.

        Raises:
            NotApprovable: it is not waiting for a decision.
        """
        self._require_writable()
        standing = self.find(name)
        if standing.state not in {State.PENDING, State.SNOOZED}:
            raise self._not_in_state(standing, "only a pending request can be snoozed.")
        happening = Happening("snoozed", _PERSON, details={"until": until.isoformat()})
        entry = entry_for(self.house, standing, State.SNOOZED, None, snoozed_until=until, settled=True)
        return self.queue.of_entry(self.house.ledger.record(entry, happening, replaces=DECIDABLE_AGAIN))

    def undo(self, name: str) -> Standing:
        """Take a decision back: an approval within its undo window, a rejection at any time.

        Past its window, too, while everything is frozen and nobody else can begin it. Should a thaw come at this very
        moment, the row goes to the executor or to us, never to both.

        Raises:
            NotApprovable: there is nothing to undo, or it is too late.
        """
        self._require_writable()
        entry, standing = self.decided(name)
        if entry is None or entry.state not in {State.APPROVED, State.REJECTED, State.CHANGES_REQUESTED, State.SNOOZED}:
            raise self._not_in_state(standing, "there is no decision that could be taken back.")
        if standing.state is State.REJECTED is not entry.state:
            raise NotApprovable(standing.why, remedy=f"`platinum-tui undo {safe_line(entry.id)}` takes that back.")
        if entry.state is State.APPROVED and entry.due_at and entry.due_at <= self.house.clock.now():
            self._require_standstill(entry)
        happening = Happening("undone", _PERSON, details={"was": entry.state.value})
        entry = self.house.ledger.transition(
            entry,
            State.PENDING,
            happening,
            while_in={entry.state},
            decided_by="",
            why="",
            due_at=None,
            snoozed_until=None,
            settled=False,
        )
        self._spend_taken_back()
        return self._stands(self._shown(entry), standing)

    def _require_standstill(self, entry: Entry) -> None:
        """Make sure that nobody can begin an approved entry whose undo window is over.

        Raises:
            NotApprovable: it is not frozen, or somebody may have it whom this freeze does not stop.
        """
        if not self.house.freeze_mark.reason:
            raise NotApprovable(
                "The undo window is over; the execution may begin at any moment.",
                remedy="`platinum-tui freeze` stops every execution that has not begun; `undo` then takes it back.",
            )
        if not (self._executes_alone() and self.placement.holds(entry.file, entry.file_sha256)):
            raise NotApprovable(
                "The undo window is over, and this freeze does not stop other machines that have the vault.",
                remedy="`platinum-tui reject` turns it down wherever it has not begun.",
            )

    def _executes_alone(self) -> bool:
        """Whether no other machine can take its turn at this vault's requests."""
        try:
            return self.house.shared_clone() is None
        except GitFailed:
            return False

    def decided(self, name: str) -> tuple[Entry | None, Standing]:
        """What the ledger has of a request, and where it stands; its id is enough, whatever became of its file.

        Raises:
            NotFound, Ambiguous: as `find` does.
        """
        entry = self.house.ledger.entry(name)
        if entry is None:
            standing = self.find(name)
            return self.house.ledger.entry(standing.request.id), standing
        if isinstance(name, Spoken):
            self.queue.require_one(name)
        return entry, self.queue.of_entry(entry)

    def _turn_down(self, name: str, reason: str, verdict: Verdict, state: State, event: str) -> Standing:
        self._require_writable()
        if not reason.strip():
            raise UsageError("A reason is needed.", remedy="Say it with --reason TEXT: the author reads it.")
        standing = self._refusable(name)
        happening = Happening(event, _PERSON, details={"reason": safe_line(reason)})
        obstacle = self.queue.inventory.obstructed.get(standing.file)
        if verdict is Verdict.REJECT and is_unread(self.house, standing, obstacle):
            return self._rejected_unread(standing.file, happening)
        return self._turned_down(self._decided(standing, verdict, state, happening, why=safe_line(reason)), standing)

    def _turned_down(self, entry: Entry, was: Standing | Entry) -> Standing:
        """A request after a refusal, which is one of all its files."""
        if entry.settled:
            with self._whatever_befalls_files():
                self.copies.turn_down(entry, _PERSON)
        return self._stands(entry, was)

    def _rejected_unread(self, file: str, happening: Happening) -> Standing:
        """A file that nobody can read, out of the queue: no decision is signed, for there is nothing to bind it to."""
        target = put_unread_aside(self.house, file, Folder.REJECTED, happening)
        self.queue.notice(file, *([target] if target else []))
        return self.queue.find(target or file)

    def _stands(self, entry: Entry, was: Standing | Entry) -> Standing:
        """A request after a decision on it; what lies at both of its places is noticed at once."""
        self.queue.notice(was.file, entry.file)
        return self.queue.of_entry(entry)

    def _refusable(self, name: str) -> Standing:
        standing = self.find(name)
        if standing.state not in _UNDECIDED | {State.APPROVED, State.QUARANTINED}:
            raise self._not_in_state(standing, "it cannot be turned down.")
        return self.copies.approved_one(standing)

    def _not_in_state(self, standing: Standing, refusal: str) -> NotApprovable:
        return not_in_state(standing, self.house.ledger.entry(standing.request.id), refusal)

    def _decided(
        self, standing: Standing, verdict: Verdict, state: State, happening: Happening, *, why: str = ""
    ) -> Entry:
        """Sign, commit, then move: the ledger's commit is the decision, the files follow it even after a crash."""
        house, request = self.house, standing.request
        envelope = self._cosigned(standing) if verdict is Verdict.APPROVE else None
        envelope = envelope or decide(
            request, verdict, vault_id=house.vault_id, signer=house.reviewer, now=house.clock.now()
        )
        short = verdict is Verdict.APPROVE and self.admission.shortfall_of_envelope(
            envelope, request, self.admission.level_of(request, standing.risk)
        )
        if short:
            state, why = State.HELD, short
        due_at = house.clock.now() + house.configuration.undo_for(request.kind) if state is State.APPROVED else None
        entry = entry_for(house, standing, state, envelope, due_at=due_at, settled=False, why=why)
        replaces = DECIDABLE_AGAIN | self._replaceable(request, state)
        return self._shown(self._recorded(entry, happening, replaces))

    def _recorded(self, entry: Entry, happening: Happening, replaces: Collection[State]) -> Entry:
        """Commit a decision; an approval in whose place it comes is worth nothing from then on."""
        recorded = self.house.ledger.record(entry, happening, replaces=replaces)
        self._spend_taken_back()
        return recorded

    def _spend_taken_back(self) -> None:
        with self._whatever_befalls_files():
            self.placement.spend_taken_back()

    def _shown(self, entry: Entry) -> Entry:
        """A committed decision as the files show it; as the ledger has it where they cannot yet."""
        with self._whatever_befalls_files():
            return self.placement.settle(entry)
        return entry

    @contextlib.contextmanager
    def _whatever_befalls_files(self) -> Iterator[None]:
        """What was committed stands: where the machine refuses to move its files, a worker's pass does it later."""
        try:
            yield
        except (OSError, PlatinumError) as error:
            if is_disk_failure(error):
                raise
            why = f"{reason_of(error)}." if isinstance(error, OSError) else error.message
            words = "The decision stands, but its files do not show it yet; the workers try again."
            self._tell(Notice(f"{words} {safe_line(why)}", severe=True))

    def _replaceable(self, request: Request, state: State) -> frozenset[State]:
        """An approval may be replaced by a refusal, or by a decision on other bytes than the approved ones."""
        entry = self.house.ledger.entry(request.id)
        changed = entry is not None and entry.file_sha256 != request.sha256
        return frozenset({State.APPROVED}) if changed or state is not State.APPROVED else frozenset()

    def _cosigned(self, standing: Standing) -> Envelope | None:
        """Where two keys are required: the earlier reviewer's decision on the same digest, with our signature added."""
        if self.admission.level_of(standing.request, standing.risk) is not Level.TWO_KEYS:
            return None
        entry = self.house.ledger.entry(standing.request.id)
        beside = self.admission.envelope_beside(standing.file)
        earlier = beside or (envelope_from_json(entry.envelope) if entry and entry.envelope else None)
        if earlier is None or self.admission.shortfall_of_envelope(earlier, standing.request, Level.SIGNED):
            return None
        return countersign(earlier, self.house.reviewer)

    def _as_signed_by_others(self, standing: Standing) -> Standing:
        """What gives no id, and is not decided here, under the id that another reviewer's approval beside it has."""
        request, ledger = standing.request, self.house.ledger
        if request.declared_id or ledger.entry(request.id):
            return standing
        beside = self.admission.envelope_beside(standing.file)
        if beside is None:
            return standing
        try:
            named = dataclasses.replace(request, id=decision_in(beside).request)
        except ValueError:
            return standing
        is_known = ledger.entry(named.id) is not None
        if is_known or self.admission.shortfall_of_envelope(beside, named, Level.SIGNED):
            return standing
        return dataclasses.replace(standing, request=named)

    def _limits(self, request: Request) -> Limits | None:
        return self.house.configuration.limits.get(request.kind) if request.kind else None

    def _require_writable(self) -> None:
        if self.house.configuration.readonly:
            raise RefusedByPolicy("Nothing is decided in read-only mode.", remedy="Start it without --readonly.")
        prepare_folders(self.house.vault)


def _note(note: str) -> dict[str, str]:
    return {"note": safe_line(note)} if note.strip() else {}
