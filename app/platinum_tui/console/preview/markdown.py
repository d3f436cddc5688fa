"""Markdown as a reviewer must see it: from mistune's tree, link targets and hidden parts always visible."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from textual.content import Content

from platinum_tui.console.preview.inline import Token, inline
from platinum_tui.console.preview.page import Block, blank, line, plain_blocks
from platinum_tui.console.symbols import Symbols
from platinum_tui.model.text import safe, safe_line

if TYPE_CHECKING:
    from mistune import Markdown

LONGEST = 20_000
"""Characters of a text that is rendered."""
_MARKS = "\n*_`[]()<>&#|~\\!+-="
MOST_MARKS = 2_000
"""Marks of Markdown, line ends included, in a text that is rendered: each may cost 22 millionths of a second."""
_PLAIN = frozenset({"paragraph", "block_text", "text", "softbreak", "linebreak", "blank_line"})


def blocks_of(text: str, symbols: Symbols) -> Iterator[Block]:
    """The rendering of a Markdown text, block after block; what a renderer hides is shown as it is written.

    Args:
        text: Markdown as in the file; not made safe yet.
        symbols: which signs to use.

    Returns:
        Nothing for a text without Markdown or HTML, which its rendering would only repeat, and for one that would take
        too long.
    """
    if len(text) > LONGEST or sum(map(text.count, _MARKS)) > MOST_MARKS:
        return
    tokens, definitions = _parse(text)
    if not definitions and _all_plain(tokens):
        return
    yield from _blocks(tokens, 0, symbols)
    for label, definition in definitions.items():
        yield Block(line((f"[{safe_line(label)}]: {safe_line(str(definition['url']))}", "hidden")))


@functools.cache
def _parser() -> Markdown:
    import mistune

    return mistune.create_markdown(renderer=None, escape=False)


def _parse(text: str) -> tuple[list[Token], dict[str, Any]]:
    """The tree, and the link definitions, which a renderer hides."""
    parsed, state = _parser().parse(text.replace("\t", "    "))
    tokens: list[Token] = list(parsed) if isinstance(parsed, list) else []
    return tokens, state.env.get("ref_links", {})


def _all_plain(tokens: Iterable[Token]) -> bool:
    return all(token["type"] in _PLAIN and _all_plain(token.get("children", ())) for token in tokens)


def _blocks(tokens: Iterable[Token], indent: int, symbols: Symbols) -> Iterator[Block]:
    for token in tokens:
        yield from _block(token, indent, symbols)


def _block(token: Token, indent: int, symbols: Symbols) -> Iterator[Block]:
    match token["type"]:
        case "heading":
            level = min(int(token["attrs"]["level"]), 3)
            yield Block(_styled(inline(token["children"]), f"heading-{level}"), indent)
            yield blank()
        case "paragraph":
            yield Block(inline(token["children"]), indent)
            yield blank()
        case "block_text":
            yield Block(inline(token["children"]), indent)
        case "list":
            yield from _list(token, indent, symbols)
            if not indent:
                yield blank()
        case "block_quote":
            for block in _blocks(token["children"], indent, symbols):
                yield Block(block.content, block.indent, block.gutter or (symbols.edge, "muted"))
        case "block_code":
            yield from plain_blocks(safe(token["raw"].rstrip("\n")), "code", (symbols.edge, "muted"))
            yield blank()
        case "block_html":
            yield from plain_blocks(safe(token["raw"].rstrip("\n")), "hidden", (symbols.edge, "hidden"))
            yield blank()
        case "thematic_break":
            yield Block(line((symbols.rule * 8, "muted")), indent)
            yield blank()
        case "blank_line":
            pass
        case _:
            yield from plain_blocks(safe(str(token.get("raw", token.get("children", "")))))


def _list(token: Token, indent: int, symbols: Symbols) -> Iterator[Block]:
    ordered = bool(token["attrs"].get("ordered"))
    start = int(token["attrs"].get("start", 1))
    for number, item in enumerate(token["children"], start):
        sign = f"{number}. " if ordered else f"{symbols.bullet} "
        for index, block in enumerate(_blocks(item["children"], indent + len(sign), symbols)):
            first = index == 0 and block.indent == indent + len(sign)
            yield Block(line((sign, "muted")) + block.content, indent, block.gutter) if first else block


def _styled(content: Content, name: str) -> Content:
    return content.stylize(f".{name}")
