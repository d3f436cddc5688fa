"""Durations as people write them: `10s`, `5m`, `2h`, `1d`, or several together, `1h30m`."""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": timedelta(seconds=1)}
_PART = re.compile(r"(\d{1,6})([dhms])", re.ASCII)


def parse_duration(text: str) -> timedelta:
    """The duration that a text names.

    Raises:
        ValueError: it names none.
    """
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError("not a duration")
    return sum((int(number) * _UNITS[unit] for number, unit in parts), timedelta())


def format_duration(duration: timedelta) -> str:
    """A duration, in whole seconds, as `parse_duration` reads it."""
    rest, parts = duration, []
    for unit, size in _UNITS.items():
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"
