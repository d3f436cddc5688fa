"""Dashboard.md as text with places in it: only a place is edited, every other byte stays what it is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from platinum_tui.model.errors import Failed

if TYPE_CHECKING:
    from platinum_tui.dashboard.outline import Block

RECENT_ACTIVITY = "Recent Activity"
_HEADINGS = frozenset({"atx_heading", "setex_heading"})
_LITERAL = frozenset({"head", "fenced_code", "indent_code"})
_LINE_END = re.compile(r"\r\n|\r|\n")
_LINE_FEED = re.compile(r"\r?\n")
_EMPHASIS = re.compile(r"[*_`]+")
_TOOL_BLOCK = re.compile(r"<!--\s*(?P<name>[^<>]*?)[:\s_-]*\b(?P<edge>START|BEGIN|END)\s*-->", re.IGNORECASE)


class Edit(NamedTuple):
    """The characters from start to end become another text."""

    start: int
    end: int
    text: str


class Section(NamedTuple):
    """What stands under a heading: from the line after it to the next heading of any level, or the end."""

    start: int
    end: int


class Document:
    """A text, its headings and its lists.

    Attributes:
        text: the whole text, with its own line ends; bytes that are no UTF-8 are surrogate escapes.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @classmethod
    def decode(cls, data: bytes) -> Document:
        """The document in a file's bytes; `encode` gives the same bytes back, whatever they are."""
        return cls(data.decode("utf-8", "surrogateescape"))

    def encode(self) -> bytes:
        """The document as a file's bytes."""
        return self.text.encode("utf-8", "surrogateescape")

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of the top level, in order."""
        from platinum_tui.dashboard.outline import outline

        return outline(self.text)

    @cached_property
    def line_end(self) -> str:
        """The text's own line end: the first CRLF or LF that stands in it, else CR where it has that, else LF."""
        found = _LINE_FEED.search(self.text)
        return found.group() if found else "\r" if "\r" in self.text else "\n"

    @property
    def literal(self) -> tuple[Block, ...]:
        """Code blocks and front matter: what stands in them only looks like headings and markers."""
        return tuple(block for block in self.blocks if block.kind in _LITERAL)

    def section(self, title: str, level: int | None = None) -> Section | None:
        """The first section of a title (any case, emphasis aside), outside the blocks of other tools.

        Args:
            title: the heading's words.
            level: the heading's level, 1 to 6; None: any.
        """
        return self._sections.get((_folded(title), level))

    def lists(self, section: Section) -> tuple[Block, ...]:
        """The lists that stand in a section."""
        return tuple(b for b in self.blocks if b.kind == "list" and section.start <= b.start < section.end)

    def edited(self, edits: Iterable[Edit]) -> Document:
        """The document after edits that do not overlap."""
        parts, at = [], 0
        for edit in sorted(edits):
            parts += [self.text[at : edit.start], edit.text]
            at = edit.end
        return Document("".join([*parts, self.text[at:]]))

    def with_section(self, title: str) -> tuple[Document, Section]:
        """The document with a section of level 2, and that section; a missing one is made at the end.

        A text that ends inside something never closed (a fence, a comment) gets the section in front of that.

        Raises:
            Failed: there is no place for a heading.
        """
        places = (len(self.text), *(block.start for block in self.blocks[-1:] if block.kind != "head"))
        for document in itertools.chain([self], (self._with_heading(title, at) for at in places)):
            if section := document.section(title, 2):
                return document, section
        raise Failed(f"Dashboard.md has no place for the heading {title!r}.")

    def _with_heading(self, title: str, at: int) -> Document:
        before = self.text[:at].removeprefix("\ufeff")
        end = self.line_end
        ends = len(_LINE_END.findall(before[len(before.rstrip("\r\n")) :]))
        gap = end * max(0, (2 if before.strip() else bool(before)) - ends)
        after = 2 * end if at < len(self.text) else end if ends or not before else ""
        return self.edited([Edit(at, at, f"{gap}## {title}{after}")])

    @cached_property
    def _sections(self) -> Mapping[tuple[str, int | None], Section]:
        """The first section of each title, by title and level, and by title alone."""
        headings = [block for block in self.blocks if block.kind in _HEADINGS]
        sections: dict[tuple[str, int | None], Section] = {}
        for heading, following in itertools.zip_longest(headings, headings[1:]):
            if not any(start <= heading.start < end for start, end in self._tool_blocks):
                section = Section(heading.end, following.start if following else len(self.text))
                sections.setdefault((_folded(heading.title), heading.level), section)
                sections.setdefault((_folded(heading.title), None), section)
        return sections

    @cached_property
    def _tool_blocks(self) -> tuple[tuple[int, int], ...]:
        """The spans between another tool's `<!-- NAME:START -->` and `<!-- NAME:END -->`."""
        spans, opened = [], dict[str, int]()
        for block in self.blocks:
            found = _TOOL_BLOCK.match(self.text[block.start : block.end].strip()) if block.kind == "raw_html" else None
            if found and found["edge"].upper() != "END":
                opened[found["name"]] = block.start
            elif found and found["name"] in opened:
                spans.append((opened.pop(found["name"]), block.end))
        return tuple(spans)


def _folded(title: str) -> str:
    return " ".join(_EMPHASIS.sub("", title).casefold().split())
