"""Times in every form that files use. A time without zone is UTC; a date begins or ends its day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime

_ISO = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})(?:[T ]\s?(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)\s*"
    r"(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?(?:\s*\((?:UTC|GMT)\))?)?",
)
_RFC_2822 = re.compile(
    r"(?:[A-Z][a-z]{2},\s+)?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}(?::\d{2})? (?:[+-]\d{4}|GMT|UTC|UT)(?: \(\w+\))?"
)
_REMARK = re.compile(r"\s*\((?:(?!UTC|GMT)[^()]*)\)$")
_LONG = (
    "%a, %d %b %Y",
    "%d %B %Y",
    "%B %d, %Y",
    "%d %b %Y",
    "%b %d, %Y",
    "%Y/%m/%d",
    "%B %d, %Y %H:%M",
    "%B %d, %Y %I:%M %p",
)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, and whether its zone was only assumed."""

    instant: datetime
    naive: bool
    date_only: bool = False


def read_time(text: str, *, end_of_day: bool = False) -> Moment:
    """The moment that a text names.

    Args:
        text: ISO 8601 in its usual spellings, RFC 2822, or a written date.
        end_of_day: a date alone means its last moment, not its first.

    Raises:
        ValueError: it names none.
    """
    written = _written(text)
    return _aware(written) if isinstance(written, datetime) else _day(written, end_of_day)


def read_date(text: str) -> str:
    """A calendar day as `YYYY-MM-DD`: the one that is written, in whatever zone.

    Raises:
        ValueError: the text names none.
    """
    try:
        written = _written(text)
    except ValueError:
        raise ValueError("is no day; write it like 2026-01-31") from None
    return (written.date() if isinstance(written, datetime) else written).isoformat()


def _written(text: str) -> datetime | date:
    """The moment that stands in a text, with its zone if it has one, or the day."""
    text = _REMARK.sub("", text.strip())
    match = _ISO.fullmatch(text)
    if match and match["time"]:
        clock = match["time"].replace(",", ".").zfill(len(match["time"]) + (match["time"][1] == ":"))
        if match["half"]:
            clock = _from_half(clock, match["half"])
        clock = re.sub(r"(\.\d{6})\d+", r"\1", clock)
        zone = re.sub(r"(?i)^(Z|UTC|GMT)$", "+00:00", match["zone"] or "")
        return datetime.fromisoformat(f"{match['date']}T{clock}{zone}")
    if match:
        return date.fromisoformat(match["date"])
    if _RFC_2822.fullmatch(text):
        return parsedate_to_datetime(text)
    for form in _LONG:
        try:
            moment = datetime.strptime(text, form)
        except ValueError:
            continue
        return moment if "%H" in form or "%I" in form else moment.date()
    raise ValueError("is no time; write it like 2026-01-31T17:00:00Z")


def _from_half(clock: str, half: str) -> str:
    """A clock of twelve hours as one of 24.

    Raises:
        ValueError: there is no such hour.
    """
    hour = int(clock[:2])
    if not 1 <= hour <= 12:
        raise ValueError("is no time; write it like 2026-01-31T17:00:00Z")
    return f"{hour % 12 + (12 if half[0] in 'pP' else 0):02d}{clock[2:]}"


def _aware(moment: datetime) -> Moment:
    if moment.tzinfo is None:
        return Moment(moment.replace(tzinfo=UTC), naive=True)
    try:
        return Moment(moment.astimezone(UTC), naive=False)
    except OverflowError:
        return Moment(moment.replace(tzinfo=UTC), naive=False)


def _day(day: date, end_of_day: bool) -> Moment:
    moment = datetime.combine(day, time.max if end_of_day else time.min, tzinfo=UTC)
    return Moment(moment.replace(microsecond=0), naive=True, date_only=True)
