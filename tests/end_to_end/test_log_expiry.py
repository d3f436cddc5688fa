"""A log of many months: old days go when a person says so, and nobody else can delete one unseen."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.support.machine import Machine

from platinum_tui.execution.lock import ExecutorLock
from platinum_tui.system.clock import SystemClock
from platinum_tui.vault.folders import Vault

DAYS_AGO = (120, 110, 95, 40, 1)


@pytest.fixture
def days(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files of the log, the oldest first: something was turned down on each of some days."""
    today = datetime.now(UTC).replace(hour=12)
    for ago in DAYS_AGO:
        with monkeypatch.context() as patch:
            patch.setattr(SystemClock, "now", lambda _clock, ago=ago: today - timedelta(days=ago))
            machine.draft(f"day-{ago}.md", id=f"day-{ago}")
            machine.here("reject", f"day-{ago}", "--reason", "not now")
    return [machine.vault / f"Logs/audit-{today - timedelta(days=ago):%Y-%m-%d}.jsonl" for ago in DAYS_AGO]


def there(days: list[Path]) -> list[int]:
    return [ago for ago, path in zip(DAYS_AGO, days, strict=True) if path.exists()]


def test_old_days_go_and_the_log_stays_whole_until_somebody_deletes_one_by_hand(machine, days):
    assert there(days) == [120, 110, 95, 40, 1]

    assert machine.json("audit", "expire", "--days", "115")["deleted"] == [days[0].stem.removeprefix("audit-")]
    assert there(days) == [110, 95, 40, 1]
    assert "2 days" in machine.run("audit", "expire").stderr
    assert there(days) == [40, 1]

    assert machine.json("audit", "verify")["ok"]
    assert machine.json("audit", "expire")["deleted"] == []
    assert "log_expired" in machine.run("audit", "show").stdout
    machine.run("--daemon", "--once")
    assert machine.json("audit", "verify")["ok"]

    days[3].unlink()
    assert {finding["code"] for finding in machine.json("audit", "verify", code=5)["findings"]} == {"deleted"}


def test_a_day_that_somebody_changed_stays_and_is_named(machine, days):
    days[1].write_bytes(days[1].read_bytes().replace(b"not now", b"not yet"))

    machine.run("audit", "expire")

    assert there(days) == [120, 110, 95, 40, 1]
    assert machine.json("audit", "verify", code=5)["findings"][0]["code"] == "edited"


@pytest.mark.parametrize("wrong", ["89", "0", "-1", "ninety", "9" * 20, ""])
def test_less_than_ninety_days_is_wrong_usage(machine, days, wrong):
    assert "90" in machine.json("audit", "expire", f"--days={wrong}", code=2)["error"]["message"]
    assert there(days) == [120, 110, 95, 40, 1]


def test_nothing_expires_while_nothing_may_be_written_or_another_instance_writes(machine, days):
    assert machine.json("audit", "expire", "--readonly", code=3)["error"]["code"] == "refused_by_policy"
    (ledger,) = (machine.root / "state/vaults").glob("*/ledger.db")
    lock = ExecutorLock(Vault(machine.vault), ledger.parent)
    lock.acquire()
    assert machine.json("audit", "expire", code=6)["error"]["code"] == "locked"
    lock.release()
    assert there(days) == [120, 110, 95, 40, 1]


def test_a_ledger_that_is_put_back_from_a_copy_is_noticed_after_an_expiry_too(machine, days):
    (ledger,) = (machine.root / "state/vaults").glob("*/ledger.db")
    copy = ledger.with_name("copy.db")
    with sqlite3.connect(ledger) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    machine.json("audit", "expire")
    for path in (ledger.with_name("ledger.db-wal"), ledger.with_name("ledger.db-shm")):
        path.unlink(missing_ok=True)
    copy.replace(ledger)

    assert "older than its log" in machine.run("--daemon", "--once").stderr
