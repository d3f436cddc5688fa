"""What a reviewer waits for, beside the peers on as many mails: the first row, a key, a filter, and the memory.

    python -m benchmarks.keys [COUNT] [--folder FOLDER] [--rounds 7] [--peers mutt neomutt aerc]

Each program runs in a pseudo-terminal, interleaved, from exec on. A row is there once the emulated screen shows a
subject; `j` is painted once it shows the selection on another one. mutt and neomutt have their header cache, and one
unmeasured round fills caches and index. Our index is filled as `benchmarks.vaults` says; our first rows are verified
against the disk before they are painted, as everywhere in the program.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.figures import OURS, Target, report
from benchmarks.terminal import EMPTY_APP, ROWS, Terminal
from benchmarks.vaults import fill_index, make_maildir, make_vault, open_desk
from pyte import Screen

KEYS = 60
EMPTY = "an empty Textual app"
SUBJECT = "Request "
FILTER = "quest 77"


def _marked(screen: Screen) -> str | None:
    """The line with our mark of the selection."""
    return next((line.partition("│")[0] for line in screen.display if line.startswith("▌")), None)


def _under_cursor(screen: Screen) -> str | None:
    """The line that mutt and neomutt leave the cursor on; while it is on the one for messages, none."""
    return screen.display[screen.cursor.y] if screen.cursor.y < ROWS - 1 else None


def _reversed(screen: Screen) -> str | None:
    """The line that aerc paints in reverse, beside its list of folders."""
    rows = (row for row in range(1, ROWS - 1) if all(screen.buffer[row][x].reverse for x in range(40, 60)))
    return next((screen.display[row] for row in rows), None)


SELECTED = {OURS: _marked, "mutt": _under_cursor, "neomutt": _under_cursor, "aerc": _reversed}
"""Where on its screen each program shows the selection."""
TO_THE_FIRST = {"mutt": b"=", "neomutt": b"="}
"""The key that goes to the first row, in those that begin on the last one."""


class Taken:
    """What was measured so far: for each figure, the rounds of each program."""

    def __init__(self) -> None:
        self.figures: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))

    def add(self, figure: str, name: str, *values: float) -> None:
        """Another round of one program."""
        self.figures[figure][name].extend(values)


def main() -> None:
    given = _arguments()
    root = Path(given.folder or tempfile.mkdtemp(prefix="platinum-keys-"))
    configuration, state = make_vault(root, given.count), root / "state"
    if not (state / "vaults").exists():
        fill_index(open_desk(configuration, state))
    ours = [sys.executable, "-m", "platinum_tui.cli", "--config", str(configuration), "--state-dir", str(state)]
    programs = {EMPTY: ([sys.executable, "-c", EMPTY_APP], "ready"), OURS: (ours, SUBJECT)}
    programs |= {name: (_peer(name, root, given.count), SUBJECT) for name in given.peers if shutil.which(name)}
    environ = {"PLATINUM_PASSPHRASE": "x", "HOME": str(root)}
    environ |= {"XDG_CONFIG_HOME": str(root / "configuration"), "XDG_CACHE_HOME": str(root / "cache")}
    taken = Taken()
    for number in range(-1, given.rounds):
        for name, (command, text) in programs.items():
            with Terminal(command, environ) as terminal:
                first = terminal.wait_for(text)
                if number < 0:
                    terminal.rest(2.0, most=60.0)
                    continue
                taken.add("first row, ms", name, first * 1e3)
                if name == OURS:
                    taken.add("every row listed, ms", OURS, terminal.wait_for(f"{given.count} waiting") * 1e3)
                if number == given.rounds - 1 and name != EMPTY:
                    _use(terminal, name, taken)
    for _ in range(given.rounds):
        _verify(configuration, state, taken)
    _print(taken, given.count)


def _use(terminal: Terminal, name: str, taken: Taken) -> None:
    """Keys and memory, once the program is at rest."""
    terminal.rest(2.0, most=30.0)
    if name in TO_THE_FIRST:
        terminal.press_until_another(TO_THE_FIRST[name], SELECTED[name])
    taken.add("j, ms", name, *(terminal.press_until_another(b"j", SELECTED[name]) * 1e3 for _ in range(KEYS)))
    taken.add("PSS, MiB", name, terminal.memory)
    if name == OURS:
        terminal.press_until(b"/", "Esc cancel")
        terminal.rest(0.5)
        for length, key in enumerate(FILTER, 1):
            if key != " ":
                typed = FILTER[:length]
                taken.add("a key of a filter, ms", name, terminal.press_until(key.encode(), f"filter {typed}") * 1e3)
            else:
                terminal.press(b" ")
        taken.add("PSS after a filter, MiB", name, terminal.memory)


def _verify(configuration: Path, state: Path, taken: Taken) -> None:
    """The whole list looked at, without start-up, in this process: from opening the desk to its last row."""
    began = time.perf_counter()
    open_desk(configuration, state).queue.refresh()
    taken.add("whole list verified, without start-up, ms", OURS, (time.perf_counter() - began) * 1e3)


def _print(taken: Taken, count: int) -> None:
    print(f"{count} requests, {os.cpu_count()} processors")
    figures = taken.figures
    large = count >= 100_000
    first = [Target(EMPTY, 1.2), *([Target("mutt", 0.25), Target("neomutt", 0.16)] if large else [])]
    report("first row, ms", figures["first row, ms"], first)
    report("every row listed, ms", figures["every row listed, ms"])
    report("j, ms", figures["j, ms"], [Target("neomutt", 2.5), Target("aerc", 1.0)], most=8.0)
    report("PSS, MiB", figures["PSS, MiB"], [Target("neomutt", 0.55)] if large else [])
    report("a key of a filter, painted, ms", figures["a key of a filter, ms"], most=50.0)
    report("PSS after a filter, MiB", figures["PSS after a filter, MiB"])
    verified = figures["whole list verified, without start-up, ms"]
    start_up = statistics.median(figures["first row, ms"][EMPTY])
    whole = {OURS: [value + start_up for value in verified[OURS]], "mutt": figures["first row, ms"].get("mutt", [])}
    report("whole list verified, start-up of an empty app included, ms", whole, [Target("mutt", 0.85)] if large else [])


def _peer(name: str, root: Path, count: int) -> list[str]:
    mails = make_maildir(root, count)
    if name == "aerc":
        return _aerc(root, mails)
    cache = root / f"{name}-cache"
    cache.mkdir(exist_ok=True)
    settings = root / f"{name}rc"
    told = {"folder": root, "header_cache": cache, "sort": "date-received", "quit": "yes", "mbox_type": "Maildir"}
    told |= {"confirmcreate": "no"}
    settings.write_text("".join(f'set {what}="{value}"\n' for what, value in told.items()))
    return [name, "-n", "-R", "-F", str(settings), "-f", str(mails)]


def _aerc(root: Path, mails: Path) -> list[str]:
    """It wants an account, whose folders are Maildirs side by side."""
    settings = root / "configuration" / "aerc"
    settings.mkdir(parents=True, exist_ok=True)
    accounts = settings / "accounts.conf"
    told = f"source=maildir://{mails.parent}\ndefault={mails.name}\nfrom=Me <me@example.com>\n"
    accounts.write_text(f"[mails]\n{told}")
    accounts.chmod(0o600)
    return ["aerc"]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("--folder", help="where vault and mails lie, to use them again")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--peers", nargs="*", default=["mutt", "neomutt", "aerc"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
