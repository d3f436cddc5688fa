"""The program's lines in one section: newest first, among whatever a person wrote there."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from platinum_tui.dashboard.document import Document, Edit, Section
from platinum_tui.dashboard.line import read_line

_LINES = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")


class Standing(NamedTuple):
    """One of the program's lines where it stands.

    Attributes:
        text: the line without its line end.
        time: when it says it happened, to the second.
        reference: what it ends with.
        start, end: its offsets in the document, with its line end.
        owned: False where a person's words hang beneath it; such a line is never taken away.
    """

    text: str
    time: datetime
    reference: str
    start: int
    end: int
    owned: bool


def lines_in(document: Document, section: Section) -> list[Standing]:
    """The program's lines in a section, from top to bottom. What only looks like one inside code is none."""
    found: list[Standing] = []
    for block in document.lists(section):
        rows = [row for row in _LINES.finditer(document.text, block.start, block.end) if row.group()]
        for row, following in itertools.zip_longest(rows, rows[1:]):
            if known := read_line(row[1]):
                owned = following is None or following[1][:1] not in (" ", "\t")
                found.append(Standing(row[1], *known, row.start(), row.end(), owned))
    return found


def insertions(
    document: Document,
    section: Section,
    standing: Sequence[Standing],
    lines: Sequence[tuple[datetime, str]],
) -> list[Edit]:
    """The edits that put new lines among the standing ones; of one second, the new one goes first.

    Args:
        document: the document.
        section: the section, of this document.
        standing: the program's lines in it.
        lines: time (to the second) and text of each new line, newest first.
    """
    waiting, edits, end = list(reversed(lines)), list[Edit](), document.line_end
    for each in standing:
        ahead = []
        while waiting and waiting[-1][0] >= each.time:
            ahead.append(waiting.pop()[1] + end)
        if ahead:
            edits.append(Edit(each.start, each.start, "".join(ahead)))
    if waiting:
        rest = [text for _, text in reversed(waiting)]
        last = _block(document, _behind(document, standing[-1]), rest) if standing else _first(document, section, rest)
        edits.append(last)
    return edits


def _behind(document: Document, last: Standing) -> int:
    """Where the item of a line ends, with what a person hung beneath it."""
    at = last.end
    for row in _LINES.finditer(document.text, last.end):
        if row[1][:1] not in (" ", "\t") or not row[1].strip():
            break
        at = row.end()
    return at


def _first(document: Document, section: Section, lines: Sequence[str]) -> Edit:
    """The program's first lines in a section: right under the heading, or under the blank line that follows it."""
    blank = _LINES.match(document.text, section.start, section.end)
    at = blank.end() if blank and blank.group() and not blank[1].strip() else section.start
    made = _block(document, at, lines)
    bare = at == section.start and at == len(document.text)
    return made._replace(text=document.line_end + made.text) if bare else made


def _block(document: Document, at: int, lines: Iterable[str]) -> Edit:
    """Lines as a block of their own at the start of a line, or at the end of a text whose last line is open."""
    text, end = document.text, document.line_end
    body = end.join(lines)
    if at and text[at - 1] not in "\r\n":
        return Edit(at, at, end + body)
    following = _LINES.match(text, at)
    words = following[1] if following else ""
    joins = at == len(text) or not words.strip() or words.startswith("- ")
    return Edit(at, at, body + end if joins else body + 2 * end)
