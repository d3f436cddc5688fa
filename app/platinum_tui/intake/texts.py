"""The text that goes out: one source, no placeholder, within its platform's limit."""

from __future__ import annotations

from platinum_tui.intake.draft import Draft, free_text
from platinum_tui.intake.kinds import KindReading
from platinum_tui.intake.placeholders import placeholder_in
from platinum_tui.intake.remainders import remainder
from platinum_tui.intake.remarks import remark_in
from platinum_tui.intake.values import Raw
from platinum_tui.intake.vocabulary import SENDER
from platinum_tui.model.request import ProblemCode, Source, SourceKind
from platinum_tui.model.text_length import TextLength

_OF_THE_FILE = frozenset({SourceKind.SECTION, SourceKind.LABEL, SourceKind.BODY})


def take_text(draft: Draft, name: str, reading: KindReading) -> None:
    """Reads the text of a mail, a message or a post; not where the file holds several."""
    inbound = reading.reply and not reading.draft and bool(draft.sources.in_head(SENDER))
    candidates = draft.sources.texts(draft.kind, reply=reading.reply, inbound=inbound)
    offered = [body for body in draft.sources.bodies if body.several]
    if offered or (reading.several and len(candidates) > 1):
        if not reading.several:
            draft.disagree(name)
        return
    found = draft.agreed(name, candidates, _written, same=lambda text: " ".join(text.split()))
    if not found:
        return
    text, source = found[0], found[1].source
    draft.put(name, text, source)
    if draft.sources.is_anybodys_text(found[1]):
        draft.distrust(name)
    _whole(draft, name, source)
    remark = remark_in(text) if source.source in _OF_THE_FILE and not draft.sources.canonical else None
    if remark is not None:
        draft.findings.problem(
            ProblemCode.DISAGREEING_SOURCES,
            f"The text holds {remark.strip()[:60]!r}, which seems to be no part of it; take it out, or put the text"
            " between ``` lines without it.",
            name,
        )
    placeholder = placeholder_in(text)
    if placeholder:
        is_html = placeholder.startswith("<") and f"</{placeholder[1:]}" in text
        said = (
            f"The text holds {placeholder!r}, which is HTML and would go out as it stands; take it out."
            if is_html
            else f"The text still holds {placeholder[:60]!r}, which was meant to be filled in."
        )
        draft.findings.problem(ProblemCode.PLACEHOLDER, said, name)


def _whole(draft: Draft, name: str, source: Source) -> None:
    """Notes a text that seems to go on below the rule or heading that ended it."""
    document = draft.sources.document
    body = next((body for body in draft.sources.bodies if document.number(body.at) == source.line), None)
    at = remainder(document, body) if body else None
    if at is not None:
        draft.findings.problem(
            ProblemCode.DISAGREEING_SOURCES,
            f"The text may go on in line {document.number(at)}, below the rule or heading that ended it;"
            " put all of it between ``` lines, or take the rest out.",
            name,
        )


def check_length(draft: Draft, name: str, length: TextLength, taker: str) -> None:
    """Notes a text that is longer than who is to take it takes."""
    if not length.fits:
        draft.findings.problem(ProblemCode.TOO_LONG, f"The text is too long for {taker}: {length}; shorten it.", name)


def _written(value: Raw) -> str:
    text = free_text(value)
    return text.strip("\n") if text.strip() else ""
