"""From a rename to the painted row, beside raw inotify; and after a burst, beside watchdog's delivery of its events.

    python -m benchmarks.watching [COUNT] [--burst 20000] [--rounds 20]

A request is renamed into the folder of a vault of COUNT requests on which the console is open; the row is there once
the emulated screen shows its subject. Raw inotify is a Textual application that shows the name in the event and reads
no file. After the burst every row is right when the header counts all of them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import OURS, Target, report
from benchmarks.terminal import Terminal
from benchmarks.vaults import make_vault

_PEER = "raw inotify"
_INOTIFY = """
import asyncio, ctypes, os, sys
from textual.app import App
from textual.widgets import Static

class Peer(App):
    def compose(self):
        yield Static("ready", markup=False)
    def on_mount(self):
        libc = ctypes.CDLL(None)
        self.descriptor = libc.inotify_init1(os.O_CLOEXEC)
        libc.inotify_add_watch(self.descriptor, os.fsencode(sys.argv[1]), 0x80)
        asyncio.get_running_loop().add_reader(self.descriptor, self.show)
    def show(self):
        self.query_one(Static).update(os.read(self.descriptor, 4096)[16:].rstrip(b"\\0").decode())

Peer().run()
"""
_RENAMES = """
import os, sys
source, target = sys.argv[1:]
for name in sorted(os.listdir(source)):
    os.rename(f"{source}/{name}", f"{target}/{name}")
"""
FOLDER = "vault/Pending_Approval/cloud"
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
        watched = root / "raw"
        watched.mkdir()
        environ = {"PLATINUM_PASSPHRASE": "x", "HOME": name}
        raw = Terminal([sys.executable, "-c", _INOTIFY, str(watched)], environ)
        with Terminal(command, environ) as terminal, raw:
            raw.wait_for("ready")
            terminal.wait_for(f"{given.count} waiting")
            terminal.rest(3.0, most=60.0)
            taken: dict[str, list[float]] = {_PEER: [], OURS: []}
            for number in range(given.rounds):
                taken[_PEER].append(_painted(raw, root, number, watched, "{}.md") * 1e3)
                taken[OURS].append(_painted(terminal, root, number, root / FOLDER, "Subject {}") * 1e3)
            report("rename to painted, ms", taken, [Target(_PEER, 2.0)])
            seconds = _burst(terminal, root, given.burst, given.count + given.rounds)
        peer = _watchdog(root / "watched", root / "more", given.burst)
        report(f"after {given.burst} renames, s", {"watchdog": [peer], OURS: [seconds]}, [Target("watchdog", 0.1)])


def _write(path: Path, name: str, created: str) -> None:
    path.write_text(_REQUEST.format(name=name, created=created))


def _painted(terminal: Terminal, root: Path, number: int, folder: Path, shown: str) -> float:
    """Seconds from a rename until the row is on the screen; in ours it comes right below the selected one."""
    name = f"r000000n{999 - number}"
    path = root / f"{name}.md"
    _write(path, name, "2026-11-01T10:00:00Z")
    terminal.rest(0.5, most=5.0)
    began = time.perf_counter()
    path.rename(folder / path.name)
    return terminal.since(began, shown.format(name))


def _burst(terminal: Terminal, root: Path, count: int, before: int) -> float:
    """Seconds from the last of many renames until the list has all of them."""
    source = root / "source"
    _fill(source, count)
    began = _rename_all(source, root / FOLDER)
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
    """Rename all files in another process, as whoever syncs a vault does; the moment after the last one."""
    subprocess.run([sys.executable, "-c", _RENAMES, str(source), str(target)], check=True)
    return time.perf_counter()


if __name__ == "__main__":
    main()
