"""Odoo's records as the tools see them: looked up exactly, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from platinum_executors.odoo_api import OdooApi
from platinum_executors.refusal import Refused, Unknown
from platinum_tui.model.action import JsonValue

MEMO_SINCE = 18
"""The version from which a payment's memo is called `memo`; before it was `ref`."""
_INVOICE_FIELDS = (
    "name",
    "state",
    "move_type",
    "amount_untaxed",
    "amount_total",
    "amount_residual",
    "currency_id",
    "payment_state",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """A customer invoice as it stands in the books."""

    id: int
    name: str
    state: str
    payment_state: str
    untaxed: Decimal
    total: Decimal
    residual: Decimal
    currency: str
    currency_id: int

    def evidence(self) -> dict[str, JsonValue]:
        """What proves it."""
        return {
            "invoice_id": self.id,
            "invoice": self.name,
            "state": self.state,
            "amount_total": format(self.total, "f"),
            "currency": self.currency,
        }


def invoice_by_id(api: OdooApi, record: int) -> Invoice:
    """An invoice by its database id.

    Raises:
        Refused: there is none, or it is no customer invoice.
    """
    return _only_invoice(api, [("id", "=", record)], f"with the id {record}")


def invoice_named(api: OdooApi, name: str) -> Invoice:
    """An invoice by its database id (digits), its number, or (drafts have none) its reference.

    Raises:
        Refused: there is none, or more than one, or it is no customer invoice.
    """
    by_words: list[Any] = ["|", ("name", "=", name), ("ref", "=", name)]
    domain = [("id", "=", int(name))] if name.isascii() and name.isdigit() else by_words
    return _only_invoice(api, domain, name)


def customer_id(api: OdooApi, customer: str) -> int:
    """A customer by database id (digits), mail address or exact name.

    Raises:
        Refused: there is none, or more than one.
    """
    by_words: list[Any] = [("email" if "@" in customer else "name", "=ilike", _literal(customer))]
    domain = [("id", "=", int(customer))] if customer.isascii() and customer.isdigit() else by_words
    return _only_id(api, "res.partner", domain, "customer", customer)


def country_id(api: OdooApi, country: str) -> int:
    """A country by its two letters or its English name.

    Raises:
        Refused: there is none.
    """
    field, operator, value = ("code", "=", country.upper()) if len(country) == 2 else ("name", "=ilike", country)
    return _only_id(api, "res.country", [(field, operator, value)], "country", country)


def currency_id(api: OdooApi, code: str) -> int:
    """An active currency by its ISO 4217 code.

    Raises:
        Refused: there is none.
    """
    return _only_id(api, "res.currency", [("name", "=", code)], "currency", code)


def currency_places(api: OdooApi, currency: int) -> int:
    """How many decimals a currency (by database id) has in Odoo."""
    return int(
        _only(api.rows("res.currency", [("id", "=", currency)], ["decimal_places"]), "currency", "")["decimal_places"]
    )


def external_record(api: OdooApi, name: str) -> int | None:
    """The record that carries our external id of that name; None where there is none."""
    domain = [("module", "=", "platinum"), ("name", "=", name)]
    rows = api.rows("ir.model.data", domain, ["res_id"], limit=1)
    return int(rows[0]["res_id"]) if rows else None


def payment_with(api: OdooApi, tag: str) -> dict[str, JsonValue] | None:
    """The payment whose memo ends with a tag; None where no memo holds it.

    Raises:
        Unknown: it stands elsewhere in a memo: another payment quotes it, or somebody wrote more after it.
    """
    memo = "memo" if api.version >= MEMO_SINCE else "ref"
    rows = api.rows("account.payment", [(memo, "like", tag)], ["name", "amount", "state", memo], limit=10)
    if not rows:
        return None
    own = next((row for row in rows if row[memo].endswith(tag)), None)
    row = own or rows[0]
    amount = format(money(row["amount"]), "f")
    names = {"payment_id": row["id"], "payment": row["name"], "amount": amount}
    evidence = {**names, "state": row["state"], "memo": row[memo]}
    if own is None:
        message = (
            f"The mark of this payment stands in the memo of {row['name']}, and not at its end: look at it in Odoo."
        )
        raise Unknown("memo_quoted", message, evidence)
    return evidence


def money(value: object) -> Decimal:
    """An amount as Odoo gives it, a JSON number, with its cents."""
    amount = Decimal(str(value))
    exponent = amount.as_tuple().exponent
    return amount.quantize(Decimal("0.01")) if isinstance(exponent, int) and exponent > -2 else amount


def _only_invoice(api: OdooApi, domain: list[Any], words: str) -> Invoice:
    rows = api.rows("account.move", domain, _INVOICE_FIELDS)
    row = _only(rows, "invoice", words)
    if row["move_type"] != "out_invoice":
        raise Refused("not_an_invoice", f"{words} is no customer invoice.")
    return Invoice(
        id=row["id"],
        name=row["name"] or f"draft {row['id']}",
        state=row["state"],
        payment_state=row["payment_state"] or "",
        untaxed=money(row["amount_untaxed"]),
        total=money(row["amount_total"]),
        residual=money(row["amount_residual"]),
        currency=row["currency_id"][1],
        currency_id=row["currency_id"][0],
    )


def _only_id(api: OdooApi, model: str, domain: list[Any], what: str, words: str) -> int:
    return int(_only(api.rows(model, domain, ["id"]), what, words)["id"])


def _only(rows: list[Mapping[str, Any]], what: str, words: str) -> Mapping[str, Any]:
    if not rows:
        raise Refused(f"{what}_not_found", f"Odoo has no {what} {words}.")
    if len(rows) > 1:
        raise Refused(f"{what}_ambiguous", f"Odoo has more than one {what} {words}; give its id.")
    return rows[0]


def _literal(text: str) -> str:
    """A text for `=ilike`, in which % and _ would mean anything."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
