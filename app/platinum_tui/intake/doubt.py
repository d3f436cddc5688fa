"""The lines of a file that a stranger may have steered: from the first words that are not surely ours on.

What is ours is known, what is theirs is not: strangers write in any language, and under any heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from platinum_tui.intake.document import Document, Place, Section, is_reference
from platinum_tui.intake.headings import Role, normal, role_of
from platinum_tui.intake.labels import labels_of
from platinum_tui.intake.writers import Writer, holds_a_message, names_somebody_else, words_in, writer_of

_VERB = re.compile(
    r"(?i)\b(?:wrote|writes|said|says|schrieb|schreibt|écrit|escribió|scritto|scrisse|schreef|escreveu|skrev|kirjoitti"
    r"|napisała?|написала?|пишет)\b"
)
_DASHED = re.compile(r"(?i)-{2,}\s*[^\W\d_][\w' ]{2,60}\s*-{2,}")
_FORWARDED = re.compile(r"(?i)begin forwarded message\b")
_LOOSE_TITLE = re.compile(
    r"(?i)#{1,6}(?![#\s]).*|<(?:h[1-6]|b|strong|em|i|u|summary|p)\b[^>]{0,80}>.*|([*_]{1,3})[^*_]{1,120}\1:?"
)
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_MOST_ITEMS = 60
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


@dataclass(frozen=True, slots=True)
class Doubt:
    """The lines of a document that a stranger may have steered.

    Attributes:
        begins: the index of the first line from which on nobody can tell who wrote it; None where there is none.
        notes: the sections that tell about the request and are no source of it.
    """

    begins: int | None
    notes: tuple[range, ...]

    def covers(self, at: int) -> bool:
        """Whether the line at an index is in doubt."""
        return (self.begins is not None and at >= self.begins) or any(at in lines for lines in self.notes)


def doubt_in(document: Document, own: Sequence[range], *, texts: bool) -> Doubt:
    """Where a stranger may speak in a document.

    Args:
        document: its places.
        own: the lines of the texts that would go out; a heading in one of them is part of it.
        texts: whether the action sends a text.
    """
    begins = [at for at in _beginnings(document, own, texts) if at is not None]
    notes = [
        range(section.start, section.end)
        for section in document.sections[1:]
        if not section.original and writer_of(section.title, texts=texts) is Writer.NOTE
    ]
    notes += [range(label.at, label.at + 1) for label in document.labels if _is_below_a_note(document, label.at)]
    return Doubt(min(begins, default=None), tuple(notes))


def _is_below_a_note(document: Document, at: int) -> bool:
    """Whether the item of a list at an index hangs below one that is no heading of ours (`- Context`)."""
    indent = _indent(document.shown[at])
    if not indent or not _ITEM.match(document.shown[at]):
        return False
    for above in range(at - 1, max(-1, at - _MOST_ITEMS), -1):
        line = document.shown[above]
        if document.places[above] not in (Place.TEXT, Place.BLANK):
            return False
        if _ITEM.match(line) and _indent(line) < indent:
            title = _ITEM.sub("", line).strip("*_: \t")
            stands_alone = not any(label.value for label in labels_of(line, above))
            return stands_alone and writer_of(title, texts=True) is not Writer.OURS
    return False


def _is_title(document: Document, section: Section) -> bool:
    """Whether a heading is the file's title: the first of the highest level, with nothing above and only labels below.

    Who quotes a message writes prose, or whom it is from.
    """
    if section is not document.sections[1] or section.level != 1 or names_somebody_else(words_in(section.title)):
        return False
    if any(place is not Place.BLANK for place in document.places[: section.start]):
        return False
    below = range(section.start + 1, section.end)
    empty = (Place.BLANK, Place.RULE)
    if any(document.places[at] not in empty and at not in document.label_lines for at in below):
        return False
    return not any(label.name == "from" for label in document.labels if label.at in below)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _beginnings(document: Document, own: Sequence[range], texts: bool) -> Iterator[int | None]:
    yield document.first_original
    for section in document.sections[1:]:
        inside = any(section.start in lines and section.start != lines.start for lines in own)
        if section.original or inside or _is_title(document, section):
            continue
        if writer_of(section.title, texts=texts) is Writer.ANYBODY:
            yield section.start
            break
    for label in document.labels:
        quoted = role_of(label.name) is Role.ORIGINAL and holds_a_message(label.name.split())
        if quoted and label.value and not is_reference(label.value):
            yield label.at
            break
    lines = [*document.shown, ""]
    for at, place in enumerate(document.places):
        if place is Place.TEXT and announces(lines[at], lines[at + 1]):
            yield at
            break
