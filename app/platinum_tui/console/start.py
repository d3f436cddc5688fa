"""The way into the console: from a service to an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from platinum_tui.console.door import Service


def run(service: Service, *, ascii: bool = False, demo: bool = False, vault: str = "") -> int:  # noqa: A002
    """Run the console until the reviewer leaves it; the service is stopped afterwards.

    Args:
        service: everything behind the console, not started yet.
        ascii: only ASCII signs; also where the locale is not UTF-8.
        demo: say that this is the demo, and show its local sink.
        vault: where this is, for the header.

    Returns:
        The exit code.
    """
    from platinum_tui.console.app import PlatinumApp

    app = PlatinumApp(service, ascii=ascii or not knows_unicode(os.environ), demo=demo, vault=vault)
    try:
        return app.run() or 0
    finally:
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
