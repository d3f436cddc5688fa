"""The way into the console: from a service to an exit code."""

from __future__ import annotations

import locale

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

    unicode = locale.getpreferredencoding(False).replace("-", "").lower() == "utf8"
    try:
        return PlatinumApp(service, ascii=ascii or not unicode, demo=demo, vault=vault).run() or 0
    finally:
        service.stop()
