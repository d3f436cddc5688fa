"""The database file: durable on every commit, one writer at a time, its schema made or refused at open."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platinum_tui.model.errors import DiskFailed, Failed

SCHEMA_VERSION = 1
BUSY_TIMEOUT_S = 10.0

_SCHEMA = """
CREATE TABLE entry(
    id TEXT PRIMARY KEY,
    effect TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    kind TEXT,
    fields TEXT NOT NULL,
    title TEXT NOT NULL,
    target TEXT NOT NULL,
    task TEXT,
    data BLOB NOT NULL,
    file TEXT NOT NULL,
    origin TEXT NOT NULL,
    state TEXT NOT NULL,
    why TEXT NOT NULL,
    envelope TEXT,
    decided_by TEXT NOT NULL,
    due_at TEXT,
    snoozed_until TEXT,
    expires_at TEXT,
    attempt INTEGER NOT NULL,
    result TEXT,
    executed_at TEXT,
    settled INTEGER NOT NULL
) STRICT;
CREATE INDEX entry_by_state ON entry(state);
CREATE INDEX entry_unsettled ON entry(settled) WHERE settled = 0;
CREATE TABLE seen(
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    id TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    PRIMARY KEY(file, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_by_bytes ON seen(sha256);
CREATE TABLE event(
    seq INTEGER PRIMARY KEY,
    request_id TEXT NOT NULL,
    record TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE INDEX event_by_request ON event(request_id);
CREATE TRIGGER event_is_final BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'audit events are final'); END;
CREATE TRIGGER event_stays BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'audit events stay'); END;
CREATE TABLE shown(fingerprint TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY(fingerprint, digest))
    STRICT, WITHOUT ROWID;
CREATE TABLE note(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""

_BY_BYTES = "CREATE INDEX IF NOT EXISTS entry_by_bytes ON entry(file_sha256)"
"""Made at open where it is missing: earlier versions of the program know the schema without it, and need none."""


class Database:
    """A SQLite file, durable on every commit, shared by threads under one lock and by processes under SQLite's.

    Raises:
        Failed: the file cannot be opened, is not ours, or does not keep its promise to be durable.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._connection = sqlite3.connect(
                path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
            self._connection.row_factory = sqlite3.Row
            self._prepare()
        except sqlite3.Error as error:
            raise Failed(
                f"The ledger {path} cannot be opened: {error}.",
                remedy="Check the disk and the file's permissions; never delete a ledger.",
            ) from error

    def _prepare(self) -> None:
        (mode,) = self._connection.execute("PRAGMA journal_mode=WAL").fetchone()
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("PRAGMA foreign_keys=ON")
        if sys.platform == "darwin":
            self._connection.execute("PRAGMA fullfsync=ON")
        (synchronous,) = self._connection.execute("PRAGMA synchronous").fetchone()
        if mode != "wal" or synchronous != 2:
            raise sqlite3.OperationalError(f"not durable here (journal {mode}, synchronous {synchronous})")
        with self.transaction() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version == 0:
                for statement in _statements(_SCHEMA):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
            elif version != SCHEMA_VERSION:
                raise sqlite3.OperationalError(f"schema {version}, this program knows {SCHEMA_VERSION}")
            connection.execute(_BY_BYTES)
        self.path.chmod(0o600)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: committed and on the disk at the end, or rolled back.

        Raises:
            DiskFailed: the disk did; nobody knows whether the commit is on it.
            Failed: the database is busy or the disk is full; nothing was written.
        """
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException as error:
                self._roll_back()
                if isinstance(error, sqlite3.Error):
                    raise _refused(error) from error
                raise

    @contextmanager
    def transaction_on_trust(self) -> Iterator[sqlite3.Connection]:
        """One write transaction that is on the disk no later than the next one of the other sort.

        It outlives the process, and is lost only where the machine itself stops before that. The log that SQLite
        writes ahead is synced from its beginning, so nothing that builds on this one is there without it:
        https://www.sqlite.org/pragma.html#pragma_synchronous

        Raises:
            Failed, DiskFailed: as from the other sort.
        """
        with self._lock:
            self._connection.execute("PRAGMA synchronous=NORMAL")
            try:
                with self.transaction() as connection:
                    yield connection
            finally:
                self._connection.execute("PRAGMA synchronous=FULL")

    def rows(self, statement: str, *values: object) -> list[sqlite3.Row]:
        """What a query answers."""
        try:
            with self._lock:
                return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise _refused(error) from error

    def version(self) -> tuple[int, int]:
        """Two numbers that are others after anything was written: by another connection, by this one."""
        with self._lock:
            return self.rows("PRAGMA data_version")[0][0], self._connection.total_changes

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._connection.close()

    def _roll_back(self) -> None:
        with contextlib.suppress(sqlite3.Error):  # what failed before is what is told
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def _refused(error: sqlite3.Error) -> Failed:
    if getattr(error, "sqlite_errorname", "").startswith("SQLITE_IOERR"):
        return DiskFailed(f"The ledger's disk failed: {error}.")
    return Failed(f"The ledger was not written: {error}.", remedy="Check the disk's space and who else has it open.")


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
