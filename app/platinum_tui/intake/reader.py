"""Bytes become a `Request`: a typed action with the source of every field, or exactly why there is none."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from platinum_tui.intake.bundles import with_only_action
from platinum_tui.intake.call_fields import read_call
from platinum_tui.intake.chat_fields import read_chat
from platinum_tui.intake.decode import decode
from platinum_tui.intake.document import plain_document, read_document
from platinum_tui.intake.draft import Draft
from platinum_tui.intake.findings import Findings
from platinum_tui.intake.frontmatter import read_front_matter
from platinum_tui.intake.json_form import read_json
from platinum_tui.intake.kinds import KindReading, canonical_kind, read_kind
from platinum_tui.intake.mail_fields import read_mail
from platinum_tui.intake.meta import read_meta
from platinum_tui.intake.money_fields import read_payment
from platinum_tui.intake.odoo_fields import read_customer, read_invoice_post, read_new_invoice, read_odoo_payment
from platinum_tui.intake.post_fields import read_post
from platinum_tui.intake.sources import Sources
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.intake.suspicion import suspect
from platinum_tui.intake.values import Raw
from platinum_tui.intake.vocabulary import BODY_FIELD, FIELDS
from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.canonical import build_action, fields_of
from platinum_tui.model.request import Problem, ProblemCode, Request, SourceKind, WarningCode, derive_id

__all__ = ["Surroundings", "read_request"]

_JUDGED_BY_THEIR_READERS = frozenset({"to", "subject", *BODY_FIELD.values()})
"""Fields that may come from below a stranger's words: a draft of ours stands there, and a reply goes to who wrote."""


def read_request(data: bytes, file: str, surroundings: Surroundings) -> Request:
    """What a file of a request folder asks for; never raises.

    Args:
        data: the file's bytes.
        file: the vault-relative path where it lies, with `/`; folder and name are weak evidence of the kind.
        surroundings: what the file alone cannot tell.

    Returns:
        The request. Its fields are as far as they could be read; while `problems` is not empty nothing can be done.
    """
    text = decode(data)
    if isinstance(text, Problem):
        return _refused(data, file, "", text)
    try:
        head = _head(text, file)
    except ValueError as error:
        return _refused(data, file, text, Problem(ProblemCode.UNREADABLE, str(error)))
    canonical = canonical_kind(head.values.get("kind"))
    try:
        document = (plain_document if canonical in BODY_FIELD else read_document)(head.document_lines, head.first_line)
    except ValueError as error:
        return _refused(data, file, text, Problem(ProblemCode.UNREADABLE, str(error)))
    sources = Sources(head.values, head.lines, head.form, document, canonical=canonical is not None)
    return _read(data, file, text, head, sources, surroundings)


@dataclass(frozen=True)
class _Head:
    """Front matter or the JSON object, and the text after it."""

    values: Mapping[str, Raw]
    lines: Mapping[str, int]
    form: SourceKind
    document_lines: list[str]
    first_line: int
    degraded: bool = False
    lost: frozenset[str] = frozenset()
    disagreeing: frozenset[str] = frozenset()


def _head(text: str, file: str) -> _Head:
    if file.casefold().endswith(".json") or text.lstrip().startswith("{"):
        found = read_json(text)
        values = with_only_action(found.values)
        return _Head(values, {}, SourceKind.JSON, [], 1, disagreeing=frozenset(found.disagreeing))
    lines = text.split("\n")
    matter = read_front_matter(lines)
    return _Head(
        with_only_action(matter.values),
        matter.lines,
        SourceKind.FRONT_MATTER,
        lines[matter.body_line - 1 :],
        matter.body_line,
        matter.degraded,
        frozenset(matter.lost),
        frozenset(matter.disagreeing),
    )


def _read(data: bytes, file: str, text: str, head: _Head, sources: Sources, surroundings: Surroundings) -> Request:
    findings = Findings()
    if head.degraded:
        findings.warn(
            WarningCode.DEGRADED_YAML, "The front matter is no valid YAML; only values on one line were recovered."
        )
    for name in sorted(head.disagreeing):
        findings.problem(
            ProblemCode.DISAGREEING_SOURCES, f"The file gives {name} two different values; keep one.", name
        )
    reading = read_kind(sources, file, findings) if "kind" not in head.disagreeing else KindReading(None)
    draft = _fields(reading, sources, head, surroundings, findings)
    meta = read_meta(sources, reading.kind, surroundings.now, findings)
    suspect(head.values, sources, draft, surroundings, findings)
    return Request(
        id=meta.declared_id or derive_id(file, data),
        file=file,
        sha256=hashlib.sha256(data).hexdigest(),
        kind=reading.kind,
        fields=_normal(reading.kind, draft, findings) if draft else {},
        sources=dict(draft.origins) if draft else {},
        problems=findings.problems,
        warnings=findings.warnings,
        text=text,
        declared_id=meta.declared_id,
        created_at=meta.created_at,
        expires_at=meta.expires_at,
        task=meta.task,
        reason=meta.reason,
        revises=meta.revises,
    )


def _fields(
    reading: KindReading, sources: Sources, head: _Head, surroundings: Surroundings, findings: Findings
) -> Draft | None:
    if reading.kind is None:
        return None
    draft = Draft(reading.kind, sources, findings)
    draft.lost = _canonical_names(reading.kind, head.lost)
    draft.disagreeing = _canonical_names(reading.kind, head.disagreeing)
    for name in sorted(draft.lost):
        findings.problem(
            ProblemCode.MISSING_FIELD,
            f"The value of {name} was lost in front matter that is no YAML; write it on one line.",
            name,
        )
    for name in sorted(draft.disagreeing):
        draft.disagree(name)
    match reading.kind:
        case Kind.EMAIL_SEND | Kind.EMAIL_REPLY:
            read_mail(draft, reading, surroundings)
        case Kind.SOCIAL_POST:
            read_post(draft, reading, surroundings)
        case Kind.WHATSAPP_MESSAGE:
            read_chat(draft, reading, surroundings)
        case Kind.ODOO_CUSTOMER_CREATE:
            read_customer(draft)
        case Kind.ODOO_INVOICE_CREATE:
            read_new_invoice(draft, reading)
        case Kind.ODOO_INVOICE_POST:
            read_invoice_post(draft)
        case Kind.ODOO_PAYMENT:
            read_odoo_payment(draft)
        case Kind.PAYMENT:
            read_payment(draft, surroundings)
        case Kind.MCP_CALL:
            read_call(draft, surroundings)
    for name in [name for name in draft.fields if name not in _JUDGED_BY_THEIR_READERS]:
        draft.distrust(name)
    for name in draft.lost | draft.disagreeing:
        draft.fields.pop(name, None)
        draft.origins.pop(name, None)
    return draft


def _canonical_names(kind: Kind, keys: frozenset[str]) -> frozenset[str]:
    return frozenset(name for name, spellings in FIELDS[kind].items() if keys & set(spellings))


def _normal(kind: Kind | None, draft: Draft, findings: Findings) -> dict[str, JsonValue]:
    """The fields as `fields_of` gives them; where the action cannot be built, as they were read."""
    if kind is None or findings.problems:
        return draft.fields
    try:
        return fields_of(build_action(kind, draft.fields))
    except ValueError as error:
        findings.problem(ProblemCode.INVALID_VALUE, f"The action cannot be built: {error}.")
        return draft.fields


def _refused(data: bytes, file: str, text: str, problem: Problem) -> Request:
    return Request(
        id=derive_id(file, data), file=file, sha256=hashlib.sha256(data).hexdigest(), text=text, problems=(problem,)
    )
