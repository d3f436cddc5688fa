"""The way into the console: from a service to an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from platinum_tui.console.door import Service

if TYPE_CHECKING:
    from platinum_tui.console.first_page import FirstPage, Keeper
    from platinum_tui.system.console_settings import ConsoleSettings


_FRAMES = "1000"
"""A second, at most: what answers a key right after another frame waits for one or two of them."""
_TURN = 0.0005
"""Seconds after which a thread that computes lets another one go on: one that writes to the terminal is not to wait."""


def run(
    service: Service,
    *,
    ascii: bool = False,  # noqa: A002
    demo: bool = False,
    vault: str = "",
    first: FirstPage | None = None,
    keeper: Keeper | None = None,
    settings: ConsoleSettings | None = None,
) -> int:
    """Run the console until the reviewer leaves it; the service is stopped afterwards.

    Args:
        service: everything behind the console, not started yet.
        ascii: only ASCII signs; also where the locale is not UTF-8.
        demo: say that this is the demo, and show its local sink.
        vault: where this is, for the header.
        first: what is listed in the first frame, verified; None where the list begins empty.
        keeper: keeps the first page for the next start.
        settings: how the console meets its reviewer; the defaults where left out.

    Returns:
        The exit code.
    """
    os.environ.setdefault("TEXTUAL_FPS", _FRAMES)
    from platinum_tui.console.app import PlatinumApp
    from platinum_tui.console.hangup import fall_silent

    sys.setswitchinterval(_TURN)
    plain = ascii or not knows_unicode(os.environ)
    app = PlatinumApp(service, ascii=plain, demo=demo, vault=vault, first=first, keeper=keeper, settings=settings)
    try:
        return app.run() or 0
    finally:
        app.let_go()
        fall_silent()
        if app.desk.snapshot.counts.get("executing"):
            sys.stderr.write("Finishing what is going out now...\n")
        service.stop()


def knows_unicode(environ: Mapping[str, str]) -> bool:
    """Whether the locale that the user set can show more than ASCII; where none is set, the terminal is trusted to.

    Python's own answer is no help: it takes UTF-8 even where the user asked for C.
    """
    names = (environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    wanted = next((name for name in names if name), "")
    return not wanted or "utf" in wanted.lower()
