"""The ledger: one row a request, every change a compare-and-set, its audit event in the same transaction."""

from __future__ import annotations

import dataclasses
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from tests.support.clock import ManualClock

from platinum_tui.ledger.entry import Entry
from platinum_tui.ledger.happening import Happening
from platinum_tui.ledger.ledger import Ledger, Sighting
from platinum_tui.model.action import Kind
from platinum_tui.model.errors import DiskFailed, Failed, NotApprovable
from platinum_tui.model.request import State

APPROVED = Happening("approved", "person")


def an_entry(name: str = "m", **changes: Any) -> Entry:
    entry = Entry(
        id=name,
        effect=f"effect-{name}",
        digest="d" * 64,
        file_sha256="f" * 64,
        kind=Kind.EMAIL_SEND,
        fields={"to": ["ana@example.com"], "subject": "July", "body": "Paid."},
        title="July",
        target="ana@example.com",
        task=None,
        data=b"bytes",
        file="Approved/m.md",
        origin="Pending_Approval/m.md",
        state=State.APPROVED,
    )
    return dataclasses.replace(entry, **changes)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.db", "0" * 32, ManualClock())


def test_a_row_is_read_as_it_was_written(ledger: Ledger) -> None:
    entry = ledger.record(an_entry(due_at=ledger.clock.now(), envelope={"payload": "x"}), APPROVED)
    assert ledger.entry("m") == entry


def test_nobody_moves_a_row_that_somebody_else_moved(ledger: Ledger) -> None:
    entry = ledger.record(an_entry(), APPROVED)
    ledger.transition(entry, State.EXECUTING, Happening("intent", "executor"), while_in={State.APPROVED})
    with pytest.raises(NotApprovable):
        ledger.transition(entry, State.PENDING, Happening("undone", "person"), while_in={State.APPROVED})
    assert [event.event for event in ledger.history("m")] == ["approved", "intent"]


def test_nobody_moves_a_row_that_was_decided_anew_in_between(ledger: Ledger) -> None:
    stale = ledger.record(an_entry(envelope={"payload": "first"}), APPROVED)
    ledger.record(an_entry(envelope={"payload": "second"}), APPROVED, replaces={State.APPROVED})
    with pytest.raises(NotApprovable):
        ledger.transition(stale, State.EXECUTING, Happening("intent", "executor"), while_in={State.APPROVED})


def test_one_effect_has_one_row_whatever_ids_say(ledger: Ledger) -> None:
    ledger.record(an_entry("a", effect="same"), APPROVED)
    with pytest.raises(NotApprovable):
        ledger.record(an_entry("b", effect="same"), APPROVED)
    with pytest.raises(NotApprovable):
        ledger.record(an_entry("a"), APPROVED)
    assert [entry.id for entry in ledger.outlines()] == ["a"]


def test_audit_events_can_be_neither_changed_nor_removed(ledger: Ledger) -> None:
    ledger.record(an_entry(), APPROVED)
    connection = sqlite3.connect(ledger.path)
    for statement in ("UPDATE event SET hash = 'x'", "DELETE FROM event"):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)


def test_every_commit_is_durable(ledger: Ledger) -> None:
    (mode,) = ledger._database.rows("PRAGMA synchronous")
    assert mode[0] == 2
    assert ledger._database.rows("PRAGMA journal_mode")[0][0] == "wal"


def test_a_pin_alone_is_not_waited_for_and_the_decision_after_it_is(ledger: Ledger) -> None:
    database = ledger._database
    with database.transaction_on_trust() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 1
    assert database.rows("PRAGMA synchronous")[0][0] == 2


def test_after_a_pin_that_failed_every_commit_is_durable(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError), ledger._database.transaction_on_trust():
        raise RuntimeError
    assert ledger._database.rows("PRAGMA synchronous")[0][0] == 2


class Failing:
    def __init__(self, real: sqlite3.Connection, name: str) -> None:
        self.real, self.name, self.failures = real, name, 1

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        if statement == "COMMIT" and self.failures:
            self.failures -= 1
            error = sqlite3.OperationalError("it fails")
            error.sqlite_errorname = self.name  # type: ignore[misc]
            raise error
        return self.real.execute(statement, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


@pytest.mark.parametrize(
    ("name", "told"), [("SQLITE_FULL", Failed), ("SQLITE_BUSY", Failed), ("SQLITE_IOERR_FSYNC", DiskFailed)]
)
def test_a_commit_that_fails_leaves_nothing_behind_and_the_next_one_works(
    ledger: Ledger, name: str, told: type[Failed]
) -> None:
    ledger._database._connection = Failing(ledger._database._connection, name)  # type: ignore[assignment]
    with pytest.raises(told):
        ledger.record(an_entry(), APPROVED)
    assert ledger.entry("m") is None
    ledger.record(an_entry(), APPROVED)
    assert [event.seq for event in ledger.events()] == [1]


def test_seen_bytes_stay_seen(ledger: Ledger) -> None:
    ledger.see([Sighting("Pending_Approval/m.md", "f" * 64, "m")])
    assert ledger.was_seen("f" * 64)
    assert not ledger.was_seen("e" * 64)
