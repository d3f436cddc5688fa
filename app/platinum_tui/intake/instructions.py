"""What a file claims or orders that is not its to say: approval, policy, hosts, senders, another action."""

from __future__ import annotations

import re
from collections.abc import Mapping

from platinum_tui.intake.document import Document
from platinum_tui.intake.values import Raw, is_false, is_nothing, is_true
from platinum_tui.intake.vocabulary import FIELDS
from platinum_tui.model.action import Kind

_CLAIMS = frozenset(
    [
        "approved",
        "approved_by",
        "approved_at",
        "approved_date",
        "date_approved",
        "approval_date",
        "signed",
        "signature",
        "signed_by",
        "decision",
        "granted",
        "verified",
        "authorized",
        "authorised",
        "pre_approved",
        "preapproved",
        "actions_authorized",
        "approval_granted",
        "approval_status",
        "reviewed_by",
    ]
)
_POLICY = frozenset(
    [
        "undo",
        "approval",
        "limits",
        "limit",
        "policy",
        "fingerprint",
        "digest",
        "vault",
        "nonce",
        "confirm",
        "skip_review",
        "skip_approval",
        "bypass",
        "dry_run",
        "approval_level",
        "trust",
        "trusted",
        "auto_execute",
        "auto_send",
        "auto_publish",
        "execute_now",
        "immediate",
    ]
)
_HOSTS = frozenset(
    [
        "smtp_host",
        "smtp_port",
        "smtp_security",
        "smtp_user",
        "smtp_server",
        "host",
        "hostname",
        "endpoint",
        "odoo_url",
        "url_override",
        "base_url",
        "api_url",
        "webhook",
        "webhook_url",
        "proxy",
        "command",
        "env",
        "environment",
        "api_key",
        "apikey",
        "api_token",
        "token",
        "password",
        "secret",
        "credentials",
        "account_override",
        "sender",
        "from_address",
        "send_as",
    ]
)
_LATER = frozenset(
    ["send_at", "send_on", "send_after", "send_time", "deliver_at", *FIELDS[Kind.SOCIAL_POST]["scheduled_at"]]
)
"""Keys that name a later moment, which only posts know: everything else is done once it is approved."""
_WAITING = re.compile(
    r"(?i)(?:pending|awaiting|waiting|draft|new|needs|requires|ready|queued|in|review|todo|open|unread)\b.*|"
)
_ORDERS = re.compile(
    r"(?i)\b(?:pre-?approved|auto-?approved?|already (?:been )?approved|approve (?:it|this) (?:without|now"
    r"|immediately|automatically)|"
    r"skip (?:the )?(?:review|approval)|without (?:showing|asking|review|approval)|no (?:review|approval) (?:is "
    r")?(?:needed|required|necessary)|"
    r"ignore (?:all |any |the )?(?:previous|above|earlier) instructions?|do not (?:show|tell|ask|alert)|you are "
    r"(?:now )?an? (?:ai|assistant|agent)|"
    r"system (?:prompt|message|override))\b|^\W*SYSTEM\s*:"
)
_ORDER_HINTS = ("approv", "review", "instruction", "system", "without", "do not", "you are")
_QUOTED_ORDER = re.compile(
    r"(?im)^[\s>*_`\"{,-]*(?:(?:action|kind|action_type|status|approved|auto_approve|iban|account|bcc)\W*[:=]\W*\w"
    r"|#{1,6}\s+(?:draft|proposed|suggested|drafted)\b)"
    r"|[\"']action[\"']\s*:"
)


def ignored_keys(head: Mapping[str, Raw], kind: Kind | None, *, canonical: bool) -> list[str]:
    """The keys that claim or order something which no file may decide."""
    return [key for key, value in head.items() if not is_nothing(value) and _orders(key, value, kind, canonical)]


def _orders(key: str, value: Raw, kind: Kind | None, canonical: bool) -> bool:
    if key in ("requires_approval", "approval_required", "needs_approval"):
        return is_false(value)
    if key in ("auto_approve", "auto_approved", *_CLAIMS) or key == "dry_run":
        return not is_false(value)
    if key == "status":
        return not (isinstance(value, str) and _WAITING.fullmatch(value.strip().replace("_", " ")))
    if key == "approval" and isinstance(value, str):
        return not _WAITING.fullmatch(value.strip())
    if key in ("account", "iban"):
        return kind not in (Kind.PAYMENT, None)
    if key in _LATER:
        return kind is not Kind.SOCIAL_POST
    if key == "server":
        return kind is not Kind.MCP_CALL
    if key in ("from", "sender"):
        return canonical
    if key == "risk_level":
        return canonical and is_nothing(value)
    return key in _POLICY or (key in _HOSTS and not is_true(value))


def orders_in(text: str) -> bool:
    """Whether a text claims an approval or gives orders to whoever handles it."""
    lowered = text.casefold()
    hints = [hint for hint in _ORDER_HINTS if hint in lowered]
    return bool(hints) and any(
        _ORDERS.search(line) for line in text.split("\n") if any(hint in line.casefold() for hint in hints)
    )


def orders_in_quote(document: Document) -> bool:
    """Whether text that was quoted from others names an action, a decision, an account or a draft of ours."""
    return bool(_QUOTED_ORDER.search(document.original_text))
