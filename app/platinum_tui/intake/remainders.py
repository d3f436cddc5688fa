"""What follows a text and may have been meant to be part of it: a cut that nobody asked for."""

from __future__ import annotations

import re

from platinum_tui.intake.bodies import Body
from platinum_tui.intake.document import Document, Place
from platinum_tui.intake.headings import Role
from platinum_tui.intake.labels import labels_of
from platinum_tui.intake.writers import Writer, writer_of
from platinum_tui.model.request import SourceKind

_OF_THE_REVIEW = re.compile(
    r"(?i)\b(?:approv\w*|reject\w*|review\w*|mov(?:e|ed|ing)|folder|vault|generated|created|drafted|prepared|posted"
    r"|scheduled?|status|instructions?|edit|request|agent|ai employee|claude|automat\w*|human|dashboard|ready|pending"
    r"|awaiting|submitted|note|expires?|plan|task|draft|confidence|risk|priority|hashtags?|characters|source|watcher"
    r"|orchestrator|reply|skill|tier)\b|\[[ xX]\]|\.md\b|#\w"
)
_MARKED = re.compile(r"\s*(?:[*_].*[*_]|[-*+>|✅❌⬜].*|!?\[.*)\s*")


def remainder(document: Document, body: Body) -> int | None:
    """The index of the line where more of a text seems to stand, below a rule or a heading that ended it.

    None where what follows is the reviewer's, a note, a label, or nothing; and for a text in a fence, which says where
    it ends.
    """
    if body.at and document.places[body.at - 1] is Place.FENCE:
        return None
    at = body.end
    while at < len(document.lines) and document.places[at] is Place.BLANK:
        at += 1
    if at == len(document.lines):
        return None
    if document.places[at] is Place.RULE:
        return _prose_below(document, at)
    if document.places[at] is Place.HEADING and body.source is SourceKind.SECTION:
        section = next(section for section in document.sections if section.start == at and section.level)
        nobodys = section.role is Role.OTHER and writer_of(section.title, texts=True) is not Writer.NOTE
        return at if nobodys and not section.original else None
    return None


def _prose_below(document: Document, rule: int) -> int | None:
    """The first line below a rule that reads like more of the text; None where the first one does not."""
    for at in range(rule + 1, len(document.lines)):
        place, line = document.places[at], document.shown[at]
        if place is Place.BLANK:
            continue
        ours = place is not Place.TEXT or _OF_THE_REVIEW.search(line) or _MARKED.fullmatch(line)
        return None if ours or any(True for _ in labels_of(line, at)) else at
    return None
