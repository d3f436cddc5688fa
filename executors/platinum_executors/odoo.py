"""The Odoo server: customers, invoices and payments, each made at most once.

The lock of what is created is its external id (`ir.model.data` is unique in the database): it is searched first, and
`load()`, which makes record and id in one transaction, is called only where it is absent. A second `load()` of an
invoice would append its lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from platinum_executors.attempt import Attempt
from platinum_executors.family import ActingTool, Answer, Family, Finding, Lookup, Promise, Surroundings
from platinum_executors.odoo_api import TRANSACTION_LIMIT, OdooApi
from platinum_executors.odoo_records import (
    Invoice,
    country_id,
    currency_id,
    currency_places,
    customer_id,
    external_record,
    invoice_by_id,
    invoice_named,
    payment_with,
)
from platinum_executors.refusal import Refused, Unknown
from platinum_executors.serving import serve_family
from platinum_tui.model.action import Kind, OdooCustomerCreate, OdooInvoiceCreate, OdooInvoicePost, OdooPayment
from platinum_tui.model.receipt import Outcome, Result
from platinum_tui.system.configuration import Configuration

Row = Mapping[str, Any]


def serve(configuration: Configuration, environ: Mapping[str, str]) -> None:
    """Serves Odoo on stdio until the client leaves."""
    serve_family(ODOO, configuration, environ)


def create_customer(here: Surroundings, attempt: Attempt[OdooCustomerCreate]) -> Result:
    """Makes a customer, once."""
    api, action, name = OdooApi(here), attempt.action, f"customer_{attempt.marker}"
    existing = external_record(api, name)
    if existing is None:
        values = {
            "id": f"platinum.{name}",
            "name": action.name,
            "email": action.email,
            "phone": action.phone,
            "vat": action.vat,
            "is_company": None if action.is_company is None else str(int(action.is_company)),
            "street": action.street,
            "city": action.city,
            "zip": action.zip,
            "country_id/.id": country_id(api, action.country) if action.country else None,
        }
        columns = [key for key, value in values.items() if value is not None]
        record = _load(api, attempt, "res.partner", columns, [[str(values[key]) for key in columns]], name)
    else:
        record = existing
    return _done({"customer_id": record, "external_id": f"platinum.{name}", "existed": existing is not None})


def create_invoice(here: Surroundings, attempt: Attempt[OdooInvoiceCreate]) -> Result:
    """Makes an invoice, checks its total against what was approved, and posts it where that was approved."""
    api, action = OdooApi(here), attempt.action
    name = f"invoice_{'posted' if action.post else 'draft'}_{attempt.marker}"
    existing = external_record(api, name)
    if existing is None:
        columns, rows = _invoice_rows(api, action, name)
        record = _load(api, attempt, "account.move", columns, rows, name)
        invoice = _checked_draft(api, record, action)
    else:
        invoice = invoice_by_id(api, existing)
    if action.post and invoice.state == "draft":
        try:
            invoice = _post(api, attempt, invoice)
        except Refused as refused:
            _take_back(api, invoice, refused)
    return _done({**invoice.evidence(), "external_id": f"platinum.{name}", "existed": existing is not None})


def post_invoice(here: Surroundings, attempt: Attempt[OdooInvoicePost]) -> Result:
    """Posts a draft whose total and currency are the approved ones."""
    api, action = OdooApi(here), attempt.action
    invoice = invoice_named(api, action.invoice)
    if invoice.state != "draft":
        raise Refused("not_draft", f"The invoice {invoice.name} is no draft: it is {invoice.state}.")
    _same_currency(invoice, action.currency)
    if action.expected_total is not None and invoice.total != action.expected_total:
        raise Refused(
            "total_differs", f"The invoice comes to {invoice.total}; what was approved is {action.expected_total}."
        )
    posted = _post(api, attempt, invoice)
    if action.expected_total is not None and posted.total != action.expected_total:
        raise Unknown("total_changed", "The invoice was posted with another total.", posted.evidence())
    return _done(posted.evidence())


def register_payment(here: Surroundings, attempt: Attempt[OdooPayment]) -> Result:
    """Registers a payment on a posted invoice; the marker stands in its memo, where it is looked up first."""
    api, action, tag = OdooApi(here), attempt.action, _tag(attempt.marker)
    paid = payment_with(api, tag)
    if paid:
        return _done({**paid, "existed": True})
    invoice = invoice_named(api, action.invoice)
    if invoice.state != "posted":
        raise Refused("not_posted", f"The invoice {invoice.name} is not posted: it is {invoice.state}.")
    _same_currency(invoice, action.currency)
    if action.amount > invoice.residual:
        raise Refused("overpaid", f"Only {invoice.residual} is open on {invoice.name}; approved is {action.amount}.")
    values = {
        # JSON-RPC has no decimals; Odoo rounds to the currency's own, so the shortest float is the same amount.
        "amount": float(action.amount),
        "communication": f"{action.memo or invoice.name} {tag}",
        "currency_id": invoice.currency_id,
        **({"payment_date": action.date} if action.date else {}),
    }
    context = {"active_model": "account.move", "active_ids": [invoice.id]}
    wizard = api.ask("account.payment.register", "create", vals_list=[values], context=context)
    _settled(
        lambda: api.act(
            attempt, "account.payment.register", "action_create_payments", ids=_ids(wizard), context=context
        ),
        lambda: payment_with(api, tag) is not None,
        {"invoice": invoice.name, "memo": values["communication"]},
    )
    payment = payment_with(api, tag)
    if payment is None or Decimal(str(payment["amount"])) != action.amount:
        raise Unknown("not_read_back", "The payment was registered, and cannot be read back as approved.", payment)
    return _done({**payment, "existed": False, "payment_state": invoice_by_id(api, invoice.id).payment_state})


def find(here: Surroundings, marker: str) -> Lookup:
    """Looks for a record that carries the marker. An invoice posted by number carries none."""
    api = OdooApi(here)
    for name, model in (
        (f"customer_{marker}", "res.partner"),
        (f"invoice_posted_{marker}", "account.move"),
        (f"invoice_draft_{marker}", "account.move"),
    ):
        record = external_record(api, name)
        if record is None:
            continue
        if model == "res.partner":
            return Lookup(Answer.FOUND, {"customer_id": record})
        invoice = invoice_by_id(api, record)
        if name.startswith("invoice_posted") and invoice.state == "draft":
            return Lookup(Answer.CANNOT_TELL, {**invoice.evidence(), "reason": "It was created, and is not posted."})
        return Lookup(Answer.FOUND, invoice.evidence())
    payment = payment_with(api, _tag(marker))
    return Lookup(Answer.FOUND, payment) if payment else Lookup(Answer.ABSENT)


def check(here: Surroundings) -> Sequence[Finding]:
    """Logs in, and reads what the tools read."""
    try:
        api = OdooApi(here)
        for model in ("res.partner", "account.move", "account.payment", "ir.model.data"):
            api.rows(model, [("id", "=", 0)], ["id"], limit=1)
    except Refused as refused:
        return [Finding.of(refused, "odoo")]
    return []


def _invoice_rows(api: OdooApi, action: OdooInvoiceCreate, name: str) -> tuple[list[str], list[list[str]]]:
    head = {
        "id": f"platinum.{name}",
        "move_type": "out_invoice",
        "partner_id/.id": str(customer_id(api, action.customer)),
        "currency_id/.id": str(currency_id(api, action.currency)) if action.currency else None,
        "invoice_date_due": action.due_date,
        "ref": action.reference,
    }
    columns = [key for key, value in head.items() if value is not None]
    lines = ["invoice_line_ids/name", "invoice_line_ids/quantity", "invoice_line_ids/price_unit"]
    rows = [
        [str(head[key]) if place == 0 else "" for key in columns]
        + [line.description, format(line.quantity, "f"), format(line.unit_price, "f")]
        for place, line in enumerate(action.lines)
    ]
    return columns + lines, rows


def _load(api: OdooApi, attempt: Attempt[Any], model: str, columns: list[str], rows: list[list[str]], name: str) -> int:
    """Creates record and external id together, and returns the record's id."""
    answer = _settled(
        lambda: api.act(attempt, model, "load", fields=columns, data=rows),
        lambda: external_record(api, name) is not None,
        {"external_id": f"platinum.{name}"},
    )
    ids = answer.get("ids") if isinstance(answer, Mapping) else None
    if ids:
        return _ids(ids)[0]
    if isinstance(answer, Mapping) and answer.get("messages"):
        # A refusal of load() comes as a good answer that holds messages; nothing was written.
        words = "; ".join(str(message.get("message")).split("\n")[0] for message in answer["messages"][:3])
        raise Refused("refused_by_odoo", f"Odoo refuses: {words}")
    record = external_record(api, name)
    if record is None:
        raise Unknown("malformed_answer", "Odoo's answer makes no sense.", {"external_id": f"platinum.{name}"})
    return record


def _checked_draft(api: OdooApi, record: int, action: OdooInvoiceCreate) -> Invoice:
    invoice = invoice_by_id(api, record)
    smallest = Decimal(1).scaleb(-currency_places(api, invoice.currency_id))
    wanted = sum((_rounded(line.quantity * line.unit_price, smallest) for line in action.lines), Decimal(0))
    # Prices may be with tax or without, as the company has settled: one of the two sums must be the approved one.
    if wanted not in (invoice.untaxed, invoice.total):
        words = f"Odoo makes {invoice.untaxed} of it; what was approved comes to {wanted}."
        _take_back(api, invoice, Refused("total_differs", words))
    return invoice


def _rounded(amount: Decimal, smallest: Decimal) -> Decimal:
    return amount.quantize(smallest, ROUND_HALF_UP)


def _take_back(api: OdooApi, invoice: Invoice, refused: Refused) -> None:
    """Removes a draft that was made a moment ago, and refuses; if it stays, a person must look."""
    try:
        api.ask("account.move", "unlink", ids=[invoice.id])
    except Refused as kept:
        evidence = {**invoice.evidence(), "reason": refused.message}
        raise Unknown("draft_left", "A draft was made, could not go on, and could not be removed.", evidence) from kept
    raise refused


def _post(api: OdooApi, attempt: Attempt[Any], invoice: Invoice) -> Invoice:
    """Posting a posted invoice is an error and no second effect: so after silence its state tells."""
    _settled(
        lambda: api.act(attempt, "account.move", "action_post", ids=[invoice.id]),
        lambda: invoice_by_id(api, invoice.id).state == "posted",
        invoice.evidence(),
    )
    posted = invoice_by_id(api, invoice.id)
    if posted.state != "posted":
        raise Unknown("not_read_back", "Odoo accepted the posting, and the invoice is not posted.", posted.evidence())
    return posted


def _settled(act: Callable[[], Any], happened: Callable[[], bool], evidence: Row) -> Any:
    """What `act` answers; where no answer came, a look at the books may still settle that it happened."""
    try:
        return act()
    except Unknown as unknown:
        try:
            settled = happened()
        except Refused:
            settled = False
        if settled:
            return None
        raise Unknown(unknown.reason, unknown.message, evidence) from unknown


def _same_currency(invoice: Invoice, currency: str | None) -> None:
    if currency and invoice.currency != currency:
        raise Refused("currency_differs", f"{invoice.name} is in {invoice.currency}; approved is {currency}.")


def _ids(value: Any) -> list[int]:
    ids = value if isinstance(value, list) else [value]
    if not ids or not all(isinstance(item, int) for item in ids):
        raise Refused("malformed_answer", "Odoo's answer makes no sense.")
    return ids


def _tag(marker: str) -> str:
    return f"[{marker[:12]}]"


def _done(evidence: Row) -> Result:
    return Result(Outcome.DONE, evidence)


# A request that Odoo began just before the connection broke may still commit within its own time limit.
_CREATES = Promise(absence_is_proof=True, settled_after=int(TRANSACTION_LIMIT) + 60)

ODOO = Family(
    name="odoo",
    tools=(
        ActingTool(
            name="create_customer",
            kind=Kind.ODOO_CUSTOMER_CREATE,
            description="Create one approved customer.",
            promise=_CREATES,
            act=create_customer,
        ),
        ActingTool(
            name="create_invoice",
            kind=Kind.ODOO_INVOICE_CREATE,
            description="Create one approved customer invoice, and post it if approved.",
            promise=_CREATES,
            act=create_invoice,
        ),
        ActingTool(
            name="post_invoice",
            kind=Kind.ODOO_INVOICE_POST,
            description="Post one approved draft invoice.",
            promise=Promise(absence_is_proof=False),
            act=post_invoice,
        ),
        ActingTool(
            name="register_payment",
            kind=Kind.ODOO_PAYMENT,
            description="Register one approved payment on a posted invoice.",
            promise=_CREATES,
            act=register_payment,
        ),
    ),
    find=find,
    check=check,
)
