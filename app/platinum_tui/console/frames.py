"""After the next frame: what Textual promises to the screen on top, for the screens below it, too."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.dom import DOMNode

_AT_LATEST_S = 0.2


def after_frame(node: DOMNode, callback: Callable[[], object]) -> None:
    """Call once, when what is asked for so far is painted, and soon in any case.

    Textual 8.2 keeps what is to be called with the screen on top, and forgets it when that one is closed first.

    Args:
        node: whose work it is; when it is gone, nothing is called.
        callback: what follows.
    """
    called = False

    def call() -> None:
        nonlocal called
        if not called:
            called = True
            at_latest.cancel()
            callback()

    at_latest = asyncio.get_running_loop().call_later(_AT_LATEST_S, node.call_later, call)
    node.call_after_refresh(call)
