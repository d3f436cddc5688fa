"""What a reviewer waits for, beside the peers on as many mails: the first row, a key, a filter, and the memory.

    python -m benchmarks.keys [COUNT] [--folder FOLDER] [--rounds 7] [--peers mutt neomutt]

Each runs in a pseudo-terminal of 120 by 40 cells, interleaved, from exec on. A row is there when its subject was
written to the terminal; a key is answered when the first byte after it is. The peers have their header cache; one
unmeasured round fills it. Our index is filled as `benchmarks.vaults` says.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import shutil
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.vaults import fill_index, make_maildir, make_vault, open_desk

from platinum_tui.review.desk import Desk

KEYS = 60
EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("ready")
Empty().run()
"""


class Terminal:
    """A program in a pseudo-terminal, from exec until it is killed."""

    def __init__(self, command: list[str], environ: dict[str, str]) -> None:
        self.began = time.perf_counter()
        self.pid, self._master = pty.fork()
        if not self.pid:
            os.execvpe(command[0], command, {**os.environ, **environ, "TERM": "xterm-256color"})
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._master)

    def wait_for(self, text: bytes, within: float = 60.0) -> float:
        """Seconds from exec to a text."""
        seen = b""
        while text not in seen:
            if not self._readable(within):
                raise TimeoutError(seen[-500:])
            seen = (seen + os.read(self._master, 65536))[-100_000:]
        return time.perf_counter() - self.began

    def rest(self, quiet: float = 0.05, most: float = 3.0) -> float:
        """Read until nothing comes for a while; gives when the last byte came."""
        last, end = time.perf_counter(), time.perf_counter() + most
        while time.perf_counter() < end and self._readable(quiet):
            os.read(self._master, 65536)
            last = time.perf_counter()
        return last

    def press(self, key: bytes) -> float:
        """Seconds from a key to the first byte of the answer."""
        self.rest()
        began = time.perf_counter()
        os.write(self._master, key)
        self._readable(5.0)
        return time.perf_counter() - began

    def filter(self, key: bytes) -> float:
        """Seconds from a key to the last byte of the answer."""
        self.rest()
        began = time.perf_counter()
        os.write(self._master, key)
        self._readable(5.0)
        return self.rest(0.25) - began

    @property
    def memory(self) -> float:
        """The proportional set size in MiB."""
        lines = Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024

    def _readable(self, within: float) -> bool:
        return bool(select.select([self._master], [], [], within)[0])


def main() -> None:
    given = _arguments()
    root = Path(given.folder or tempfile.mkdtemp(prefix="platinum-keys-"))
    configuration, state = make_vault(root, given.count), root / "state"
    if not (state / "vaults").exists():
        fill_index(open_desk(configuration, state))
    ours = [sys.executable, "-m", "platinum_tui.cli", "--config", str(configuration), "--state-dir", str(state)]
    commands = {"an empty Textual app": ([sys.executable, "-c", EMPTY], b"ready"), "platinum-tui": (ours, b"Request ")}
    commands |= {name: (_peer(name, root, given.count), b"Request ") for name in given.peers if shutil.which(name)}
    environ = {"PLATINUM_PASSPHRASE": "x", "HOME": str(root)}
    times: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for number in range(given.rounds + 1):
        for name, (command, text) in commands.items():
            with Terminal(command, environ) as terminal:
                first = terminal.wait_for(text)
                if number:
                    times["first row, ms"][name].append(first * 1e3)
                if number == given.rounds and name != "an empty Textual app":
                    _use(terminal, name, times)
    _verified(configuration, state, times, given.rounds)
    for what, by_name in times.items():
        print(f"{what} ({given.count})")
        medians = {name: statistics.median(values) for name, values in by_name.items()}
        mine = medians.get("platinum-tui")
        for name, median in medians.items():
            ratio = f"   platinum-tui is {mine / median:.2f} × this" if mine and name != "platinum-tui" else ""
            print(f"  {name:<24}{median:9.2f}   p95 {_p95(by_name[name]):9.2f}{ratio}")


def _use(terminal: Terminal, name: str, times: dict[str, dict[str, list[float]]]) -> None:
    terminal.rest(2.0, most=30.0)
    times["j, ms"][name] = [terminal.press(b"j") * 1e3 for _ in range(KEYS)]
    times["PSS, MiB"][name] = [terminal.memory]
    if name == "platinum-tui":
        terminal.press(b"/")
        terminal.rest(1.5, most=10.0)
        times["a key of a filter, ms"][name] = [terminal.filter(bytes([key])) * 1e3 for key in b"quest 77"]
        times["PSS with a filter, MiB"][name] = [terminal.memory]


def _verified(configuration: Path, state: Path, times: dict[str, dict[str, list[float]]], rounds: int) -> None:
    """The whole list looked at, in this process: from opening the desk to its last row."""
    for _ in range(rounds):
        began = time.perf_counter()
        desk: Desk = open_desk(configuration, state)
        desk.queue.refresh()
        times["whole list verified, without start-up, ms"]["platinum-tui"].append((time.perf_counter() - began) * 1e3)


def _peer(name: str, root: Path, count: int) -> list[str]:
    cache = root / f"{name}-cache"
    cache.mkdir(exist_ok=True)
    settings = root / f"{name}rc"
    told = {"folder": root, "header_cache": cache, "sort": "date-received", "quit": "yes", "mbox_type": "Maildir"}
    settings.write_text("".join(f'set {what}="{value}"\n' for what, value in told.items()))
    return [name, "-n", "-R", "-F", str(settings), "-f", str(make_maildir(root, count))]


def _p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("--folder", help="where vault and mails lie, to use them again")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--peers", nargs="*", default=["mutt", "neomutt"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
