"""The index: what was read of the vault's files, kept on the disk as a cache. It may be deleted at any time."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from platinum_tui.model.request import Request, State
from platinum_tui.review.stored_request import restore, store
from platinum_tui.vault.folders import Folder

SCHEMA_VERSION = 1
NEVER = 1e18
"""Seconds since the epoch of what has no time: it sorts last, and never comes."""
STATE_OF = {
    Folder.PENDING: State.PENDING,
    Folder.APPROVED: State.APPROVED,
    Folder.REJECTED: State.REJECTED,
    Folder.NEEDS_ATTENTION: State.HELD,
    Folder.QUARANTINE: State.QUARANTINED,
}
"""The folders whose files are indexed, and what each says of their state."""
_BUSY_TIMEOUT_S = 10.0
_AT_ONCE = 500
_SCHEMA = """
CREATE TABLE file(
    place INTEGER PRIMARY KEY,
    file TEXT NOT NULL UNIQUE,
    folder TEXT NOT NULL,
    identity BLOB NOT NULL,
    era TEXT NOT NULL,
    since REAL NOT NULL,
    until REAL NOT NULL,
    looks TEXT,
    sha256 TEXT,
    id TEXT NOT NULL,
    declared INTEGER NOT NULL,
    state TEXT NOT NULL,
    kind TEXT,
    title TEXT NOT NULL,
    target TEXT NOT NULL,
    created REAL NOT NULL
);
CREATE INDEX file_by_state ON file(state, created, file);
CREATE INDEX file_by_id ON file(id, sha256, folder);
CREATE TABLE request(
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    era TEXT NOT NULL,
    since REAL NOT NULL,
    until REAL NOT NULL,
    looks TEXT,
    created REAL NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY(file, sha256)
);
"""


class Reading(NamedTuple):
    """A request as some bytes at some place were read, and for how long that holds.

    Attributes:
        request: under the id of its own, before the ledger has a say.
        era: the digest of the surroundings.
        since, until: it holds from the one instant to just before the other; seconds since the epoch.
        looks: what of other files was looked at, as JSON; None for nothing.
    """

    request: Request
    era: str
    since: float
    until: float
    looks: str | None

    def holds(self, era: str, now: float) -> bool:
        """Whether time and surroundings still are those of the reading."""
        return self.era == era and self.since <= now < self.until


Seen = tuple[str, bytes, str | None, bool]
"""What is known of a file without reading it: its path, its packed identity, what of other files was looked at, and
whether time and surroundings still are those of its reading."""


class FileRow(NamedTuple):
    """One row to be written; `place` is the index's own.

    Attributes:
        file, folder: as the scan found them.
        identity: the packed identity of the file; empty where the next look must read it again.
        state: by folder and reading alone; the ledger may know better.
        sha256: None while the file was only glanced at.
        created: seconds since the epoch, or `NEVER`.
    """

    file: str
    folder: Folder
    identity: bytes
    era: str
    since: float
    until: float
    looks: str | None
    sha256: str | None
    id: str
    declared: bool
    state: State
    kind: str | None
    title: str
    target: str
    created: float


class Row(NamedTuple):
    """One row as a list needs it."""

    place: int
    file: str
    folder: Folder
    identity: bytes
    sha256: str | None
    id: str
    state: State
    kind: str | None
    title: str
    target: str
    created: float


_ROW = "place, file, folder, identity, sha256, id, state, kind, title, target, created"
_WRITTEN = ", ".join(FileRow._fields)
_UPDATED = ", ".join(f"{name} = excluded.{name}" for name in FileRow._fields if name != "file")


class IndexLost(Exception):
    """The index could not be used and is empty now; whoever hears this reads again."""


class Index:
    """The index of one vault, shared by threads under one lock and by processes under SQLite's.

    Where the file is broken or cannot be written it is begun anew, in memory if need be; the statement at which that
    showed raises `IndexLost`.

    Args:
        path: the database file, in the state directory.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._lost = 0
        try:
            self._connection = self._opened(path)
        except sqlite3.Error:
            self._connection = self._anew()

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._connection.close()

    def version(self) -> tuple[int, int, int]:
        """Numbers that are others after anything was written."""
        with self._lock:
            return self._lost, self._rows("PRAGMA data_version")[0][0], self._connection.total_changes

    # Files

    def seen(self, era: str, now: float) -> Iterator[Seen]:
        """Every file with its identity, in the order in which they were first found."""
        return chain.from_iterable(self._portions_seen(era, now))

    def _portions_seen(self, era: str, now: float) -> Iterator[list[Seen]]:
        after = -1
        while True:
            rows = self._rows(
                "SELECT file, identity, looks, era = ? AND since <= ? AND until > ? AND sha256 IS NOT NULL, place "
                "FROM file WHERE place > ? ORDER BY place LIMIT 2000",
                *(era, now, now, after),
            )
            if not rows:
                return
            yield [(_file(file), identity, looks, holds) for file, identity, looks, holds, _ in rows]
            after = rows[-1][-1]

    def put(self, rows: Sequence[FileRow], readings: Sequence[Reading] = ()) -> None:
        """Write rows, new or over those of the same files, and what was read, in one transaction."""
        marks = ",".join("?" * len(FileRow._fields))
        with self._writing() as connection:
            connection.executemany(
                f"INSERT INTO file({_WRITTEN}) VALUES({marks}) ON CONFLICT(file) DO UPDATE SET {_UPDATED}",
                [(_key(row.file), *row[1:]) for row in rows],
            )
            connection.executemany(
                "INSERT OR REPLACE INTO request(file, sha256, era, since, until, looks, created, body) "
                "VALUES(?,?,?,?,?,?,?,?)",
                [
                    (
                        *(_key(r.request.file), r.request.sha256, r.era, r.since, r.until, r.looks),
                        *(created_of(r.request), store(r.request)),
                    )
                    for r in readings
                ],
            )

    def remove(self, files: Iterable[str]) -> None:
        """Forget files that are gone; what was read of them is kept until `tidy`."""
        with self._writing() as connection:
            connection.executemany("DELETE FROM file WHERE file = ?", [(_key(file),) for file in files])

    def identify(self, ids: Iterable[tuple[int, str]]) -> None:
        """Give rows other ids: pairs of place and id."""
        with self._writing() as connection:
            connection.executemany("UPDATE file SET id = ? WHERE place = ?", [(id_, place) for place, id_ in ids])

    def unnamed(self) -> Iterator[tuple[int, str, Folder, str, str]]:
        """The files that ask for something and give no id: (place, file, folder, sha256, present id)."""
        rows = self._rows(
            "SELECT place, file, folder, sha256, id FROM file "
            "WHERE declared = 0 AND kind IS NOT NULL AND sha256 IS NOT NULL"
        )
        for place, file, folder, sha256, id_ in rows:
            yield place, _file(file), Folder(folder), sha256, id_

    # Rows

    def rows(self, places: Sequence[int]) -> dict[int, Row]:
        """The rows at some places, as far as there still are any."""
        found: dict[int, Row] = {}
        for some in _portions(places):
            for row in self._rows(f"SELECT {_ROW} FROM file WHERE place IN ({_marks(some)})", *some):  # noqa: S608
                found[row[0]] = _row(row)
        return found

    def rows_of_ids(self, ids: Collection[str]) -> list[Row]:
        """The rows of some requests."""
        return [
            _row(row)
            for some in _portions(list(ids))
            for row in self._rows(f"SELECT {_ROW} FROM file WHERE id IN ({_marks(some)})", *some)  # noqa: S608
        ]

    def rows_of_files(self, files: Collection[str]) -> list[Row]:
        """The rows of some files."""
        return [
            _row(row)
            for some in _portions([_key(file) for file in files])
            for row in self._rows(f"SELECT {_ROW} FROM file WHERE file IN ({_marks(some)})", *some)  # noqa: S608
        ]

    def rows_in(self, folder: Folder) -> list[Row]:
        """The rows of a request folder."""
        return [_row(row) for row in self._rows(f"SELECT {_ROW} FROM file WHERE folder = ?", folder.value)]  # noqa: S608

    def rows_named(self, name: str) -> list[Row]:
        """The rows whose path is a text, or whose id or file name begins with it; letter case counts."""
        return [
            _row(row)
            for row in self._rows(
                f"SELECT {_ROW} FROM file WHERE file = ? OR substr(id, 1, ?) = ? OR instr(file, ?)",  # noqa: S608
                _key(name),
                len(name),
                name,
                _key(f"/{name}"),
            )
        ]

    def conflicting_ids(self) -> frozenset[str]:
        """The ids under which files of different bytes wait for something."""
        rows = self._rows(
            "SELECT id FROM file WHERE folder NOT IN (?, ?) AND sha256 IS NOT NULL "
            "GROUP BY id HAVING min(sha256) <> max(sha256)",
            Folder.REJECTED.value,
            Folder.QUARANTINE.value,
        )
        return frozenset(row[0] for row in rows)

    # Order

    def counts(self) -> dict[State, int]:
        """How many rows are in each state, as file and folder tell it."""
        return {State(state): count for state, count in self._rows("SELECT state, count(*) FROM file GROUP BY state")}

    def count_waiting_for_nobody(self) -> int:
        """How many files lie pending and ask for nothing."""
        (row,) = self._rows("SELECT count(*) FROM file WHERE kind IS NULL AND state = ?", State.PENDING.value)
        return int(row[0])

    def places(self, states: Collection[State]) -> Iterator[int]:
        """The places of the rows in some states, in the order in which their files were first found."""
        wanted = [state.value for state in states]
        rows = self._rows(f"SELECT place FROM file WHERE state IN ({_marks(wanted)}) ORDER BY place", *wanted)  # noqa: S608
        return (place for (place,) in rows)

    def in_order(self, states: Collection[State]) -> Iterator[tuple[float, str, int]]:
        """The rows in some states by age, oldest first: (created, file, place)."""
        wanted = [state.value for state in states]
        rows = self._rows(
            f"SELECT created, file, place FROM file WHERE state IN ({_marks(wanted)}) ORDER BY created, file",  # noqa: S608
            *wanted,
        )
        return ((created, _file(file), place) for created, file, place in rows)

    def words(self, places: Sequence[int]) -> Iterator[tuple[int, str, str, str | None, str]]:
        """What rows say, for a filter: (place, title, target, kind, file)."""
        for some in _portions(places):
            for place, title, target, kind, file in self._rows(
                f"SELECT place, title, target, kind, file FROM file WHERE place IN ({_marks(some)})",  # noqa: S608
                *some,
            ):
                yield place, title, target, kind, _file(file)

    # Requests

    def reading(self, file: str, sha256: str) -> Reading | None:
        """What was read of these bytes at that place, if it is kept."""
        rows = self._rows(
            "SELECT body, era, since, until, looks FROM request WHERE file = ? AND sha256 = ?", _key(file), sha256
        )
        return _reading(*rows[0]) if rows else None

    def readings(self, rows: Sequence[Row]) -> dict[int, Reading]:
        """What was read of the files of some rows, by place."""
        found: dict[int, Reading] = {}
        for some in _portions([row.place for row in rows]):
            for place, *values in self._rows(
                "SELECT place, body, request.era, request.since, request.until, request.looks "  # noqa: S608
                f"FROM file JOIN request USING(file, sha256) WHERE place IN ({_marks(some)})",
                *some,
            ):
                if reading := _reading(*values):
                    found[place] = reading
        return found

    def created(self, file: str, sha256: str) -> float | None:
        """When bytes at a place say that they were created, or `NEVER`; None where no reading is kept."""
        rows = self._rows("SELECT created FROM request WHERE file = ? AND sha256 = ?", _key(file), sha256)
        return float(rows[0][0]) if rows else None

    def keep(self, readings: Sequence[Reading]) -> None:
        """Keep what was read of bytes that lie at no place now."""
        self.put((), readings)

    def tidy(self, kept: Collection[tuple[str, str]]) -> None:
        """Drop readings of bytes that no file has and that are not among those to keep: (file, sha256)."""
        with self._writing() as connection:
            connection.execute("CREATE TEMP TABLE IF NOT EXISTS kept(file, sha256, PRIMARY KEY(file, sha256))")
            connection.execute("DELETE FROM kept")
            connection.executemany("INSERT OR IGNORE INTO kept VALUES(?, ?)", [(_key(f), s) for f, s in kept])
            connection.execute(
                "DELETE FROM request WHERE NOT EXISTS (SELECT 1 FROM file WHERE file.file = request.file "
                "AND file.sha256 = request.sha256) AND (file, sha256) NOT IN (SELECT file, sha256 FROM kept)"
            )

    # Inside

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, self._guarded():
            return self._connection.execute(statement, values).fetchall()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._guarded():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            self._connection = self._anew()
            raise IndexLost(str(error)) from error

    def _anew(self) -> sqlite3.Connection:
        """An empty index in place of one that cannot be used; in memory where the disk does not take it."""
        self._lost += 1
        with contextlib.suppress(AttributeError, sqlite3.Error):
            self._connection.close()
        try:
            if self._lost > 2:
                raise sqlite3.OperationalError("it broke twice already")
            for ending in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
            return self._opened(self._path)
        except (OSError, sqlite3.Error):
            return self._opened(":memory:")

    @staticmethod
    def _opened(path: Path | str) -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("BEGIN IMMEDIATE")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version == 0:
                for statement in _SCHEMA.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
            elif version != SCHEMA_VERSION:
                raise sqlite3.DatabaseError(f"schema {version}")
            connection.execute("COMMIT")
        except sqlite3.Error:
            connection.close()
            raise
        if path != ":memory:":
            os.chmod(path, 0o600)  # noqa: PTH101 - a name or `:memory:`
        return connection


def created_of(request: Request) -> float:
    """When a request was created, in seconds since the epoch; `NEVER` where it does not say."""
    return request.created_at.timestamp() if request.created_at else NEVER


def _key(file: str) -> str | bytes:
    """A path as SQLite takes it: text, or bytes where it is no UTF-8."""
    if file.isascii():
        return file
    try:
        file.encode()
    except UnicodeEncodeError:
        return os.fsencode(file)
    return file


def _file(key: str | bytes) -> str:
    return key if isinstance(key, str) else os.fsdecode(key)


def _row(values: Sequence[object]) -> Row:
    place, file, folder, identity, sha256, id_, state, *rest = values
    return Row(place, _file(file), Folder(folder), identity, sha256, id_, State(state), *rest)  # type: ignore[arg-type]


def _reading(body: str, era: str, since: float, until: float, looks: str | None) -> Reading | None:
    try:
        return Reading(restore(body), era, since, until, looks)
    except ValueError:
        return None


def _portions(values: Sequence) -> Iterator[Sequence]:  # type: ignore[type-arg]
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
