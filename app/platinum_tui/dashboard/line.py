"""The program's own lines in Dashboard.md: how they are written, and how they are known again without any marker.

A line is one list item, `- 2026-01-15 06:00:00Z · words · … · reference`, where the reference at the end is a
fingerprint (`abcd-ef01-2345`) or an update's reference (`update abcd-ef01-2345`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from platinum_tui.model.text import safe, safe_line

LONGEST = 600
"""Characters of foreign words in one part of a line; the whole text lies in the archive."""
_SEPARATOR = " · "
FINGERPRINT = "[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}"
"""A pattern: what the line of an action ends with."""
MERGED_REFERENCE = f"update {FINGERPRINT}"
"""A pattern: what the line of an update ends with."""
_LINE = re.compile(
    r"^- (?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)Z · [^\r\n]* · "
    rf"(?P<reference>{FINGERPRINT}|{MERGED_REFERENCE})[ \t]*$"
)
"""A whole line of ours, without its line end."""
_ACTIVE = re.compile(
    r"""[\\`*\[\]|\#~$^<>·]         # code, emphasis, links, tables, tags, formulas, HTML, our own separator
    | (?<![^\W_])_ | _(?![^\W_])  # emphasis; inside a word it is only a sign
    | %(?=%) | (?<=%)%              # Obsidian's comments
    | =(?==) | (?<==)=              # Obsidian's highlights
    | &(?=\#?\w+;)                  # character references
    | :(?=//|:) | (?<=:):           # bare addresses, Dataview's fields
    | (?<=www)\.                    # bare addresses
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ENTITIES = {"<": "&lt;", ">": "&gt;", "·": "&middot;"}


def inert(text: str) -> str:
    """Foreign text as words inside a line: on one line, safe, and nothing in it acts in Markdown or Obsidian.

    Lines are joined by ` ⏎ ` and empty ones left out; what is longer than `LONGEST` characters is cut with `…`.
    """
    lines = (line.strip() for line in safe(text).split("\n"))
    words = safe_line("\n".join(line for line in lines if line))
    if len(words) > LONGEST:
        words = words[: LONGEST - 1] + "…"
    return _ACTIVE.sub(lambda found: _ENTITIES.get(found.group(), "\\" + found.group()), words)


def line_of(time: datetime, parts: Sequence[str], reference: str) -> str:
    """A line, without its line end.

    Args:
        time: an aware instant; written in UTC, to the second.
        parts: words that are inert already; empty ones are left out.
        reference: what the line ends with.
    """
    stamp = time.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
    return "- " + _SEPARATOR.join([f"{stamp}Z", *(part for part in parts if part), reference])


class Known(NamedTuple):
    """What a line of ours says of itself."""

    time: datetime
    reference: str


def read_line(line: str) -> Known | None:
    """What a line says of itself; None where it is not one of ours."""
    found = _LINE.match(line)
    try:
        return Known(datetime.fromisoformat(found["time"]).replace(tzinfo=UTC), found["reference"]) if found else None
    except ValueError:
        return None
