"""One entry of a list cut out of a file's text, however the list is spelled: the ways to try, the smallest cut first.

Nothing here knows what a cut makes of the request; who takes one reads the text anew and compares.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_ADDRESS = re.compile(r"[^\s<>\"',;]+@[^\s<>\"',;]+")
_BULLET = re.compile(r"[ \t]*(?:[-*+•][ \t]+|\d+[.)][ \t]+)?")
_QUOTED = r""""(?:[^"\\\n]|\\.)*"(?:[ \t]*<[^>\n]*>)?|'[^'\n]*'(?:[ \t]*<[^>\n]*>)?"""
_PLAIN = r"""[^\s,;\[\]|:"'*`](?:[^,;\[\]|:"*`\n]*[^\s,;\[\]|:"*`])?"""
_TOKENS = (re.compile(f"{_QUOTED}|{_PLAIN}"), re.compile(_PLAIN))
"""Entries between separators: first a quoted text is one of them, then it may hold several."""
_BRACES = re.compile(r"\{[^{}\n]*\}")
_ITEM = re.compile(r"^([ \t]*)-[ \t]", re.MULTILINE)


def without_address(text: str, address: str, line: int | None) -> Iterator[str]:
    """The text without an address, with the name that stands before it.

    Args:
        text: the whole file.
        address: `local@domain` or `Name <local@domain>`.
        line: where its list begins, from 1; None where that is not known.
    """
    found = _ADDRESS.search(address)
    if found is None:
        return
    for start, _ in _occurrences(text, found[0], line):
        left, right = _line_around(text, start)
        begin = left + _matched(_BULLET, text[left:right])
        for tokens in _TOKENS:
            for token in tokens.finditer(text, begin, right):
                if token.start() <= start < token.end():
                    yield from _cuts(text, token.start(), token.end())


def without_line(text: str, description: str, number: int, line: int | None) -> Iterator[str]:
    """The text without one line of an invoice.

    Args:
        text: the whole file.
        description: what the line is for.
        number: which of the invoice's lines it is, from 0.
        line: where the list begins, from 1; None where that is not known.
    """
    offset = _offset(text, line)
    spelled = (description, json.dumps(description)[1:-1])
    for braces in _BRACES.finditer(text, offset):
        if any(each in braces[0] for each in spelled):
            yield from _cuts(text, braces.start(), braces.end())
    items = list(_ITEM.finditer(text, offset))
    same = [item for item in items if item[1] == items[0][1]]
    if number < len(same):
        yield text[: same[number].start()] + text[_end_of_item(text, same[number]) :]
    for start, end in _occurrences(text, description, line):
        left, right = _line_around(text, start)
        if end <= right:
            yield text[:left] + text[_next_line(text, right) :]


def _cuts(text: str, start: int, end: int) -> Iterator[str]:
    """A span removed: with its whole line where it is alone there, else with the separator beside it."""
    left, right = _line_around(text, start)
    before, after = text[left:start], text[end:right]
    if not before[_matched(_BULLET, before) :].strip() and after.strip() in ("", ",", ";"):
        yield _without_last_comma(text[:left], after) + text[_next_line(text, right) :]
    following = re.compile(r"[ \t]*[,;][ \t]*").match(text, end)
    preceding = re.search(r"[ \t]*[,;][ \t]*$", before)
    if following:
        yield text[:start] + text[following.end() :]
    elif preceding:
        yield text[: left + preceding.start()] + text[end:]
    else:
        yield text[:left] + text[_next_line(text, right) :]
        yield text[:start] + text[end:]


def _without_last_comma(before: str, after: str) -> str:
    """What stands before an entry on a line of its own; where no comma follows the entry, it ends without one, too."""
    kept = before.rstrip()
    return kept[:-1] + before[len(kept) :] if kept.endswith(",") and not after.strip() else before


def _end_of_item(text: str, item: re.Match[str]) -> int:
    """Where an item of a block list ends: at the next line that is not indented deeper."""
    at = _next_line(text, _line_around(text, item.start())[1])
    while at < len(text):
        left, right = _line_around(text, at)
        line = text[left:right]
        if not line.strip() or len(line) - len(line.lstrip(" \t")) <= len(item[1]):
            break
        at = _next_line(text, right)
    return at


def _occurrences(text: str, wanted: str, line: int | None) -> list[tuple[int, int]]:
    """Where a text stands, those from its list's line on first."""
    offset = _offset(text, line)
    found = [match.span() for match in re.finditer(re.escape(wanted), text, re.IGNORECASE)]
    return sorted(found, key=lambda span: (span[0] < offset, span[0]))


def _offset(text: str, line: int | None) -> int:
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[: line - 1])) if line else 0


def _line_around(text: str, at: int) -> tuple[int, int]:
    """Where the line of a place begins and ends, without its end of line."""
    right = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, len(text) if right < 0 else right


def _next_line(text: str, end: int) -> int:
    return min(end + 1, len(text))


def _matched(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0
