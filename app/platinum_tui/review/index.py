"""The index: what was read of the vault's files, kept on the disk as a cache."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from pathlib import Path

from platinum_tui.model.request import State
from platinum_tui.review.index_file import IndexFile
from platinum_tui.review.index_memory import FEW, IndexMemory, Key
from platinum_tui.review.index_rows import NEVER, STATE_OF, FileRow, Reading, Row, Seen, created_of
from platinum_tui.review.stored_request import restore, store
from platinum_tui.vault.folders import Folder

_AT_ONCE = 500
_ROW = "place, file, folder, identity, sha256, id, state, kind, title, target, created"
_COLUMNS = (*FileRow._fields, "words")
_WRITTEN = ", ".join(_COLUMNS)
_UPDATED = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name != "file")


class Index(IndexFile):
    """The index of one vault: its files as rows, and what was read of them."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._held: tuple[str, frozenset[int]] = "", frozenset()
        self._memory = IndexMemory()

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

    def next_end(self, now: float) -> float:
        """When the next reading holds no more; seconds since the epoch."""
        ((ends,),) = self._rows("SELECT min(until) FROM file WHERE until > ?", now)
        return NEVER if ends is None else float(ends)

    def put(self, rows: Sequence[FileRow], readings: Sequence[Reading] = ()) -> None:
        """Write rows, new or over those of the same files, and what was read, in one transaction."""
        marks = ",".join("?" * len(_COLUMNS))
        with self._changing("file", [_key(row.file) for row in rows]) as connection:
            connection.executemany(
                f"INSERT INTO file({_WRITTEN}) VALUES({marks}) ON CONFLICT(file) DO UPDATE SET {_UPDATED}",
                [(_key(row.file), *row[1:], words_of(row.title, row.target, row.file)) for row in rows],
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

    def remove(self, files: Sequence[str]) -> None:
        """Forget files that are gone; what was read of them is kept until `tidy`."""
        keys = [_key(file) for file in files]
        with self._changing("file", keys) as connection:
            connection.executemany("DELETE FROM file WHERE file = ?", [(key,) for key in keys])

    def identify(self, ids: Sequence[tuple[int, str]]) -> None:
        """Give rows other ids: pairs of place and id."""
        with self._changing("place", [place for place, _ in ids]) as connection:
            connection.executemany("UPDATE file SET id = ? WHERE place = ?", [(id_, place) for place, id_ in ids])

    def unnamed(self) -> Iterator[tuple[int, str, Folder, str, str, bool]]:
        """The files that give no id: (place, file, folder, sha256, present id, whether it asks for something)."""
        rows = self._rows(
            "SELECT place, file, folder, sha256, id, kind IS NOT NULL FROM file "
            "WHERE declared = 0 AND sha256 IS NOT NULL"
        )
        for place, file, folder, sha256, id_, asks in rows:
            yield place, _file(file), Folder(folder), sha256, id_, bool(asks)

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
        states = STATE_OF[folder].value, State.EXPIRED.value  # the only ones that a folder's files are in
        rows = self._rows(f"SELECT {_ROW} FROM file WHERE state IN (?, ?) AND folder = ?", *states, folder.value)  # noqa: S608
        return [_row(row) for row in rows]

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
        with self._remembering() as memory:
            if memory.conflicting is None:
                memory.conflicting = self._conflicting()
            return memory.conflicting

    def _conflicting(self, among: Collection[str] | None = None) -> frozenset[str]:
        only = "" if among is None else f"id IN ({_marks(list(among))}) AND "
        rows = self._rows(
            f"SELECT id FROM file WHERE {only}folder NOT IN (?, ?) AND sha256 IS NOT NULL "  # noqa: S608
            "GROUP BY id HAVING min(sha256) <> max(sha256)",
            *(among or ()),
            Folder.REJECTED.value,
            Folder.QUARANTINE.value,
        )
        return frozenset(row[0] for row in rows)

    # Order

    def counts(self) -> dict[State, int]:
        """How many rows are in each state, as file and folder tell it."""
        with self._remembering() as memory:
            if memory.counts is None:
                memory.counts = Counter(dict(self._rows("SELECT state, count(*) FROM file GROUP BY state")))
            return {State(state): count for state, count in memory.counts.items() if count}

    def places(self, states: Collection[State]) -> array[int]:
        """The places of the rows in some states, in the order in which their files were first found."""
        wanted = [state.value for state in states]
        return self._numbers(f"SELECT place FROM file WHERE state IN ({_marks(wanted)}) ORDER BY place", *wanted)  # noqa: S608

    def places_by_age(self, states: Collection[State]) -> array[int]:
        """The places of the rows in some states by age, oldest first."""
        wanted = frozenset(state.value for state in states)
        with self._remembering() as memory:
            if wanted not in memory.by_age:
                memory.by_age[wanted] = self._numbers(
                    f"SELECT place FROM file WHERE state IN ({_marks(list(wanted))}) ORDER BY created, file",  # noqa: S608
                    *wanted,
                )
            return memory.by_age[wanted][:]

    def in_order(self, states: Collection[State]) -> Iterator[tuple[float, str, int]]:
        """The rows in some states by age, oldest first: (created, file, place)."""
        wanted = [state.value for state in states]
        rows = self._rows(
            f"SELECT created, file, place FROM file WHERE state IN ({_marks(wanted)}) ORDER BY created, file",  # noqa: S608
            *wanted,
        )
        return ((created, _file(file), place) for created, file, place in rows)

    def holding(self, text: str | None, kinds: Collection[str | None]) -> frozenset[int]:
        """The places of the rows whose words, in folded case, hold a text, or that are of some kinds.

        The same answer as the last one is the same set: most letters that are typed narrow nothing.
        """
        named = [kind for kind in kinds if kind is not None]
        (found,) = self._rows(
            "SELECT group_concat(place) FROM file "  # noqa: S608 - written down in one piece, while Python may go on
            f"WHERE instr(words, ?) OR kind IN ({_marks(named)}) OR kind IS NULL AND ?",
            *(text, *named, None in kinds),
        )
        said, (before, held) = found[0] or "", self._held
        if said != before:
            held = frozenset(json.loads(f"[{said}]"))
            self._held = said, held
        return held

    def resembling(self, letters: str) -> Iterator[tuple[int, str]]:
        """The rows whose words have some letters in this order, with anything between them: (place, words)."""
        escaped = ("\\" + letter if letter in "%_\\" else letter for letter in letters)
        pattern = f"%{'%'.join(escaped)}%"
        return iter(self._rows("SELECT place, words FROM file WHERE words LIKE ? ESCAPE '\\'", pattern))

    # Memory

    @contextlib.contextmanager
    def _remembering(self) -> Iterator[IndexMemory]:
        """What is remembered of the rows as they are."""
        with self._lock:
            self._memory.be_at(self.version())
            yield self._memory

    @contextlib.contextmanager
    def _changing(self, column: str, keys: Sequence[object]) -> Iterator[sqlite3.Connection]:
        """A transaction that writes the rows of some files or places; what is remembered follows a small one."""
        with self._writing() as connection:
            self._memory.be_at(self.version())
            if len(keys) > FEW:
                yield connection
                return
            before = self._keys(column, keys)
            yield connection
            self._memory.follow(
                before, self._keys(column, keys), self._conflicting, lambda place: self._keys("place", (place,))[0]
            )
            self._memory.version = self.version()

    def _keys(self, column: str, keys: Sequence[object]) -> list[Key]:
        marks = _marks(keys)
        rows = self._rows(f"SELECT place, id, state, created, file FROM file WHERE {column} IN ({marks})", *keys)  # noqa: S608
        return [Key(*row) for row in rows]

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


def words_of(title: str, target: str, file: str) -> str:
    """What a word of a filter is looked for in, in folded case."""
    words = f"{title}\n{target}\n{file}".casefold()
    return words if words.isascii() else words.encode("utf-8", "replace").decode()


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


def _reading(body: bytes, era: str, since: float, until: float, looks: str | None) -> Reading | None:
    try:
        return Reading(restore(body), era, since, until, looks)
    except ValueError:
        return None


def _portions(values: Sequence) -> Iterator[Sequence]:  # type: ignore[type-arg]
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
