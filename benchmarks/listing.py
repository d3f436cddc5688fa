"""How long a list takes: cold, warm, and verified, beside the floors, interleaved in one run; ratios of medians.

python -m benchmarks.listing [COUNT] [--folder FOLDER] [--rounds 7]
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from benchmarks.vaults import fill_index, make_vault, open_desk

from platinum_tui.model.request import State
from platinum_tui.review.desk import Desk
from platinum_tui.vault.scan import scan

SCREEN = 40


def main() -> None:
    given = _arguments()
    root = Path(given.folder or tempfile.mkdtemp(prefix="platinum-listing-"))
    configuration = make_vault(root, given.count)
    warm = root / "state"
    if not (warm / "vaults").exists():
        fill_index(open_desk(configuration, warm))
    folder = root / "vault" / "Pending_Approval" / "cloud"
    desk = open_desk(configuration, warm)
    times: dict[str, list[float]] = defaultdict(list)
    works: dict[str, Callable[[], object]] = {
        "scandir and stat": lambda: _stat(folder),
        "the program's scan": lambda: list(scan(desk.house.vault)),
        "first kilobytes": lambda: _kilobytes(folder),
        "cold: every row glanced at": lambda: _cold(configuration, root),
        "warm: first screen, verified": lambda: _open(open_desk(configuration, warm)),
        "whole list verified": lambda: open_desk(configuration, warm).queue.refresh(),
    }
    for _ in range(given.rounds):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - start)
    _report({name: statistics.median(values) for name, values in times.items()}, given.count)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("--folder", help="where the vault lies, to use it again")
    parser.add_argument("--rounds", type=int, default=7)
    return parser.parse_args()


def _report(medians: dict[str, float], count: int) -> None:
    print(f"{count} requests, medians in ms")
    for name, median in medians.items():
        print(f"  {name:<32}{median * 1e3:10.1f}")
    for name, floor, limit in (
        ("cold: every row glanced at", "first kilobytes", 3.0),
        ("warm: first screen, verified", "the program's scan", 1.2),
        ("warm: first screen, verified", "scandir and stat", 1.2),
        ("whole list verified", "the program's scan", 1.2),
    ):
        print(f"{name} / {floor}: {medians[name] / medians[floor]:.2f} (wanted: {limit})")


def _stat(folder: Path) -> None:
    for item in os.scandir(folder):
        item.stat(follow_symlinks=False)


def _kilobytes(folder: Path) -> None:
    for item in os.scandir(folder):
        with open(item.path, "rb") as file:
            file.read(1024)


def _open(desk: Desk) -> None:
    roll = desk.queue.roll()
    assert len(roll.at(roll.by_age({State.PENDING})[:SCREEN], look=True)) == SCREEN


def _cold(configuration: Path, root: Path) -> None:
    """Up to the moment in which every row can be shown; what follows is read behind it."""

    class Shown(Exception):
        pass

    def told() -> None:
        raise Shown

    with tempfile.TemporaryDirectory(dir=root) as state:
        desk = open_desk(configuration, Path(state))
        try:
            desk.queue.refresh(told)
        except Shown:
            assert desk.queue.roll().counts[State.PENDING] > SCREEN


if __name__ == "__main__":
    main()
