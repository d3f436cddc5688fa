"""The fields of a WhatsApp message: a number, or a name that the contact book resolves."""

from __future__ import annotations

import re

from platinum_tui.intake.draft import Draft, identifier, one_line
from platinum_tui.intake.kinds import KindReading
from platinum_tui.intake.phones import is_group, looks_like_number, read_chat_id, read_number
from platinum_tui.intake.placeholders import placeholder_in
from platinum_tui.intake.sources import Candidate
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.intake.texts import check_length, take_text
from platinum_tui.intake.vocabulary import SENDER
from platinum_tui.model.request import ProblemCode, Source, SourceKind, WarningCode
from platinum_tui.model.text_length import message_length

_FROM_LINE = re.compile(r"(?im)^[\s>*_-]{0,12}from[*_ \t]{0,4}:?(.{0,300})$")
_NAME_AND_NUMBER = re.compile(r"[^()<>+]*+(?:(?<=\s)|[(<]\s*+)(?P<number>\+[0-9][0-9 .-]{5,28}[0-9])\s*[)>]?")


def read_chat(draft: Draft, reading: KindReading, surroundings: Surroundings) -> None:
    """Reads all fields of a WhatsApp message into the draft."""
    candidates = draft.sources.of(draft.kind, "to")
    candidates += [c for c in draft.sources.of(draft.kind, "chat_id") if c not in candidates]
    if not candidates and reading.reply and not draft.sources.canonical and "to" not in draft.lost:
        candidates = draft.sources.in_head(SENDER[:1] + SENDER[1:2], draft.kind)
        if candidates:
            draft.findings.warn(
                WarningCode.RECIPIENT_FROM_SENDER,
                "No recipient is given; the reply goes to the sender of the message it answers.",
            )
    _recipient(draft, candidates, surroundings)
    take_text(draft, "body", reading)
    draft.take("template", identifier)
    if "template" in draft.fields or draft.sources.canonical:
        draft.take("language", identifier)
    draft.missing(
        "to", "No recipient is given; add `to` with a number like +12025550142 or a name of the contact book."
    )
    draft.missing("body", "No text is given; write the message.")
    check_length(draft, "body", message_length(str(draft.fields.get("body", ""))), "WhatsApp")


def _recipient(draft: Draft, candidates: list[Candidate], surroundings: Surroundings) -> None:
    numbers: dict[str, Source] = {}
    names: list[tuple[str, Source]] = []
    for candidate in candidates:
        draft.notice(candidate.value)
        try:
            number, name, source = _read(candidate, surroundings)
        except ValueError as error:
            draft.refuse("to", candidate.value, str(error))
            if looks_like_number(str(candidate.value)):
                draft.put("to", str(candidate.value).strip(), candidate.source)
            return
        if number:
            numbers.setdefault(number, source)
        else:
            names.append((name, source))
    if len(numbers) > 1:
        draft.disagree("to")
    elif numbers:
        number, source = next(iter(numbers.items()))
        draft.put("to", number, source)
        if not _is_of_the_sender(draft, number):
            draft.distrust("to")
    elif names:
        name, source = names[0]
        draft.put("to", name, source)
        if len({name.casefold() for name, _ in names}) > 1:
            del draft.fields["to"], draft.origins["to"]
            draft.disagree("to")
            return
        draft.findings.problem(
            ProblemCode.UNRESOLVED_RECIPIENT,
            "The contact book has no number for this name; choose a contact or type the number.",
            "to",
        )


def _is_of_the_sender(draft: Draft, number: str) -> bool:
    """Whether a number is the one that the message that came in names."""
    senders = [str(c.value) for c in draft.sources.in_head(SENDER, draft.kind)]
    if not senders:
        senders = _FROM_LINE.findall("\n".join(draft.sources.document.lines))
    return number.removeprefix("+") in re.sub(r"[\s()./-]", "", " ".join(senders))


def _read(candidate: Candidate, surroundings: Surroundings) -> tuple[str, str, Source]:
    """A number, or a name that stays unresolved, with where it came from."""
    text = one_line(candidate.value)
    if candidate.key in ("chat_id", "jid", "wa_id") or text.endswith(("@c.us", "@s.whatsapp.net", "@g.us")):
        return (
            ("", text, candidate.source)
            if is_group(text)
            else (_chat_number(text, surroundings), text, candidate.source)
        )
    try:
        return read_number(identifier(text)), "", candidate.source
    except ValueError:
        pass
    contact = surroundings.contacts.find(text)
    both = _NAME_AND_NUMBER.fullmatch(text)
    if both and not contact:
        return read_number(identifier(both["number"])), "", candidate.source
    if contact and contact.whatsapp:
        return contact.whatsapp, "", Source(SourceKind.CONTACTS, candidate.source.line)
    if placeholder_in(text):
        raise ValueError("still holds text that was meant to be filled in")
    if looks_like_number(text) or "@" in text:
        raise ValueError("is no number with a country code; write it like +12025550142")
    return "", text, candidate.source


def _chat_number(text: str, surroundings: Surroundings) -> str:
    contact = surroundings.contacts.find(text)
    return contact.whatsapp if contact and contact.whatsapp else read_chat_id(identifier(text))
