"""A page: what the preview shows of one request, block by block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content, Span


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines of a page.

    Attributes:
        content: styled text; spans name component classes of the preview (`.muted`).
        indent: cells to the left of every line.
        gutter: one cell's sign before every line (a bar beside exact text), with its style's name.
        label: the name of a field, in the column before its value.
        must_be_seen: whether high risk is approved only once its last line was on screen.
        where_cut: shown in its place where the preview is too small for all of it, for what means nothing in parts.
    """

    content: Content
    indent: int = 0
    gutter: tuple[str, str] | None = None
    label: str | None = None
    must_be_seen: bool = False
    where_cut: Content | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page, ready to be painted.

    Attributes:
        key: what it shows; the preview keeps its place while the key stays the same.
        blocks: its parts; the first are laid out first.
        fingerprint: of the request it shows; empty where it shows none.
    """

    key: str
    blocks: Sequence[Block]
    fingerprint: str = ""


def line(*parts: str | tuple[str, str]) -> Content:
    """Text from parts, each plain or with a style's name: `("why", "muted")`. Nothing in it is markup."""
    text, spans = "", []
    for part in parts:
        plain, style = part if isinstance(part, tuple) else (part, "")
        if style and plain:
            spans.append(Span(len(text), len(text) + len(plain), f".{style}"))
        text += plain
    return Content(text, spans)


_LINES, _LETTERS = 40, 2_000
"""What one block of a long text holds at most: laying it out takes no longer than a key may wait."""
_FULL = re.compile(rf"(?:[^\n]*\n){{{_LINES}}}")


def plain_blocks(text: str, style: str = "", gutter: tuple[str, str] | None = None) -> Iterator[Block]:
    """A long text as blocks of some lines each, so that the first are on screen before the last are measured.

    Its end must be seen before high risk is approved.
    """
    start = 0
    while start <= len(text):
        end, following = _cut(text, start)
        last = following > len(text)
        yield Block(line((text[start:end], style)), gutter=gutter, must_be_seen=last)
        start = following


def _cut(text: str, start: int) -> tuple[int, int]:
    """Where a block that begins at a place ends, and where the next one begins: at a line's end, else at a space."""
    most = start + _LETTERS
    if full := _FULL.match(text, start, most + 1):
        return full.end() - 1, full.end()
    if len(text) <= most:
        return len(text), len(text) + 1
    end = text.rfind("\n", start, most + 1)
    if end >= start:
        return end, end + 1
    space = text.rfind(" ", start + 1, most)
    return (space + 1, space + 1) if space > start else (most, most)


def blank() -> Block:
    """An empty line."""
    return Block(Content(" "))


def heading(text: str, note: str = "") -> Block:
    """The heading of a part of the page."""
    return Block(line((text, "caption"), (f"  {note}" if note else "", "muted")))
