"""What the words in `action`, `type`, headings and names mean: a kind, a channel, an approval, nothing of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from platinum_tui.model.action import Kind, Platform

KINDS: Mapping[str, Kind] = {kind.value: kind for kind in Kind}
PLATFORMS: Mapping[str, Platform] = {
    "linkedin": Platform.LINKEDIN, "facebook": Platform.FACEBOOK, "fb": Platform.FACEBOOK,
    "instagram": Platform.INSTAGRAM,
    "ig": Platform.INSTAGRAM, "insta": Platform.INSTAGRAM, "twitter": Platform.X, "x": Platform.X, "tweet": Platform.X,
    "tweets": Platform.X, "mastodon": Platform.MASTODON, "toot": Platform.MASTODON, "bluesky": Platform.BLUESKY,
    "bsky": Platform.BLUESKY,
}  # fmt: skip
OTHER_NETWORKS = frozenset(
    [
        "threads",
        "tiktok",
        "youtube",
        "reddit",
        "pinterest",
        "telegram",
        "slack",
        "discord",
        "snapchat",
        "medium",
        "sms",
        "signal",
        "teams",
    ]
)
_EMAIL = frozenset(["email", "emails", "mail", "mails", "gmail", "smtp", "outlook"])
_WHATSAPP = frozenset(["whatsapp", "wa"])
_SOCIAL = frozenset(["social", "post", "posts", "publish", "publishing", "posting"])
_INVOICE = frozenset(["invoice", "invoices"])
_PAYMENT = frozenset(["payment", "payments", "pay"])
_CUSTOMER = frozenset(["customer", "partner"])
_REPLY = frozenset(["reply", "replies", "respond", "response", "responding", "answer"])
_MESSAGE = frozenset(["message", "messages", "msg"])
_NOT_PUBLIC = frozenset(
    ["message", "messages", "dm", "comment", "comments", "lead", "connection", "invite", "invitation", "inbox"]
)
_RECORDING = frozenset(["record", "register", "book", "log", "reconcile"])
_NEUTRAL = frozenset(
    [
        "a",
        "an",
        "and",
        "plus",
        "auto",
        "approval",
        "approve",
        "approved",
        "approving",
        "request",
        "requests",
        "required",
        "requires",
        "needed",
        "pending",
        "awaiting",
        "draft",
        "drafts",
        "drafted",
        "create",
        "created",
        "creating",
        "send",
        "sending",
        "sent",
        "make",
        "do",
        "process",
        "execute",
        "executed",
        "execution",
        "new",
        "outgoing",
        "outbound",
        "external",
        "final",
        "ready",
        "with",
        "to",
        "the",
        "of",
        "for",
        "via",
        "by",
        "on",
        "in",
        "from",
        "action",
        "task",
        "type",
        "odoo",
        "accounting",
        "client",
        "media",
        "text",
        "image",
        "photo",
        "video",
        "picture",
        "content",
        "caption",
        "article",
        "update",
        "scheduled",
        "schedule",
        "manual",
        "retry",
        "generic",
        "item",
        "human",
        "review",
        "confirm",
        "validate",
        "finalize",
        "record",
        "register",
        "book",
        "log",
        "reconcile",
        "queue",
        "queued",
        "dashboard",
        "business",
        "daily",
        "weekly",
        "monthly",
        "attachment",
        "attachments",
        "cloud",
        "local",
        "agent",
        "mcp",
        "tool",
        "call",
        "add",
        "through",
        "business",
        "personal",
        "message",
        "messages",
        "msg",
        "number",
        "one",
        "direct",
        "test",
        "draft1",
        "v1",
        "v2",
        "hitl",
        "initial",
        "now",
    ]
)
_NEWS = frozenset(
    ["notification", "notifications", "alert", "alerts", "report", "briefing", "summary", "log", "digest"]
)
_GENERIC_ONLY = frozenset(["test"])
_NO_REQUEST = frozenset(
    [
        "approval_record",
        "decision_record",
        "accounting_alert",
        "ralph_alert",
        "alert",
        "file_drop",
        "plan_approval",
        "plan",
        "note",
        "log",
        "report",
        "briefing",
        "dashboard",
        "summary",
        "audit",
        "status_update",
        "update",
        "signal",
        "activity",
        "error",
        "failure",
        "error_report",
        "decision",
        "notification",
        "task",
        "completed_task",
        "approved_task",
        "rejected_task",
        "readme",
        "template",
        "example",
        "daily_briefing",
        "ceo_briefing",
        "weekly_audit",
        "lead",
        "invoice_alert",
        "system_alert",
        "inbound",
        "incoming",
        "inbound_email",
        "incoming_email",
        "inbound_message",
        "linkedin_notification",
        "email_notification",
        "notification_email",
        "received_email",
        "connection_request",
    ]
)
_LIST = re.compile(r"[,;\n]")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What some words mean.

    Attributes:
        kind: the kind they name; None where they name none.
        platform: the social network they name.
        reply: they say that it answers somebody.
        explicit: they say what is done (`send_email`), not only the channel (`email`).
        channel: they mean a message or reply whose channel stands elsewhere.
        several: they name more than one action.
        unknown: they name an action that is none of ours.
        draft: they ask for a draft.
        nothing: they say that the file is no request.
    """

    kind: Kind | None = None
    platform: Platform | None = None
    reply: bool = False
    explicit: bool = False
    channel: bool = False
    several: bool = False
    unknown: bool = False
    draft: bool = False
    nothing: bool = False

    @property
    def empty(self) -> bool:
        """Whether they name nothing at all (`approval_request`)."""
        return not (self.kind or self.channel or self.several or self.unknown or self.nothing or self.platform)


def words_of(text: str) -> tuple[str, ...]:
    """Lower-case words of a key's value, a heading or a name; camel case is split, `Twitter/X` is one."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text) if not re.match(r"(?i)linkedin$|whatsapp$", text.strip()) else text
    text = text.casefold()
    for said, meant in (
        ("linked in", "linkedin"),
        ("whats app", "whatsapp"),
        ("e-mail", "email"),
        ("face book", "facebook"),
    ):
        text = text.replace(said, meant)
    text = re.sub(r"twitter\s*[/(|]\s*x\b\)?|\bx\s*[/(|]\s*twitter\)?", "twitter", text)
    return tuple(word for word in re.split(r"[^\w]+|_+", text.replace("&", " and ").replace("+", " and ")) if word)


@lru_cache(maxsize=2048)
def meaning_of(text: str) -> Meaning:
    """What the value of `action`, `type` and the like means."""
    words = words_of(text)
    if "_".join(words) in _NO_REQUEST:
        return Meaning(nothing=True)
    kind = KINDS.get("_".join(words))
    if kind:
        return Meaning(kind=kind, reply=kind is Kind.EMAIL_REPLY, explicit=True)
    meaning = _composed(words)
    return Meaning(several=True) if _LIST.search(text) and _lists_kinds(text, meaning) else meaning


def listed_kinds(text: str) -> list[Kind | None]:
    """The kind of each part of a text such as `send_email, post_linkedin`; None for a part that names none."""
    return [meaning_of(part).kind for part in _LIST.split(text)]


def _lists_kinds(text: str, whole: Meaning) -> bool:
    """Whether a list in one text names more than one thing to do; a reply is a mail, too."""
    parts = [meaning for part in _LIST.split(text) if (meaning := meaning_of(part)).kind]
    sure = {meaning.kind for meaning in parts if meaning.explicit or whole.unknown}
    return len(sure - {Kind.EMAIL_REPLY} | ({Kind.EMAIL_SEND} if Kind.EMAIL_REPLY in sure else set())) > 1


def leading_words(name: str) -> str:
    """The words at the head of a name that mean something to us, up to the first that does not."""
    kept: list[str] = []
    for word in words_of(name):
        if word.isdigit() and not kept:
            continue
        if word.isdigit() or meaning_of(word).unknown:
            break
        kept.append(word)
    return "_".join(kept)


def _composed(words: tuple[str, ...]) -> Meaning:
    have = frozenset(words)
    networks = {PLATFORMS[word] for word in have & PLATFORMS.keys()}
    known = _NEUTRAL | _EMAIL | _WHATSAPP | _SOCIAL | _INVOICE | _PAYMENT | _CUSTOMER | _REPLY | PLATFORMS.keys()
    if have & _NEWS and not have & {"send", "post", "create", "publish", "reply"}:
        return Meaning(nothing=True)
    unknown = bool(have - known) or have == _GENERIC_ONLY
    reply = bool(have & _REPLY) or {"with", "draft"} <= have
    draft = bool(have & {"draft", "drafts"})
    email, whatsapp = bool(have & _EMAIL), bool(have & _WHATSAPP)
    invoice, payment = bool(have & _INVOICE), bool(have & _PAYMENT)
    money = invoice or payment
    social = bool(networks) or bool(have & _SOCIAL - ({"post", "posting"} if money else set()))
    families = [email, whatsapp, money and not (email and not have & {"and", "plus"}), social]
    if sum(families) > 1 and have & {"and", "plus"}:
        return Meaning(several=True)
    if unknown or sum(families) > 1:
        return Meaning(unknown=True, reply=reply, draft=draft)
    explicit = bool(have & {"send", "sending", "create", "publish", "make", "process", "record", "register"})
    if email:
        return Meaning(
            Kind.EMAIL_REPLY if reply else Kind.EMAIL_SEND, reply=reply, explicit=explicit or reply, draft=draft
        )
    if whatsapp:
        explicit = explicit or reply or draft
        return Meaning(Kind.WHATSAPP_MESSAGE, reply=reply, explicit=explicit, draft=draft)
    if money:
        return _of_money(have, invoice=invoice, payment=payment, draft=draft)
    if networks or social:
        return _of_social(have, networks, reply=reply)
    if have & _CUSTOMER and have & {"create", "new", "add"}:
        return Meaning(Kind.ODOO_CUSTOMER_CREATE, explicit=True)
    if reply or have & _MESSAGE:
        return Meaning(channel=True, reply=reply, draft=draft)
    return Meaning(draft=draft)


def _of_money(have: frozenset[str], *, invoice: bool, payment: bool, draft: bool) -> Meaning:
    if payment and (have & _RECORDING or "odoo" in have):
        return Meaning(Kind.ODOO_PAYMENT, explicit=True)
    if payment and invoice and not have & {"pay"}:
        return Meaning(Kind.PAYMENT, explicit=False)
    if payment:
        return Meaning(Kind.PAYMENT, explicit=True)
    if have & {"send", "sending", "sent"} or not invoice:
        return Meaning(unknown=True)
    if have & {"post", "posting", "confirm", "validate", "finalize"}:
        return Meaning(Kind.ODOO_INVOICE_POST, explicit=True)
    return Meaning(Kind.ODOO_INVOICE_CREATE, explicit="create" in have or "odoo" in have, draft=draft)


def _of_social(have: frozenset[str], networks: set[Platform], *, reply: bool) -> Meaning:
    if len(networks) > 1:
        return Meaning(several=True)
    if (
        have & (_NOT_PUBLIC - {"message", "messages"})
        or (reply and "draft" not in have)
        or (networks and have & _NOT_PUBLIC)
    ):
        return Meaning(unknown=True)
    posting = bool(have & (_SOCIAL - {"social"}) | have & {"tweet", "tweets", "toot"})
    return Meaning(Kind.SOCIAL_POST, next(iter(networks), None), explicit=posting)
