"""A file that asks for several actions, proposed as one canonical request for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from platinum_tui.intake.bodies import numbered_titles
from platinum_tui.intake.decode import decode
from platinum_tui.intake.document import Document, Section, read_document
from platinum_tui.intake.frontmatter import read_front_matter
from platinum_tui.intake.headings import Role
from platinum_tui.intake.json_form import read_json
from platinum_tui.intake.kind_words import PLATFORMS, meaning_of, words_of
from platinum_tui.intake.reader import read_request
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.intake.values import texts_in
from platinum_tui.intake.writing import canonical_text
from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.decision import instant
from platinum_tui.model.request import ProblemCode, Request

_KIND_KEYS = frozenset({"kind", "action", "action_type", "type", "request_type", "task_type"})
_PLATFORM_KEYS = frozenset({"platform", "platforms", "channel", "target_platform", "target_platforms"})
_FAMILIES = {
    "invoice": Kind.ODOO_INVOICE_CREATE,
    "payment": Kind.ODOO_PAYMENT,
    "email": Kind.EMAIL_SEND,
    "mail": Kind.EMAIL_SEND,
    "whatsapp": Kind.WHATSAPP_MESSAGE,
}


def split_request(data: bytes, file: str, surroundings: Surroundings, known_as: str | None = None) -> list[str]:
    """The separate requests that a file with the problem `multiple_actions` asks for.

    Args:
        data: the file's bytes.
        file: its vault-relative path.
        surroundings: what the file alone cannot tell.
        known_as: the file's id, from which those of its parts are made; the one that it gives or has of itself where
            left out.

    Returns:
        Texts in the canonical spelling, one a request, in the file's order, each with an id made from the file's, its
        times and its reason; the last has its task. Each may lack fields that the file does not give. Empty where the
        file asks for one action, or where its parts cannot be told apart.
    """
    whole = read_request(data, file, surroundings)
    text = decode(data)
    several = any(problem.code is ProblemCode.MULTIPLE_ACTIONS for problem in whole.problems)
    if not several or not isinstance(text, str):
        return []
    actions = list(_actions(text, file, whole, surroundings))
    if len(actions) < 2:
        return []
    return [
        canonical_text(kind, fields, _meta(whole, f"{known_as or whole.id}-{number}", last=number == len(actions)))
        for number, (kind, fields) in enumerate(actions, 1)
    ]


def _actions(
    text: str, file: str, whole: Request, surroundings: Surroundings
) -> Iterator[tuple[Kind, Mapping[str, JsonValue]]]:
    if file.casefold().endswith(".json") or text.lstrip().startswith("{"):
        yield from _posts(read_json(text).values, whole)
        return
    lines = text.split("\n")
    matter = read_front_matter(lines)
    posts = list(_posts(matter.values, whole))
    yield from posts
    if not posts:
        document = read_document(lines[matter.body_line - 1 :], matter.body_line)
        parts = [_read_part(head, body, surroundings) for head, body in _parts(document, whole, matter.values)]
        yield from ((part.kind, part.fields) for part in parts if part.kind and part.fields)


def _posts(head: dict[str, object], whole: Request) -> Iterator[tuple[Kind, Mapping[str, JsonValue]]]:
    """The same post for each of several platforms."""
    platforms = _platforms(head)
    if len(platforms) > 1 and whole.fields.get("text"):
        for platform in platforms:
            yield Kind.SOCIAL_POST, {**whole.fields, "platform": platform}


def _meta(whole: Request, part: str, *, last: bool) -> dict[str, str]:
    known = {
        "id": part,
        "created_at": instant(whole.created_at) if whole.created_at else None,
        "expires_at": instant(whole.expires_at) if whole.expires_at else None,
        "task": whole.task if last else None,
        "reason": whole.reason,
    }
    return {name: value for name, value in known.items() if value}


def _platforms(head: dict[str, object]) -> list[str]:
    words = [word for key in _PLATFORM_KEYS & head.keys() for text in texts_in(head[key]) for word in words_of(text)]
    return list(dict.fromkeys(PLATFORMS[word].value for word in words if word in PLATFORMS))


def _parts(document: Document, whole: Request, head: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Kind words and text of each part: numbered sections, or the families that one word joins."""
    if len(list(numbered_titles(document))) > 1:
        for section in document.sections[1:]:
            if re.match(
                r"(?i)\W*(?:tweet|post|draft|email|message|reply|caption|action|request) (?:\d|[a-d]\b)", section.title
            ):
                yield from _section_part(document, section, whole)
        return
    versions = list(_versions(document))
    if len({platform for platform, _ in versions}) == len(versions) > 1:
        for platform, section in versions:
            words = f"action: {Kind.SOCIAL_POST}\nplatform: {platform}"
            yield words, "\n".join(["## Draft", *document.lines[section.start + 1 : _end_of(document, section)]])
        return
    said = [word for key in _KIND_KEYS & head.keys() for text in texts_in(head[key]) for word in words_of(text)]
    values = "\n".join(
        f"{key}: {value}" for key, value in head.items() if key not in _KIND_KEYS and isinstance(value, str)
    )
    for kind in dict.fromkeys(_FAMILIES[word] for word in said if word in _FAMILIES):
        yield f"action: {kind.value}\n{values}", "\n".join(document.lines)


def _versions(document: Document) -> Iterator[tuple[str, Section]]:
    """The sections that hold a text for one platform each, such as `Facebook post content`."""
    for section in document.sections[1:]:
        platform = _platform_in(section.name)
        if platform and not section.original and section.role in (Role.DRAFT, Role.CONTENT):
            yield platform, section


def _platform_in(title: str) -> str | None:
    """The one platform that a title names."""
    platforms = {PLATFORMS[word].value for word in words_of(title) if word in PLATFORMS}
    return platforms.pop() if len(platforms) == 1 else None


def _end_of(document: Document, section: Section) -> int:
    following = (s.start for s in document.sections if s.start > section.start and s.level <= section.level)
    return next(following, len(document.lines))


def _section_part(document: Document, section: Section, whole: Request) -> Iterator[tuple[str, str]]:
    end = _end_of(document, section)
    title = re.sub(r"^\W*\w+\s*\d+\W*", "", section.title)
    meaning = meaning_of(title) if title else None
    kind = meaning.kind if meaning and meaning.kind else whole.kind
    if kind is None:
        return
    platform = _platform_in(title) or whole.fields.get("platform")
    head = f"action: {kind.value}" + (f"\nplatform: {platform}" if platform and kind is Kind.SOCIAL_POST else "")
    yield head, "\n".join(["## Draft", *document.lines[section.start + 1 : end]])


def _read_part(head: str, body: str, surroundings: Surroundings) -> Request:
    return read_request(f"---\n{head}\n---\n{body}".encode(), "Pending_Approval/part.md", surroundings)
