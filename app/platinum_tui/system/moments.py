"""Moments as people say them: `2h`, `tomorrow`, a date, a time, or both."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

_SPAN = re.compile(r"(\d{1,6})\s*([smhdw])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_MORNING = time(9)
"""When a day begins for somebody who says `tomorrow` or a date."""


def moment_of(text: str, now: datetime) -> datetime | None:
    """The instant that a person means.

    Args:
        text: `90m`, `2h`, `3d`, `tomorrow`, `2026-12-01`, `17:30`, `2026-12-01 17:30`, or an ISO 8601 time. A time
            without a zone is the machine's own, by the clock that hangs on the wall there on that day.
        now: the present instant, aware.

    Returns:
        An aware instant, perhaps one in the past; None where the text means none.
    """
    said, here = text.strip().upper(), now.astimezone()
    try:
        if span := _SPAN.fullmatch(said.lower()):
            return now + timedelta(**{_UNITS[span[2]]: int(span[1])})
        if said == "TOMORROW":
            return datetime.combine(here.date() + timedelta(days=1), _MORNING).astimezone()
        if clock := _clock(said):
            today = datetime.combine(here.date(), clock).astimezone()
            return today if today > now else datetime.combine(here.date() + timedelta(days=1), clock).astimezone()
        if day := _day(said):
            return datetime.combine(day, _MORNING).astimezone()
        return datetime.fromisoformat(said).astimezone()
    except (ValueError, OverflowError):
        return None


def _clock(text: str) -> time | None:
    """`17:30`, `7:30` or `17:30:05`."""
    if re.fullmatch(r"\d{1,2}:\d\d(:\d\d)?", text, re.ASCII):
        return time.fromisoformat(text if text[1] != ":" else f"0{text}")
    return None


def _day(text: str) -> date | None:
    """`2026-12-01`."""
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None
