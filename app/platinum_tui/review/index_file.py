"""The index's file: a SQLite database that is begun anew where it cannot be used. It may be deleted at any time."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from platinum_tui.model.errors import Failed

SCHEMA_VERSION = 2
_BUSY_TIMEOUT_S = 10.0
_LOG_PAGES = 8000
"""32 MB: ten thousand files are listed before the log is written back."""
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
    created REAL NOT NULL,
    words TEXT NOT NULL
);
CREATE INDEX file_by_state ON file(state, created, file);
CREATE TABLE request(
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    era TEXT NOT NULL,
    since REAL NOT NULL,
    until REAL NOT NULL,
    looks TEXT,
    created REAL NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY(file, sha256)
);
"""

_ORDERS = """
CREATE INDEX IF NOT EXISTS file_by_id ON file(id, sha256, folder);
CREATE INDEX IF NOT EXISTS file_by_words ON file(words, kind);
"""
"""What makes looking up quick and the first listing slow: made once all files are listed."""


class IndexLost(Exception):
    """The index could not be used and is empty now; whoever hears this reads again."""


class IndexFile:
    """The index's database, shared by threads under one lock and by processes under SQLite's.

    Where the file is broken or cannot be written it is begun anew, in memory if need be; the statement at which that
    showed raises `IndexLost`. After it was closed, every one raises `Failed`.

    Args:
        path: the database file, in the state directory.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._lost = 0
        self._closed = False
        try:
            self._connection = self._opened(path)
        except sqlite3.Error:
            self._connection = self._anew()

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._closed = True
            self._connection.close()

    def order(self) -> None:
        """Make looking up by id and by word quick, where it is not yet."""
        if self._rows("SELECT 1 FROM sqlite_master WHERE name = 'file_by_words'"):
            return
        with self._writing() as connection:
            for statement in filter(str.strip, _ORDERS.split(";")):
                connection.execute(statement)

    @property
    def begun(self) -> int:
        """How often it was begun anew, empty, since it was opened."""
        return self._lost

    def version(self) -> tuple[int, int, int]:
        """Numbers that are others after anything was written."""
        with self._lock:
            return self._lost, self._rows("PRAGMA data_version")[0][0], self._connection.total_changes

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, self._guarded():
            return self._connection.execute(statement, values).fetchall()

    def _numbers(self, statement: str, *values: object) -> array[int]:
        """The first column of what a statement finds, 8 bytes each."""
        with self._lock, self._guarded():
            return array("q", (row[0] for row in self._connection.execute(statement, values)))

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
            if self._closed:
                raise Failed("The index is closed: the program ends.") from error
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
            connection.execute(f"PRAGMA wal_autocheckpoint={_LOG_PAGES}")
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
