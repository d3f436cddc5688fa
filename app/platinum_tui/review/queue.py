"""The queue: every request of the vault with where it stands, from the files and the ledger together."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import PurePosixPath

from platinum_tui.ledger.entry import Entry
from platinum_tui.model.errors import Ambiguous, NotFound
from platinum_tui.model.request import Problem, ProblemCode, Request, Risk, State
from platinum_tui.model.standing import Standing
from platinum_tui.model.text import safe_line
from platinum_tui.review.admission import Admission
from platinum_tui.review.house import House
from platinum_tui.review.past import Past
from platinum_tui.review.reading import RequestReader
from platinum_tui.review.risk import assess
from platinum_tui.vault.folders import Folder
from platinum_tui.vault.names import conflict_copy
from platinum_tui.vault.scan import Entry as Found
from platinum_tui.vault.scan import scan

_FOLDERS = (Folder.PENDING, Folder.APPROVED, Folder.REJECTED, Folder.NEEDS_ATTENTION, Folder.QUARANTINE)
_BY_FOLDER = {
    Folder.PENDING: State.PENDING,
    Folder.REJECTED: State.REJECTED,
    Folder.NEEDS_ATTENTION: State.HELD,
    Folder.QUARANTINE: State.QUARANTINED,
}
OPEN_AGAIN = frozenset({State.REJECTED, State.CHANGES_REQUESTED, State.EXPIRED, State.SNOOZED})
"""States after which a file that comes back to Pending_Approval, with these bytes or others, is open again."""

_LIVE = frozenset(State) - OPEN_AGAIN - {State.DONE, State.QUARANTINED} | {State.SNOOZED}
"""States of requests that a bare id means first: those that somebody still has to do something about."""


class Queue:
    """Every request of one vault and its state.

    Args:
        house: the vault and its surroundings.
        admission: what a file in Approved/ is worth.
    """

    def __init__(self, house: House, admission: Admission) -> None:
        self._house = house
        self._admission = admission
        self._reader = RequestReader(house)
        self._past = Past(house.ledger)
        self._frozen: dict[str, tuple[str, Request]] = {}

    def standings(self, states: Collection[State] | None = None) -> tuple[Standing, ...]:
        """The requests in some states, or all: files of the queue folders first, then what only the ledger knows."""
        entries = {entry.id: entry for entry in self._house.ledger.entries()}
        read = _with_conflicts(self._reader.read_all(list(scan(self._house.vault, _FOLDERS))), entries)
        standings = [self._of_file(found, request, entries.get(request.id)) for found, request in read]
        shown = {request.id for _, request in read if _same_bytes(entries.get(request.id), request)}
        standings += [
            self.of_entry(entry)
            for entry in entries.values()
            if entry.id not in shown and (states is None or entry.state in states)
        ]
        return tuple(s for s in standings if states is None or s.state in states)

    def find(self, name: str) -> Standing:
        """The request of that id, path, file name with or without suffix, or unique prefix of id or name.

        Raises:
            NotFound: there is none.
            Ambiguous: there are several.
        """
        standings = self.standings()
        for matches in (_is_file, _is_id, _is_name, _begins):
            found = [standing for standing in standings if matches(standing, name)]
            found = [standing for standing in found if standing.state in _LIVE] or found
            if len({(standing.request.id, standing.request.sha256) for standing in found}) > 1:
                files = ", ".join(safe_line(standing.file) for standing in found[:4])
                raise Ambiguous(f"Several requests are called {safe_line(name)}: {files}.")
            if found:
                return min(found, key=lambda standing: conflict_copy(standing.file))
        raise NotFound(f"There is no request {safe_line(name)}.")

    def of_entry(self, entry: Entry) -> Standing:
        """The standing of a decided request as the ledger has it, from its frozen bytes."""
        request = self.frozen(entry)
        return self._decided(entry, request, entry.file, pending_place=False)

    def frozen(self, entry: Entry) -> Request:
        """A decided request as its frozen bytes read when they were first asked for."""
        known = self._frozen.get(entry.id)
        if known is None or known[0] != entry.digest:
            known = self._frozen[entry.id] = (entry.digest, self.reread(entry))
        return known[1]

    def reread(self, entry: Entry) -> Request:
        """A decided request as its frozen bytes read now: the clock, contacts and attachments may have moved on."""
        return dataclasses.replace(self._reader.read_bytes(entry.data, entry.origin), id=entry.id)

    def risk_of(self, request: Request) -> Risk:
        """The risk of a request against what was done before."""
        return assess(request, self._past.refreshed())

    def _of_file(self, found: Found, request: Request, entry: Entry | None) -> Standing:
        if entry and _same_bytes(entry, request) and not _moved_on_by_hand(entry, found):
            return self._decided(entry, request, found.file, pending_place=found.folder is Folder.PENDING)
        risk = self.risk_of(request)
        if entry and entry.state is State.APPROVED and entry.file == found.file:
            why = "The file changed after it was approved; nothing was done. Read it again."
            return Standing(request, State.HELD, found.file, risk, why=why)
        if found.folder is Folder.APPROVED:
            short = self._admission.shortfall_of_file(request, risk, found.file)
            state = State.HELD if short else State.APPROVED
            return Standing(request, state, found.file, risk, why=short or "It was moved here by hand.")
        state = _BY_FOLDER[found.folder]
        expired = any(problem.code is ProblemCode.EXPIRED for problem in request.problems)
        return Standing(request, State.EXPIRED if expired and state is State.PENDING else state, found.file, risk)

    def _decided(self, entry: Entry, request: Request, file: str, *, pending_place: bool) -> Standing:
        now = self._house.clock.now()
        state, why = entry.state, entry.why
        snoozing = state is State.SNOOZED and entry.snoozed_until is not None and entry.snoozed_until > now
        if pending_place and entry.settled and state in OPEN_AGAIN and not snoozing:
            state, why = State.PENDING, ""
        if pending_place and state is State.DONE:
            why = "This was executed before; it is never run again."
        return Standing(
            request,
            state,
            file,
            self.risk_of(request),
            why=why,
            undo_until=entry.due_at if state is State.APPROVED and entry.due_at and entry.due_at > now else None,
            snoozed_until=entry.snoozed_until if state is State.SNOOZED else None,
        )


def _moved_on_by_hand(entry: Entry, found: Found) -> bool:
    """Whether a person moved a file to Approved/ that was held, failed, turned down or taken back before."""
    waiting = entry.state in OPEN_AGAIN | {State.PENDING, State.HELD, State.FAILED}
    return found.folder is Folder.APPROVED and entry.settled and waiting


def _same_bytes(entry: Entry | None, request: Request) -> bool:
    return entry is not None and entry.file_sha256 == request.sha256


def _with_conflicts(read: Iterable[tuple[Found, Request]], entries: Mapping[str, Entry]) -> list[tuple[Found, Request]]:
    """The requests, those marked as in conflict whose id another file or the ledger holds with other bytes."""
    read = list(read)
    versions: dict[str, set[str]] = defaultdict(set)
    for found, request in read:
        if found.folder not in {Folder.REJECTED, Folder.QUARANTINE}:
            versions[request.id].add(request.sha256)
    return [
        (found, _conflicting(request) if _in_conflict(found, request, versions, entries.get(request.id)) else request)
        for found, request in read
    ]


def _in_conflict(found: Found, request: Request, versions: Mapping[str, set[str]], entry: Entry | None) -> bool:
    if found.folder in {Folder.REJECTED, Folder.QUARANTINE}:
        return False
    if entry and not _same_bytes(entry, request):
        edited_in_place = entry.file == found.file and entry.state in {State.APPROVED, State.HELD, State.FAILED}
        if entry.state not in OPEN_AGAIN and not edited_in_place:
            return True
    return len(versions[request.id]) > 1


def _conflicting(request: Request) -> Request:
    problem = Problem(
        ProblemCode.CONFLICT,
        "Another file or an earlier decision has this id with other bytes; give one of them another id, or reject it.",
        "id",
    )
    return dataclasses.replace(request, problems=(*request.problems, problem))


_Match = Callable[[Standing, str], bool]


def _is_file(standing: Standing, name: str) -> bool:
    return standing.file == name


def _is_id(standing: Standing, name: str) -> bool:
    return standing.request.id == name


def _is_name(standing: Standing, name: str) -> bool:
    path = PurePosixPath(standing.file)
    return name in {path.name, path.stem}


def _begins(standing: Standing, name: str) -> bool:
    return bool(name) and any(
        text.startswith(name) for text in (standing.request.id, PurePosixPath(standing.file).name)
    )
