"""The lines of a file that a stranger may have steered: from the first words that are not surely ours on.

What is ours is known, what is theirs is not: strangers write in any language, under any heading, and under none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from platinum_tui.intake.document import Document, Place, Section, is_file
from platinum_tui.intake.headings import Role, role_of
from platinum_tui.intake.labels import labels_of
from platinum_tui.intake.prose import ITEM, Prose, announces, is_foreign_table
from platinum_tui.intake.writers import (
    Writer,
    asks_for_something,
    holds_a_message,
    may_list_fields,
    names_somebody_else,
    words_in,
    writer_of,
)

_MOST_ITEMS = 60
_SENDERS = frozenset({"from", "sent", "sender"})
"""Labels with which a message that came in begins."""


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
    notes = [
        range(section.start, section.end)
        for section in _notes(document, texts)
        if not (may_list_fields(section.title) and _holds_labels_only(document, section))
    ]
    hanging = [range(label.at, label.at + 1) for label in document.labels if _hangs_on_a_note(document, label.at)]
    begins = min(_beginnings(document, own, texts), default=None)
    return Doubt(begins, (*notes, *hanging))


def _notes(document: Document, texts: bool) -> list[Section]:
    return [
        section
        for section in document.sections[1:]
        if not section.original and writer_of(section.title, texts=texts) is Writer.NOTE
    ]


def _holds_labels_only(document: Document, section: Section) -> bool:
    """Whether a section is a list of fields."""
    said = [at for at in range(section.start, section.end) if document.places[at] is Place.TEXT]
    return bool(said) and all(at in document.label_lines or document.shown[at].lstrip()[:1] == "|" for at in said)


def _beginnings(document: Document, own: Sequence[range], texts: bool) -> Iterator[int]:
    """The first line of each sort that a stranger may have written."""
    yield from _first(section.start for section in document.sections[1:] if _is_original(document, section))
    yield from _first(
        section.start
        for section in document.sections[1:]
        if not section.original
        and not any(section.start in lines and section.start != lines.start for lines in own)
        and not _is_title(document, section, texts)
        and writer_of(section.title, texts=texts) is Writer.ANYBODY
    )
    if document.first_original is not None:
        yield document.first_original
    outside = [label for label in document.labels if not any(label.at in lines for lines in own)]
    yield from _first(label.at for label in outside if label.name in _SENDERS)
    yield from _first(label.at for label in document.labels if _quotes(label.name, label.value))
    yield from _first(
        at
        for at, place in enumerate(document.places)
        if place is Place.TEXT and (_announced(document, at) or is_foreign_table(document, at))
    )
    yield from _first(Prose(document, texts=texts).lines(own))


def _first(found: Iterator[int]) -> Iterator[int]:
    at = next(found, None)
    if at is not None:
        yield at


def _announced(document: Document, at: int) -> bool:
    following = document.shown[at + 1] if at + 1 < len(document.shown) else ""
    return announces(document.shown[at], following)


def _quotes(name: str, value: str) -> bool:
    """Whether a label stands before the words of somebody else (`Original message: we have a new bank`)."""
    return bool(value) and role_of(name) is Role.ORIGINAL and holds_a_message(name.split()) and not is_file(value)


def _is_original(document: Document, section: Section) -> bool:
    """Whether a section quotes somebody; one that only names files does not."""
    if not section.original:
        return False
    said = [document.shown[at] for at in range(section.start + 1, section.end) if document.shown[at].strip()]
    labels = [label for line in said for label in labels_of(line, 0)]
    listed = len(labels) == len(said) and any(is_file(label.value) for label in labels)
    marked = bool(said) and all(line.lstrip().startswith(">") for line in said)
    return not said or not (marked or listed or all(is_file(line) for line in said))


def _hangs_on_a_note(document: Document, at: int) -> bool:
    """Whether the item of a list at an index hangs below one that is no heading of ours (`- Context`)."""
    indent = _indent(document.shown[at])
    if not indent:
        return False
    for above in range(at - 1, max(-1, at - _MOST_ITEMS), -1):
        line = document.shown[above]
        if document.places[above] not in (Place.TEXT, Place.BLANK):
            return False
        if ITEM.match(line) and _indent(line) < indent:
            label = next(labels_of(line, above), None)
            title = label.name if label else ITEM.sub("", line).strip("*_: \t")
            return writer_of(title, texts=True) is not Writer.OURS
    return False


def _is_title(document: Document, section: Section, texts: bool) -> bool:
    """Whether a heading is the file's title: the first of the highest level, with nothing above and only labels below.

    Who quotes a message writes prose, or whom it is from; over the fields of a payment the title has to ask for it.
    """
    if section is not document.sections[1] or section.level != 1 or names_somebody_else(words_in(section.title)):
        return False
    if any(place is not Place.BLANK for place in document.places[: section.start]):
        return False
    below = range(section.start + 1, section.end)
    empty = (Place.BLANK, Place.RULE)
    if any(document.places[at] not in empty and at not in document.label_lines for at in below):
        return False
    names = {label.name for label in document.labels if label.at in below}
    return not names & _SENDERS and (texts or not names or asks_for_something(section.title))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
