"""A local MCP server with this folder on its path is killed right after it burnt a decision, while `armed` is there.

That is the worst moment: the decision is used, and not one byte has left.
"""

from __future__ import annotations

import os
import signal
import sys


def _die_after_burning() -> None:
    from platinum_tui.system.spent_decisions import SpentDecisions

    act, armed = SpentDecisions.act, os.path.join(os.path.dirname(os.path.abspath(__file__)), "armed")

    def act_and_die(self: SpentDecisions, nonce: str, attempt: int) -> None:
        act(self, nonce, attempt)
        if os.path.exists(armed):
            os.kill(os.getpid(), signal.SIGKILL)

    SpentDecisions.act = act_and_die  # type: ignore[method-assign]


if "serve" in sys.orig_argv:
    _die_after_burning()
