"""Memory and time of the daemon with approved requests that wait, beside one that has none.

python -m benchmarks.backlog 1500 [--seconds 20]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.support.vault_house import ENVIRON, Home

from platinum_tui.system.clock import SystemClock


class Figures(NamedTuple):
    """What a process took: resident memory now and at its peak, in MiB; seconds of a processor."""

    resident: float
    peak: float
    seconds: float


def wait_with(home: Home, requests: int) -> None:
    """Approve requests that are not due for hours."""
    home.clock = SystemClock()  # type: ignore[assignment]  # the daemon's clock is the real one
    home.configure('undo = "12h"\n')
    for number in range(requests):
        home.draft(f"m{number}", body=f"Number {number}. " * 20)
    home.look()
    for standing in home.desk.standings():
        home.desk.approve(standing.request.id, standing.request.fingerprint)
    home.house.ledger.close()
    home.desk.queue.close()


def daemon(home: Home, seconds: float) -> Figures:
    """Run the daemon for a while."""
    places = ["--vault", home.vault, "--config", home.root / "config.toml", "--state-dir", home.root / "state"]
    command = [sys.executable, "-m", "platinum_tui.cli", *map(str, places), "--daemon"]
    process = subprocess.Popen(command, env={**os.environ, **ENVIRON}, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    proc = Path(f"/proc/{process.pid}")
    sizes = dict(line.split(":", 1) for line in (proc / "status").read_text().splitlines())
    ticks = (proc / "stat").read_text().rpartition(")")[2].split()[11:13]
    process.terminate()
    process.wait()
    used = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return Figures(*(int(sizes[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")), used)


def main() -> None:
    """Measure both, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("requests", type=int)
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args()
    for waiting in (0, given.requests):
        with tempfile.TemporaryDirectory() as folder:
            home = Home(Path(folder))
            wait_with(home, waiting)
            took = daemon(home, given.seconds)
        print(f"{waiting:6} waiting: {took.resident:6.1f} MiB, at most {took.peak:6.1f} MiB, {took.seconds:5.2f} s")


if __name__ == "__main__":
    main()
