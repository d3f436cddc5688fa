"""The ten kinds of action, typed. An action that lacks what its kind requires cannot be built."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, ClassVar

JsonValue = Any
"""What JSON can hold: None, bool, int, str, lists and mappings of these. Amounts are decimal strings, never floats."""

EXACT = Context(prec=200)
"""Arithmetic that rounds nothing: Python's own keeps 28 digits."""
LARGEST_ATTACHMENT = 64 * 1024 * 1024
"""Bytes of one attached file at most; services take less."""


class Kind(enum.StrEnum):
    """What a request asks for."""

    EMAIL_SEND = "email_send"
    EMAIL_REPLY = "email_reply"
    SOCIAL_POST = "social_post"
    WHATSAPP_MESSAGE = "whatsapp_message"
    ODOO_CUSTOMER_CREATE = "odoo_customer_create"
    ODOO_INVOICE_CREATE = "odoo_invoice_create"
    ODOO_INVOICE_POST = "odoo_invoice_post"
    ODOO_PAYMENT = "odoo_payment"
    PAYMENT = "payment"
    MCP_CALL = "mcp_call"


class Platform(enum.StrEnum):
    """A social network that a post can go to."""

    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    X = "x"
    LINKEDIN = "linkedin"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"


class Rail(enum.StrEnum):
    """The way a payment takes."""

    SEPA = "sepa"
    STRIPE = "stripe"
    PAYPAL = "paypal"
    WISE = "wise"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mail:
    """What both kinds of mail share. Addresses are `local@domain` or `Name <local@domain>`."""

    to: tuple[str, ...]
    subject: str | None
    body: str
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    """Vault-relative paths."""
    attachments_sha256: tuple[str, ...] = ()
    """The hash of each attachment's bytes, in the same order: what was seen is what is sent."""

    def __post_init__(self) -> None:
        _require(self, "to", "body")
        _require_hashes(self.attachments, self.attachments_sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailSend(_Mail):
    """A new mail."""

    kind: ClassVar[Kind] = Kind.EMAIL_SEND

    def __post_init__(self) -> None:
        _Mail.__post_init__(self)
        _require(self, "subject")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailReply(_Mail):
    """A reply: a subject or the Message-ID that it answers is required."""

    kind: ClassVar[Kind] = Kind.EMAIL_REPLY
    in_reply_to: str | None = None
    thread: str | None = None

    def __post_init__(self) -> None:
        _Mail.__post_init__(self)
        if not (self.subject or self.in_reply_to):
            raise ValueError("subject or in_reply_to is required")


@dataclass(frozen=True, slots=True, kw_only=True)
class SocialPost:
    """A post on one platform."""

    kind: ClassVar[Kind] = Kind.SOCIAL_POST
    platform: Platform
    text: str
    link: str | None = None
    media: tuple[str, ...] = ()
    """Vault-relative paths or https addresses."""
    media_sha256: tuple[str, ...] = ()
    """The hash of each medium's bytes, in the same order; empty for an address."""
    alt_text: tuple[str, ...] = ()
    """What each medium shows, in the same order, for those who cannot see it; none, or one for each medium."""
    visibility: str | None = None
    scheduled_at: str | None = None
    """An instant, `YYYY-MM-DDTHH:MM:SSZ`."""

    def __post_init__(self) -> None:
        _require(self, "text")
        _require_hashes(self.media, self.media_sha256)
        if self.alt_text and len(self.alt_text) != len(self.media):
            raise ValueError("alt_text has one text for each medium")
        if self.platform is Platform.INSTAGRAM and not self.media:
            raise ValueError("media is required")


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsappMessage:
    """A WhatsApp message to one E.164 number."""

    kind: ClassVar[Kind] = Kind.WHATSAPP_MESSAGE
    to: str
    body: str
    template: str | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        _require(self, "to", "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class OdooCustomerCreate:
    """A new customer in Odoo."""

    kind: ClassVar[Kind] = Kind.ODOO_CUSTOMER_CREATE
    name: str
    email: str | None = None
    phone: str | None = None
    vat: str | None = None
    is_company: bool | None = None
    street: str | None = None
    city: str | None = None
    zip: str | None = None
    country: str | None = None

    def __post_init__(self) -> None:
        _require(self, "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """One line of an invoice."""

    description: str
    quantity: Decimal
    unit_price: Decimal

    @property
    def total(self) -> Decimal:
        """Quantity times unit price, to the last digit."""
        return EXACT.multiply(self.quantity, self.unit_price)


@dataclass(frozen=True, slots=True, kw_only=True)
class OdooInvoiceCreate:
    """A new customer invoice in Odoo, posted unless said otherwise."""

    kind: ClassVar[Kind] = Kind.ODOO_INVOICE_CREATE
    customer: str
    lines: tuple[InvoiceLine, ...]
    currency: str | None = None
    due_date: str | None = None
    reference: str | None = None
    post: bool = True

    def __post_init__(self) -> None:
        _require(self, "customer", "lines")


@dataclass(frozen=True, slots=True, kw_only=True)
class OdooInvoicePost:
    """An existing draft invoice is posted."""

    kind: ClassVar[Kind] = Kind.ODOO_INVOICE_POST
    invoice: str
    expected_total: Decimal | None = None
    currency: str | None = None

    def __post_init__(self) -> None:
        _require(self, "invoice")


@dataclass(frozen=True, slots=True, kw_only=True)
class OdooPayment:
    """A payment is registered on an invoice in Odoo."""

    kind: ClassVar[Kind] = Kind.ODOO_PAYMENT
    invoice: str
    amount: Decimal
    currency: str | None = None
    date: str | None = None
    memo: str | None = None

    def __post_init__(self) -> None:
        _require(self, "invoice", "amount")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money goes to a payee."""

    kind: ClassVar[Kind] = Kind.PAYMENT
    payee: str
    amount: Decimal
    currency: str
    account: str
    """An IBAN without spaces, or the rail's own id."""
    reference: str | None = None
    rail: Rail | None = None
    execution_date: str | None = None

    def __post_init__(self) -> None:
        _require(self, "payee", "amount", "currency", "account")


@dataclass(frozen=True, slots=True, kw_only=True)
class McpCall:
    """One call of a tool of one of the user's own MCP servers."""

    kind: ClassVar[Kind] = Kind.MCP_CALL
    server: str
    tool: str
    arguments: Mapping[str, JsonValue]

    def __post_init__(self) -> None:
        _require(self, "server", "tool")


Action = (
    EmailSend
    | EmailReply
    | SocialPost
    | WhatsappMessage
    | OdooCustomerCreate
    | OdooInvoiceCreate
    | OdooInvoicePost
    | OdooPayment
    | Payment
    | McpCall
)

ACTION_TYPES: Mapping[Kind, type[Action]] = {
    cls.kind: cls
    for cls in (
        EmailSend,
        EmailReply,
        SocialPost,
        WhatsappMessage,
        OdooCustomerCreate,
        OdooInvoiceCreate,
        OdooInvoicePost,
        OdooPayment,
        Payment,
        McpCall,
    )
}


def field_names(kind: Kind) -> tuple[str, ...]:
    """The names of a kind's fields, in the order in which people read them."""
    return tuple(field.name for field in dataclasses.fields(ACTION_TYPES[kind]))


def _require(action: object, *names: str) -> None:
    for name in names:
        if getattr(action, name) in (None, "", ()):
            raise ValueError(f"{name} is required")


def _require_hashes(paths: tuple[str, ...], hashes: tuple[str, ...]) -> None:
    if len(paths) != len(hashes):
        raise ValueError("each file needs the hash of its bytes")
