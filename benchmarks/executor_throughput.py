"""Durable actions a second, beside a bare SQLite loop that commits and syncs as often, on the same disk, in one run.

    python benchmarks/executor_throughput.py [--actions 300] [--rounds 5] [--peers PYTHON]

The service does nothing, in this process. What the loop does for each action is counted while the executor works: its
commits and its syncs. The ratio is what everything else costs: reading, verifying, signing, the queue, the receipt's
words, and the names that move. The same files, moved and written and synced by bare system calls, with the same
commits, tell how much of that is the disk's. Peers are found in the Python that `--peers` names: dbos, procrastinate
(with PostgreSQL) and huey; one that is not installed is skipped, and named.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
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

from benchmarks.executor_peers import PEERS  # noqa: E402
from tests.support.vault_house import Home  # noqa: E402

from platinum_tui.execution.connection import Answer  # noqa: E402
from platinum_tui.ledger.database import Database  # noqa: E402

PAYLOAD = b"x" * 400
TARGETS = {"bare loop": 0.8, "procrastinate": 5.0, "dbos": 10.0}
"""How many times as fast the executor should be, at least."""


@dataclass
class Counts:
    """What was made durable."""

    commits: int = 0
    syncs: int = 0


def executor(actions: int, folder: Path) -> tuple[float, float, Counts]:
    """Seconds for executing approved requests, those of a processor, and what was made durable for them."""
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
    began, used = time.perf_counter(), time.process_time()
    home.work()
    took, used = time.perf_counter() - began, time.process_time() - used
    Database.transaction, os.fsync = transaction, fsync  # type: ignore[method-assign]
    assert len(home.files("Approved/archived")) == 3 * actions
    return took, used, counts


def bare_loop(actions: int, counts: Counts, folder: Path) -> float:
    """Seconds for the same number of commits and syncs with nothing else around them."""
    connection, path = _database(folder), folder / "synced"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    began = time.perf_counter()
    for number in range(counts.commits):
        _commit(connection, number % actions)
    for _ in range(counts.syncs):
        os.pwrite(descriptor, PAYLOAD, 0)
        os.fsync(descriptor)
    return time.perf_counter() - began


def bare_files(actions: int, folder: Path) -> float:
    """Seconds for the same files: a request and its decision claimed, a receipt written, all three in the archive."""
    connection = _database(folder)
    for name in (approved := folder / "approved", claimed := folder / "claimed", archive := folder / "archive"):
        name.mkdir()
    for number in range(actions):
        (approved / f"{number}.md").write_bytes(PAYLOAD)
        (approved / f"{number}.decision.json").write_bytes(PAYLOAD)
    began = time.perf_counter()
    for number in range(actions):
        _move(number, approved, claimed)
        _commit(connection, number)
        _commit(connection, number)
        with (archive / f"{number}.tmp").open("wb") as receipt:
            receipt.write(PAYLOAD)
            receipt.flush()
            os.fsync(receipt.fileno())
        (archive / f"{number}.tmp").rename(archive / f"{number}.receipt.json")
        _move(number, claimed, archive)
    return time.perf_counter() - began


def _database(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE job(id INTEGER PRIMARY KEY, state TEXT, data BLOB)")
    return connection


def _commit(connection: sqlite3.Connection, number: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT OR REPLACE INTO job VALUES(?, 'done', ?)", (number, PAYLOAD))
    connection.execute("COMMIT")


def _move(number: int, here: Path, there: Path) -> None:
    for name in (f"{number}.md", f"{number}.decision.json"):
        (here / name).rename(there / name)
    for folder in (there, here):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(descriptor)
        os.close(descriptor)


def peer(python: str, name: str, actions: int) -> float | None:
    """Seconds that another program takes for as many jobs; None where it is not there."""
    script = str(Path(__file__).with_name("executor_peers.py"))
    ran = subprocess.run([python, script, name, str(actions)], capture_output=True, text=True, check=False)
    return float(ran.stdout.split()[-1]) if ran.returncode == 0 else None


def main() -> None:
    """Measure all, one after the other and again, and print the ratios of their medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--actions", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", metavar="PYTHON", help="a Python that has dbos, procrastinate or huey")
    given = parser.parse_args()
    ours, used = list[float](), list[float]()
    others: dict[str, list[float]] = {"bare loop": [], "bare files": []}
    for _ in range(given.rounds):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
            seconds, processor, counts = executor(given.actions, Path(one))
            ours.append(seconds)
            used.append(processor)
            others["bare loop"].append(bare_loop(given.actions, counts, Path(two)))
        with tempfile.TemporaryDirectory() as folder:
            others["bare files"].append(bare_files(given.actions, Path(folder)))
        for name in PEERS if given.peers else ():
            if (took := peer(given.peers, name, given.actions)) is not None:
                others.setdefault(name, []).append(took)
    each, took = given.actions, median(ours)
    print(f"commits an action {counts.commits / each:.1f}, syncs an action {counts.syncs / each:.1f}")
    print(f"executor      {each / took:8.0f} actions/s, {median(used) / each * 1000:.2f} ms of a processor an action")
    for name, rounds in others.items():
        target = f"   target {TARGETS[name]}" if name in TARGETS else ""
        print(f"{name:<14}{each / median(rounds):8.0f} a second, ours is {median(rounds) / took:5.2f} ×{target}")
    for name in [name for name in PEERS if name not in others]:
        print(f"{name:<14}skipped: not installed in the Python that --peers names")


if __name__ == "__main__":
    main()
