"""A page: what the preview shows of one request, block by block."""

from __future__ import annotations

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
    """

    content: Content
    indent: int = 0
    gutter: tuple[str, str] | None = None
    label: str | None = None
    must_be_seen: bool = False


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


def plain_blocks(text: str, style: str = "", gutter: tuple[str, str] | None = None, lines: int = 40) -> Iterator[Block]:
    """A long text as blocks of some lines each, so that the first are on screen before the last are measured.

    Its end must be seen before high risk is approved.
    """
    rows = text.split("\n")
    for start in range(0, len(rows), lines):
        last = start + lines >= len(rows)
        yield Block(line(("\n".join(rows[start : start + lines]), style)), gutter=gutter, must_be_seen=last)


def blank() -> Block:
    """An empty line."""
    return Block(Content(" "))


def heading(text: str, note: str = "") -> Block:
    """The heading of a part of the page."""
    return Block(line((text, "caption"), (f"  {note}" if note else "", "muted")))
