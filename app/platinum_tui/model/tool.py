"""Which tool of which server does an action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from platinum_tui.model.action import JsonValue, Kind


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool of one server."""

    server: str
    name: str


_TOOLS: Mapping[Kind, Tool] = {
    Kind.EMAIL_SEND: Tool("email", "send_email"),
    Kind.EMAIL_REPLY: Tool("email", "reply_email"),
    Kind.SOCIAL_POST: Tool("social", "create_post"),
    Kind.WHATSAPP_MESSAGE: Tool("whatsapp", "send_message"),
    Kind.ODOO_CUSTOMER_CREATE: Tool("odoo", "create_customer"),
    Kind.ODOO_INVOICE_CREATE: Tool("odoo", "create_invoice"),
    Kind.ODOO_INVOICE_POST: Tool("odoo", "post_invoice"),
    Kind.ODOO_PAYMENT: Tool("odoo", "register_payment"),
    Kind.PAYMENT: Tool("payments", "create_payment"),
}


def tool_for(kind: Kind, fields: Mapping[str, JsonValue]) -> Tool:
    """The tool that does an action of this kind."""
    if kind is Kind.MCP_CALL:
        return Tool(str(fields["server"]), str(fields["tool"]))
    return _TOOLS[kind]
