"""What is known of all requests at one moment, and needed to say where single ones stand."""

from __future__ import annotations

from typing import NamedTuple

from platinum_tui.ledger.outline import Outline


class Moment(NamedTuple):
    """What the ledger and all files together say of single ones."""

    version: object
    events: int
    until: float
    outlines: dict[str, Outline]
    conflicting: frozenset[str]
    not_approved: tuple[tuple[int, str], ...]
    """Place and path of the request files in Approved/ whose very bytes the ledger does not have as approved."""
    left_behind: frozenset[int]
    """The places of the files in Rejected/ whose request was decided again since, and lies elsewhere."""
