"""What follows a text and may have been meant to be part of it: a cut that nobody asked for."""

from __future__ import annotations

import re

from platinum_tui.intake.bodies import FOOTER, Body
from platinum_tui.intake.document import Document, Place, Section
from platinum_tui.intake.headings import Role, for_the_reviewer
from platinum_tui.intake.labels import labels_of
from platinum_tui.intake.writers import Writer, writer_of
from platinum_tui.model.request import SourceKind

_OF_THE_REVIEW = re.compile(
    r"(?i)\b(?:approv\w*|reject\w*|review\w*|folder|vault|generated|created|drafted|prepared|posted|scheduled?|status"
    r"|instructions?|agent|ai employee|claude|automat\w*|dashboard|pending|awaiting|submitted|expires?|confidence"
    r"|hashtags?|characters|watcher|orchestrator|tier)\b|\[[ xX]\]|\.md\b|#\w|/(?:Approved|Rejected|Done)\b"
)
_MARKED = re.compile(r"\s*(?:[*_].*[*_]|[>|✅❌⬜].*|!?\[.*)\s*")


def remainder(document: Document, body: Body) -> int | None:
    """The index of the line where more of a text seems to stand, below what ended it.

    None where what follows is the reviewer's, a remark, a label, or nothing.
    """
    if body.at and document.places[body.at - 1] is Place.FENCE:
        closing = next((at for at in range(body.at, body.end) if document.places[at] is Place.FENCE), body.end)
        below = range(closing + 1, body.end)
        return next((at for at in below if _reads_on(document, at) and not _speaks_to_the_reviewer(document, at)), None)
    following = next((section for section in document.sections[1:] if section.start >= body.end), None)
    for at in range(body.end, following.start if following else len(document.lines)):
        if document.places[at] in (Place.ORIGINAL, Place.NESTED) or _speaks_to_the_reviewer(document, at):
            return None
        if _reads_on(document, at):
            return at
    if following is None or following.original or body.source is SourceKind.BODY:
        return None
    return following.start if _may_go_on(following) else None


def _reads_on(document: Document, at: int) -> bool:
    """Whether a line reads like more of the text."""
    if document.places[at] is not Place.TEXT:
        return False
    line = document.shown[at]
    return not (FOOTER.fullmatch(line) or _MARKED.fullmatch(line) or any(True for _ in labels_of(line, at)))


def _speaks_to_the_reviewer(document: Document, at: int) -> bool:
    return document.places[at] is Place.TEXT and bool(_OF_THE_REVIEW.search(document.shown[at]))


def _may_go_on(section: Section) -> bool:
    """Whether a heading that ended a text may be one of its own: not where it speaks to the reviewer, or of a field."""
    if section.role in (Role.ORIGINAL, Role.DRAFT, Role.CONTENT, Role.PREVIEW) or for_the_reviewer(section.name):
        return False
    if section.name.startswith(("why ", "how ")):
        return False
    writer = writer_of(section.title, texts=True)
    return writer is not Writer.NOTE if section.role is Role.OTHER else writer is Writer.ANYBODY
