"""The one composer of mail: the preview shows the bytes that the server sends (RFC 5322, RFC 2045)."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime, getaddresses, parseaddr

from platinum_tui.model.action import EmailReply, EmailSend
from platinum_tui.model.decision import idempotency_key
from platinum_tui.model.mail_words import holds_encoded_word

LONGEST_LINE = 998
END_OF_HEADERS = b"\r\n\r\n"
"""What stands between a mail's headers and its text (RFC 5322, 2.1)."""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """One file as it is attached: its name and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Composed:
    """A mail ready for SMTP.

    Attributes:
        sender: the envelope's sender.
        recipients: every envelope recipient once: to, cc, then bcc.
        data: the message as on the wire, CRLF line ends, without a Bcc header.
    """

    sender: str
    recipients: tuple[str, ...]
    data: bytes


def message_id(vault: str, request: str, digest: str, sender: str) -> str:
    """The Message-ID that an approved mail will have: fixed by the decision, so that it can be looked up afterwards."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return f"<{idempotency_key(vault, request, digest)}.platinum@{domain}>"


def reply_subject(action: EmailReply) -> str:
    """The subject of a reply that has none of its own."""
    return action.subject or "Re: your message"


def compose(
    action: EmailSend | EmailReply,
    *,
    sender: str,
    message_id: str,
    date: datetime,
    attachments: Sequence[AttachedFile] = (),
) -> Composed:
    """The exact mail that an action is.

    Args:
        action: what was approved.
        sender: the From address, from the configuration alone.
        message_id: with its angle brackets.
        date: when it was approved, aware.
        attachments: the attached files, in the action's order.

    Raises:
        ValueError: a header or an address holds what it must not (a line end, for one).
    """
    _refuse_encoded_words(action, attachments)
    message = EmailMessage(policy=SMTP)
    message["From"] = _addresses((sender,))
    message["To"] = _addresses(action.to)
    if action.cc:
        message["Cc"] = _addresses(action.cc)
    if action.reply_to:
        message["Reply-To"] = _addresses(action.reply_to)
    subject = reply_subject(action) if isinstance(action, EmailReply) else action.subject or ""
    message["Subject"] = subject
    message["Date"] = format_datetime(date)
    message["Message-ID"] = message_id
    if isinstance(action, EmailReply) and action.in_reply_to:
        message["In-Reply-To"] = action.in_reply_to
        thread = [action.thread] if action.thread and action.thread.startswith("<") else []
        message["References"] = " ".join(dict.fromkeys([*thread, action.in_reply_to]))
    body = action.body.rstrip("\n") + "\n"
    message.set_content(body, cte="7bit" if _goes_as_it_is(body) else None)
    for file in attachments:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        maintype, _, subtype = kind.partition("/")
        message.add_attachment(file.data, maintype=maintype, subtype=subtype, filename=file.name)
    if attachments:
        message.set_boundary("=" * 8 + message_id.strip("<>").split(".")[0])
    data = message.as_bytes()
    _require_as_meant(data, list(message.keys()), subject, action)
    recipients = tuple(dict.fromkeys(parseaddr(a)[1] for a in (*action.to, *action.cc, *action.bcc)))
    return Composed(parseaddr(sender)[1], recipients, data)


def _refuse_encoded_words(action: EmailSend | EmailReply, attachments: Sequence[AttachedFile]) -> None:
    answered = (action.in_reply_to, action.thread) if isinstance(action, EmailReply) else ()
    addresses = (*action.to, *action.cc, *action.bcc, *action.reply_to)
    for text in (action.subject, *answered, *addresses, *(file.name for file in attachments)):
        if text and holds_encoded_word(text):
            raise ValueError("an encoded word (=?…?=) stands in a header; write the text itself")


def _require_as_meant(data: bytes, names: Sequence[str], subject: str, action: EmailSend | EmailReply) -> None:
    """Read the mail back as its receiver will: the headers meant, each once, with the subject and addresses meant."""
    read = message_from_bytes(data.partition(END_OF_HEADERS)[0] + END_OF_HEADERS, policy=default)
    meant = {"To": action.to, "Cc": action.cc, "Reply-To": action.reply_to}
    headers = {name: read[name] for name in meant}  # each look at a header parses it anew
    found = {name: [a.addr_spec for a in header.addresses] if header else [] for name, header in headers.items()}
    wanted = {name: [parseaddr(address)[1] for address in values] for name, values in meant.items()}
    if sorted(read.keys()) != sorted(names) or str(read["Subject"]) != subject or found != wanted:
        raise ValueError("the headers would not arrive as they were written")


def _goes_as_it_is(text: str) -> bool:
    """Whether every server takes the text unencoded: ASCII, no line over 998 octets (RFC 5322, 2.1.1)."""
    return text.isascii() and max(map(len, text.split("\n"))) <= LONGEST_LINE and "\r" not in text


def _addresses(values: Sequence[str]) -> tuple[Address, ...]:
    pairs = getaddresses(list(values))
    return tuple(Address(display_name=name, addr_spec=address) for name, address in pairs)
