"""The latest posts of an account before and after a call whose answer was lost: what came between them is its proof.

The same words may stand in an older post, so that words alone prove nothing; and no two clocks have to agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import takewhile
from typing import Any

from platinum_executors.refusal import Refused
from platinum_executors.web import Reply

SHOWN = 40
"""How many are looked at; the most that Mastodon shows at once."""

Row = Mapping[str, Any]


class LatestPosts:
    """What a service lists, newest first, as it was when this was made; a service that shows nothing proves nothing.

    Args:
        look: asks the service for the latest, each with its `id`; may raise Refused.
        rows: where the list stands in the answer.
    """

    def __init__(self, look: Callable[[], Reply], *rows: str) -> None:
        self._look = look
        self._rows = rows
        before = self._listed()
        self._known = None if before is None else {row["id"] for row in before}

    def since(self) -> list[Row]:
        """Those that came since, newest first: what stands above the first that was there before."""
        known, now = self._known, self._listed()
        if known is None or now is None:
            return []
        return list(takewhile(lambda row: row["id"] not in known, now))

    def _listed(self) -> list[Row] | None:
        try:
            listed = self._look().at(*self._rows)
        except Refused:
            return None
        if isinstance(listed, list) and all(
            isinstance(row, Mapping) and isinstance(row.get("id"), str) for row in listed
        ):
            return listed
        return None
