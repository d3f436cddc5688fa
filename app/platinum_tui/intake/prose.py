"""Prose: lines that are no label, no table and no word to the reviewer, and so may be anybody's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from platinum_tui.intake.document import Document, Place, Section
from platinum_tui.intake.headings import Role, for_the_reviewer, normal, role_of
from platinum_tui.intake.labels import Label, field_cells
from platinum_tui.intake.vocabulary import FIELDS, META_LABELS
from platinum_tui.intake.writers import Writer, names_somebody_else, words_in, writer_of

ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_TASK_BOX = re.compile(r"[ \t]*[-*+][ \t]+\[[ xX]\]")
_ONLY_A_LINK = re.compile(r"\s*(?:!?\[[^\]]*\]\([^)]*\)|`[^`]+`)\s*")
_INTRODUCES = re.compile(r"(?i)\b(?:approv\w*|review\w*|ready|following|below)\b")
_TOLD = re.compile(
    r"(?i)\b(?:e-?mails?|mails?|message|letter|states?|says?|reads?|sent|wrote|writes|informs?|asks?|our|we|us|your)\b"
    r"(?! approval)"
)
_SPOKEN = re.compile(r"(?i)\b(?:we|our|us|your?|please|dear|hi|hello|regards|i|writes?|wrote|says?|states?)\b")
_LONGEST_INTRODUCTION = 25
_LONGEST_VALUE = 8
"""Words that a label's value has at most, unless it is one that is written out."""
_FIELDS = frozenset(name.replace("_", " ") for kinds in FIELDS.values() for names in kinds.values() for name in names)
KNOWN = _FIELDS | {name.replace("_", " ") for name in META_LABELS} | {"title", "topic", "hook"}
_TEXTS = frozenset(["text", "body", "message", "caption", "content", "draft", "post content"])
_WRITTEN_OUT = frozenset(
    ["reason", "purpose", "description", "why", "justification", "impact", "subject", "title", "memo", "item", "action"]
)
_HEADS = KNOWN | {
    *("field", "key", "property", "item", "attribute", "parameter", "detail", "details", "name", "label", "what"),
    *("info", "metric"),
}
_SHORT_SECTION = 3

_VERB = re.compile(
    r"(?i)\b(?:wrote|writes|said|says|schrieb|schreibt|écrit|escribió|scritto|scrisse|schreef|escreveu|skrev|kirjoitti"
    r"|napisała?|написала?|пишет)\b"
)
_DASHED = re.compile(r"(?i)-{2,}\s*[^\W\d_][\w' ]{2,60}\s*-{2,}")
_FORWARDED = re.compile(r"(?i)begin forwarded message\b")
_LOOSE_TITLE = re.compile(
    r"(?i)#{1,6}(?![#\s]).*|<(?:h[1-6]|b|strong|em|i|u|summary|p)\b[^>]{0,80}>.*|([*_]{1,3})[^*_]{1,120}\1:?"
)
_TAG = re.compile(r"<[^>]{0,80}>")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")


def announces(line: str, following: str) -> bool:
    """Whether a line announces somebody else's words without being a heading.

    `On Monday Eve wrote:`, `-----Original Message-----`, `**Original Message**`, `<h2>Their email</h2>`, or such a
    title underlined by the line that follows.
    """
    text = line.strip(" \t>")
    if text.startswith("--"):
        return bool(_DASHED.match(text))
    bare = text.strip("*_ ")
    if _FORWARDED.match(bare) or (bare.endswith((":", "：")) and len(bare) < 400 and _VERB.search(bare)):
        return True
    titled = _LOOSE_TITLE.fullmatch(text) or bare.endswith((":", "：")) or _UNDERLINE.fullmatch(following)
    if not titled or len(text) > 200:
        return False
    title = _TAG.sub("", text).strip("#*_: \t：")
    words = normal(title).split()
    return 0 < len(words) <= 6 and (role_of(" ".join(words)) is Role.ORIGINAL or names_somebody_else(words))


def is_foreign_table(document: Document, at: int) -> bool:
    """Whether a table of two columns begins at an index whose head is neither `Field | Value` nor a label of ours."""
    line = document.shown[at].strip()
    if not line.startswith("|") or (at and document.shown[at - 1].lstrip().startswith("|")):
        return False
    cells = field_cells(line)
    return len(cells) == 2 and any(cells) and bool(cells[0]) and normal(cells[0]) not in _HEADS


class Prose:
    """The prose of one document.

    Args:
        document: its places.
        texts: whether the action sends a text, so that labels such as `Message:` are ours.
    """

    def __init__(self, document: Document, *, texts: bool) -> None:
        self._document = document
        self._texts = texts
        self._labels: dict[int, list[Label]] = {}
        for label in document.labels:
            self._labels.setdefault(label.at, []).append(label)

    def lines(self, own: Sequence[range]) -> Iterator[int]:
        """The indexes of the lines of prose outside our own texts."""
        for section in self._document.sections:
            ours = bool(section.level) and self._writer(section.title) is Writer.OURS
            if ours and section.name in KNOWN and self._is_short(section):
                continue
            note = bool(section.level) and self._writer(section.title) is Writer.NOTE
            for at in range(section.start, section.end):
                if self._document.places[at] is not Place.TEXT or any(at in lines for lines in own):
                    continue
                spoken = not for_the_reviewer(section.name) and _SPOKEN.search(self._document.shown[at])
                if self._is_prose(at) and (not note or spoken):
                    yield at

    def _is_short(self, section: Section) -> bool:
        said = range(section.start + 1, section.end)
        return sum(self._document.places[at] is Place.TEXT for at in said) <= _SHORT_SECTION

    def _is_prose(self, at: int) -> bool:
        line = self._document.shown[at]
        if line.lstrip().startswith("|") or _TASK_BOX.match(line) or _ONLY_A_LINK.fullmatch(line):
            return False
        if at in self._labels:
            return any(self._runs_on(label) for label in self._labels[at])
        if _INTRODUCES.search(line) and not _TOLD.search(line) and len(line.split()) <= _LONGEST_INTRODUCTION:
            return False
        text = ITEM.sub("", line).strip("*_: \t")
        titled = ITEM.match(line) or line.strip().startswith(("*", "_"))
        return not (titled and 0 < len(words_in(text)) <= 5 and self._writer(text) is not Writer.ANYBODY)

    def _runs_on(self, label: Label) -> bool:
        """Whether a label is no field but the beginning of what somebody says."""
        if label.name in _WRITTEN_OUT or (self._texts and label.name in _TEXTS):
            return False
        if label.name in KNOWN:
            return len(label.value.split()) >= _LONGEST_VALUE
        nobodys = not label.value and label.style == "plain" and self._writer(label.name) is Writer.ANYBODY
        return nobodys or len(label.value.split()) >= _LONGEST_VALUE or names_somebody_else(label.name.split())

    def _writer(self, text: str) -> Writer:
        return writer_of(text, texts=self._texts)
