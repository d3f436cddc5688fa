"""The queue: every request of the vault with where it stands, from the files and the ledger together."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from platinum_tui.ledger.entry import Entry
from platinum_tui.ledger.outline import Outline
from platinum_tui.model.errors import Ambiguous, NotFound
from platinum_tui.model.request import Request, Risk, State
from platinum_tui.model.spoken import Spoken
from platinum_tui.model.standing import Standing
from platinum_tui.model.text import safe_line
from platinum_tui.review.admission import Admission
from platinum_tui.review.archive import Archive
from platinum_tui.review.house import House
from platinum_tui.review.index import Index
from platinum_tui.review.index_file import IndexLost
from platinum_tui.review.index_rows import NEVER, Row
from platinum_tui.review.inventory import Inventory
from platinum_tui.review.moment import Moment
from platinum_tui.review.naming import Search, meant, require_one
from platinum_tui.review.past import Past
from platinum_tui.review.proof import Proof, identity_at
from platinum_tui.review.risk import assess
from platinum_tui.review.roll import Match, Roll
from platinum_tui.review.versions import (
    OPEN_AGAIN,
    UNDECIDED,
    conflicting_request,
    in_conflict,
    is_approved,
    is_new_version,
    left_in_rejected,
    may_conflict,
    moved_on_by_hand,
    same_bytes,
    shown_by,
)
from platinum_tui.vault.folders import Folder
from platinum_tui.vault.names import conflict_copy, may_be_request
from platinum_tui.vault.reading import Reason

_PORTION = 500
"""Standings that are made at once."""
_CHANGED = "The file changed since it was decided on; read it again, and decide anew."
_T = TypeVar("_T")


class Queue:
    """Every request of one vault and its state.

    Args:
        house: the vault and its surroundings.
        admission: what a file in Approved/ is worth.
        index: what was read before; the one in the state directory where left out.

    Attributes:
        index: what was read.
        inventory: keeps it equal to the files.
    """

    def __init__(self, house: House, admission: Admission, index: Index | None = None) -> None:
        self._house = house
        self._admission = admission
        self.index = index or Index(house.state.vault_dir(house.vault_id) / "index.db")
        self.inventory = Inventory(house, self.index)
        self._past = Past(house.ledger)
        self._archive = Archive(house)
        self._roll: tuple[Moment, Roll] | None = None

    def refresh(self, told: Callable[[], None] | None = None) -> None:
        """Look at every file, and read those that changed; see `Inventory.refresh`."""
        self._trying(lambda: self.inventory.refresh(told))

    def roll(self) -> Roll:
        """The requests as last looked at; the disk is not asked."""
        return self._trying(lambda: self._current()[1])

    def standings(self, states: Collection[State] | None = None) -> tuple[Standing, ...]:
        """The requests in some states, or all: files of the queue folders first, then what only the ledger knows."""

        def all_of_them() -> tuple[Standing, ...]:
            self.inventory.refresh()
            roll = self._current()[1]
            places = roll.places(states)
            portions = (places[start : start + _PORTION] for start in range(0, len(places), _PORTION))
            return tuple(standing for some in portions for standing in roll.standings(some))

        return self._trying(all_of_them)

    def filed(self, wanted: Mapping[State, Collection[Folder]]) -> tuple[Standing, ...]:
        """The requests in some states of which a file lies in one of the queue folders that are named for its state."""

        def of_these() -> tuple[Standing, ...]:
            self.inventory.refresh()
            roll, places = self._current()[1], list[int]()
            for state, folders in wanted.items():
                found = [place for place in roll.places((state,)) if place > 0]
                rows = self.index.rows(found)
                places += [place for place in found if place in rows and rows[place].folder in folders]
            return tuple(roll.standings(places))

        return self._trying(of_these)

    def not_approved(self, among: Callable[[str], bool]) -> tuple[Standing, ...]:
        """The requests in files of Approved/ whose very bytes the ledger does not have as approved.

        Args:
            among: is asked about each such file, by its vault-relative path.
        """

        def of_these() -> tuple[Standing, ...]:
            self.inventory.refresh()
            moment, roll = self._current()
            return tuple(roll.standings([place for place, file in moment.not_approved if among(file)]))

        return self._trying(of_these)

    def counts(self) -> Mapping[State, int]:
        """How many requests are in each state, as `standings` has them."""

        def counted() -> Mapping[State, int]:
            self.inventory.refresh()
            return self._current()[1].counts

        return self._trying(counted)

    def obstructed(self) -> dict[str, Reason]:
        """The files that are not read for what they are, and why."""
        self.refresh()
        return dict(self.inventory.obstructed)

    def notice(self, *files: str) -> None:
        """Look at some places at which a decision may have changed what lies there."""
        self._trying(lambda: self.inventory.look_at(files))

    def find(self, name: str) -> Standing:
        """The request of that id, path, file name with or without suffix, or unique prefix of id or name.

        Every file is looked at, so that nothing of the same name is missed; the one that is meant is read anew.

        Raises:
            NotFound: there is none.
            Ambiguous: there are several.
        """
        return self._trying(lambda: self._found(name))

    def look_up(self, name: str) -> Standing:
        """As `find`, to be shown and not to be decided on: of a request that is known, no other file is looked at."""

        def known() -> Standing | None:
            if self._roll is None:
                self.inventory.identities.refresh()
            for row in self._known_as(name):
                if not self.inventory.confirm((row,)):
                    self.inventory.read_anew(row)
            roll = self._current()[1]
            if isinstance(name, Spoken):
                try:
                    require_one(name, self._search(name))
                except Ambiguous:  # one of them may be gone
                    return None
            matches = roll.search(lambda id_, file: name in {id_, file}, self._known_as(name))
            if len(matches) != 1 or matches[0].state in OPEN_AGAIN:  # its next version may be a file not looked at yet
                return None
            return roll.standing(matches[0].place)

        return self._trying(known) or self.find(name)

    def of_entry(self, entry: Entry) -> Standing:
        """The standing of a decided request as the ledger has it, from its frozen bytes."""
        return self._decided(entry, self.frozen(entry), entry.file, pending_place=False)

    def frozen(self, entry: Entry) -> Request:
        """A decided request as its frozen bytes say; they are read anew only where what they rest on has changed."""
        reading = self._trying(lambda: self.inventory.frozen(entry.data, entry.origin, entry.file_sha256))
        return dataclasses.replace(reading.request, id=entry.id)

    def reread(self, entry: Entry) -> Request:
        """A decided request as its frozen bytes read now: the clock, contacts and attachments may have moved on."""
        return dataclasses.replace(self.inventory.reader.read(entry.data, entry.origin).request, id=entry.id)

    def risk_of(self, request: Request) -> Risk:
        """The risk of a request against what was done before."""
        return self._weighed(request)[0]

    def require_one(self, name: str) -> None:
        """Every file is looked at: a person's word for a request must not mean another one, too; see `naming`."""

        def required() -> None:
            self.inventory.refresh()
            require_one(name, self._search(name))

        self._trying(required)

    def close(self) -> None:
        """Give the index back."""
        self.index.close()

    # The moment

    def _current(self) -> tuple[Moment, Roll]:
        version, now = (self.index.version(), self._house.ledger.version()), self._house.clock.now()
        if self._roll and self._roll[0].version == version and now.timestamp() < self._roll[0].until:
            return self._roll
        events = self._house.ledger.tail().seq
        outlines = {outline.id: outline for outline in self._house.ledger.outlines()}
        ends = (o.snoozed_until.timestamp() for o in outlines.values() if o.snoozed_until and o.snoozed_until > now)
        matched, moved = self.index.rows_of_ids(outlines), self.index.rows_in(Folder.APPROVED)
        moment = Moment(
            version,
            events,
            min(ends, default=NEVER),
            outlines,
            self.index.conflicting_ids(),
            tuple(
                (row.place, row.file)
                for row in moved
                if may_be_request(row.file) and not is_approved(outlines.get(row.id), row)
            ),
            frozenset(row.place for row in matched if self._is_left_behind(row, outlines[row.id])),
        )
        exceptions = {}
        for row in {row.place: row for row in (*matched, *moved)}.values():
            state = self._state_of(row, moment)
            if state is not row.state:
                exceptions[row.place] = (row, state)
        shown = shown_by((row for row in matched if row.place not in moment.left_behind), outlines)
        departed = [o for o in outlines.values() if o.id not in shown and not self._is_gone(o)]
        roll = Roll(
            self.index,
            exceptions,
            departed,
            make=lambda rows: self._standings(rows, moment),
            make_departed=lambda outline: self._departed_now(outline.id),
            is_right=lambda row: self.inventory.confirm((row,)),
            prove=lambda rows: self._proof(rows, moment),
        )
        self._roll = (moment, roll)
        return self._roll

    def _is_gone(self, outline: Outline) -> bool:
        """Whether nothing is left of a request on which no decision stands; a file on its way back is looked for."""
        undecided = outline.settled and outline.state in UNDECIDED
        return undecided and not os.path.lexists(self._house.vault.path(outline.file))

    def _is_left_behind(self, row: Row, outline: Outline) -> bool:
        return left_in_rejected(outline, row) and os.path.lexists(self._house.vault.path(outline.file))

    def _state_of(self, row: Row, moment: Moment) -> State:
        outline = moment.outlines.get(row.id)
        told = self._told(row, outline, moment)
        if told:
            return told[0]
        if row.folder is Folder.APPROVED:
            standing = self._standings((row,), moment).get(row.place)
            return standing.state if standing else State.HELD
        return row.state

    def _standings(self, rows: Sequence[Row], moment: Moment) -> dict[int, Standing]:
        """The standings of those rows that are read, by place."""
        readings = self.index.readings(rows)
        return {
            row.place: self._of_file(row, readings[row.place].request, moment) for row in rows if row.place in readings
        }

    def _proof(self, rows: Sequence[Row], moment: Moment) -> Proof | None:
        readings = self.index.readings(rows)
        if len(readings) < len(rows) or any(row.identity == b"" for row in rows):
            return None
        if any(reading.looks for reading in readings.values()):
            return None
        root, others = self._house.vault.root, (self._house.configuration.config_file, self._house.tool_lists.directory)
        return Proof(
            files=(
                *((f"{root}/{row.file}", row.identity.hex()) for row in rows),
                *((str(path), identity_at(str(path))) for path in others),
            ),
            since=max((reading.since for reading in readings.values()), default=0.0),
            until=min((moment.until, *(reading.until for reading in readings.values()))),
            rules=self.inventory.reader.rules,
            ledger=str(self._house.ledger.path),
            events=moment.events,
        )

    def _departed_now(self, request_id: str) -> Standing | None:
        entry = self._house.ledger.entry(request_id)
        return self.of_entry(entry) if entry else None

    def _of_file(self, row: Row, request: Request, moment: Moment) -> Standing:
        outline = moment.outlines.get(row.id)
        if request.id != row.id:
            request = dataclasses.replace(request, id=row.id)
        if in_conflict(row, outline, moment.conflicting):
            request = conflicting_request(request)
        told = self._told(row, outline, moment)
        if told and outline and same_bytes(outline, row) and row.place not in moment.left_behind:
            return self._decided(outline, request, row.file, pending_place=row.folder is Folder.PENDING)
        risk, receipt = self._weighed(request)
        if receipt and outline is None and may_conflict(row):
            request = conflicting_request(request, receipt)
        if told:
            return Standing(request, told[0], row.file, risk, why=told[1])
        if row.folder is Folder.APPROVED:
            short = self._admission.shortfall_of_file(request, risk, row.file)
            state = State.HELD if short else State.APPROVED
            return Standing(request, state, row.file, risk, why=short or "It was moved here by hand.")
        changed = row.state is State.HELD and outline is not None and is_new_version(outline, row)
        return Standing(request, row.state, row.file, risk, why=_CHANGED if changed else "")

    def _weighed(self, request: Request) -> tuple[Risk, str | None]:
        """The risk of a request, and the receipt that names its id with other bytes, if one does."""
        past = self._past.refreshed()
        evidence = self._archive.evidence_on(request, past)
        return assess(request, past, evidence.same), evidence.other

    def _told(self, row: Row, outline: Outline | None, moment: Moment) -> tuple[State, str] | None:
        """What the ledger says of a file's state, and why; None where it has no say."""
        if outline and row.place in moment.left_behind:
            return State.REJECTED, f"It was turned down; decided on again, it is {outline.state}: {outline.file}."
        if outline and same_bytes(outline, row) and not moved_on_by_hand(outline, row):
            return self._as_decided(outline, pending_place=row.folder is Folder.PENDING)
        if outline and outline.state is State.APPROVED and outline.file == row.file:
            return State.HELD, "The file changed after it was approved; nothing was done. Read it again."
        if (
            outline
            and outline.state is State.PENDING
            and row.folder is Folder.REJECTED
            and is_new_version(outline, row)
        ):
            return State.PENDING, "The refusal was taken back, and the file had changed: it waits where it lies."
        return None

    def _as_decided(self, entry: Entry | Outline, *, pending_place: bool) -> tuple[State, str]:
        now = self._house.clock.now()
        state, why = entry.state, entry.why
        snoozing = state is State.SNOOZED and entry.snoozed_until is not None and entry.snoozed_until > now
        if pending_place and entry.settled and state in OPEN_AGAIN and not snoozing:
            state, why = State.PENDING, ""
        if pending_place and state is State.DONE:
            why = "This was executed before; it is never run again."
        return state, why

    def _decided(self, entry: Entry | Outline, request: Request, file: str, *, pending_place: bool) -> Standing:
        now = self._house.clock.now()
        state, why = self._as_decided(entry, pending_place=pending_place)
        waits_until = entry.due_at if state is State.APPROVED and entry.due_at and entry.due_at > now else None
        return Standing(
            request,
            state,
            file,
            self.risk_of(request),
            why=why,
            undo_until=waits_until,
            snoozed_until=entry.snoozed_until if state is State.SNOOZED else None,
            retry_at=waits_until if entry.tried else None,
        )

    # Names

    def _found(self, name: str) -> Standing:
        self.inventory.refresh()
        found = meant(name, self._search(name))
        left_behind = self._current()[0].left_behind
        return self._read_anew(min(found, key=lambda each: (each.place in left_behind, conflict_copy(each.file))))

    def _search(self, name: str) -> Search:
        """Looks among all that a name could mean; for what is decided now, the disk is asked before."""
        rows, roll = self.index.rows_named(name), self._current()[1]
        return lambda matches: roll.search(matches, rows)

    def _known_as(self, name: str) -> list[Row]:
        """The files of exactly that path or id, as far as the index has them."""
        return self.index.rows_of_files((name,)) or self.index.rows_of_ids((name,))

    def _read_anew(self, match: Match) -> Standing:
        row = next((row for row in self.index.rows_of_files((match.file,)) if row.place == match.place), None)
        if row:
            self.inventory.read_anew(row)
        # A place among what only the ledger knows is one of its moment: somebody else may have decided meanwhile.
        known = match.place > 0
        standing = self._current()[1].standing(match.place) if known else self._departed_now(match.id)
        if standing is None:
            raise NotFound(f"{safe_line(match.file)} went away at this very moment.")
        return standing

    def _trying(self, work: Callable[[], _T]) -> _T:
        """Do it again where the index broke under it: then it is empty, and what it held is read anew."""
        while True:
            with contextlib.suppress(IndexLost):
                return work()
