"""The fields of mail: recipients, subject, text, and what a reply answers."""

from __future__ import annotations

import re

from platinum_tui.intake.addresses import ADDRESS_IN_TEXT, Mailbox, read_mailbox, split_list
from platinum_tui.intake.draft import Draft, identifier, one_line
from platinum_tui.intake.files import take_files
from platinum_tui.intake.headings import Role
from platinum_tui.intake.kinds import KindReading
from platinum_tui.intake.placeholders import placeholder_in
from platinum_tui.intake.sources import Candidate
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.intake.texts import take_text
from platinum_tui.intake.values import Raw, is_nothing, texts_in
from platinum_tui.intake.vocabulary import INBOUND, SENDER
from platinum_tui.model.action import Kind
from platinum_tui.model.mail_words import holds_encoded_word
from platinum_tui.model.request import ProblemCode, Source, SourceKind, WarningCode

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,200}@[^<>\s]{1,200}>")
_FROM_LINE = re.compile(r"(?im)^[\s>*_-]{0,12}from[*_ \t]{0,4}:(.{0,300})$")
_REPLY_PREFIX = re.compile(r"(?i)^(?:(?:re|aw|sv|fwd?|wg)\s*:\s*)+")
_MANY = 20
MOST = 500
"""Recipients of one mail: mail services take no more (Gmail and Exchange Online: 500), and each costs time to show."""


def read_mail(draft: Draft, reading: KindReading, surroundings: Surroundings) -> None:
    """Reads all fields of a mail or a reply into the draft."""
    _recipients(draft, reading, surroundings)
    answers_reply_to = bool(draft.sources.in_head(("reply_to",))) and not draft.sources.of(draft.kind, "to")
    for name in ("cc", "bcc") if answers_reply_to else ("cc", "bcc", "reply_to"):
        draft.take(name, _json_list, same=_as_set)
        if not draft.fields.get(name, True):
            del draft.fields[name], draft.origins[name]
    _not_those_of_the_sender(draft)
    _subject(draft, reading)
    take_text(draft, "body", reading)
    if draft.kind is Kind.EMAIL_REPLY:
        _answered(draft)
    take_files(draft, "attachments", surroundings)
    _not_those_of_the_sender(draft)
    for name, value in draft.fields.items():
        if name != "body" and any(holds_encoded_word(text) for text in texts_in(value)):
            draft.findings.problem(
                ProblemCode.INVALID_VALUE, f"{name} holds an encoded word (=?…?=); write the text itself.", name
            )
    draft.missing("to", "No recipient is given; add `to` with an e-mail address.")
    if draft.kind is Kind.EMAIL_SEND or not draft.fields.get("in_reply_to"):
        draft.missing("subject", "No subject is given; add `subject`.")
    draft.missing("body", "No text is given; write what is to be sent.")
    _count(draft)


def _not_those_of_the_sender(draft: Draft) -> None:
    """Takes back what the record of a message that came in says of that message, not of the reply to it."""
    recorded = INBOUND | {"gmail_id", "email_date"}
    if draft.sources.in_head(("to",)) or not draft.sources.in_head(
        tuple(sorted(recorded - {"from", "sender", "author"}))
    ):
        return
    for name in ("cc", "bcc", "attachments"):
        if name in draft.fields and draft.origins[name].source is draft.sources.form:
            del draft.fields[name], draft.origins[name]
            draft.findings.problem(
                ProblemCode.DISAGREEING_SOURCES,
                f"{name} stands among the keys of the message that came in; say beside `to` what the reply has.",
                name,
            )


def read_mailboxes(value: Raw) -> tuple[Mailbox, ...]:
    """The mailboxes of a list or a text; those that say `None` are left out.

    Raises:
        ValueError: one of them is no address, or there are more than a mail may have.
    """
    entries = value if isinstance(value, list) else split_list(identifier(value))
    if len(entries) > MOST:
        raise ValueError(f"names {len(entries)} addresses, and a mail has {MOST} at most; write several mails")
    boxes: dict[str, Mailbox] = {}
    for entry in entries:
        if not isinstance(entry, str):
            raise ValueError("must be a list of addresses")
        if not is_nothing(entry):
            for part in split_list(identifier(entry)) if isinstance(value, list) and "," in entry else [entry]:
                if len(boxes) == MOST:
                    raise ValueError(f"names more than {MOST} addresses; write several mails")
                box = read_mailbox(identifier(part))
                boxes.setdefault(box.address.casefold(), box)
    return tuple(boxes.values())


def _json_list(value: Raw) -> list[str]:
    return [str(box) for box in read_mailboxes(value)]


def _as_set(value: Raw) -> object:
    return sorted(read_mailbox(item).address.casefold() for item in value)


def _recipients(draft: Draft, reading: KindReading, surroundings: Surroundings) -> None:
    candidates = draft.sources.of(draft.kind, "to")
    named = [c for c in candidates if isinstance(c.value, str) and _is_name(c.value)]
    addressed = [c for c in candidates if c not in named]
    found = draft.agreed("to", addressed, _json_list, same=_as_set)
    if found and found[0]:
        if any(not _fits(c, found[0], surroundings) for c in named):
            draft.disagree("to")
            return
        if _stands_after_a_stranger(draft, found[0], found[1]):
            draft.doubt("to", found[1].source)
            return
        if reading.bare and _came_to_us(draft, found[0]):
            draft.disagree("to")
            return
        draft.put("to", found[0], found[1].source)
        return
    if draft.findings.has("to"):
        return
    if named:
        _by_name(draft, named, surroundings)
        return
    if (reading.reply or draft.kind is Kind.EMAIL_REPLY) and not draft.sources.canonical and "to" not in draft.lost:
        _from_sender(draft)
    if "to" not in draft.fields and not draft.findings.has("to") and _only_in_quote(draft):
        draft.findings.warn(
            WarningCode.RECIPIENT_ONLY_IN_QUOTE,
            "The only address stands in a quoted original and was not used; add `to`.",
        )


def _stands_after_a_stranger(draft: Draft, addresses: list[str], first: Candidate) -> bool:
    """Whether the only source stands where a stranger may have put it, and names somebody else than who wrote to us."""
    if not draft.sources.is_doubtful(draft.kind, first.source):
        return False
    senders = [str(c.value) for c in draft.sources.in_head(SENDER, draft.kind)]
    signed = _FROM_LINE.findall("\n".join(draft.sources.document.lines))
    known = {address.casefold() for text in (*senders, *signed) for address in ADDRESS_IN_TEXT.findall(text)}
    return not _set_of(addresses) <= known


def _came_to_us(draft: Draft, addresses: list[str]) -> bool:
    """Whether a draft was written into the record of a mail that came in, whose `to` is our own address."""
    if not draft.sources.in_head(("received", "received_at", "gmail_id", "message_id", "email_date"), draft.kind):
        return False
    senders = {m.casefold() for c in draft.sources.in_head(("from",)) for m in ADDRESS_IN_TEXT.findall(str(c.value))}
    return bool(senders) and not _set_of(addresses) <= senders


def _is_name(text: str) -> bool:
    return "@" not in text and "[" not in text and "{" not in text and "<" not in text


def _fits(candidate: Candidate, addresses: list[str], surroundings: Surroundings) -> bool:
    contact = surroundings.contacts.find(str(candidate.value))
    return not (contact and contact.email) or contact.email.casefold() in _set_of(addresses)


def _set_of(addresses: list[str]) -> set[str]:
    return {read_mailbox(item).address.casefold() for item in addresses}


def _by_name(draft: Draft, named: list[Candidate], surroundings: Surroundings) -> None:
    def address(value: Raw) -> list[str]:
        contact = surroundings.contacts.find(identifier(value))
        if not contact or not contact.email:
            raise ValueError("is no e-mail address, and the contact book has no such name")
        return [str(Mailbox(contact.email, contact.name))]

    found = draft.agreed("to", named, address, same=_as_set)
    if found and draft.sources.is_doubtful(draft.kind, found[1].source):
        draft.doubt("to", found[1].source)
    elif found:
        draft.put("to", found[0], Source(SourceKind.CONTACTS, found[1].source.line))


def _from_sender(draft: Draft) -> None:
    senders = [c for c in draft.sources.in_head(SENDER, draft.kind) if isinstance(c.value, str)]
    addressed = [c for c in senders if not _is_name(str(c.value))] or senders
    found = draft.agreed("to", addressed, _json_list, same=_as_set)
    if found and len(found[0]) > 1:
        draft.refuse("to", "", "would be several senders of one message; name whom the reply goes to")
    elif found and found[0]:
        draft.put("to", found[0], found[1].source)
        draft.findings.warn(
            WarningCode.RECIPIENT_FROM_SENDER,
            "No recipient is given; the reply goes to the sender of the message it answers.",
        )


def _only_in_quote(draft: Draft) -> bool:
    quoted = draft.sources.document.original_text
    mappings = [value for value in draft.sources.head.values() if isinstance(value, dict)]
    return bool(ADDRESS_IN_TEXT.search(quoted) or any(ADDRESS_IN_TEXT.search(t) for m in mappings for t in texts_in(m)))


def _subject(draft: Draft, reading: KindReading) -> None:
    candidates = draft.sources.of(draft.kind, "subject")
    own = [c for c in candidates if c.source.source in (SourceKind.LABEL, SourceKind.SECTION)]
    if own and reading.reply and draft.findings and _came_in(draft):
        candidates = own
    found = draft.agreed(
        "subject", candidates, one_line, same=lambda text: _normal_subject(text, draft.kind), lenient=True
    )
    if found:
        replies = [str(c.value).strip() for c in candidates if _REPLY_PREFIX.match(str(c.value).strip())]
        text = replies[0] if replies and draft.kind is Kind.EMAIL_REPLY else found[0]
        draft.put("subject", text, found[1].source)
        heads_a_draft = any(
            draft.sources.document.number(label.at) == found[1].source.line
            for body in draft.sources.bodies
            if body.role is Role.DRAFT
            for label in body.headers
        )
        if not heads_a_draft:
            draft.distrust("subject")
        if placeholder_in(text):
            draft.refuse("subject", text, "")


def _normal_subject(text: str, kind: Kind) -> str:
    text = " ".join(text.split()).casefold()
    return _REPLY_PREFIX.sub("", text) if kind is Kind.EMAIL_REPLY else text


def _came_in(draft: Draft) -> bool:
    """Whether the front matter is that of the message that came in, so that its subject is not the reply's."""
    return (
        "to" in draft.fields
        and draft.origins["to"].source is not SourceKind.LABEL
        and not draft.sources.in_head(("to",))
    )


def _answered(draft: Draft) -> None:
    canonical = draft.sources.canonical
    for name in ("in_reply_to", "thread"):
        candidates = draft.sources.in_head(_NAMES[name], draft.kind)
        if not canonical and name == "in_reply_to":
            candidates = [c for c in candidates if _MESSAGE_ID.fullmatch(str(c.value).strip())]
            # `message_id` may be the draft's own: it says what is answered only where nothing else does
            candidates = [c for c in candidates if c.key != "message_id"] or candidates
        found = draft.agreed(name, candidates, identifier)
        if found:
            draft.put(name, found[0], found[1].source)


_NAMES = {"in_reply_to": ("in_reply_to", "original_message_id", "message_id"), "thread": ("thread", "thread_id")}


def _count(draft: Draft) -> None:
    number = sum(len(draft.fields.get(name) or []) for name in ("to", "cc", "bcc"))
    if number > MOST:
        draft.findings.problem(
            ProblemCode.INVALID_VALUE,
            f"The mail goes to {number} recipients, and a mail has {MOST} at most; write several mails.",
            "to",
        )
    elif number > _MANY:
        draft.findings.warn(WarningCode.MANY_RECIPIENTS, f"The mail goes to {number} recipients.")
