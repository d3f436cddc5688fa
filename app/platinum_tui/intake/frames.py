"""Lines that stand inside a quotation: block quotes, HTML elements that set text apart, comments of Obsidian."""

from __future__ import annotations

import re
from collections.abc import Sequence

_QUOTE = re.compile(r"[ \t]{0,8}(?:(?:[-*+]|\d{1,3}[.)])[ \t]+)?>")
_TAGS = (
    *("blockquote", "details", "template", "aside", "q", "cite", "iframe", "object", "script", "style", "textarea"),
    *("noscript", "svg"),
)
_FRAME = re.compile(rf"<(?P<end>/?)(?:{'|'.join(_TAGS)})\b", re.IGNORECASE)


def quotes(line: str) -> bool:
    """Whether a line begins with the mark of a block quote, in a list or not."""
    return bool(_QUOTE.match(line))


def framed_lines(lines: Sequence[str]) -> frozenset[int]:
    """The indexes of the lines within `<details>`, `<blockquote>` and the like, or between two lines with `%%`.

    What is never closed reaches to the end, as in a browser.
    """
    text = "\n".join(lines).lower()
    if "%%" not in text and not any(f"<{tag}" in text for tag in _TAGS):
        return frozenset()
    framed: set[int] = set()
    depth, comment = 0, False
    for at, line in enumerate(lines):
        hidden = line.count("%%")
        if hidden:
            framed.add(at)
        if comment:
            framed.add(at)
        comment ^= bool(hidden % 2)
        marks = list(_FRAME.finditer(line)) if "<" in line else []
        if depth or marks:
            framed.add(at)
        for mark in marks:
            depth = max(0, depth - 1) if mark["end"] else depth + 1
    return frozenset(framed)
