"""Every built-in server, as a process: it lists its tools, promises, and does nothing without a signed decision."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from importlib import import_module

import pytest
from tests.support.contract_server import Answer, contract_server
from tests.support.household import ROOT

from platinum_tui.model.action import (
    EmailReply,
    EmailSend,
    InvoiceLine,
    Kind,
    OdooCustomerCreate,
    OdooInvoiceCreate,
    OdooInvoicePost,
    OdooPayment,
    Payment,
    Platform,
    SocialPost,
    WhatsappMessage,
)
from platinum_tui.model.canonical import fields_of

LINE = InvoiceLine(description="Work", quantity=Decimal(1), unit_price=Decimal(10))
SERVERS = {
    "email": {
        "send_email": EmailSend(to=("a@example.com",), subject="s", body="b"),
        "reply_email": EmailReply(to=("a@example.com",), subject="s", body="b"),
    },
    "social": {"create_post": SocialPost(platform=Platform.X, text="t")},
    "odoo": {
        "create_customer": OdooCustomerCreate(name="n"),
        "create_invoice": OdooInvoiceCreate(customer="c", lines=(LINE,)),
        "post_invoice": OdooInvoicePost(invoice="1"),
        "register_payment": OdooPayment(invoice="1", amount=Decimal(1)),
    },
    "whatsapp": {"send_message": WhatsappMessage(to="+12025550142", body="b")},
    "payments": {"create_payment": Payment(payee="p", amount=Decimal(1), currency="EUR", account="acct_1")},
}
SETTINGS = {
    "email": {"smtp_host": "127.0.0.1", "smtp_security": "none", "sender": "me@example.net"},
    "social": {"x_user": "me"},
    "odoo": {"database": "books"},
    "whatsapp": {"phone_number_id": "1"},
    "payments": {"stripe_account": "acct_1"},
}
ADDRESS = {"social": "x_api_url", "odoo": "url", "whatsapp": "api_url", "payments": "stripe_api_url"}


def test_every_kind_has_one_tool():
    kinds = sorted(action.kind for tools in SERVERS.values() for action in tools.values())

    assert kinds == sorted(kind for kind in Kind if kind is not Kind.MCP_CALL)


def test_every_server_is_an_entry_point():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    entries = project["project"]["entry-points"]["platinum_tui.executors"]

    assert set(entries) == set(SERVERS)
    for target in entries.values():
        module, _, name = target.partition(":")
        assert callable(getattr(import_module(module), name))


@pytest.mark.parametrize("name", list(SERVERS))
async def test_without_a_decision_a_server_only_looks(household, name):
    with contract_server(lambda call: Answer({}, 404)) as service:
        settings = {**SETTINGS[name], **({ADDRESS[name]: service.url} if name in ADDRESS else {})}
        household.configure(name, settings)
        async with household.serve(name) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            described = (await client.call_tool("describe", {})).structured_content["tools"]
            for tool, action in SERVERS[name].items():
                refused = await household.call(client, tool, fields_of(action), None)
                assert (refused["outcome"], refused["code"]) == ("refused", "decision_missing")
                assert described[tool]["kind"] == action.kind
                assert described[tool]["promise"].keys() == {"marker", "absence_is_proof", "settled_after", "key_life"}
                assert set(fields_of(action)) <= set(tools[tool].input_schema["properties"])

    assert service.journal == []
    assert household.burnt == []
    assert {tool for tool in tools if not tools[tool].annotations.read_only_hint} == set(SERVERS[name])


async def test_nothing_but_the_protocol_reaches_the_stream(household):
    household.configure("email", {**SETTINGS["email"], "smtp_port": 1})
    async with household.serve("email") as client:
        result = await household.do(client, "send_email", SERVERS["email"]["send_email"])
        after = await client.call_tool("check", {})

    assert result["code"] == "no_connection"
    assert after.structured_content["ok"] is False
