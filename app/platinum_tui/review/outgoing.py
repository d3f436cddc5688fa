"""The exact outgoing form of an action, kind by kind: what the reviewer reads is what the server will be given."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import format_datetime
from typing import Any, NamedTuple

from platinum_tui.model.action import (
    EmailReply,
    EmailSend,
    McpCall,
    OdooInvoiceCreate,
    Payment,
    SocialPost,
    WhatsappMessage,
)
from platinum_tui.model.canonical import fields_of
from platinum_tui.model.decision import instant
from platinum_tui.model.mail import END_OF_HEADERS, AttachedFile, compose
from platinum_tui.model.request import Request
from platinum_tui.model.social import posted_text
from platinum_tui.model.summary import amount_of
from platinum_tui.model.text_length import message_length, post_length
from platinum_tui.review.outgoing_words import in_words
from platinum_tui.system.configuration import Configuration
from platinum_tui.system.prices import price_of
from platinum_tui.system.tool_lists import ToolList

AT_APPROVAL = "(fixed at approval)"
_NOT_AT_HAND = "(not at hand)"
_PLACEHOLDER_ID = "<fixed-at-approval@platinum.invalid>"
_PLACEHOLDER_DATE = datetime(2000, 1, 1, tzinfo=UTC)
_SHOWN_APART = frozenset({"text", "media", "media_sha256", "alt_text"})
_WIDEST = 60
"""Letters to which descriptions of invoice lines are filled up, so that their figures stand below each other."""
_OF_THE_ENCODING = frozenset({"MIME-Version", "Content-Type", "Content-Transfer-Encoding"})


class Fixed(NamedTuple):
    """What is fixed of a mail once it is approved; None for what is not at hand."""

    date: datetime | None = None
    message_id: str | None = None


def outgoing(
    request: Request,
    configuration: Configuration,
    listed: Callable[[str], ToolList | None] | None = None,
    fixed: Fixed | None = None,
) -> str:
    """The outgoing message or call as text; what is only fixed at approval is marked. Not made safe.

    For a request that cannot be executed as it is, the fields that could be read.

    Args:
        request: what was read.
        configuration: the settings in force.
        listed: the tools of a server of the user's, by which a call was checked; None where nothing is said of that.
        fixed: what is no longer open, of a request that was done.
    """
    action = request.action
    if action is None:
        return _listed(request.fields)
    forms: Mapping[type, Callable[[Any], str]] = {
        EmailSend: lambda mail: _mail(mail, configuration, fixed),
        EmailReply: lambda mail: _mail(mail, configuration, fixed),
        SocialPost: _post,
        WhatsappMessage: _message,
        OdooInvoiceCreate: _invoice,
        Payment: _payment,
        McpCall: lambda call: _call(call, listed),
    }
    render = forms.get(type(action))
    form = render(action) if render else _listed(fields_of(action))
    price = price_of(action, configuration)
    return f"cost: {price.sentence}\n{form}" if price else form


def _mail(action: EmailSend | EmailReply, configuration: Configuration, fixed: Fixed | None) -> str:
    """The mail parsed back from the very bytes that would be sent, its headers and text decoded."""
    sender = configuration.family("email").text("sender")
    try:
        composed = compose(
            action,
            sender=sender or "nobody@invalid",
            message_id=_PLACEHOLDER_ID,
            date=_PLACEHOLDER_DATE,
            attachments=[AttachedFile(path.rsplit("/", 1)[-1], b"") for path in action.attachments],
        )
    except ValueError as error:
        return f"{_listed(fields_of(action))}\n\nThis mail cannot be composed: {error}"
    read, text = read_back(composed.data)
    headers = {
        "From": read.pop("From") if sender else "(no sender is configured under [servers.email])",
        **{name: read.pop(name) for name in ("To", "Cc") if name in read},
        **({"Bcc": f"{', '.join(action.bcc)} (in the envelope only)"} if action.bcc else {}),
        **{name: value for name, value in read.items() if name != "From"},
        "Date": _date(fixed),
        "Message-ID": AT_APPROVAL if fixed is None else fixed.message_id or _NOT_AT_HAND,
    }
    files = zip(action.attachments, action.attachments_sha256, strict=True)
    attached = [f"Attachment: {path} (SHA-256 {sha256[:16]}…)" for path, sha256 in files]
    return "\n".join([*(f"{name}: {value}" for name, value in headers.items()), *attached, "", text])


def _date(fixed: Fixed | None) -> str:
    if fixed is None:
        return AT_APPROVAL
    return format_datetime(fixed.date) if fixed.date else _NOT_AT_HAND


def read_back(data: bytes) -> tuple[dict[str, str], str]:
    """A composed mail as its reader gets it: every header but those of the encoding, decoded, and the text."""
    head, end, text = data.partition(END_OF_HEADERS)
    message = email.message_from_bytes(head + end, policy=email.policy.default)
    if message.get_content_maintype() == "multipart":
        message = email.message_from_bytes(data, policy=email.policy.default)
    else:  # the parser would go through its lines one by one, to keep them as they are
        message.set_payload(text.decode("ascii", "surrogateescape"))
    headers = {name: str(value) for name, value in message.items() if name not in _OF_THE_ENCODING}
    body = message.get_body(("plain",))
    return headers, body.get_content().replace("\r\n", "\n") if body else ""


def _post(action: SocialPost) -> str:
    fields = {name: value for name, value in fields_of(action).items() if name not in _SHOWN_APART}
    alt_texts = action.alt_text or ("",) * len(action.media)
    media = [
        _medium(path, sha256, alt)
        for path, sha256, alt in zip(action.media, action.media_sha256, alt_texts, strict=True)
    ]
    text = posted_text(action)
    length = f"length: {post_length(text, action.platform)}"
    return "\n".join([_listed(fields), length, *media, "", text])


def _medium(path: str, sha256: str, alt_text: str) -> str:
    proof = f"SHA-256 {sha256[:16]}…" if sha256 else "its bytes are not known here"
    return f"media: {path} ({proof})\n  alt text: {alt_text or '(none)'}"


def _message(action: WhatsappMessage) -> str:
    fields = {name: value for name, value in fields_of(action).items() if name != "body"}
    return f"{_listed({**fields, 'length': message_length(action.body)})}\n\n{action.body}"


def _invoice(action: OdooInvoiceCreate) -> str:
    fields = {name: value for name, value in fields_of(action).items() if name != "lines"}
    width = min(max(len(line.description) for line in action.lines), _WIDEST)
    rows = [
        f"  {line.description:<{width}}  {line.quantity:f} × {line.unit_price:f} = {line.total:f}"
        for line in action.lines
    ]
    total = f"  {'Total without tax':<{width}}  {amount_of(fields_of(action))} {action.currency or ''}".rstrip()
    return "\n".join([_listed(fields), "", *rows, total])


def _payment(action: Payment) -> str:
    account = action.account
    grouped = " ".join(account[at : at + 4] for at in range(0, len(account), 4)) if account[:2].isalpha() else account
    fields = fields_of(action)
    return _listed(
        {
            "payee": fields.pop("payee"),
            "account": grouped,
            "amount": f"{action.amount:f} {fields['currency']}",
            "in words": in_words(action.amount, fields.pop("currency")),
            **{name: value for name, value in fields.items() if name not in {"account", "amount"}},
        }
    )


def _call(action: McpCall, listed: Callable[[str], ToolList | None] | None) -> str:
    arguments = json.dumps(dict(action.arguments), indent=2, ensure_ascii=False)
    checked = f"checked: {_checked(action, listed(action.server))}\n" if listed else ""
    return f"server: {action.server}\ntool: {action.tool}\n{checked}arguments:\n{arguments}"


def _checked(action: McpCall, known: ToolList | None) -> str:
    tool = known.tools.get(action.tool) if known else None
    if known is None or tool is None:
        return f"no; nobody has listed the tools of {action.server} yet (platinum-tui servers --tools)"
    return f"by the tool's schema {tool.schema_sha256[:12]}, listed {instant(known.listed_at)}"


def _listed(fields: Mapping[str, Any]) -> str:
    return "\n".join(f"{name}: {_written(value)}" for name, value in fields.items())


def _written(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(_written(item) for item in value)
        case Mapping():
            return json.dumps(value, ensure_ascii=False)
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)
