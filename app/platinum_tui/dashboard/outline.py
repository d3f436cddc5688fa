"""Where a Markdown text has its headings, lists and code: positions found by mistune, nothing rendered.

Loads mistune: import it inside the function that needs it.
"""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

from mistune.block_parser import BlockParser
from mistune.core import BlockState

_HEAD = re.compile(
    r"\ufeff?(?:---[ \t]*(?:\r\n|\r|\n)(?s:.*?)(?:(?<=[\r\n])(?:---|\.\.\.)[ \t]*(?=[\r\n]|\Z)))?",
)
"""A byte order mark and front matter, where they stand."""


class Block(NamedTuple):
    """One block at the top level of a text.

    Attributes:
        kind: mistune's name of its rule: `atx_heading`, `setex_heading`, `list`, `fenced_code`, `indent_code`,
            `raw_html`, `block_quote`, `thematic_break`, `blank_line`; or `head`: a byte order mark and front matter.
            Paragraphs are not listed.
        start, end: offsets into the text, the end behind the last line end.
        title: a heading's words as written; empty for any other block.
        level: a heading's level, 1 to 6; 0 for any other block.
    """

    kind: str
    start: int
    end: int
    title: str = ""
    level: int = 0


def outline(text: str) -> tuple[Block, ...]:
    """The blocks of a text in their order.

    Line ends may be LF, CRLF or CR, mixed; the offsets are those of the text as given.
    """
    found = _HEAD.match(text)
    body = found.end() if found else 0
    parser, state = _Places(), BlockState()
    same_length = "\n" * body + text[body:].replace("\r\n", " \n").replace("\r", "\n")
    state.process(same_length + "\n")
    parser.parse(state)
    blocks = sorted(parser.found, key=lambda block: block.start)
    head = (Block("head", 0, body),) if body else ()
    return head + tuple(
        block._replace(start=max(block.start, body), end=min(block.end, following.start if following else len(text)))
        for block, following in itertools.zip_longest(blocks, blocks[1:])
        if block.end > body
    )


class _Places(BlockParser):
    """mistune's own block parser; it notes where each block of the top level begins and ends."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Block] = []

    def parse(self, state: BlockState, rules: list[str] | None = None) -> None:
        """Only the top level: what lies inside of a block does not move the block's end."""
        if state.parent is None:
            super().parse(state, rules)

    def parse_method(self, m: re.Match[str], state: BlockState) -> int | None:
        count, last = len(state.tokens), state.last_token()
        words = last["text"] if last and last["type"] == "paragraph" else ""
        end = super().parse_method(m, state)
        if end and m.lastgroup == "setex_heading" and last and last["type"] == "heading":
            start = max(m.start() - len(words), 0)
            self.found.append(Block("setex_heading", start, end, words.strip(), last["attrs"]["level"]))
        elif end and m.lastgroup == "atx_heading":
            heading = state.last_token()
            self.found.append(Block("atx_heading", m.start(), end, heading["text"], heading["attrs"]["level"]))
        elif end and len(state.tokens) > count:
            self.found.append(Block(m.lastgroup or "", m.start(), end))
        return end

    def _parse_indent_code_fast(self, state: BlockState) -> int | None:
        """Mistune's way around `parse_method` for indented code."""
        count = len(state.tokens)
        end = super()._parse_indent_code_fast(state)
        if end and len(state.tokens) > count:
            self.found.append(Block("indent_code", state.cursor, end))
        return end
