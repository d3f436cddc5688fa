"""The places of a request's Markdown: sections, labels, tables and fences, and what must never be a source.

Own line scanner: a Markdown parser gives no line numbers, and what counts here is which line says what.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field
from functools import cached_property

from platinum_tui.intake.frames import framed_lines, quotes
from platinum_tui.intake.headings import Role, normal, role_of
from platinum_tui.intake.hidden import blanked
from platinum_tui.intake.labels import Label, labels_of

_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})[ \t]+(?P<title>.*?)(?:[ \t]+#+)?[ \t]*")
_FENCE = re.compile(r" {0,3}(?P<marks>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)")
RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})")
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]")
_SECOND_FRONT_MATTER = re.compile(r"[A-Za-z_][\w ]{0,40}:(?:\s.*)?")
MAX_PLACES = 400
"""More headings or labels than this are no request: comparing them all would take too long."""
MAX_LINES = 10_000
"""Nor are more lines than this, four times those of the longest file of prose: a line costs more than its letters."""
_MARKS = frozenset({"", *"#`~>-*_+ \t|•"})


class Place(enum.Enum):
    """What a line is."""

    TEXT = "text"
    BLANK = "blank"
    HEADING = "heading"
    RULE = "rule"
    FENCE = "fence"
    FENCED = "fenced"
    QUOTED = "quoted"
    NESTED = "nested"
    ORIGINAL = "original"


SOURCES = frozenset({Place.TEXT})
"""Only these lines hold labels that count."""


@dataclass(slots=True)
class Section:
    """A heading and the lines under it, up to the next heading. Lines count from 0, as in `Document.lines`."""

    title: str
    level: int
    start: int
    end: int
    original: bool = False

    @property
    def name(self) -> str:
        """The title as it is looked up."""
        return normal(self.title)

    @property
    def role(self) -> Role:
        """What the title says of the text under it."""
        return role_of(self.name)


@dataclass
class Document:
    """The text after the front matter, line by line.

    Attributes:
        lines: the lines as they stand.
        shown: the same lines, with comments and hidden elements blanked.
        places: what each line is.
        first_line: the number of the first line in the file.
    """

    lines: list[str]
    shown: list[str]
    places: list[Place]
    first_line: int
    sections: list[Section] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    label_lines: frozenset[int] = frozenset()

    def number(self, at: int) -> int:
        """The line number in the file of the line at an index."""
        return self.first_line + at

    @cached_property
    def original_text(self) -> str:
        """All text that was quoted from somebody else."""
        kept = (Place.ORIGINAL, Place.QUOTED, Place.NESTED)
        return "\n".join(line for line, place in zip(self.lines, self.places, strict=True) if place in kept)

    @cached_property
    def first_original(self) -> int | None:
        """The index of the first line that was quoted from somebody else without quote marks.

        A line that only names a file (`Source file: a.md`) quotes nobody.
        """
        for at, place in enumerate(self.places):
            if place is Place.ORIGINAL and self.lines[at].strip() and not quotes(self.lines[at]):
                labels = list(labels_of(self.shown[at], at))
                if not (labels and all(is_reference(label.value) for label in labels)):
                    return at
        return None


def plain_document(lines: list[str], first_line: int) -> Document:
    """Lines that are all text of one body: nothing in them is a source."""
    return Document(lines, lines, [Place.TEXT] * len(lines), first_line, [Section("", 0, 0, len(lines))])


def read_document(lines: list[str], first_line: int) -> Document:
    """The places of these lines.

    Raises:
        ValueError: there are more lines, headings or labels than any request has.
    """
    if len(lines) > MAX_LINES:
        raise ValueError("The file has more lines than any request; shorten it.")
    text = "\n".join(lines)
    shown = blanked(text).split("\n") if "<" in text else lines
    document = Document(lines, shown, [Place.BLANK] * len(lines), first_line)
    _Scan(document).run()
    for at, place in enumerate(document.places):
        if place is Place.TEXT and (":" in shown[at] or "|" in shown[at] or "：" in shown[at]):
            document.labels.extend(labels_of(shown[at], at))
            if len(document.labels) > MAX_PLACES:
                raise ValueError("The file has more labels than any request; shorten it.")
    document.label_lines = frozenset(label.at for label in document.labels)
    return document


class _Scan:
    """One pass over the lines: fences, headings, quotes, second front matters and originals."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._fence = ""
        self._in_quote = False
        self._original_level: int | None = None
        self._original_begins = False
        self._original_titled = False
        self._bold = 0
        document.sections.append(Section("", 0, 0, len(document.lines)))

    def run(self) -> None:
        at, shown, places = 0, self._document.shown, self._document.places
        framed = framed_lines(shown)
        while at < len(shown):
            line = shown[at]
            if not self._fence and line[:1] not in _MARKS and "**" not in line and at not in framed:
                self._original_begins = False
                places[at] = self._text(Place.QUOTED if self._in_quote else Place.TEXT)
                at += 1
                continue
            if not self._fence and (at in framed or quotes(line)):
                self._original_begins = False
                self._in_quote = at not in framed and bool(line.strip("> \t"))
                places[at] = self._text(Place.QUOTED)
                at += 1
                continue
            end = self._second_front_matter(at) if line.startswith("---") else None
            if end:
                places[at:end] = [Place.NESTED] * (end - at)
                at = end
                continue
            places[at] = self._place(at, line)
            if self._in_quote and places[at] is Place.TEXT and not _ITEM.match(line):
                places[at] = Place.QUOTED
            else:
                self._in_quote = False
            at += 1

    def _place(self, at: int, line: str) -> Place:
        if not line.strip():
            return (
                Place.FENCED if self._fence else (Place.ORIGINAL if self._original_level is not None else Place.BLANK)
            )
        if self._fence or line.lstrip(" ")[:1] in "`~":
            fence = _FENCE.fullmatch(line)
            if self._fence:
                if fence and fence["marks"].startswith(self._fence) and not fence["info"].strip():
                    self._fence = ""
                    return self._text(Place.FENCE)
                return self._text(Place.FENCED)
            if fence:
                self._fence = fence["marks"]
                return self._text(Place.FENCE)
        heading = _HEADING.fullmatch(line) if "#" in line[:10] else None
        if heading:
            return self._heading(at, len(heading["marks"]), heading["title"].strip().strip("*_ "))
        self._original_begins = False
        if RULE.fullmatch(line):
            return self._text(Place.RULE)
        if self._is_code(at, line):
            return self._text(Place.FENCED)
        self._label(line)
        return self._text(Place.TEXT)

    def _is_code(self, at: int, line: str) -> bool:
        """Whether a line is indented code: four columns after a blank line, and in no list (CommonMark 0.31.2, 4.4)."""
        if not line.startswith(("    ", "\t")):
            return False
        shown, places = self._document.shown, self._document.places
        if at and places[at - 1] is Place.FENCED and shown[at - 1].startswith(("    ", "\t")):
            return True
        if at and shown[at - 1].strip() and places[at - 1] is not Place.HEADING:
            return False
        above = next((line for line in reversed(shown[max(0, at - 40) : at]) if line.strip()), "")
        return not (_ITEM.match(above) or above.startswith((" ", "\t")))

    def _text(self, place: Place) -> Place:
        return Place.ORIGINAL if self._original_level is not None else place

    def _heading(self, at: int, level: int, title: str) -> Place:
        """A heading ends an original, unless it is deeper or means nothing to us.

        An original that begins with a heading is a document of its own: only a draft's heading is surely not its.
        """
        role = role_of(normal(title))
        self._original_titled = self._original_level is not None and (self._original_titled or self._original_begins)
        self._original_begins = False
        if self._original_level is not None and (
            role is Role.OTHER or level > self._original_level or (self._original_titled and role is not Role.DRAFT)
        ):
            return Place.ORIGINAL
        original = role is Role.ORIGINAL
        self._original_level = level if original else None
        self._original_begins = original
        sections = self._document.sections
        if len(sections) > MAX_PLACES:
            raise ValueError("The file has more headings than any request; shorten it.")
        sections[-1].end = at
        sections.append(Section(title, level, at, len(self._document.lines), original))
        return Place.HEADING

    def _label(self, line: str) -> None:
        """A bold label can begin an original (`**Original Message:**`) or, after one that it began, end it."""
        if not line.lstrip(" -*+>").strip() or "**" not in line or ":" not in line:
            return
        self._bold += 1
        if self._bold > MAX_PLACES:
            raise ValueError("The file has more labels than any request; shorten it.")
        label = next(iter(labels_of(line, 0)), None)
        if label is None or label.style != "bold":
            return
        role = role_of(label.name)
        if role is Role.ORIGINAL and not is_reference(label.value):
            if self._original_level is None:
                self._original_level = 7
        elif role in {Role.DRAFT} and self._original_level == 7:
            self._original_level = None

    def _second_front_matter(self, at: int) -> int | None:
        """The end of a block `---`, `key: value` lines, `---` inside the text, if one begins here."""
        shown = self._document.shown
        if self._fence or shown[at].strip() != "---" or at + 1 >= len(shown):
            return None
        if not _SECOND_FRONT_MATTER.fullmatch(shown[at + 1]):
            return None
        for end in range(at + 1, min(at + 60, len(shown))):
            line = shown[end]
            if line.strip() == "---":
                return end + 1
            if not (_SECOND_FRONT_MATTER.fullmatch(line) or line.startswith((" ", "- ", "\t"))):
                return None
        return None


def is_file(value: str) -> bool:
    """Whether a value is the name of a file, or a link of Obsidian to one."""
    return bool(re.fullmatch(r"[`\[]*[\w ./:()-]{1,120}\.(?:md|json|txt|eml)[`\]]*|\[\[[^\]]+\]\]", value.strip()))


def is_reference(value: str) -> bool:
    """Whether a label such as `Original Task:` only names a file or an id."""
    return is_file(value) or bool(re.fullmatch(r"`[^`]+`|\w[\w-]{0,59}", value))
