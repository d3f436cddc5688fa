"""The ledger: every change is a compare-and-set on one row, with its audit event in the same transaction."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from platinum_tui.ledger.database import Database
from platinum_tui.ledger.decided_ids import DecidedIds, require_free
from platinum_tui.ledger.entry import COLUMNS, Entry, to_column
from platinum_tui.ledger.happening import Happening
from platinum_tui.ledger.outline import OUTLINE_COLUMNS, Outline
from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.decision import Verdict, instant
from platinum_tui.model.envelope import decision_in, envelope_from_json
from platinum_tui.model.errors import NotApprovable
from platinum_tui.model.request import State
from platinum_tui.model.text import safe_line
from platinum_tui.system.audit import AuditRecord, Tail, beginning, genesis_hash, seal
from platinum_tui.system.clock import Clock

_ALL = ", ".join(COLUMNS)
_REPLACED = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name != "id")

_TAKEN_BACK_NOTE = "taken_back:"
_TAKEN_BACK = frozenset({State.PENDING, State.REJECTED, State.CHANGES_REQUESTED})
"""States in which an earlier approval is worth nothing any more."""


@dataclasses.dataclass(frozen=True, slots=True)
class Sighting:
    """Some bytes were seen at a place, as a request of that id."""

    file: str
    sha256: str
    id: str


class DecidedFile(NamedTuple):
    """Where the file of a decided request lay before it was decided, and lies now."""

    id: str
    digest: str
    origin: str
    file: str


class Approved(NamedTuple):
    """A request that is approved, and the instant before which it is not executed; None for at once."""

    id: str
    due_at: datetime | None


class DecidedAction(NamedTuple):
    """What was decided on, by id and digest, and where it stands."""

    id: str
    digest: str
    kind: Kind | None
    fields: Mapping[str, JsonValue]
    state: State


class Ledger:
    """The ledger of one vault.

    Args:
        path: the database file, in the state directory.
        vault_id: the vault's id, from which the audit chain begins.
        clock: where times come from.
    """

    def __init__(self, path: Path, vault_id: str, clock: Clock) -> None:
        self.vault_id = vault_id
        self.clock = clock
        self._database = Database(path)

    @property
    def path(self) -> Path:
        """The database file."""
        return self._database.path

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    # Entries

    def entry(self, request_id: str) -> Entry | None:
        """The row of a request, or None while nobody decided anything."""
        rows = self._database.rows(f"SELECT {_ALL} FROM entry WHERE id = ?", request_id)  # noqa: S608
        return Entry.from_columns(dict(rows[0])) if rows else None

    def entries(self, states: Collection[State]) -> list[Entry]:
        """The rows in some states with their frozen bytes, in the order of their ids."""
        return [Entry.from_columns(dict(row)) for row in self._rows_in(states, _ALL)]

    def outlines(self, states: Collection[State] | None = None) -> list[Outline]:
        """Every row in short, or those in some states, in the order of their ids."""
        return [Outline.from_columns(dict(row)) for row in self._rows_in(states, ", ".join(OUTLINE_COLUMNS))]

    def done_outside(self, folder: str) -> list[Entry]:
        """The settled rows of what was done whose files lie elsewhere than in a folder, as far as is known here."""
        where = "state = ? AND settled = 1 AND substr(file, 1, ?) != ?"
        prefix = f"{folder}/"
        rows = self._database.rows(f"SELECT {_ALL} FROM entry WHERE {where}", State.DONE.value, len(prefix), prefix)  # noqa: S608
        return [Entry.from_columns(dict(row)) for row in rows]

    def approved(self) -> list[Approved]:
        """The approved requests and when they are due, in the order of their ids."""
        rows = self._database.rows("SELECT id, due_at FROM entry WHERE state = ? ORDER BY id", State.APPROVED.value)
        return [Approved(id_, datetime.fromisoformat(due_at) if due_at else None) for id_, due_at in rows]

    def actions_since(self, seq: int) -> list[DecidedAction]:
        """The actions that later events are about; all where that is number 0."""
        changed = "WHERE id IN (SELECT request_id FROM event WHERE seq > ?)" if seq else "WHERE ? = 0"
        rows = self._database.rows(f"SELECT id, digest, kind, fields, state FROM entry {changed}", seq)  # noqa: S608
        return [
            DecidedAction(id_, digest, Kind(kind) if kind else None, json.loads(fields), State(state))
            for id_, digest, kind, fields, state in rows
        ]

    def version(self) -> tuple[int, int]:
        """Two numbers that are others after anything was written, by this process or another one."""
        return self._database.version()

    def decided_ids(self) -> DecidedIds:
        """Which ids are taken, and what they stand for."""
        return DecidedIds.from_rows(self._database.rows("SELECT id, file, file_sha256, state FROM entry"))

    def decided_files(self) -> Iterator[DecidedFile]:
        """Where the file of every decided request lay and lies, in the order of their ids."""
        rows = self._database.rows("SELECT id, digest, origin, file FROM entry ORDER BY id")
        return (DecidedFile(*row) for row in rows)

    def unsettled(self) -> list[Entry]:
        """Rows whose files, receipt, task or dashboard do not show their state yet."""
        rows = self._database.rows(f"SELECT {_ALL} FROM entry WHERE settled = 0 ORDER BY id")  # noqa: S608
        return [Entry.from_columns(dict(row)) for row in rows]

    def record(self, entry: Entry, happening: Happening, *, replaces: Collection[State] = ()) -> Entry:
        """Write a decided request, new or over a row in one of the states that it may replace.

        An approval that loses its row to another decision is noted as taken back in the same transaction.

        Raises:
            NotApprovable: there is a row in another state, or the same effect, or an approval of the same bytes, under
                another id.
        """
        columns = entry.columns()
        names, marks = ", ".join(columns), ",".join("?" * len(columns))
        with self._database.transaction() as connection:
            found = connection.execute("SELECT state, envelope FROM entry WHERE id = ?", (entry.id,)).fetchone()
            if found and State(found["state"]) not in replaces:
                raise NotApprovable(
                    f"The request is {found['state']}; it cannot be decided again.",
                    remedy=f"Somebody was quicker; `platinum-tui show {safe_line(entry.id)}` tells how it stands now.",
                )
            if entry.state is State.APPROVED:
                require_free(connection, entry.id, entry.file_sha256)
            try:
                connection.execute(
                    f"INSERT INTO entry({names}) VALUES({marks}) ON CONFLICT(id) DO UPDATE SET {_REPLACED}",
                    tuple(columns.values()),
                )
            except sqlite3.IntegrityError as error:
                raise NotApprovable("This very action was already decided under another id.") from error
            before = _nonce(found["envelope"]) if found else None
            if before and before != _nonce(columns["envelope"]):
                _note_taken_back(connection, before)
            self._append(connection, entry, happening)
        return entry

    def taken_back(self) -> list[str]:
        """The nonces of approvals that were taken back and have no mark yet that says so."""
        return list(self.notes(_TAKEN_BACK_NOTE))

    def forget_taken_back(self, nonce: str) -> None:
        """Note that an approval that was taken back is marked as spent."""
        self.set_note(_TAKEN_BACK_NOTE + nonce, None)

    def transition(
        self, entry: Entry, state: State, happening: Happening, *, while_in: Collection[State], **changes: object
    ) -> Entry:
        """Move a row into a state, if it still is where the caller believes.

        Where it goes to one that takes an approval back, that is noted in the same transaction.

        Args:
            entry: the row as the caller read it; its attempt and its decision must still be these.
            state: where it goes.
            happening: what the audit log says.
            while_in: the states it may be in now.
            changes: other columns to set.

        Raises:
            NotApprovable: it is in none of them any more.
        """
        envelope = to_column(entry.envelope)
        after = dataclasses.replace(entry, state=state, **changes)  # type: ignore[arg-type]
        columns = {name: value for name, value in after.columns().items() if name not in {"id", "data"}}
        assignments = ", ".join(f"{name} = ?" for name in columns)
        marks = ",".join("?" * len(while_in))
        with self._database.transaction() as connection:
            cursor = connection.execute(
                f"UPDATE entry SET {assignments} "  # noqa: S608
                f"WHERE id = ? AND attempt = ? AND envelope IS ? AND state IN ({marks})",
                (*columns.values(), entry.id, entry.attempt, envelope, *(s.value for s in while_in)),
            )
            if cursor.rowcount != 1:
                raise NotApprovable("Somebody else changed this request at the same moment.")
            approval = _nonce(envelope) if state in _TAKEN_BACK else None
            if approval:
                _note_taken_back(connection, approval)
            self._append(connection, after, happening)
        return after

    def relocate(self, entries: Iterable[Entry]) -> None:
        """Note where the files of rows lie; not if the state changed meanwhile."""
        with self._database.transaction() as connection:
            connection.executemany(
                "UPDATE entry SET file = ? WHERE id = ? AND state = ?",
                [(entry.file, entry.id, entry.state.value) for entry in entries],
            )

    def settle(self, entry: Entry) -> Entry:
        """Note that files, receipt, task and dashboard show the row's state, and where its file lies.

        If the state changed meanwhile, nothing is noted: who changed it settles the row.
        """
        self.settle_all((entry,))
        return dataclasses.replace(entry, settled=True)

    def settle_all(self, entries: Iterable[Entry]) -> None:
        """As `settle`, of many rows in one transaction."""
        with self._database.transaction() as connection:
            connection.executemany(
                "UPDATE entry SET settled = 1, file = ? WHERE id = ? AND state = ?",
                [(entry.file, entry.id, entry.state.value) for entry in entries],
            )

    # Sightings

    def see(self, sightings: Iterable[Sighting]) -> None:
        """Pin bytes at first sight. What is decided about them later takes the pin to the disk with it."""
        now = instant(self.clock.now())
        with self._database.transaction_on_trust() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO seen(file, sha256, id, first_seen) VALUES(?, ?, ?, ?)",
                [(s.file, s.sha256, s.id, now) for s in sightings],
            )

    def sightings(self) -> list[Sighting]:
        """Every pinned sighting, oldest first."""
        rows = self._database.rows("SELECT file, sha256, id FROM seen ORDER BY first_seen")
        return [Sighting(row["file"], row["sha256"], row["id"]) for row in rows]

    def seen_as(self, file: str, sha256: str) -> str | None:
        """The id under which these bytes were first seen at a place; None where they were not."""
        rows = self._database.rows("SELECT id FROM seen WHERE file = ? AND sha256 = ?", file, sha256)
        return str(rows[0]["id"]) if rows else None

    def sightings_of(self, sha256: str, most: int) -> list[Sighting]:
        """The first pinned sightings of some bytes, oldest first."""
        rows = self._database.rows(
            "SELECT file, sha256, id FROM seen WHERE sha256 = ? ORDER BY first_seen, file LIMIT ?", sha256, most
        )
        return [Sighting(row["file"], row["sha256"], row["id"]) for row in rows]

    def id_at(self, file: str) -> str | None:
        """The id that was last seen at a place; None where nothing was."""
        rows = self._database.rows(
            "SELECT id FROM seen WHERE file = ? ORDER BY first_seen DESC, sha256 DESC LIMIT 1", file
        )
        return str(rows[0]["id"]) if rows else None

    def was_seen(self, sha256: str) -> bool:
        """Whether these very bytes were seen pending by a process of this machine."""
        return bool(self._database.rows("SELECT 1 FROM seen WHERE sha256 = ? LIMIT 1", sha256))

    def seen_at(self, sha256: str) -> str | None:
        """Where these very bytes were seen pending first; None where they never were."""
        rows = self._database.rows("SELECT file FROM seen WHERE sha256 = ? ORDER BY first_seen LIMIT 1", sha256)
        return str(rows[0]["file"]) if rows else None

    def note_shown(self, fingerprint: str, digest: str) -> None:
        """Remember which digest a fingerprint stood for when a person was shown a request."""
        if not self._database.rows("SELECT 1 FROM shown WHERE fingerprint = ? AND digest = ?", fingerprint, digest):
            with self._database.transaction() as connection:
                connection.execute("INSERT OR IGNORE INTO shown VALUES(?, ?)", (fingerprint, digest))

    def was_shown_another(self, fingerprint: str, digest: str) -> bool:
        """Whether that fingerprint was shown for another digest: 48 bits can be made to collide."""
        rows = self._database.rows("SELECT 1 FROM shown WHERE fingerprint = ? AND digest != ?", fingerprint, digest)
        return bool(rows)

    # Events

    def note_event(self, happening: Happening, entry: Entry | None = None) -> None:
        """An audit event that changes no row; it belongs to a decided request, or to none."""
        with self._database.transaction() as connection:
            self._append(connection, entry, happening)

    def events(self, *, after: int = 0) -> list[AuditRecord]:
        """The audit events with a greater sequence number, in order."""
        rows = self._database.rows("SELECT record FROM event WHERE seq > ? ORDER BY seq", after)
        return [AuditRecord.from_json(json.loads(row["record"])) for row in rows]

    def recent_events(self, limit: int) -> list[AuditRecord]:
        """The last audit events, the latest first."""
        rows = self._database.rows("SELECT record FROM event ORDER BY seq DESC LIMIT ?", limit)
        return [AuditRecord.from_json(json.loads(row["record"])) for row in rows]

    def history(self, request_id: str) -> list[AuditRecord]:
        """The audit events of one request, in order."""
        rows = self._database.rows("SELECT record FROM event WHERE request_id = ? ORDER BY seq", request_id)
        return [AuditRecord.from_json(json.loads(row["record"])) for row in rows]

    def tail(self) -> Tail:
        """The place of the last event; number 0 where there is none."""
        rows = self._database.rows("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1")
        return Tail(rows[0]["seq"], rows[0]["hash"]) if rows else beginning(self.vault_id)

    def tail_at(self, seq: int) -> Tail | None:
        """The place of one event in the chain; None where there is none of that number."""
        rows = self._database.rows("SELECT seq, hash FROM event WHERE seq = ?", seq)
        return Tail(rows[0]["seq"], rows[0]["hash"]) if rows else None

    def executed_since(self, kind: str, since: datetime, *, but: str | None = None) -> int:
        """How many actions of a kind, but for one, were begun since an instant and not refused by their service."""
        rows = self._database.rows(
            "SELECT count(*) AS n FROM entry WHERE kind = ? AND state IN ('executing', 'done', 'unknown') "
            "AND coalesce(executed_at, '9999') >= ? AND id IS NOT ?",
            kind,
            instant(since),
            but,
        )
        return int(rows[0]["n"])

    # Notes

    def note(self, name: str) -> str | None:
        """A small value kept with the ledger (the freeze switch, for one)."""
        rows = self._database.rows("SELECT value FROM note WHERE name = ?", name)
        return str(rows[0]["value"]) if rows else None

    def notes(self, prefix: str) -> dict[str, str]:
        """The kept values whose names begin so, by what follows in the name."""
        rows = self._database.rows("SELECT name, value FROM note WHERE substr(name, 1, ?) = ?", len(prefix), prefix)
        return {row["name"].removeprefix(prefix): str(row["value"]) for row in rows}

    def set_note(self, name: str, value: str | None) -> None:
        """Keep a small value; None removes it."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM note WHERE name = ?", (name,))
            if value is not None:
                connection.execute("INSERT INTO note(name, value) VALUES(?, ?)", (name, value))

    def _rows_in(self, states: Collection[State] | None, columns: str) -> list[sqlite3.Row]:
        wanted = tuple(state.value for state in (State if states is None else states))
        marks = ",".join("?" * len(wanted))
        return self._database.rows(f"SELECT {columns} FROM entry WHERE state IN ({marks}) ORDER BY id", *wanted)  # noqa: S608

    def _append(self, connection: sqlite3.Connection, entry: Entry | None, happening: Happening) -> None:
        last = connection.execute("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1").fetchone()
        seq, prev_hash = (last["seq"], last["hash"]) if last else (0, genesis_hash(self.vault_id))
        record = seal(happening.record(seq + 1, instant(self.clock.now()), entry), prev_hash)
        connection.execute(
            "INSERT INTO event(seq, request_id, record, hash) VALUES(?, ?, ?, ?)",
            (record.seq, record.request_id, json.dumps(record.to_json(), ensure_ascii=False), record.hash),
        )


def _note_taken_back(connection: sqlite3.Connection, nonce: str) -> None:
    connection.execute("INSERT OR IGNORE INTO note(name, value) VALUES(?, '')", (_TAKEN_BACK_NOTE + nonce,))


def _nonce(envelope: object) -> str | None:
    """The nonce of an approval in a column; None where there is none."""
    try:
        decision = decision_in(envelope_from_json(json.loads(str(envelope or "null"))))
    except ValueError:
        return None
    return decision.nonce if decision.verdict is Verdict.APPROVE else None
