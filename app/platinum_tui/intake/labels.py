"""Labels: `**To:** v`, `**To**: v`, `- To: v`, `| To | v |`, and plain `To: v`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from platinum_tui.intake.headings import normal

MAX_NAME = 48
_BULLET = re.compile(r"\s*(?:[-*+•‣▪]|\d{1,2}[.)])\s+")
_BOLD = re.compile(r"(?:\*\*|__)(?P<name>[^*_:：\n][^*:：\n]{0,60}?)\s*(?:[:：]\s*(?:\*\*|__)|(?:\*\*|__)\s*[:：])")
_PLAIN = re.compile(r"(?P<name>[^\W\d_][\w /&()'’-]{0,47}?)\s*[:：](?:\s+(?P<value>.*))?")
_BETWEEN = re.compile(r"[\s|·•;,]+$")
_BAR = re.compile(r"(?<!\\)\|")
"""What parts two cells of a table; `\\|` is a bar in one (GitHub Flavored Markdown, 4.10)."""
_OUTER_BARS = re.compile(r"^\|+|(?<!\\)\|+$")
_TABLE_RULE = re.compile(r"[\s|:-]+")
_HEADER_CELLS = frozenset({"field", "key", "property", "item", "attribute", "parameter", "detail", "name"})


@dataclass(frozen=True, slots=True)
class Label:
    """One label: its name as looked up, its value (empty: it may stand in the lines below), the index of its line."""

    name: str
    value: str
    at: int
    style: str


def labels_of(line: str, at: int) -> Iterator[Label]:
    """The labels on one line; none where it is a sentence, a check box or a table of other shape."""
    text = line.strip().removesuffix("\\").rstrip()
    if text.startswith("|"):
        yield from _row(text, at)
        return
    bullet = _BULLET.match(line)
    rest = line[bullet.end() :].strip().removesuffix("\\").rstrip() if bullet else text
    if rest.startswith(("[ ]", "[x]", "[X]")):
        return
    start = re.search(r"[\w*_]", rest)
    rest = rest[start.start() :] if start else rest
    marks = list(_BOLD.finditer(rest)) if rest.startswith(("**", "__")) else []
    if marks and marks[0].start() == 0:
        for mark, following in zip(marks, [*marks[1:], None], strict=True):
            value = rest[mark.end() : following.start() if following else None]
            yield Label(
                normal(mark["name"]), _BETWEEN.sub("", value).strip() if following else value.strip(), at, "bold"
            )
        return
    plain = _PLAIN.fullmatch(rest)
    if plain and len(plain["name"].split()) <= 5:
        yield Label(normal(plain["name"]), (plain["value"] or "").strip(), at, "list" if bullet else "plain")


def _row(text: str, at: int) -> Iterator[Label]:
    if _TABLE_RULE.fullmatch(text):
        return
    cells = field_cells(text)
    if len(cells) == 2 and cells[0] and len(cells[0]) <= MAX_NAME:
        name = normal(cells[0].rstrip(":："))
        if name not in _HEADER_CELLS or normal(cells[1]) not in {"value", "details", "detail", "information"}:
            yield Label(name, cells[1], at, "table")


def cells_of(row: str) -> tuple[str, ...]:
    """The cells of a table's row, without the Markdown around their values."""
    parts = _BAR.split(row.strip())
    inner = parts[not parts[0] : len(parts) - (len(parts) > 1 and not parts[-1])]
    return tuple(cell.strip().strip("*`").strip().replace("\\|", "|") for cell in inner)


def field_cells(row: str) -> tuple[str, ...]:
    """The cells of a row that may be a field and its value: bars at both ends count for nothing, however many."""
    return cells_of(_OUTER_BARS.sub("", row))
