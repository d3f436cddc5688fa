"""The fields of what Odoo does: customers, invoices, payments on invoices."""

from __future__ import annotations

import re

from platinum_tui.intake.amounts import Amount
from platinum_tui.intake.draft import Draft, identifier, one_line
from platinum_tui.intake.invoice_lines import amounts_in, lacks_quantity, read_lines
from platinum_tui.intake.kinds import KindReading
from platinum_tui.intake.line_tables import line_tables
from platinum_tui.intake.mail_fields import read_mailboxes
from platinum_tui.intake.money_fields import check_currency, take_money
from platinum_tui.intake.sources import Candidate
from platinum_tui.intake.times import read_date
from platinum_tui.intake.values import Raw, is_false, is_true
from platinum_tui.model.request import Source, SourceKind, WarningCode

_REMARK = re.compile(r"(?<=\S)\s+\([^()]{1,60}\)$")
"""What a file says about an invoice behind its number: `2 (Odoo)`, `INV/2026/0012 (draft)`."""


def read_customer(draft: Draft) -> None:
    """Reads all fields of a new customer into the draft."""
    draft.take("name", identifier, same=_loose)
    draft.take("email", _address, same=_loose)
    for name in ("phone", "vat", "street", "city", "zip", "country"):
        draft.take(name, identifier, same=_loose)
    draft.take("is_company", _truth)
    draft.missing("name", "No name is given; add `name`.")


def read_new_invoice(draft: Draft, reading: KindReading) -> None:
    """Reads all fields of a new invoice into the draft; an amount with a description makes one line."""
    draft.take("customer", identifier, same=_loose)
    beside = _take_lines(draft)
    take_money(draft, "amount")
    check_currency(draft, beside)
    if "lines" not in draft.fields and not draft.findings.has("lines"):
        _derived_line(draft)
    _check_total(draft)
    draft.fields.pop("amount", None)
    draft.origins.pop("amount", None)
    draft.take("due_date", lambda value: read_date(identifier(value)), lenient=True)
    draft.take("reference", one_line, same=_loose, lenient=True)
    draft.take("post", _truth, lenient=True)
    if "post" not in draft.fields and (reading.draft or _stays_draft(draft)):
        draft.put("post", False, draft.origins.get("customer") or Source(draft.sources.form))
    draft.missing("customer", "No customer is given; add `customer`.")
    if not draft.findings.has("amount"):
        draft.missing("lines", "No invoice line is given; add `lines` with description, quantity and unit_price.")


def _stays_draft(draft: Draft) -> bool:
    """Whether a heading calls the invoice a draft, or a label says that it is to stay one."""
    document = draft.sources.document
    headings = [section.name.split() for section in document.sections if not section.original]
    states = [label.value.casefold() for label in document.labels if label.name in ("state", "invoice state")]
    return any({"draft", "invoice"} <= set(words) for words in headings) or any(
        state.lstrip("*_` ").startswith("draft") for state in states
    )


def read_invoice_post(draft: Draft) -> None:
    """Reads all fields of posting an invoice into the draft."""
    _take_invoice(draft)
    take_money(draft, "expected_total")
    draft.missing("invoice", "No invoice is given; add `invoice` with its id or number.")


def read_odoo_payment(draft: Draft) -> None:
    """Reads all fields of a payment on an invoice into the draft."""
    _take_invoice(draft)
    take_money(draft, "amount")
    draft.take("date", lambda value: read_date(identifier(value)), lenient=True)
    draft.take("memo", one_line, same=_loose, lenient=True)
    draft.missing("invoice", "No invoice is given; add `invoice` with its id or number.")
    draft.missing("amount", "No amount is given; add `amount`, for example 1250.00.")


def _take_invoice(draft: Draft) -> None:
    """Reads the invoice; `False` is how Odoo writes that it has no number yet."""
    candidates = [c for c in draft.sources.of(draft.kind, "invoice") if not is_false(c.value)]
    found = draft.agreed("invoice", candidates, _invoice, same=_loose)
    if found:
        draft.put("invoice", found[0], found[1].source)


def _invoice(value: Raw) -> str:
    text = _REMARK.sub("", identifier(value))
    if not re.search(r"[0-9]", text):
        raise ValueError("is no id or number of an invoice")
    return text


def _loose(text: object) -> str:
    return " ".join(str(text).split()).casefold()


def _truth(value: Raw) -> bool:
    if is_true(value) or is_false(value):
        return is_true(value)
    raise ValueError("is neither true nor false")


def _address(value: Raw) -> str:
    boxes = read_mailboxes(value)
    if len(boxes) != 1:
        raise ValueError("must be one e-mail address")
    return boxes[0].address


def _take_lines(draft: Draft) -> list[Amount]:
    """Reads the lines from the front matter and from a table; the amounts in them, for their currency."""
    candidates = draft.sources.in_head(("lines", "line_items", "items", "invoice_lines"), draft.kind)
    amounts = [amount for candidate in candidates for amount in amounts_in(candidate.value)]
    for table in line_tables(draft.sources.document):
        source = Source(SourceKind.LABEL, draft.sources.document.number(table.at))
        try:
            lines, beside = table.lines()
        except ValueError as error:
            draft.refuse("lines", "", f"{error}, in the table")
            return []
        amounts += beside
        candidates.append(Candidate(lines, source, "table"))
    found = draft.agreed("lines", candidates, read_lines)
    if found:
        draft.put("lines", found[0], found[1].source)
        if lacks_quantity(found[1].value):
            draft.findings.warn(WarningCode.DERIVED_VALUE, "A line without a quantity was read as one of it.")
    return amounts


def _derived_line(draft: Draft) -> None:
    amount = draft.fields.get("amount")
    found = draft.agreed("description", draft.sources.of(draft.kind, "description"), one_line, same=_loose)
    if amount and found:
        line = {"description": found[0], "quantity": "1", "unit_price": amount}
        draft.put("lines", [line], draft.origins["amount"])
        draft.findings.warn(WarningCode.DERIVED_VALUE, "Amount and description were made one line of quantity 1.")


def _check_total(draft: Draft) -> None:
    """An amount that stands beside lines must be their sum; otherwise one of them is not what was meant."""
    from decimal import Decimal

    amount, lines = draft.fields.get("amount"), draft.fields.get("lines")
    if amount and lines:
        total = sum((Decimal(line["quantity"]) * Decimal(line["unit_price"]) for line in lines), Decimal(0))
        if total != Decimal(amount):
            draft.findings.warn(WarningCode.AMOUNT_MISMATCH, f"The lines make {total:f}, and the file names {amount}.")
