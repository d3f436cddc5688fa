"""Which kind a file asks for, from what says so most plainly; where plain words disagree, none comes out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from platinum_tui.intake.addresses import ADDRESS_IN_TEXT
from platinum_tui.intake.bodies import numbered_titles
from platinum_tui.intake.bundles import ACTION_KEYS, TYPE_KEYS, asks_for_several
from platinum_tui.intake.findings import Findings
from platinum_tui.intake.headings import Role
from platinum_tui.intake.kind_words import (
    KINDS,
    OTHER_NETWORKS,
    PLATFORMS,
    Meaning,
    leading_words,
    meaning_of,
    words_of,
)
from platinum_tui.intake.phones import looks_like_number
from platinum_tui.intake.records import addressed, came_in, is_record
from platinum_tui.intake.sources import Candidate, Sources, clean
from platinum_tui.intake.values import Raw, is_nothing
from platinum_tui.model.action import Kind, Platform
from platinum_tui.model.request import ProblemCode, WarningCode

_PLATFORM_KEYS = (
    "platform",
    "platforms",
    "channel",
    "network",
    "target_platform",
    "target_platforms",
    "social_platform",
)
_BOOKINGS = (Kind.ODOO_INVOICE_CREATE, Kind.ODOO_INVOICE_POST, Kind.ODOO_PAYMENT, Kind.ODOO_CUSTOMER_CREATE)
_MOVES_MONEY = (Kind.PAYMENT, Kind.ODOO_PAYMENT)
_FAILED_KEYS = ("error", "publish_error", "last_error")
_TOGETHER = re.compile(r"(?i)\b(?:and|then|plus|&)\b\s+(?P<rest>.*)")


@dataclass(frozen=True, slots=True)
class KindReading:
    """What a file asks for.

    Attributes:
        kind: None where no kind of ours comes out.
        platform: the network that the words for the kind name.
        reply: the file is a draft of a reply, so that its sender may be its recipient.
        inferred: only a heading, a label, a folder, a name or a platform says so.
        draft: the words ask for a draft.
        several: the file asks for more than one action.
        bare: only a channel was named (`type: email`), as messages that came in name it too.
    """

    kind: Kind | None
    platform: Platform | None = None
    reply: bool = False
    inferred: bool = False
    draft: bool = False
    several: bool = False
    bare: bool = False


def canonical_kind(value: Raw) -> Kind | None:
    """The kind that the key `kind` names in the canonical spelling."""
    return KINDS.get(str(value).strip()) if isinstance(value, str) else None


def read_kind(sources: Sources, file: str, findings: Findings) -> KindReading:
    """The kind of a file; where none comes out, `findings` holds the problem that says why."""
    canonical = canonical_kind(sources.head.get("kind"))
    if asks_for_several(sources):
        _problem_several(findings)
        return KindReading(None, several=True)
    if canonical:
        _contradicted(sources, canonical, findings)
        return KindReading(canonical)
    reading = _declared(sources, findings) or _inferred(sources, file, findings)
    if reading is None:
        findings.problem(
            ProblemCode.NOT_A_REQUEST, "Nothing in this file asks for an action; move it out of the folder."
        )
        return KindReading(None)
    if reading.kind is None:
        return reading
    reading = _narrowed(reading, sources)
    if reading.kind is Kind.SOCIAL_POST and (reading.inferred or reading.bare) and _answers_somebody(sources):
        findings.problem(
            ProblemCode.UNKNOWN_KIND, "An answer to one person on a network is no public post; send it by hand."
        )
        return KindReading(None)
    weak = reading.bare or reading.inferred
    named = reading.inferred and addressed(sources, reading.kind)
    if is_record(sources) or (weak and not reading.reply and not named and came_in(sources)):
        findings.problem(
            ProblemCode.NOT_A_REQUEST, "This is a message or a record, not a request; move it out of the folder."
        )
        return KindReading(None)
    if reading.inferred:
        findings.warn(
            WarningCode.INFERRED_KIND,
            f"No key says what this is; it was read as {reading.kind} from a heading, label or name.",
        )
    return _several(reading, sources, findings)


def _contradicted(sources: Sources, kind: Kind, findings: Findings) -> None:
    """Notes where a key beside `kind` plainly names another action."""
    said = _meanings(sources, ("action", "action_type", *TYPE_KEYS))
    named = {meaning.kind for meaning in said if meaning.kind and (meaning.explicit or meaning.kind in _MOVES_MONEY)}
    if named - {kind} and not {kind, *named} <= {Kind.EMAIL_SEND, Kind.EMAIL_REPLY}:
        findings.problem(
            ProblemCode.DISAGREEING_SOURCES, "The file names two different actions; keep one of them.", "kind"
        )


def _answers_somebody(sources: Sources) -> bool:
    """Whether the draft is headed as a reply or a message, as those to one person on a network are."""
    drafts = [
        section.name for section in sources.document.sections if section.role is Role.DRAFT and not section.original
    ]
    return any(word in name.split() for name in drafts for word in ("reply", "response", "answer", "message"))


def _texts(value: Raw) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and not is_nothing(item):
            yield item


def _meanings(sources: Sources, keys: tuple[str, ...]) -> list[Meaning]:
    values = [text for key in keys for text in _texts(sources.head.get(key))]
    if len(sources.json_blocks) == 1:
        values += [text for key in keys for text in _texts(sources.json_blocks[0][0].get(key))]
    return [meaning for meaning in map(meaning_of, values) if not meaning.empty]


def _declared(sources: Sources, findings: Findings) -> KindReading | None:
    """What the keys of the front matter or the JSON say."""
    actions, types = _meanings(sources, ACTION_KEYS), _meanings(sources, TYPE_KEYS)
    for keys in ("action", "tool", "mcp_tool", "tool_name"):
        payload = sources.head.get("action_payload")
        value = payload.get(keys) if isinstance(payload, dict) else None
        actions += [m for m in map(meaning_of, _texts(value)) if m.kind]
    said = actions + types
    networks, channel = _channel(sources)
    if any(meaning.several for meaning in said):
        _problem_several(findings)
        return KindReading(None, several=True)
    nothing = [*types, *_meanings(sources, ("subtype",))]
    if any(meaning.nothing for meaning in nothing) and not any(meaning.kind for meaning in actions):
        findings.problem(
            ProblemCode.NOT_A_REQUEST, "This is a note, an alert or a record, not a request; move it out of the folder."
        )
        return KindReading(None)
    if any(meaning.unknown for meaning in actions) or (said and all(meaning.unknown for meaning in said)):
        findings.problem(
            ProblemCode.UNKNOWN_KIND,
            "The file names an action that this program does not do; edit it to one of the ten kinds.",
        )
        return KindReading(None)
    kinds = [meaning for meaning in said if meaning.kind]
    if not kinds:
        return _by_channel(said, networks, channel, sources)
    merged = _merged(kinds, channel)
    if merged is None:
        findings.problem(
            ProblemCode.DISAGREEING_SOURCES, "The file names two different actions; keep one of them.", "kind"
        )
        return KindReading(None)
    reply = any(meaning.reply for meaning in said)
    platform = next((meaning.platform for meaning in kinds if meaning.platform), None)
    bare = not any(meaning.explicit for meaning in kinds) and not any(meaning.kind for meaning in actions)
    bare = bare and not _asks_for_approval(sources)
    return KindReading(merged, platform, reply, draft=any(meaning.draft for meaning in said), bare=bare)


def _asks_for_approval(sources: Sources) -> bool:
    """Whether a key says that this is a request (`type: approval`), which a message that came in never says."""
    values = [text for key in (*ACTION_KEYS, *TYPE_KEYS) for text in _texts(sources.head.get(key))]
    return any({"approval", "request", "execute", "draft"} & set(words_of(value)) for value in values)


def _channel(sources: Sources) -> tuple[list[str], Kind | None]:
    """What `platform` or `channel` names: words for networks, or mail or WhatsApp."""
    values = [text for key in _PLATFORM_KEYS for text in _texts(sources.head.get(key))]
    values += [str(c.value) for c in _sure(sources, ("platform", "channel")) if isinstance(c.value, str)]
    words = [word for value in values for word in words_of(value)]
    for word, kind in (
        ("whatsapp", Kind.WHATSAPP_MESSAGE),
        ("email", Kind.EMAIL_SEND),
        ("gmail", Kind.EMAIL_SEND),
        ("mail", Kind.EMAIL_SEND),
    ):
        if word in words and not any(other in PLATFORMS for other in words):
            return words, kind
    return words, None


def _sure(sources: Sources, names: tuple[str, ...]) -> list[Candidate]:
    return [found for found in sources.named(names) if not sources.is_doubtful(None, found.source)]


def _merged(kinds: list[Meaning], channel: Kind | None) -> Kind | None:
    """The one kind that all agree on; a reply is narrower than a mail, a channel decides what is sent."""
    names = {meaning.kind for meaning in kinds}
    if names == {Kind.EMAIL_SEND, Kind.EMAIL_REPLY}:
        return Kind.EMAIL_REPLY
    if names <= {Kind.SOCIAL_POST, channel} and channel and not any(meaning.platform for meaning in kinds):
        return channel
    if names == {Kind.ODOO_INVOICE_CREATE, Kind.ODOO_INVOICE_POST}:
        explicit = {meaning.kind for meaning in kinds if meaning.explicit}
        return next(iter(explicit)) if len(explicit) == 1 else None
    if names == {Kind.PAYMENT, Kind.ODOO_PAYMENT} and all(not m.explicit for m in kinds if m.kind is Kind.PAYMENT):
        return Kind.ODOO_PAYMENT
    if len(names) > 1:
        weak = {meaning.kind for meaning in kinds if not meaning.explicit}
        strong = names - weak
        if len(strong) == 1 and weak <= {Kind.ODOO_INVOICE_CREATE} and strong & {Kind.EMAIL_SEND, Kind.EMAIL_REPLY}:
            return next(iter(strong))
        return None
    return next(iter(names))


def _by_channel(said: list[Meaning], words: list[str], channel: Kind | None, sources: Sources) -> KindReading | None:
    """A message, a reply or nothing at all was asked for: the platform or the address says on what channel."""
    general = [meaning for meaning in said if meaning.channel]
    reply = any(meaning.reply for meaning in general)
    if channel:
        answered = Kind.EMAIL_REPLY if channel is Kind.EMAIL_SEND and reply else channel
        return KindReading(answered, None, reply, inferred=not general)
    networks = {PLATFORMS[word] for word in words if word in PLATFORMS}
    if general and not networks:
        kind = _by_recipient(sources, reply)
        return KindReading(kind, None, reply) if kind else None
    if general:
        return None
    if networks or set(words) & OTHER_NETWORKS:
        return KindReading(Kind.SOCIAL_POST, next(iter(networks)) if len(networks) == 1 else None, inferred=True)
    return None


def _by_recipient(sources: Sources, reply: bool) -> Kind | None:
    names = ("to", "recipient", "phone", "phone_number", "number", "chat_id", "from", "original_from")
    values = [str(c.value) for c in _sure(sources, names) if isinstance(c.value, str)]
    if any(ADDRESS_IN_TEXT.search(value) and not value.endswith("@c.us") for value in values):
        return Kind.EMAIL_REPLY if reply else Kind.EMAIL_SEND
    return Kind.WHATSAPP_MESSAGE if any(looks_like_number(value) for value in values) else None


def _inferred(sources: Sources, file: str, findings: Findings) -> KindReading | None:
    """What a label, the title, the file's name or its folder say, where the file also holds something to do."""
    if any(not is_nothing(sources.head.get(key)) for key in _FAILED_KEYS) or is_record(sources):
        return None
    general = _meanings(sources, (*ACTION_KEYS, *TYPE_KEYS))
    reply = any(meaning.reply for meaning in general)
    titles = [meaning_of(rest).kind for _, rest in numbered_titles(sources.document)]
    if len(set(titles)) > 1:
        _problem_several(findings)
        return KindReading(None, several=True)
    found: KindReading | None = None
    for text, strict in _weak_words(sources, file):
        meaning = meaning_of(text)
        if meaning.nothing or meaning.empty or meaning.unknown or (meaning.several and not strict):
            continue
        if meaning.several:
            _problem_several(findings)
            return KindReading(None, several=True)
        if meaning.kind in (*_BOOKINGS, Kind.SOCIAL_POST) and not (
            meaning.explicit or strict or _heads_a_post(sources)
        ):
            continue
        if meaning.kind and _holds_content(sources, meaning.kind):
            kind = Kind.EMAIL_REPLY if meaning.kind is Kind.EMAIL_SEND and (reply or meaning.reply) else meaning.kind
            read = KindReading(kind, meaning.platform, meaning.reply or reply, inferred=True, draft=meaning.draft)
            if kind is not Kind.SOCIAL_POST or read.platform:
                return read if found is None or found.kind is kind else found
            found = found or read
    if found:
        return found
    if any(meaning.channel for meaning in general):
        findings.problem(
            ProblemCode.UNKNOWN_KIND, "A reply or message was drafted, but nothing says on what channel; add `kind`."
        )
        return KindReading(None)
    return None


def _weak_words(sources: Sources, file: str) -> Iterator[tuple[str, bool]]:
    document = sources.document
    labels = [label for label in document.labels if not sources.doubt(None).covers(label.at) and len(label.value) < 60]
    for name in ("action", "action type", "type", "task type", "request type", "kind"):
        yield from ((clean(label.value), True) for label in labels if label.name == name)
    titled = [section for section in document.sections[1:] if not section.original]
    for section in titled:
        what, colon, rest = section.title.partition(":")
        if colon and clean(what).casefold() in ("action", "action type"):
            yield clean(rest), True
    for section in titled[:2]:
        yield from ((part, False) for part in _title_parts(section.title))
    if len(list(numbered_titles(document))) > 1:
        return
    stem = re.sub(r"\.(?:md|json)$", "", file.rsplit("/", 1)[-1])
    yield leading_words(stem), False
    for folder in reversed(file.split("/")[1:-1]):
        yield folder, False


def _heads_a_post(sources: Sources) -> bool:
    """Whether a heading over the text says that it is a post."""
    texts = [s.name for s in sources.document.sections if s.role in (Role.DRAFT, Role.CONTENT) and not s.original]
    return any(word in name.split() for name in texts for word in ("post", "tweet", "caption"))


def _title_parts(title: str) -> Iterator[str]:
    title = re.sub(r"[^\w\s:/|–—\-&+().']", " ", title)
    yield title
    parts = [part.strip() for part in re.split(r":|\s[–—-]\s|\|", title) if part.strip()]
    yield from (part for part in reversed(parts) if part != title)


def _holds_content(sources: Sources, kind: Kind) -> bool:
    """Whether a file has at least one thing that such an action needs."""
    needed = {
        Kind.EMAIL_SEND: ("to", "recipient", "email_to", "recipient_email", "subject"),
        Kind.EMAIL_REPLY: ("to", "recipient", "email_to", "recipient_email", "subject"),
        Kind.WHATSAPP_MESSAGE: ("to", "recipient", "phone", "phone_number", "chat_id", "contact"),
        Kind.ODOO_INVOICE_CREATE: ("customer", "client", "amount", "total"),
        Kind.ODOO_INVOICE_POST: ("invoice", "invoice_id", "invoice_number"),
        Kind.ODOO_PAYMENT: ("invoice", "invoice_id", "invoice_number", "amount"),
        Kind.PAYMENT: ("amount", "payee", "vendor", "iban"),
        Kind.ODOO_CUSTOMER_CREATE: ("name", "customer", "customer_name"),
    }.get(kind, ())
    texts = ("post_content", "caption", "content", "draft_body", "body", "message", "draft_reply", "text", "email_body")
    if kind in (Kind.EMAIL_SEND, Kind.EMAIL_REPLY, Kind.WHATSAPP_MESSAGE, Kind.SOCIAL_POST) and (
        any(body.text.strip() for body in sources.bodies) or sources.in_head(texts)
    ):
        return True
    return bool(needed and sources.named(needed))


def _narrowed(reading: KindReading, sources: Sources) -> KindReading:
    """A mail that answers one is a reply: it names the Message-ID, or is a draft under a message that came in."""
    head = sources.head
    drafted = any(body.role is Role.DRAFT and body.text.strip() for body in sources.bodies)
    draft_key = any(
        not is_nothing(head.get(key)) for key in ("draft_reply", "reply_text", "draft_response", "reply_body")
    )
    came_in = any(not is_nothing(head.get(key)) for key in ("from", "original_from", "sender"))
    if reading.kind is Kind.WHATSAPP_MESSAGE:
        return replace(reading, reply=reading.reply or ((drafted or draft_key) and came_in))
    if reading.kind is not Kind.EMAIL_SEND:
        return reading
    answers = not is_nothing(head.get("in_reply_to"))
    original = any(isinstance(head.get(key), dict) for key in ("original_email", "original_message", "original"))
    to = sources.of(Kind.EMAIL_SEND, "to")
    replied = any("reply" in section.name or "response" in section.name for section in sources.document.sections)
    if answers or (reading.bare and draft_key) or (original and draft_key):
        return replace(reading, kind=Kind.EMAIL_REPLY, reply=True)
    if came_in and not to and (drafted and (reading.bare or replied)):
        return replace(reading, kind=Kind.EMAIL_REPLY, reply=True)
    return reading


def _several(reading: KindReading, sources: Sources, findings: Findings) -> KindReading:
    titles = list(numbered_titles(sources.document))
    by_label = [
        label for label in sources.document.labels if label.name in {"action", "action type", "proposed action"}
    ]
    also = [m["rest"] for label in by_label if (m := _TOGETHER.search(label.value))]
    others = {"mail", "email", "notify", "whatsapp", "tweet", "post", "message", "thank", "pay", "invoice"}
    foreign = any(set(words_of(rest)) & others for rest in also)
    if len(titles) > 1 or foreign:
        _problem_several(findings)
        return replace(reading, several=True)
    return reading


def _problem_several(findings: Findings) -> None:
    findings.problem(
        ProblemCode.MULTIPLE_ACTIONS, "The file asks for more than one action; split it into one request each."
    )
