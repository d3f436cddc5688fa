"""Amounts, currencies and accounts: of payments, and of what Odoo books."""

from __future__ import annotations

from platinum_tui.intake import currencies
from platinum_tui.intake.accounts import read_account
from platinum_tui.intake.amounts import Amount, read_amount
from platinum_tui.intake.draft import Draft, identifier, one_line
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.intake.times import read_date
from platinum_tui.intake.values import Raw
from platinum_tui.model.action import Rail
from platinum_tui.model.request import ProblemCode, WarningCode

_BANK_CODES = ("sort_code", "routing_number", "aba", "bsb", "bank_code", "blz", "ifsc", "transit_number", "branch_code")


def read_payment(draft: Draft, surroundings: Surroundings) -> None:
    """Reads all fields of a payment into the draft."""
    draft.take("payee", identifier, same=_loose)
    take_money(draft, "amount")
    draft.take("rail", _rail, lenient=True)
    rail = draft.fields.get("rail")
    draft.take("account", lambda value: read_account(identifier(value), rail))
    _whole_account(draft)
    draft.take("reference", one_line, same=_loose, lenient=True)
    draft.take("execution_date", lambda value: read_date(identifier(value)), lenient=True)
    _fitting_rail(draft)
    draft.missing("payee", "No payee is given; add `payee`.")
    draft.missing("amount", "No amount is given; add `amount`, for example 1250.00.")
    draft.missing("currency", "No currency is given; add `currency` with its three-letter code.")
    draft.missing("account", "No account is given; add `account` with the whole IBAN or the rail's own id.")
    _changed_account(draft, surroundings)


def _fitting_rail(draft: Draft) -> None:
    """Notes a currency that the rail which the file names does not carry."""
    currency = draft.fields.get("currency")
    if draft.fields.get("rail") == Rail.SEPA.value and currency not in (None, "EUR"):
        draft.findings.problem(
            ProblemCode.INVALID_VALUE,
            f"SEPA carries euro alone, and the currency is {currency}; name another rail, or an amount in EUR.",
            "currency",
        )


def _whole_account(draft: Draft) -> None:
    """Notes an account number that names an account only with a sort code or the like, for which there is no field."""
    beside = draft.sources.named(_BANK_CODES)
    account = str(draft.fields.get("account", ""))
    if beside and account.isdigit() and not draft.findings.has("account"):
        draft.refuse("account", "", f"is only part of one: {beside[0].key} belongs to it; write the whole IBAN")


def take_money(draft: Draft, name: str) -> None:
    """Reads an amount and the currency, which may stand together (`EUR 1,250.00`) or apart."""
    declared = draft.sources.of(draft.kind, "currency")
    found = draft.agreed("currency", declared, read_currency)
    code = found[0] if found else None
    read: list[Amount] = []

    def amount(value: Raw) -> str:
        read.append(read_amount(identifier(value), code))
        return read[-1].value

    money = draft.agreed(
        name,
        draft.sources.of(draft.kind, name),
        amount,
        same=lambda value: value.rstrip("0").rstrip(".") if "." in value else value,
    )
    beside = {item.currency for item in read if item.currency}
    if len(beside | ({code} if code else set())) > 1:
        draft.disagree("currency")
        found = None
    if money:
        draft.put(name, money[0], money[1].source)
        if any(item.reformatted for item in read):
            draft.findings.warn(
                WarningCode.AMOUNT_REFORMATTED, "Grouping marks were removed from an amount; compare its digits."
            )
    if found:
        draft.put("currency", found[0], found[1].source)
    elif money and len(beside) == 1 and not draft.findings.has("currency"):
        draft.put("currency", next(iter(beside)), money[1].source)
    sign = next((item.ambiguous_sign for item in read if item.ambiguous_sign), None)
    if sign and "currency" not in draft.fields:
        draft.findings.warn(
            WarningCode.AMBIGUOUS_CURRENCY, f"The sign {sign} names several currencies; add `currency`."
        )
    elif sign and not currencies.sign_fits(sign, draft.fields["currency"]):
        draft.disagree("currency")
        del draft.fields["currency"], draft.origins["currency"]


def check_currency(draft: Draft, amounts: list[Amount]) -> None:
    """Takes the currency that stands with the amounts of a table, where no other source gives one, or disagrees."""
    codes = {amount.currency for amount in amounts if amount.currency}
    signs = {amount.ambiguous_sign for amount in amounts if amount.ambiguous_sign}
    known = draft.fields.get("currency")
    if len(codes) == 1 and known is None and "lines" in draft.fields and not draft.findings.has("currency"):
        known = next(iter(codes))
        draft.put("currency", known, draft.origins["lines"])
    if codes - {known} or (known and not all(currencies.sign_fits(sign, known) for sign in signs)):
        draft.disagree("currency")
    elif signs and not known:
        draft.findings.warn(
            WarningCode.AMBIGUOUS_CURRENCY,
            f"The sign {min(signs)} names several currencies; add `currency`.",
        )


def read_currency(value: Raw) -> str:
    """An ISO 4217 code, or a sign that names exactly one.

    Raises:
        ValueError: it is neither.
    """
    text = identifier(value)
    code = currencies.SIGNS.get(text) or text.upper()
    if code not in currencies.CODES:
        raise ValueError("is no three-letter currency code, such as EUR")
    return code


def _rail(value: Raw) -> str:
    text = identifier(value).casefold()
    words = {
        "sepa": Rail.SEPA,
        "sepa transfer": Rail.SEPA,
        "stripe": Rail.STRIPE,
        "paypal": Rail.PAYPAL,
        "wise": Rail.WISE,
    }
    if text not in words:
        raise ValueError("is none of sepa, stripe, paypal, wise")
    return words[text].value


def _loose(text: object) -> str:
    return " ".join(str(text).split()).casefold()


def _changed_account(draft: Draft, surroundings: Surroundings) -> None:
    payee, account = draft.fields.get("payee"), draft.fields.get("account")
    contact = surroundings.contacts.find(payee) if payee and account else None
    if contact and contact.iban and contact.iban.replace(" ", "").upper() != account:
        draft.findings.warn(
            WarningCode.ACCOUNT_CHANGED, "The contact book holds another account for this payee; ask them by telephone."
        )
