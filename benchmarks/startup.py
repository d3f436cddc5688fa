"""How soon the program is there, beside its peers: run interleaved on one machine, printed as ratios of medians.

    .venv/bin/python -m benchmarks.startup [ROUNDS]

`--version` is measured from exec to exit beside `import click`; the demo's first frame, and its first request, from
exec to the output after which a terminal emulator shows them, beside a Textual application with one line of text.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

CHECKOUT = Path(__file__).parents[1]
sys.path.insert(0, str(CHECKOUT))

from tests.support.pseudo_terminal import PseudoTerminal  # noqa: E402

PROGRAM = [str(Path(sys.executable).with_name("platinum-tui"))]
EMPTY_APP = """
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static("ready")

Empty().run()
"""
ROUNDS = 9


def to_exit(*command: str) -> Callable[[], float]:
    """Measures a command from exec to exit, in seconds."""

    def measure() -> float:
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began

    return measure


def to_text(text: str, *command: str) -> Callable[[], float]:
    """Measures a command from exec to a text on its screen, in seconds."""

    def measure() -> float:
        with tempfile.TemporaryDirectory() as home:
            environ = {"PATH": os.environ["PATH"], "HOME": home, "TMPDIR": home, "LANG": "C.UTF-8"}
            with PseudoTerminal(command, environ) as terminal:
                return terminal.wait_for(text)

    return measure


def interleaved(measures: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The median of each, in seconds; one unmeasured round goes before, to warm the page cache."""
    taken: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds + 1):
        for name, measure in measures.items():
            seconds = measure()
            if number:
                taken[name].append(seconds)
    return {name: median(seconds) for name, seconds in taken.items()}


def show(medians: dict[str, float], peer: str, goals: dict[str, float]) -> None:
    """Prints each median and its ratio to the peer's."""
    for name, seconds in medians.items():
        goal = f"  (goal: at most {goals[name]})" if name in goals else ""
        ratio = "" if name == peer else f"  {seconds / medians[peer]:.2f} × {peer}{goal}"
        print(f"{name:<28}{seconds * 1000:7.0f} ms{ratio}")


def main(rounds: int) -> None:
    exits = {
        "import click": to_exit(sys.executable, "-c", "import click"),
        "--version": to_exit(*PROGRAM, "--version"),
        "--help": to_exit(*PROGRAM, "--help"),
    }
    show(interleaved(exits, rounds), "import click", {"--version": 1.5})
    screens = {
        "an empty Textual app": to_text("ready", sys.executable, "-c", EMPTY_APP),
        "demo, first frame": to_text("Pending", *PROGRAM, "--demo"),
        "demo, first request": to_text("INV-5521", *PROGRAM, "--demo"),
    }
    show(interleaved(screens, rounds), "an empty Textual app", {"demo, first frame": 1.6})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
