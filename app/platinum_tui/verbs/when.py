"""Moments on the command line."""

from __future__ import annotations

from datetime import datetime

from platinum_tui.model.errors import UsageError
from platinum_tui.model.text import safe_line
from platinum_tui.system.moments import moment_of


def parse_when(text: str, now: datetime) -> datetime:
    """The instant that a person means, as `moment_of` reads it.

    Raises:
        UsageError: the text means none, or one in the past.
    """
    when = moment_of(text, now)
    if when is None:
        raise UsageError(f"{safe_line(text)} is no time.", remedy="Say it like 2h, tomorrow, 2026-02-01 or 17:30.")
    if when <= now:
        raise UsageError(f"{safe_line(text)} lies in the past.", remedy="Say a time that is still to come.")
    return when
