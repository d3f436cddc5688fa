"""What changed between two versions of a request: the fields that differ, then the lines of the file."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from platinum_tui.console.preview.page import Block, blank, heading, line
from platinum_tui.model.canonical import canonical_json
from platinum_tui.model.request import Request
from platinum_tui.model.text import safe, safe_line

_CONTEXT = 2
_STYLES = {"+": "added", "-": "removed", "@": "muted"}


def difference(before: Request, now: Request) -> Iterator[Block]:
    """The difference view: fields first, because they are what would be done; then the text of the file.

    Args:
        before: what the reviewer looked at.
        now: what the file says now.
    """
    yield heading("changed since you looked", f"{before.fingerprint} to {now.fingerprint}")
    for name in dict.fromkeys((*before.fields, *now.fields)):
        old, new = before.fields.get(name), now.fields.get(name)
        if old != new and name != "body":
            yield Block(line((f"- {name}: {_value(old)}", "removed")))
            yield Block(line((f"+ {name}: {_value(new)}", "added")))
    yield blank()
    compared = difflib.unified_diff(safe(before.text).split("\n"), safe(now.text).split("\n"), lineterm="", n=_CONTEXT)
    for number, row in enumerate(compared):
        if number > 1:  # the two lines that name the files say nothing here
            yield Block(line((row, _STYLES.get(row[:1], ""))))
    yield blank()


def _value(value: object) -> str:
    if value is None:
        return "(nothing)"
    return safe_line(value if isinstance(value, str) else canonical_json(value).decode())
