"""The inventory: keeps the index equal to what lies in the queue folders, and reads only what changed."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence

from platinum_tui.model.event import Progress
from platinum_tui.model.request import ProblemCode, State
from platinum_tui.model.summary import target_of, title_of
from platinum_tui.review.glance import glance
from platinum_tui.review.house import House
from platinum_tui.review.identities import Identities
from platinum_tui.review.index import Index
from platinum_tui.review.index_rows import NEVER, STATE_OF, FileRow, Reading, Row, Seen, created_of
from platinum_tui.review.proof import IDENTITY
from platinum_tui.review.reading import RequestReader
from platinum_tui.review.tidings import Tidings
from platinum_tui.vault.folders import Folder
from platinum_tui.vault.names import may_be_request
from platinum_tui.vault.reading import (
    FileIdentity,
    Reason,
    Unreadable,
    probe_in_vault,
    read_in_vault,
)
from platinum_tui.vault.scan import Entry, entry_of, is_passed_over, lists, scan, settled_at

BATCH = 100
"""Files that are read, pinned and written at once."""
_LOOK_AGAIN_S = 0.5
"""Seconds between two looks at what comes while many files are read."""
_PACK = IDENTITY.pack


class Inventory:
    """The files of one vault's queue folders, as the index has them.

    Args:
        house: the vault and its surroundings.
        index: where they are kept.

    Attributes:
        progress: how far a refresh has come that reads many files; None while there is none.
        tidings: what was heard of the files.
        obstructed: the files that are not read for what they are, and why, as last looked at.
    """

    def __init__(self, house: House, index: Index) -> None:
        self._house = house
        self._index = index
        self._refreshing = threading.Lock()  # always taken before the other one
        self._waiting: list[Callable[[], None]] = []
        self._reading_lock = threading.RLock()
        self._identified: object = None
        self._events = 0
        self._looked_at = 0.0
        self.progress: Progress | None = None
        self.tidings = Tidings(house.clock)
        self.obstructed: dict[str, Reason] = {}
        self.reader = RequestReader(house)
        self.identities = Identities(house.ledger, lambda file: os.path.lexists(house.vault.path(file)))

    def hear(self, files: Collection[str] | None) -> None:
        """Something happened at some places in the vault; None where it may be any."""
        listed = None if files is None else {file: lists(file) for file in files}
        if listed is None or None in listed.values():
            self.tidings.hear(None)
        else:
            self.tidings.hear([file for file in listed if listed[file]])

    def refresh(self, told: Callable[[], None] | None = None) -> None:
        """Look at every file, or where each change is heard of at those, and read what has no reading that holds.

        Args:
            told: is called after each batch, and while it waits for another refresh after each of that one's; then new
                files are glanced at before any more is read.
        """
        with self._waits(told), self._refreshing, self._whole():
            self.identities.refresh()
            files = self.tidings.take((self.reader.era, self._index.begun))
            if files is None:
                self._look_at_all()
            else:
                self.look_at(files)
                if self._house.ledger.tail().seq != self._events:
                    self._identify()

    @contextlib.contextmanager
    def _waits(self, told: Callable[[], None] | None) -> Iterator[None]:
        """Have somebody told how a refresh goes on, whoever makes it."""
        listeners = [told] if told else []
        self._waiting += listeners
        try:
            yield
        finally:
            for listener in listeners:
                self._waiting.remove(listener)

    def _tell(self) -> None:
        for told in tuple(self._waiting):
            told()

    @contextlib.contextmanager
    def _whole(self) -> Iterator[None]:
        """However a refresh ends, it goes on no more; one that failed is done over again."""
        try:
            yield
        except BaseException:
            self.tidings.hear(None)
            raise
        finally:
            self.progress = None

    def _look_at_all(self) -> None:
        self._looked_at = self._house.clock.monotonic()
        wanted, new, gone = self._compare()
        if gone:
            self._index.remove(gone)
        glanced, known = self._glance(new), len(wanted)
        self._index.order()
        wanted += new
        start = 0
        while start < len(wanted):
            glanced = glanced or self._glance(wanted[max(start, known) :])
            wanted += self._come_meanwhile()
            if len(wanted) > BATCH:
                self.progress = Progress("reading", start, len(wanted))
            self._read(wanted[start : start + BATCH])
            self._tell()
            start += BATCH
        self.tidings.expect(self._index.next_end(self._house.clock.now().timestamp()))
        self._identify()

    def _come_meanwhile(self) -> list[Entry]:
        """Where somebody waits and more was heard of: the files that came since, glanced at."""
        now = self._house.clock.monotonic()
        if not self._waiting or not self.tidings.has_news or now - self._looked_at < _LOOK_AGAIN_S:
            return []
        self._looked_at = now
        _, new, _ = self._compare()
        self._index.put(list(glance(self._house.vault, new)))
        return new

    def confirm(self, rows: Sequence[Row]) -> bool:
        """Whether what the index says of some files is what they say now; looks at the disk, and reads none of them."""
        now, readings = self._house.clock.now().timestamp(), self._index.readings(rows)
        return all(self._is_confirmed(row, readings.get(row.place), now) for row in rows)

    def _is_confirmed(self, row: Row, reading: Reading | None, now: float) -> bool:
        if reading is None or not reading.holds(self.reader.era, now):
            return False
        try:
            same = pack(probe_in_vault(self._house.vault, row.file)) == row.identity
        except (Unreadable, ValueError):
            return False
        return same and self.reader.looks_the_same(reading.looks)

    def read_anew(self, row: Row) -> None:
        """Read one file, whatever the index says of it."""
        self._read_at(row.file, row.folder, believing=False)

    def look_at(self, files: Sequence[str]) -> None:
        """Look at some places in the queue folders, and read what lies there."""
        for file in dict.fromkeys(files):
            folder = next((folder for folder in STATE_OF if file.startswith(f"{folder}/")), None)
            if folder and not file.startswith(f"{Folder.ARCHIVED}/"):
                self._read_at(file, folder, believing=True)

    def frozen(self, data: bytes, file: str, sha256: str) -> Reading:
        """What frozen bytes from a place ask for, from the index where that still holds."""
        now = self._house.clock.now().timestamp()
        kept = self._index.reading(file, sha256)
        if kept and kept.holds(self.reader.era, now) and self.reader.looks_the_same(kept.looks):
            return kept
        reading = self.reader.read(data, file)
        self._index.keep([reading])
        return reading

    def _compare(self) -> tuple[list[Entry], list[Entry], list[str]]:
        """The files whose reading does not hold, those that are new, and those that are gone."""
        now, era, same = self._house.clock.now().timestamp(), self.reader.era, self.reader.looks_the_same
        known = _Known(self._index.seen(era, now))
        wanted: list[Entry] = []
        new: list[Entry] = []
        obstructed: dict[str, Reason] = {}
        for entry in scan(self._house.vault, tuple(STATE_OF), others=True):
            if entry.obstacle:
                obstructed[entry.file] = entry.obstacle
            seen = known.take(entry.file)
            if seen is None:
                new.append(entry)
                continue
            _, identity, looks, holds = seen
            if not holds or identity != _PACK(*entry.identity) or (looks is not None and not same(looks)):
                wanted.append(entry)
        self.obstructed = obstructed
        return wanted, new, known.left()

    def _glance(self, entries: Sequence[Entry]) -> bool:
        """Have something to show of new files that will be read, where they are many and anybody waits.

        Returns:
            Whether that is done; False where nobody waits yet.
        """
        if len(entries) <= BATCH or not self._waiting:
            return len(entries) <= BATCH
        for start in range(0, len(entries), 2000):
            self.progress = Progress("listing", start, len(entries))
            self._index.put(list(glance(self._house.vault, entries[start : start + 2000])))
        self._tell()
        return True

    def _read_at(self, file: str, folder: Folder, *, believing: bool) -> None:
        try:
            status = self._house.vault.path(file).lstat()
        except OSError:
            status = None
        if status is None or (believing and is_passed_over(file, status)):
            self.obstructed.pop(file, None)
            self._index.remove((file,))
            return
        entry = entry_of(file, folder, status)
        if entry.obstacle:
            self.obstructed[file] = entry.obstacle
        else:
            self.obstructed.pop(file, None)
        self._read([entry], believing=believing)

    def _read(self, entries: Sequence[Entry], *, believing: bool = True) -> None:
        """Read files; what is seen pending is pinned before the index has it. One batch at a time."""
        rows: list[FileRow] = []
        readings: list[Reading] = []
        gone: list[str] = []
        with self._reading_lock:
            for entry in entries:
                try:
                    reading, identity = self._reading(entry, believing)
                except FileNotFoundError:
                    gone.append(entry.file)
                    continue
                request = reading.request
                request_id = self.identities.id_of(request, entry.folder)
                if entry.folder is Folder.PENDING and not entry.obstacle and may_be_request(entry.file):
                    self.identities.pin(entry.file, request.sha256, request_id)
                rows.append(row_of(entry, identity, reading, request_id))
                readings.append(reading)
            self.identities.flush()
            self._index.put(rows, readings)
        self._look_again_at(rows)
        if gone:
            self._index.remove(gone)

    def _look_again_at(self, rows: Sequence[FileRow]) -> None:
        """What was read too early to tell a later change, or holds for no time, is looked at with whatever is next."""
        now = self._house.clock.now().timestamp()
        self.tidings.hear([row.file for row in rows if not row.identity or row.until <= now])
        self.tidings.expect(min((row.until for row in rows if row.until > now), default=NEVER))

    def _reading(self, entry: Entry, believing: bool) -> tuple[Reading, bytes]:
        """One file read, and its identity as long as any later change must show in it; else nothing.

        Raises:
            FileNotFoundError: it is gone.
        """
        moment = time.time_ns()
        try:
            if entry.obstacle:
                raise Unreadable(entry.obstacle)
            found = read_in_vault(self._house.vault, entry.file)
        except Unreadable as error:
            if error.reason is Reason.MISSING:
                raise FileNotFoundError(entry.file) from error
            refusal = self.reader.refusal(entry.file, error)
            if not entry.obstacle:
                return refusal, b""
            return refusal._replace(until=NEVER), pack(entry.identity)
        identity = pack(found.identity) if settled_at(found.identity, moment) else b""
        kept = self._index.reading(entry.file, found.sha256) if believing else None
        now = self._house.clock.now().timestamp()
        if kept and kept.holds(self.reader.era, now) and self.reader.looks_the_same(kept.looks):
            return kept, identity
        return self.reader.read(found.data, entry.file), identity

    def _identify(self) -> None:
        """Files that give no id take the one that the ledger has come to know them by; meanwhile none is read."""
        with self._reading_lock:
            self._identify_all()

    def _identify_all(self) -> None:
        state, events = (self._index.version(), self._house.ledger.version()), self._house.ledger.tail().seq
        if state == self._identified:
            return
        self.identities.refresh()
        changed = []
        for place, file, folder, sha256, present, asks in self._index.unnamed():
            if not asks:
                right = self.identities.decided_at(file, sha256) or self._own_id(file, sha256, present)
            elif folder is Folder.PENDING:
                right = self.identities.decided_for_bytes(file, sha256, folder) or present
            else:
                right = self.identities.known(file, sha256, folder) or self._own_id(file, sha256, present)
            if right != present:
                changed.append((place, right))
        if changed:
            self._index.identify(changed)
        self._identified, self._events = (self._index.version(), self._house.ledger.version()), events

    def _own_id(self, file: str, sha256: str, present: str) -> str:
        reading = self._index.reading(file, sha256)
        return reading.request.id if reading else present


class _Known:
    """What the index has, taken in the order of a scan: as long as both agree, nothing is kept in memory."""

    def __init__(self, ahead: Iterator[Seen]) -> None:
        self._ahead = ahead
        self._passed: dict[str, Seen] = {}

    def take(self, file: str) -> Seen | None:
        """What is known of a file; None where nothing is."""
        if self._passed and (seen := self._passed.pop(file, None)):
            return seen
        for seen in self._ahead:
            if seen[0] == file:
                return seen
            self._passed[seen[0]] = seen
        return None

    def left(self) -> list[str]:
        """The files that were never taken."""
        return [*self._passed, *(seen[0] for seen in self._ahead)]


def pack(identity: FileIdentity) -> bytes:
    """A file's identity as the index keeps it."""
    return _PACK(*identity)


def row_of(entry: Entry, identity: bytes, reading: Reading, request_id: str) -> FileRow:
    """A file that was read as a row of the index."""
    request = reading.request
    expired = any(problem.code is ProblemCode.EXPIRED for problem in request.problems)
    state = STATE_OF[entry.folder]
    return FileRow(
        file=entry.file,
        folder=entry.folder,
        identity=identity,
        era=reading.era,
        since=reading.since,
        until=reading.until,
        looks=reading.looks,
        sha256=request.sha256,
        id=request_id,
        declared=request.declared_id is not None,
        state=State.EXPIRED if expired and state is State.PENDING else state,
        kind=request.kind,
        title=title_of(request.kind, request.fields, entry.file),
        target=target_of(request.kind, request.fields),
        created=created_of(request),
    )
