"""Times as people say them on the command line: `2h`, `tomorrow`, a date, a time, or both."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from platinum_tui.model.errors import UsageError

_SPAN = re.compile(r"(\d+)\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
MORNING = time(8)
"""When a day begins for somebody who says `tomorrow` or a date."""


def parse_when(text: str, now: datetime) -> datetime:
    """The instant that a person means; a time without zone is local.

    Args:
        text: `90m`, `2h`, `3d`, `tomorrow`, `2026-02-01`, `17:30`, `2026-02-01 17:30`, or an ISO 8601 time.
        now: the present instant, aware.

    Raises:
        UsageError: it is none of these, or lies in the past.
    """
    when = _parsed(text.strip().lower(), now.astimezone())
    if when is None:
        raise UsageError(f"{text!r} is no time.", remedy="Say it like 2h, tomorrow, 2026-02-01 or 17:30.")
    if when <= now:
        raise UsageError(f"{text!r} lies in the past.", remedy="Say a time that is still to come.")
    return when


def _parsed(text: str, here: datetime) -> datetime | None:
    if span := _SPAN.fullmatch(text):
        return here + timedelta(**{_UNITS[span.group(2)]: int(span.group(1))})
    if text == "tomorrow":
        return datetime.combine(here.date() + timedelta(days=1), MORNING, here.tzinfo)
    try:
        clock = time.fromisoformat(text)
    except ValueError:
        pass
    else:
        today = datetime.combine(here.date(), clock, here.tzinfo)
        return today if today > here else today + timedelta(days=1)
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) == len("2026-02-01"):
        when = datetime.combine(when.date(), MORNING)
    return when if when.tzinfo else when.replace(tzinfo=here.tzinfo)
