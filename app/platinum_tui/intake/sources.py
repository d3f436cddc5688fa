"""Every place of a file that gives a field, in order of trust."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from platinum_tui.intake.bodies import Body, bare_body, bodies_of, previewed
from platinum_tui.intake.document import Document, Place, Section
from platinum_tui.intake.doubt import Doubt, doubt_in
from platinum_tui.intake.headings import Role, normal
from platinum_tui.intake.json_form import read_json
from platinum_tui.intake.labels import Label
from platinum_tui.intake.values import Raw, Scalar, folded, is_nothing, is_plain_datum
from platinum_tui.intake.vocabulary import BODY_FIELD, FIELDS, INBOUND, PAYLOADS, SENDER, WEAK
from platinum_tui.model.action import Kind
from platinum_tui.model.request import Source, SourceKind

_IN_THE_TEXT = frozenset({SourceKind.LABEL, SourceKind.SECTION, SourceKind.JSON, SourceKind.CONTACTS})
_OF_ANYBODY = frozenset({"request", "customer", "input", "content", "message", "invoice"})
"""Payloads that are as often what somebody else asked for."""
_OF_THE_SENDER = frozenset({"email", "whatsapp"})
"""Payloads that are the message that came in, where the file says who sent one."""
_BODIES_OF_ANYBODY = frozenset(
    {"body", "email_body", "message_body", "mail_body", "email_content", "email_text", "body_text"}
)
"""Keys for a text that are the sender's own in the record of a message that came in."""
_SURELY_OURS = frozenset({Role.DRAFT.value, Role.PREVIEW.value, "text"})
_OF_ANY_MESSAGE = frozenset({"content", "contents", "text", "mail", "email", "e mail", "copy"})
_MARKS = re.compile(r"^(?:\*\*|`|_|\"|“)+|(?:\*\*|`|_|\"|”)+$")
_TASK_BOX = re.compile(r"\s*[-*+]\s+\[[ xX]\]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value that a file offers for a field, with where it stands and how it was spelled."""

    value: Raw
    source: Source
    key: str


class Sources:
    """The places of one file.

    Args:
        head: the front matter or the JSON request, by folded key.
        lines: the line of each key.
        form: what the head is.
        document: the text after it.
        canonical: the file names its kind in the canonical spelling: then only labels of kinds without a body count.
    """

    def __init__(
        self,
        head: Mapping[str, Raw],
        lines: Mapping[str, int],
        form: SourceKind,
        document: Document,
        *,
        canonical: bool,
    ) -> None:
        self.head, self._lines, self.form, self.document = head, lines, form, document
        self.canonical = canonical
        self.bodies: list[Body] = [] if canonical else bodies_of(document)
        self._doubts: dict[bool, Doubt] = {}
        self.json_blocks = [] if canonical else list(itertools.islice(_json_blocks(document), 2))

    def named(self, names: tuple[str, ...], *, kind: Kind | None = None) -> list[Candidate]:
        """All values under one of these names: front matter, payload mapping, JSON block, label, section."""
        found = list(self._in_mapping(self.head, names, self.form, None))
        for key, payload in self._payloads(self.head, kind):
            found.extend(self._in_mapping(payload, names, self.form, self._lines.get(key)))
        if len(self.json_blocks) == 1:
            block, line = self.json_blocks[0]
            for mapping in (block, *(payload for _, payload in self._payloads(block, kind))):
                found.extend(self._in_mapping(mapping, names, SourceKind.JSON, line))
        if not self.canonical or kind not in BODY_FIELD:
            found.extend(self._labelled(names, kind))
        if not self.canonical:
            found.extend(self._sections(names))
        return [candidate for candidate in found if not is_nothing(candidate.value)]

    def of(self, kind: Kind, name: str) -> list[Candidate]:
        """All values for a field of a kind; the weak spellings only where no other gives it."""
        return self.named(FIELDS[kind][name], kind=kind) or self.named(WEAK.get(kind, {}).get(name, ()), kind=kind)

    def texts(self, kind: Kind, *, reply: bool, inbound: bool) -> list[Candidate]:
        """All values for the text that would go out; an empty list where there is none.

        Args:
            kind: what is to be done.
            reply: a draft that answers somebody outweighs every other text of the file.
            inbound: the file is also the record of what came in, so that only a draft is ours.
        """
        name = BODY_FIELD[kind]
        strong, weak = FIELDS[kind][name], WEAK.get(kind, {}).get(name, ())
        if self.canonical:
            rest = list(self._rest())
            return rest + (self.in_head(strong, kind) or ([] if rest else self._said(weak, kind)))
        heads = self.in_head(tuple(name for name in strong if not (inbound and name in _BODIES_OF_ANYBODY)), kind)
        bodies = [body for body in self.bodies if body.text.strip()]
        is_weak = False
        if reply and (heads or any(body.role is Role.DRAFT for body in bodies)):
            bodies = [body for body in bodies if body.role is Role.DRAFT]
        elif (not reply or (not bodies and not inbound)) and not heads:
            heads, is_weak = self._said(weak, kind), True
        found = heads + [self._of_body(body) for body in bodies]
        if (is_weak or not found) and not self.bodies:
            bare = bare_body(self.document)
            if not found and not self._names_a_draft and not reply:
                bare = bare or previewed(self.document)
            if bare and not self.json_blocks:
                self.bodies.append(bare)
                found.append(self._of_body(bare))
        return found

    def in_head(self, names: tuple[str, ...], kind: Kind | None = None) -> list[Candidate]:
        """All values under one of these names in front matter, payload mappings and the JSON block."""
        found = list(self._in_mapping(self.head, names, self.form, None))
        for key, payload in self._payloads(self.head, kind):
            found.extend(self._in_mapping(payload, names, self.form, self._lines.get(key)))
        if len(self.json_blocks) == 1:
            block, line = self.json_blocks[0]
            for mapping in (block, *(payload for _, payload in self._payloads(block, kind))):
                found.extend(self._in_mapping(mapping, names, SourceKind.JSON, line))
        return [candidate for candidate in found if not is_nothing(candidate.value)]

    def _said(self, names: tuple[str, ...], kind: Kind) -> list[Candidate]:
        """All values under one of these names that are texts: `draft: true` is none."""
        return [each for each in self.in_head(names, kind) if not is_plain_datum(each.value)]

    @property
    def _names_a_draft(self) -> bool:
        """Whether a key says that the text lies in another file."""
        return any(re.fullmatch(r"(?:draft|content|post|body|text)_(?:file|path|ref)", key) for key in self.head)

    def doubt(self, kind: Kind | None) -> Doubt:
        """The lines of the text that a stranger may have steered."""
        texts = kind is None or kind in BODY_FIELD
        if texts not in self._doubts:
            own = [range(body.at, body.end) for body in self.bodies] if texts else []
            self._doubts[texts] = doubt_in(self.document, own, texts=texts)
        return self._doubts[texts]

    def is_doubtful(self, kind: Kind | None, source: Source) -> bool:
        """Whether a source stands where a stranger may have put it; the front matter never does."""
        if source.line is None or source.source not in _IN_THE_TEXT:
            return False
        at = source.line - self.document.first_line
        return at >= 0 and self.doubt(kind).covers(at)

    def is_anybodys_text(self, candidate: Candidate) -> bool:
        """Whether a text begins where a stranger may have written it, under a heading that is not surely a draft's."""
        if candidate.source.line is None or candidate.key in _SURELY_OURS:
            return False
        begins = self.doubt(None).begins
        return begins is not None and candidate.source.line - self.document.first_line > begins

    def _of_body(self, body: Body) -> Candidate:
        return Candidate(
            Scalar(body.text), Source(body.source, self.document.number(body.at)), _key_of(self.document, body)
        )

    def _rest(self) -> Iterator[Candidate]:
        text = "\n".join(self.document.lines)
        if text.strip():
            yield Candidate(Scalar(text.removesuffix("\n")), Source(SourceKind.BODY, self.document.first_line), "body")

    def _in_mapping(
        self, mapping: Mapping[str, Raw], names: tuple[str, ...], form: SourceKind, line: int | None
    ) -> Iterator[Candidate]:
        for name in names:
            if name in mapping and not (isinstance(mapping[name], dict) and name not in _MAPPINGS):
                yield Candidate(mapping[name], Source(form, line or self._lines.get(name)), name)

    def _payloads(self, mapping: Mapping[str, Raw], kind: Kind | None) -> Iterator[tuple[str, dict[str, Raw]]]:
        for key, value in mapping.items():
            if not isinstance(value, dict) or folded(key) not in PAYLOADS:
                continue
            if kind is Kind.MCP_CALL and folded(key) in FIELDS[Kind.MCP_CALL]["arguments"]:
                continue
            inner = {folded(name): item for name, item in value.items()}
            if self._is_inbound(folded(key), inner):
                continue
            yield key, inner
            for nested, item in inner.items():
                if nested in PAYLOADS and isinstance(item, dict):
                    deeper = {folded(name): part for name, part in item.items()}
                    if not self._is_inbound(nested, deeper):
                        yield key, deeper

    def _is_inbound(self, key: str, payload: Mapping[str, Raw]) -> bool:
        """Whether a mapping is, or may be, what came in, and no draft of ours."""
        answers = any(name in self.head for name in SENDER)
        return key in _OF_ANYBODY or (answers and key in _OF_THE_SENDER) or bool(INBOUND & payload.keys())

    def _labelled(self, names: tuple[str, ...], kind: Kind | None) -> Iterator[Candidate]:
        wanted = {name.replace("_", " ") for name in names}
        spans = [range(body.at, body.end) for body in self.bodies] if kind is None or kind in BODY_FIELD else []
        headers = [label for body in self.bodies for label in body.headers]
        labels = [label for label in self.document.labels if not any(label.at in span for span in spans)]
        seen = {label.at for label in labels}
        for label in (*labels, *(label for label in headers if label.at not in seen)):
            if label.name in wanted:
                value = clean(label.value) or self._below(label)
                if value:
                    source = Source(SourceKind.LABEL, self.document.number(label.at))
                    yield Candidate(Scalar(value), source, label.name.replace(" ", "_"))

    def _below(self, label: Label) -> str:
        """The list items or the one line under a label that has no value on its own line."""
        items: list[str] = []
        for at in range(label.at + 1, len(self.document.lines)):
            line = self.document.shown[at].strip()
            if self.document.places[at] is not Place.TEXT or at in self.document.label_lines:
                break
            items.append(clean(re.sub(r"^[-*+•]\s+", "", line)))
        return ", ".join(items) if len(items) <= 20 else ""

    def _sections(self, names: tuple[str, ...]) -> Iterator[Candidate]:
        wanted = {name.replace("_", " ") for name in names}
        for section in self.document.sections[1:]:
            if section.original:
                continue
            title, colon, rest = section.title.partition(":")
            if colon and rest.strip() and clean(title).casefold() in wanted:
                source = Source(SourceKind.SECTION, self.document.number(section.start))
                yield Candidate(Scalar(clean(rest)), source, title)
            elif _names_of(section) & wanted and section.role not in (Role.DRAFT, Role.CONTENT):
                value = self._under(section)
                if value:
                    source = Source(SourceKind.SECTION, self.document.number(section.start + 1))
                    yield Candidate(Scalar(value), source, section.name)

    def _under(self, section: Section) -> str:
        lines: list[str] = []
        for at in range(section.start + 1, section.end):
            place = self.document.places[at]
            if place in (Place.RULE, Place.QUOTED, Place.ORIGINAL, Place.NESTED):
                break
            if place in (Place.TEXT, Place.FENCED) and not _TASK_BOX.match(self.document.shown[at]):
                if at in self.document.label_lines:
                    return ""
                lines.append(clean(re.sub(r"^\s*[-*+•]\s+", "", self.document.shown[at])))
        return "\n".join(line for line in lines if line)


def _key_of(document: Document, body: Body) -> str:
    """What is over a text: its role, or `text` where a name that no message bears says that it is to go out."""
    if body.role is not Role.CONTENT:
        return str(body.role.value)
    over = [section.name for section in document.sections[1:] if section.start < body.at <= section.end]
    return "content" if over and over[-1] in _OF_ANY_MESSAGE else "text"


def _names_of(section: Section) -> set[str]:
    """What a heading names: all of it, and each part of one like `Recipients / Audience`."""
    parts = section.title.split("/") if section.title.count("/") == 1 else []
    return {section.name, *map(normal, parts)}


_MAPPINGS = frozenset(FIELDS[Kind.MCP_CALL]["arguments"])


def clean(text: str) -> str:
    """A value without the Markdown around it: bold marks, backticks, quotes."""
    text = text.strip().removesuffix("  ").strip()
    for _ in range(2):
        stripped = _MARKS.sub("", text).strip() if _wrapped(text) else text
        if stripped == text:
            break
        text = stripped
    return text


def _wrapped(text: str) -> bool:
    pairs = (("**", "**"), ("`", "`"), ('"', '"'), ("“", "”"), ("_", "_"))
    return any(text.startswith(a) and text.endswith(b) and len(text) > len(a) + len(b) for a, b in pairs) and not (
        text.startswith('"') and text.count('"') > 2
    )


def _json_blocks(document: Document) -> Iterator[tuple[dict[str, Raw], int]]:
    at = 0 if Place.FENCE in document.places else len(document.lines)
    while at < len(document.lines):
        opens = document.places[at] is Place.FENCE and document.lines[at].strip(" `~").casefold().startswith("json")
        if not opens:
            at += 1
            continue
        end = at + 1
        while end < len(document.lines) and document.places[end] is Place.FENCED:
            end += 1
        try:
            block = read_json("\n".join(document.lines[at + 1 : end]))
        except ValueError:
            block = None
        if block is not None and not block.disagreeing:
            yield block.values, document.number(at)
        at = end + 1
