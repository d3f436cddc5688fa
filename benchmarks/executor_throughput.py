"""Durable actions a second, beside a bare SQLite loop that commits and syncs as often, on the same disk, in one run.

    python benchmarks/executor_throughput.py [--actions 300] [--rounds 5]

The service does nothing, in this process. What the loop does for each action is counted while the executor works: its
commits, its files written and synced, its moves. The ratio is what everything else costs: reading, verifying, signing,
the queue, the receipt's words.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "app"), str(ROOT / "executors"), str(ROOT)]

from tests.support.vault_house import Home  # noqa: E402

from platinum_tui.execution.connection import Answer  # noqa: E402
from platinum_tui.ledger.database import Database  # noqa: E402


@dataclass
class Counts:
    """What was made durable."""

    commits: int = 0
    syncs: int = 0


def executor(actions: int, folder: Path) -> tuple[float, Counts]:
    """Seconds for executing approved requests, and what was made durable for them."""
    home = Home(folder)
    home.configure('undo = "0s"\n')
    for number in range(actions):
        home.draft(f"m{number}", body=f"Number {number}.")
    home.look()
    for standing in home.desk.standings():
        home.desk.approve(standing.request.id, standing.request.fingerprint)

    def answer(*_: Any, **__: Mapping[str, Any]) -> Answer:
        return Answer(False, {"outcome": "done", "evidence": {}}, "")

    home.servers.call = answer  # type: ignore[method-assign]
    counts, transaction, fsync = Counts(), Database.transaction, os.fsync

    def counted(database: Database) -> Any:
        counts.commits += 1
        return transaction(database)

    def synced(descriptor: int) -> None:
        counts.syncs += 1
        fsync(descriptor)

    Database.transaction = counted  # type: ignore[method-assign]
    os.fsync = synced  # type: ignore[assignment]
    began = time.perf_counter()
    home.work()
    took = time.perf_counter() - began
    Database.transaction, os.fsync = transaction, fsync  # type: ignore[method-assign]
    assert len(home.files("Approved/archived")) == 3 * actions
    return took, counts


def bare_loop(actions: int, counts: Counts, folder: Path) -> float:
    """Seconds for the same number of commits and syncs with nothing else around them."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE job(id INTEGER PRIMARY KEY, state TEXT, data BLOB)")
    payload, path = b"x" * 400, folder / "synced"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    began = time.perf_counter()
    for number in range(counts.commits):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT OR REPLACE INTO job VALUES(?, 'done', ?)", (number % actions, payload))
        connection.execute("COMMIT")
    for _ in range(counts.syncs):
        os.pwrite(descriptor, payload, 0)
        os.fsync(descriptor)
    return time.perf_counter() - began


def main() -> None:
    """Measure both, one after the other and again, and print the ratio of their medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--actions", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    executors, floors = list[float](), list[float]()
    for _ in range(given.rounds):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
            seconds, counts = executor(given.actions, Path(one))
            executors.append(seconds)
            floors.append(bare_loop(given.actions, counts, Path(other)))
    took, floor, each = median(executors), median(floors), given.actions
    print(f"commits an action {counts.commits / each:.1f}, syncs an action {counts.syncs / each:.1f}")
    print(f"executor  {each / took:8.0f} actions/s")
    print(f"bare loop {each / floor:8.0f} actions/s")
    print(f"ratio     {floor / took:8.2f}   (target 0.80)")


if __name__ == "__main__":
    main()
