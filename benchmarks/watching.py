"""From a rename to the painted row, beside bare inotify; and after a burst, beside watchdog's delivery of its events.

    python -m benchmarks.watching [COUNT] [--burst 20000] [--rounds 20]

A request is renamed into the folder of a vault of COUNT requests on which the console is open; the row is there once
the emulated screen shows its subject. Bare inotify is a read of its descriptor in this process. After the burst every
row is right when the header counts all of them.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.figures import OURS, Target, report
from benchmarks.terminal import Terminal
from benchmarks.vaults import make_vault

_MOVED_TO = 0x80
_REQUEST = """\
---
kind: email_send
id: {name}
to: [a@example.com]
subject: Subject {name}
created_at: {created}
---
Hello.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=100)
    parser.add_argument("--burst", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="platinum-watching-") as name:
        root = Path(name)
        configuration = make_vault(root, given.count)
        command = [sys.executable, "-m", "platinum_tui.cli", "--config", str(configuration)]
        command += ["--state-dir", str(root / "state")]
        with Terminal(command, {"PLATINUM_PASSPHRASE": "x", "HOME": name}) as terminal:
            terminal.wait_for(f"{given.count} waiting")
            terminal.rest(3.0, most=60.0)
            taken: dict[str, list[float]] = {"bare inotify": [], OURS: []}
            for number in range(given.rounds):
                taken["bare inotify"].append(_bare(root / "bare", number) * 1e3)
                taken[OURS].append(_painted(terminal, root, number) * 1e3)
            report("rename to painted, ms", taken, [Target("bare inotify", 2.0)])
            seconds = _burst(terminal, root, given.burst, given.count + given.rounds)
        peer = _watchdog(root / "watched", root / "more", given.burst)
        report(f"after {given.burst} renames, s", {"watchdog": [peer], OURS: [seconds]}, [Target("watchdog", 0.1)])


def _write(path: Path, name: str, created: str) -> None:
    path.write_text(_REQUEST.format(name=name, created=created))


def _painted(terminal: Terminal, root: Path, number: int) -> float:
    """Seconds from a rename until the row, which sorts first, is on the screen."""
    name = f"n{number:03}"
    path = root / f"{name}.md"
    _write(path, name, f"2020-01-01T10:{59 - number // 60:02}:{59 - number % 60:02}Z")
    terminal.rest(0.3, most=5.0)
    terminal.press(b"g")
    terminal.rest(0.3, most=5.0)
    began = time.perf_counter()
    path.rename(root / "vault" / "Pending_Approval" / "cloud" / path.name)
    return terminal.since(began, f"Subject {name}")


def _bare(folder: Path, number: int) -> float:
    """Seconds from a rename until inotify's event was read."""
    (folder / "to").mkdir(parents=True, exist_ok=True)
    path = folder / f"b{number}"
    path.touch()
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.inotify_init1(os.O_CLOEXEC)
    libc.inotify_add_watch(descriptor, os.fsencode(folder / "to"), _MOVED_TO)
    came: list[float] = []
    reader = threading.Thread(target=lambda: (os.read(descriptor, 4096), came.append(time.perf_counter())))
    reader.start()
    time.sleep(0.02)
    began = time.perf_counter()
    path.rename(folder / "to" / path.name)
    reader.join()
    os.close(descriptor)
    return came[0] - began


def _burst(terminal: Terminal, root: Path, count: int, before: int) -> float:
    """Seconds from the last of many renames until the list has all of them."""
    source = root / "source"
    _fill(source, count)
    began = _rename_all(source, root / "vault" / "Pending_Approval" / "cloud")
    return terminal.since(began, f"{before + count} waiting", within=600.0)


def _watchdog(folder: Path, source: Path, count: int) -> float:
    """Seconds from the last of many renames until watchdog has handed over the last event."""
    from watchdog.events import FileSystemEvent, FileSystemEventHandler
    from watchdog.observers import Observer

    class Last(FileSystemEventHandler):
        came = 0.0

        def dispatch(self, _event: FileSystemEvent) -> None:
            Last.came = time.perf_counter()

    folder.mkdir()
    _fill(source, count)
    observer = Observer()
    observer.schedule(Last(), str(folder))
    observer.start()
    began = _rename_all(source, folder)
    while time.perf_counter() - max(Last.came, began) < 3.0:
        time.sleep(0.1)
    observer.stop()
    return max(Last.came - began, 1e-3)


def _fill(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        _write(folder / f"s{number:06}.md", f"s{number:06}", "2026-02-01T10:00:00Z")


def _rename_all(source: Path, target: Path) -> float:
    for path in sorted(source.iterdir()):
        path.rename(target / path.name)
    return time.perf_counter()


if __name__ == "__main__":
    main()
