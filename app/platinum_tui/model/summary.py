"""A request in one line for people: its title, its target, its amount. Never parsed, always made safe."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal

from platinum_tui.model.action import EXACT, JsonValue, Kind
from platinum_tui.model.canonical import canonical_json
from platinum_tui.model.text import safe_line

_TITLE_FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.EMAIL_SEND: ("subject", "body"),
    Kind.EMAIL_REPLY: ("subject", "body"),
    Kind.SOCIAL_POST: ("text",),
    Kind.WHATSAPP_MESSAGE: ("body",),
    Kind.ODOO_CUSTOMER_CREATE: ("name",),
    Kind.MCP_CALL: ("tool",),
}
_MONEY_TITLE_FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ODOO_INVOICE_CREATE: ("customer", "reference"),
    Kind.ODOO_INVOICE_POST: ("invoice",),
    Kind.ODOO_PAYMENT: ("invoice", "memo"),
    Kind.PAYMENT: ("payee", "reference"),
}
"""Who or what the money is about, then what it is for; the amount stands between them."""
_TARGET_FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.EMAIL_SEND: ("to", "cc", "bcc"),
    Kind.EMAIL_REPLY: ("to", "cc", "bcc"),
    Kind.SOCIAL_POST: ("platform",),
    Kind.WHATSAPP_MESSAGE: ("to",),
    Kind.ODOO_CUSTOMER_CREATE: ("name",),
    Kind.ODOO_INVOICE_CREATE: ("customer",),
    Kind.ODOO_INVOICE_POST: ("invoice",),
    Kind.ODOO_PAYMENT: ("invoice",),
    Kind.PAYMENT: ("payee", "account"),
    Kind.MCP_CALL: ("server", "tool"),
}
TITLE_LENGTH = 120
_TITLE_PART = 48
"""Letters of a part of a title: a long name does not push the amount away."""


def title_of(kind: Kind | None, fields: Mapping[str, JsonValue], file: str) -> str:
    """A request's headline: its subject, its text's first line, payee and amount, or the file's name."""
    money = _MONEY_TITLE_FIELDS.get(kind) if kind else None
    if money and (title := _money_title(money, fields)):
        return title
    for name in _TITLE_FIELDS.get(kind, ()) if kind else ():
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            return safe_line(value.strip().split("\n")[0])[:TITLE_LENGTH]
    return safe_line(file.rsplit("/", 1)[-1])[:TITLE_LENGTH]


def _money_title(names: tuple[str, ...], fields: Mapping[str, JsonValue]) -> str:
    about, *purpose = (str(fields.get(name) or "").strip().split("\n")[0] for name in names)
    parts = (safe_line(part)[:_TITLE_PART] for part in (about, money_of(fields), *purpose))
    return ", ".join(part for part in parts if part)[:TITLE_LENGTH]


def target_of(kind: Kind | None, fields: Mapping[str, JsonValue]) -> str:
    """Whom or what the action reaches: recipients, platform, payee and account, server and tool."""
    parts: list[str] = []
    for name in _TARGET_FIELDS[kind] if kind else ():
        value = fields.get(name)
        parts.extend(str(item) for item in value) if isinstance(value, list) else parts.append(str(value or ""))
    return safe_line(", ".join(part for part in parts if part))


def amount_of(fields: Mapping[str, JsonValue]) -> str | None:
    """The money that moves, as a decimal string: the amount, the expected total, or the sum of the lines."""
    for name in ("amount", "expected_total"):
        value = fields.get(name)
        if isinstance(value, str):
            return value
    total, lines = Decimal(), fields.get("lines")
    try:
        for line in lines or ():
            total = EXACT.add(total, EXACT.multiply(Decimal(line["quantity"]), Decimal(line["unit_price"])))
        cents = EXACT.quantize(total, Decimal("0.01"))
    except (ArithmeticError, KeyError, TypeError):
        return None
    return format(cents if cents == total else total, "f") if lines else None


def money_of(fields: Mapping[str, JsonValue]) -> str:
    """The money that moves with its currency, `1250.00 EUR`; empty where none does."""
    return " ".join(part for part in (amount_of(fields), fields.get("currency")) if isinstance(part, str))


def parameters_of(fields: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """An action's fields for the audit log: texts and arguments are named by their length and hash only."""
    parameters: dict[str, JsonValue] = {}
    for name, value in fields.items():
        if name in {"body", "text", "arguments"}:
            data = canonical_json(value)
            parameters[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        else:
            parameters[name] = value
    return parameters
