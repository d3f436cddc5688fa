"""Times as people type them."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

_SPAN = re.compile(r"(\d{1,4})\s*([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_MORNING = time(9)


def when(text: str, now: datetime) -> datetime | None:
    """The instant that a text means: `2h`, `3d`, `tomorrow`, `14:30`, `2026-12-01`, `2026-12-01 14:30`.

    Args:
        text: as typed. Clock times without a zone are the machine's own; a day alone means nine in the morning.
        now: aware.

    Returns:
        An aware instant after `now`; None where the text means none.
    """
    text = text.strip().lower()
    local = now.astimezone()
    if span := _SPAN.fullmatch(text):
        return now + timedelta(**{_UNITS[span[2]]: int(span[1])})
    if text == "tomorrow":
        return (local + timedelta(days=1)).replace(hour=_MORNING.hour, minute=0, second=0, microsecond=0)
    try:
        if re.fullmatch(r"\d{1,2}:\d\d", text):
            clock = time.fromisoformat(text.zfill(5))
            wanted = local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
            return wanted if wanted > now else wanted + timedelta(days=1)
        wanted = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) == len("2026-12-01"):
        wanted = datetime.combine(wanted.date(), _MORNING)
    wanted = wanted if wanted.tzinfo else wanted.astimezone()
    return wanted if wanted > now else None
