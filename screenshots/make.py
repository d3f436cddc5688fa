"""The pictures of the README and the documentation: made from the demo, never by hand, the same bytes at each run.

.venv/bin/python -m screenshots.make            writes them
.venv/bin/python -m screenshots.make --check    says which of them are stale; exit code 1 if any is
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from unittest.mock import patch

FOLDER = Path(__file__).parent
CHECKOUT = FOLDER.parent
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "app"), str(CHECKOUT / "executors")]

from tests.support.clock import ManualClock  # noqa: E402
from tests.support.reviewer import Reviewer  # noqa: E402
from textual.widgets import Input  # noqa: E402

from platinum_tui.console.app import PlatinumApp  # noqa: E402
from platinum_tui.console.guard import PAUSE  # noqa: E402
from platinum_tui.console.themes import DARK, LIGHT  # noqa: E402
from platinum_tui.demo.stage import Stage  # noqa: E402

WIDE, SMALL = (120, 36), (80, 24)
SCENES = {
    "console-120x36-dark": (WIDE, DARK, ()),
    "console-120x36-light": (WIDE, LIGHT, ()),
    "console-80x24-dark": (SMALL, DARK, ()),
    "console-80x24-light": (SMALL, LIGHT, ()),
    "reading-80x24-dark": (SMALL, DARK, ("enter",)),
    "high-risk-120x36-dark": (WIDE, DARK, ("j", "j", "a")),
    "reason-120x36-dark": (WIDE, DARK, ("x",)),
    "undo-120x36-dark": (WIDE, DARK, ("a",)),
    "help-120x36-dark": (WIDE, DARK, ("question_mark",)),
}
"""Each picture: its size, its theme, and the keys that lead to it."""
SETTLED_ROUNDS = 8
MADE_WITH = f"<!-- made with textual {version('textual')} -->\n"
"""Another version may draw the same screen in other bytes."""


async def pictures() -> dict[str, str]:
    """Every picture as SVG, by name."""
    return {name: await _picture(size, theme.name, keys) for name, (size, theme, keys) in SCENES.items()}


async def _picture(size: tuple[int, int], theme: str, keys: Sequence[str]) -> str:
    clock = ManualClock()
    with Stage(clock) as stage:
        app = PlatinumApp(stage.build(), demo=True, vault="demo")
        try:
            async with app.run_test(size=size) as pilot:
                app.theme = theme
                reviewer = Reviewer(app, pilot, clock)
                await _settle(reviewer)
                for key in keys:
                    clock.advance(PAUSE)
                    await reviewer.presses(key)
                    await _settle(reviewer)
                return _portable(app.export_screenshot(title="platinum-tui"))
        finally:
            app.service.stop()


def _portable(svg: str) -> str:
    """Leading spaces are kept by viewers other than browsers, too; and it is said what made the picture."""
    return svg.replace("<svg ", '<svg xml:space="preserve" ', 1) + MADE_WITH


async def _settle(reviewer: Reviewer) -> None:
    """Wait until every request of the demo was read, and nothing has moved for a while."""
    last, same = "", 0
    while same < SETTLED_ROUNDS:
        await asyncio.sleep(0.05)
        await reviewer.rests()
        waiting = "waiting" in reviewer.screen and "running" not in reviewer.screen
        same = same + 1 if waiting and reviewer.screen == last else 0
        last = reviewer.screen


def main() -> int:
    """Write the pictures, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    with patch.object(Input, "_toggle_cursor", lambda _self: None):
        drawn = asyncio.run(pictures())
    stale = [name for name, text in drawn.items() if not _holds(name, text)]
    for name in stale:
        print(name)
        if not check:
            (FOLDER / f"{name}.svg").write_text(drawn[name], "utf-8")
    return int(check and bool(stale))


def _holds(name: str, text: str) -> bool:
    path = FOLDER / f"{name}.svg"
    return path.exists() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
