"""A file that asks for several actions, proposed as one canonical request for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from platinum_tui.intake.bodies import numbered_titles
from platinum_tui.intake.bundles import ACTION_KEYS, TYPE_KEYS, NumberedAction, end_of, listed_actions, numbered_actions
from platinum_tui.intake.decode import decode
from platinum_tui.intake.document import Document, Section, read_document
from platinum_tui.intake.frontmatter import FrontMatter, read_front_matter
from platinum_tui.intake.headings import Role
from platinum_tui.intake.json_form import json_text, read_json
from platinum_tui.intake.kind_words import PLATFORMS, listed_kinds, meaning_of, words_of
from platinum_tui.intake.reader import read_request
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.intake.values import Raw, is_nothing, texts_in
from platinum_tui.intake.vocabulary import BODY_FIELD, FIELDS
from platinum_tui.intake.writing import canonical_text, value_text
from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.decision import instant
from platinum_tui.model.request import ProblemCode, Request

_KIND_KEYS = frozenset({"kind", "action", "action_type", "type", "request_type", "task_type"})
_PLATFORM_KEYS = frozenset({"platform", "platforms", "channel", "target_platform", "target_platforms"})
_LEFT_TO_FILL_IN = frozenset({ProblemCode.MISSING_FIELD, ProblemCode.UNRESOLVED_RECIPIENT, ProblemCode.EXPIRED})
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
    in_json = file.casefold().endswith(".json") or text.lstrip().startswith("{")
    lines = [] if in_json else text.split("\n")
    matter = FrontMatter(values=read_json(text).values) if in_json else read_front_matter(lines)
    items = listed_actions(matter.values)
    if items:
        parts = [_read_item(item, surroundings) for item in items]
        yield from _nothing_lost(parts, whole, matter.values) if not _asks_itself(matter.values) else ()
        return
    posts = list(_posts(matter.values, whole))
    yield from posts
    if posts or in_json:
        return
    document = read_document(lines[matter.body_line - 1 :], matter.body_line)
    numbered = numbered_actions(document, [])
    if numbered:
        parts = [_read_part(*_numbered_part(document, action), surroundings) for action in numbered]
        yield from _nothing_lost(parts, whole, matter.values)
        return
    kinds = _listed_kinds(matter.values)
    if kinds:
        parts = [_read_part(*_joined_part(document, kind, matter.values), surroundings) for kind in kinds]
        one_text = len(BODY_FIELD.keys() & set(kinds)) < 2
        yield from _nothing_lost(parts, whole, {}) if one_text else ()
        return
    parts = [_read_part(head, body, surroundings) for head, body in _parts(document, whole, matter.values)]
    yield from ((part.kind, part.fields) for part in parts if part.kind and part.fields)


def _nothing_lost(
    parts: list[Request], whole: Request, head: Mapping[str, Raw]
) -> Iterator[tuple[Kind, Mapping[str, JsonValue]]]:
    """The parts, where each was read whole; none where a value would be lost on the way.

    Args:
        parts: as they were read, each alone.
        whole: the file, whose times and task the parts take.
        head: the keys of the file that no part has.
    """
    for part in parts:
        known = part.kind is not None and bool(part.fields) and {p.code for p in part.problems} <= _LEFT_TO_FILL_IN
        alike = part.expires_at in (None, whole.expires_at) and part.task in (None, whole.task)
        spellings = {name for names in FIELDS[part.kind].values() for name in names} if part.kind else set()
        shared = any(not is_nothing(value) for name, value in head.items() if name in spellings)
        if not known or not alike or shared:
            return
    yield from ((part.kind, part.fields) for part in parts if part.kind)


def _asks_itself(head: Mapping[str, Raw]) -> bool:
    """Whether a head asks for an action beside those that it lists."""
    said = [meaning_of(text) for key in _KIND_KEYS & head.keys() for text in texts_in(head[key])]
    return any(meaning.kind or meaning.several for meaning in said)


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
            yield words, "\n".join(["## Draft", *document.lines[section.start + 1 : end_of(document, section)]])
        return
    said = [word for key in _KIND_KEYS & head.keys() for text in texts_in(head[key]) for word in words_of(text)]
    for kind in dict.fromkeys(_FAMILIES[word] for word in said if word in _FAMILIES):
        yield _joined_part(document, kind, head)


def _listed_kinds(head: Mapping[str, Raw]) -> list[Kind]:
    """The kinds that one value lists; none where it lists anything else, too."""
    for key in (*ACTION_KEYS, *TYPE_KEYS):
        kinds = listed_kinds(", ".join(texts_in(head.get(key))))
        if len(kinds) > 1:
            return list(dict.fromkeys(kind for kind in kinds if kind)) if None not in kinds else []
    return []


def _joined_part(document: Document, kind: Kind, head: Mapping[str, Raw]) -> tuple[str, str]:
    """Kind words and text of one of several actions that a file joins in its words: it has all that the file says."""
    values = [f"{value_text(key)}: {json_text(value)}" for key, value in head.items() if key not in _KIND_KEYS]
    return "\n".join([f"action: {kind.value}", *values]), "\n".join(document.lines)


def _numbered_part(document: Document, action: NumberedAction) -> tuple[str, str]:
    """Kind words and text of a numbered heading."""
    platform = _platform_in(action.section.title)
    head = f"action: {action.kind or ''}" + (f"\nplatform: {platform}" if platform else "")
    over = "## Draft" if action.kind in BODY_FIELD else "## Details"
    return head, "\n".join([over, *document.lines[action.section.start + 1 : end_of(document, action.section)]])


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


def _section_part(document: Document, section: Section, whole: Request) -> Iterator[tuple[str, str]]:
    end = end_of(document, section)
    title = re.sub(r"^\W*\w+\s*\d+\W*", "", section.title)
    meaning = meaning_of(title) if title else None
    kind = meaning.kind if meaning and meaning.kind else whole.kind
    if kind is None:
        return
    platform = _platform_in(title) or whole.fields.get("platform")
    head = f"action: {kind.value}" + (f"\nplatform: {platform}" if platform and kind is Kind.SOCIAL_POST else "")
    yield head, "\n".join(["## Draft", *document.lines[section.start + 1 : end]])


def _read_item(item: Raw, surroundings: Surroundings) -> Request:
    return read_request(json_text(item).encode("utf-8", "surrogatepass"), "Pending_Approval/part.json", surroundings)


def _read_part(head: str, body: str, surroundings: Surroundings) -> Request:
    return read_request(
        f"---\n{head}\n---\n{body}".encode("utf-8", "surrogatepass"), "Pending_Approval/part.md", surroundings
    )
