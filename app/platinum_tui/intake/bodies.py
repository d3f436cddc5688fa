"""The text that would go out: a draft section, a body label, a fence in it, or the bare text of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from platinum_tui.intake.document import RULE, Document, Place, Section
from platinum_tui.intake.headings import Role, for_the_reviewer, normal, role_of
from platinum_tui.intake.labels import Label, labels_of
from platinum_tui.intake.vocabulary import META_LABELS
from platinum_tui.model.request import SourceKind

_POINTER = re.compile(
    r"(?i)\(?\W*(?:see|refer to|as|in)\b.{0,60}\b(?:below|above|draft|section|attached|file|content)\b.{0,20}"
)
_FILE = re.compile(r"[`\[]*[\w ./()+-]{1,160}\.(?:md|txt|json|eml|docx?|html)[`\]]*")
_PLAIN_HEADERS = frozenset({"to", "subject", "cc", "bcc", "from", "date"})
_PLAIN_BODIES = frozenset(
    {
        "body",
        "message",
        "caption",
        "content",
        "email body",
        "post content",
        "reply",
        "message body",
        "draft reply",
        "tweet",
    }
)
FOOTER = re.compile(
    r"\s*[*_]{1,2}(?:created|generated|draft(?:ed)?|made|prepared|sent|this|posted|awaiting|auto)\b.*[*_]{1,2}\s*"
    r"|\s*[*_]{0,2}\(?(?:character count: )?\d{1,5}(?: ?/ ?\d{1,5})? (?:characters|chars|words)\)?[*_]{0,2}\s*"
    r"|\s*[*_]{0,2}notes? (?:to|for) (?:the |a )?(?:reviewer|approver|human|manager)\b[*_]{0,2}:.*",
    re.IGNORECASE,
)
_REMARK = re.compile(r"(?i)\b(?:characters|chars|words|reviewer|approver)\b")
_CALLOUT = re.compile(r" {0,3}>\s*\[!\w+\][+-]?(?P<said>.*)")
"""A callout of Obsidian, in which a vault's scripts note what became of a file."""
_NOTES_FAILURE = re.compile(r"(?i)\W*(?:\w+ )?(?:failed|failure|error|retry|rejected)\b.*")
_NOTES_SUCCESS = re.compile(r"(?i)\W*(?:successfully )?(?:posted|sent|published|executed|done|completed|paid)\b.*")
_PREVIEW_OF_ALL = re.compile(r"(?:(?:e ?mail|message|post|tweet|reply) )?(?:content|body|text) preview")
_META_TITLE = re.compile(r"\b(?:approv\w*|review|required|pending|request\w*)\b")


@dataclass(frozen=True, slots=True)
class Body:
    """A text that would go out.

    Attributes:
        text: as it stands in the file.
        at: the index of its first line.
        end: the index after its last line.
        role: what the heading or label over it says.
        source: what kind of place it is.
        headers: labels that stood before it and belong to it (`Subject:`).
        several: its place holds more than one draft.
    """

    text: str
    at: int
    end: int
    role: Role
    source: SourceKind
    headers: tuple[Label, ...] = field(default=())
    several: bool = False


def bodies_of(document: Document) -> list[Body]:
    """Every text that a heading or label offers; empty ones too, so that an empty draft is known to be one."""
    found: list[Body] = []
    covered: list[range] = []
    sections = [section for section in document.sections[1:] if not section.original]
    for section in sections:
        if section.role not in (Role.DRAFT, Role.CONTENT) or _only_holds_others(document, section):
            continue
        if _is_title_over_labels(document, section):
            continue
        end = _end_of(document, section)
        found.append(_extracted(document, section.start + 1, end, section.role, SourceKind.SECTION))
        covered.append(range(section.start, end))
    for label in document.labels:
        if any(label.at in lines for lines in covered) or not _names_a_body(label):
            continue
        body = _labelled(document, label)
        if not _points_elsewhere(body.text.strip()):
            found.append(body)
            covered.append(range(label.at, body.end))
    return found


def _only_holds_others(document: Document, section: Section) -> bool:
    """Whether a heading is the title of the file or of sections, one of which holds the text."""
    inner: list[Section] = []
    for other in document.sections:
        if other.start > section.start:
            if other.level <= section.level:
                break
            inner.append(other)
    holds = any(other.role in (Role.DRAFT, Role.CONTENT) for other in inner)
    own = _extracted(document, section.start + 1, section.end, section.role, SourceKind.SECTION)
    return holds and (section is document.sections[1] or not own.text.strip())


def _is_title_over_labels(document: Document, section: Section) -> bool:
    """Whether a heading only titles a file whose text stands after a label (`**Reply:**`)."""
    first = section is document.sections[1] and section.level == 1
    text = _extracted(document, section.start + 1, section.end, section.role, SourceKind.SECTION).text if first else "-"
    return first and not text.strip() and any(_names_a_body(label) for label in document.labels)


def _points_elsewhere(text: str) -> bool:
    return bool(_POINTER.fullmatch(text) or _FILE.fullmatch(text))


def bare_body(document: Document) -> Body | None:
    """The text of a file that has no heading for it: all of it, after a title and labels, up to a rule or a heading."""
    start, end = 0, len(document.lines)
    for number, section in enumerate(document.sections[1:]):
        titled = number == 0 and section.level <= 2 and not _any_text(document, 0, section.start)
        if section.original or section.role is (Role.PREVIEW if titled else Role.OTHER):
            return None
        if titled and _goes_on(document, section):
            return None
        if titled and not _META_TITLE.search(section.name):
            start = section.start + 1
        elif titled:
            return None
        else:
            end = min(end, section.start)
    body = _extracted(document, start, end, Role.OTHER, SourceKind.BODY)
    return body if body.text.strip() else None


def _goes_on(document: Document, first: Section) -> bool:
    """Whether the first heading is no title: others of its level stand over more of what may be the text."""
    return any(
        other.level == first.level and not other.original and not _is_about(other)
        for other in document.sections
        if other.start > first.start
    )


def _is_about(section: Section) -> bool:
    return for_the_reviewer(section.name) and section.name != "call to action"


def previewed(document: Document) -> Body | None:
    """The one text under a heading such as `Post content preview`; None where it is cut short."""
    found = [
        _extracted(document, section.start + 1, section.end, Role.PREVIEW, SourceKind.SECTION)
        for section in document.sections[1:]
        if not section.original and _PREVIEW_OF_ALL.fullmatch(section.name)
    ]
    whole = [body for body in found if body.text.strip() and not body.text.rstrip().endswith(("...", "…"))]
    return whole[0] if len(whole) == len(found) == 1 else None


def says_done(document: Document) -> bool:
    """Whether a callout at the end notes that the thing was done."""
    return any(
        (note := _CALLOUT.fullmatch(document.shown[at])) and _NOTES_SUCCESS.fullmatch(note["said"])
        for at in _trailing_quotes(document, len(document.lines))
    )


def _trailing_quotes(document: Document, end: int) -> range:
    """The quoted lines with which a text ends."""
    at = end
    while at and document.places[at - 1] in (Place.QUOTED, Place.BLANK):
        at -= 1
    return range(at, end)


def _any_text(document: Document, start: int, end: int) -> bool:
    return any(document.places[at] not in (Place.BLANK, Place.RULE) for at in range(start, end))


def _end_of(document: Document, section: Section) -> int:
    """A section's end: deeper headings that mean nothing to us are part of its text.

    A heading without a line of its own under it is a title: no text begins with headings about it.
    """
    end = section.end
    if not _any_text(document, section.start + 1, end):
        return end
    for following in document.sections:
        if following.start == end and following.level > section.level and _is_text(following):
            end = following.end
    return end


def _is_text(section: Section) -> bool:
    return section.role in (Role.OTHER, Role.STRUCTURE) and not for_the_reviewer(section.name)


def _names_a_body(label: Label) -> bool:
    if label.style == "plain":
        return label.name in _PLAIN_BODIES
    if label.style == "table":
        return label.name in {"body", "message", "caption", "post content", "text"}
    if label.name == "draft" and label.style == "list":
        return False
    return role_of(label.name) in (Role.DRAFT, Role.CONTENT)


def _labelled(document: Document, label: Label) -> Body:
    role = role_of(label.name)
    if label.style == "table" or (label.style == "list" and label.value):
        return Body(label.value, label.at, label.at + 1, role, SourceKind.LABEL)
    end = label.at + 1
    while end < len(document.lines) and document.places[end] not in (Place.HEADING, Place.ORIGINAL):
        end += 1
    if (
        label.style == "bold"
        and document.shown[label.at].lstrip()[:1] in "-*+•"
        and label.value
        and _listed(document, label.at)
    ):
        return Body(label.value, label.at, label.at + 1, role, SourceKind.LABEL)
    if label.value:
        inner = _extracted(document, label.at + 1, end, role, SourceKind.LABEL, headers=False)
        rest = _verbatim(document, label.at + 1, min([inner.end, *_label_lines(document, label.at + 1, inner.end)]))
        return Body(
            (label.value + "\n" + rest).rstrip(), label.at, max(inner.end, label.at + 1), role, SourceKind.LABEL
        )
    return _extracted(document, label.at + 1, end, role, SourceKind.LABEL)


def _listed(document: Document, at: int) -> bool:
    return bool(re.match(r"\s*[-*+•]\s", document.shown[at]))


def _label_lines(document: Document, start: int, end: int) -> list[int]:
    return [label.at for label in document.labels if start <= label.at < end and label.style == "bold"]


def _verbatim(document: Document, start: int, end: int) -> str:
    return "\n".join(document.lines[start:end])


def _extracted(
    document: Document, start: int, end: int, role: Role, source: SourceKind, *, headers: bool = True
) -> Body:
    consumed: list[Label] = []
    at = start
    while at < end:
        place = document.places[at]
        if place is Place.BLANK or (place is Place.RULE and (consumed or source is SourceKind.BODY)):
            at += 1
            continue
        if place is Place.RULE and source is SourceKind.SECTION:
            closing = next((line for line in range(at + 1, end) if document.places[line] is Place.RULE), None)
            return _written(document, at + 1 if closing else end, closing or end, role, source, ())
        label = next(iter(labels_of(document.shown[at], at)), None) if at in document.label_lines else None
        if label is None or not headers:
            break
        if _names_a_body(label) and source is SourceKind.SECTION:
            inner = _labelled(document, label)
            inner_end = min(inner.end, end)
            return Body(inner.text, inner.at, inner_end, role, source, (*consumed, *inner.headers))
        if not _is_header(label):
            break
        consumed.append(label)
        at += 1
    return _written(document, at, end, role, source, tuple(consumed))


def _is_header(label: Label) -> bool:
    if label.style == "plain":
        return label.name in _PLAIN_HEADERS and bool(label.value)
    return label.name.replace(" ", "_") in META_LABELS


def _written(document: Document, at: int, end: int, role: Role, source: SourceKind, headers: tuple[Label, ...]) -> Body:
    fence = _fence(document, at, end)
    if fence and document.lines[fence[0]].strip(" `~").casefold().startswith("json"):
        return Body("", at, end, role, source, headers)
    if fence:
        inside = range(fence[0] + 1, fence[1])
        more = [place for place in document.places[fence[1] + 1 : end] if place is Place.FENCE]
        text, extra = _without_headers([document.lines[line] for line in inside], fence[0] + 1)
        return Body(text, fence[0] + 1, end, role, source, (*headers, *extra), several=bool(more))
    last = min(_last(document, at, end), _failure_note(document, at, end))
    while last > at and not document.shown[last - 1].strip():
        last -= 1
    lines, quoted = document.lines[at:last], {document.places[line] for line in range(at, last)} - {Place.BLANK}
    if quoted == {Place.QUOTED} and role in (Role.DRAFT, Role.CONTENT, Role.PREVIEW):
        text, extra = _without_headers([re.sub(r"^\s*>\s?", "", line) for line in lines], at)
        return Body(text, at, last, role, source, (*headers, *extra))
    if not "".join(document.shown[at:last]).strip():
        lines = []
    return Body("\n".join(lines).strip("\n"), at, last, role, source, headers)


def _failure_note(document: Document, at: int, end: int) -> int:
    """Where a callout begins with which a text ends and which notes that an attempt at it failed."""
    for line in _trailing_quotes(document, end):
        note = _CALLOUT.fullmatch(document.shown[line]) if line >= at else None
        if note and _NOTES_FAILURE.fullmatch(note["said"]):
            return line
    return end


def _fence(document: Document, at: int, end: int) -> tuple[int, int] | None:
    """The first fence of a section, where nothing but a line that points to it stands before it."""
    fences = [line for line in range(at, end) if document.places[line] is Place.FENCE]
    if not fences:
        return None
    before = [line for line in range(at, fences[0]) if document.places[line] is not Place.BLANK]
    if len(before) > 1 or (before and not document.shown[before[0]].rstrip(" *_").endswith(":")):
        return None
    return fences[0], fences[1] if len(fences) > 1 else end


def _last(document: Document, start: int, end: int) -> int:
    """Where a text that begins at a line ends: at a rule, a quoted part, a footer or a label about it."""
    for at in range(start, end):
        place, line = document.places[at], document.shown[at]
        if (place is not Place.TEXT or "*" in line or "_" in line or _REMARK.search(line)) and _ends(
            document, at, start
        ):
            return at
    return end


def _ends(document: Document, at: int, start: int) -> bool:
    place = document.places[at]
    if place is Place.RULE:
        return at > start
    if place in (Place.NESTED, Place.ORIGINAL):
        return True
    if place is not Place.TEXT:
        return False
    if FOOTER.fullmatch(document.shown[at]):
        return True
    label = next(iter(labels_of(document.shown[at], at)), None) if at in document.label_lines else None
    return label is not None and label.style == "bold" and label.name.replace(" ", "_") in META_LABELS


def _without_headers(lines: list[str], first: int) -> tuple[str, tuple[Label, ...]]:
    """Text whose leading `To:` and `Subject:` lines are labels, not text."""
    found: list[Label] = []
    for number, line in enumerate(lines):
        if not line.strip() and not found:
            continue
        label = next(iter(labels_of(line, first + number)), None) if line.strip() else None
        if label is None or not _is_header(label):
            return "\n".join(lines[number:] if found else lines).strip("\n"), tuple(found)
        found.append(label)
    return "\n".join(lines).strip("\n") if not found else "", tuple(found)


def numbered_titles(document: Document) -> Iterator[tuple[str, str]]:
    """What stands before and after the number in headings such as `Tweet 1` and `DRAFT 2: Tweet`."""
    pattern = re.compile(
        r"(?P<what>tweet|post|draft|email|message|reply|caption|action|request) (?P<number>\d{1,2}|[a-d])(?P<rest> .*)?"
    )
    for section in document.sections[1:]:
        match = pattern.fullmatch(normal(section.title))
        if match and not section.original:
            yield match["what"], (match["rest"] or "").strip()


__all__ = ["RULE", "Body", "bare_body", "bodies_of", "numbered_titles"]
