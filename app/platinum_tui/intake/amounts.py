"""Amounts as people write them, kept digit by digit; what has two readings has none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from platinum_tui.intake import currencies

MAX_DIGITS = 15
_SIGN = "|".join(sorted((re.escape(sign) for sign in currencies.SIGNS), key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?:(?P<code>[A-Z]{{3}})\s*)?(?P<sign>{_SIGN})?\s*(?:(?P<inner>[A-Z]{{3}})\s*)?"
    rf"(?P<digits>[0-9](?:[0-9.,'’\u00a0\u202f ]{{0,40}}[0-9])?)(?:\.?/-|\.-)?"
    rf"\s*(?P<sign_after>{_SIGN})?\s*(?P<code_after>[A-Z]{{3}})?"
)
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_GROUPED_BY_COMMA = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?P<rest>\.[0-9]{1,3})?")
_GROUPED_BY_DOT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?P<rest>,[0-9]{1,2})?")
_GROUPED_BY_SPACE = re.compile(r"[0-9]{1,3}(?:[ '’\u00a0\u202f][0-9]{3})+(?P<rest>[.,][0-9]{1,2})?")
_GROUPED_BY_LAKH = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?P<rest>\.[0-9]{1,2})?")
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]{2}")
_NUMBER_IN_TEXT = re.compile(
    r"(?<![\w.,/#-])(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{2})?|[0-9]{1,9}\.[0-9]{2})(?![\w,]|\.[0-9])"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount that has one reading.

    Attributes:
        value: decimal text, digits as written, `.` before the decimals.
        currency: the ISO 4217 code that stands with it, if one does.
        ambiguous_sign: the sign that stands with it and names several currencies.
        reformatted: grouping marks were removed or the decimal mark replaced.
    """

    value: str
    currency: str | None = None
    ambiguous_sign: str | None = None
    reformatted: bool = False


def read_amount(text: str, currency: str | None = None) -> Amount:
    """The amount that a text is.

    Args:
        text: the whole value, perhaps with a currency code or sign.
        currency: the code that another field gives.

    Raises:
        ValueError: it is no amount, has two readings, is not positive, or has more decimals than its currency.
    """
    match = _AMOUNT.fullmatch(text.strip())
    if not match:
        raise ValueError("is no amount in digits; write it like 1250.00")
    signs = {sign for sign in (match["sign"], match["sign_after"]) if sign}
    codes = {code for code in (match["code"], match["inner"], match["code_after"]) if code}
    codes |= {one for sign in signs if (one := currencies.SIGNS[sign])}
    if len(codes) > 1 or not codes <= currencies.CODES:
        raise ValueError("does not name one currency")
    own = next(iter(codes), None)
    known = own or currency
    if own and not all(currencies.sign_fits(sign, own) for sign in signs):
        raise ValueError("has a sign that is not its currency's")
    ambiguous = next((sign for sign in signs if currencies.SIGNS[sign] is None), None)
    value = _digits(match["digits"], known, ambiguous)
    if sum(map(str.isdigit, value)) > MAX_DIGITS:
        raise ValueError("has more digits than any sum of money")
    if len(value.partition(".")[2]) > currencies.decimals_of(known):
        raise ValueError("has more decimals than its currency")
    if not value.strip("0."):
        raise ValueError("is zero")
    return Amount(value, own, None if own else ambiguous, reformatted=value != match["digits"])


def _digits(text: str, currency: str | None, sign: str | None) -> str:
    commas_group = currency in currencies.COMMA_GROUPS or (not currency and sign in currencies.COMMA_GROUP_SIGNS)
    lakh = currency in currencies.LAKH_GROUPS or (not currency and sign in currencies.LAKH_SIGNS)
    if _PLAIN.fullmatch(text):
        return text
    match = _GROUPED_BY_COMMA.fullmatch(text)
    if match and (match["rest"] or commas_group or text.count(",") > 1):
        return text.replace(",", "")
    if lakh and _GROUPED_BY_LAKH.fullmatch(text):
        return text.replace(",", "")
    match = _GROUPED_BY_DOT.fullmatch(text)
    if match and (match["rest"] or text.count(".") > 1):
        return text.replace(".", "").replace(",", ".")
    match = _GROUPED_BY_SPACE.fullmatch(text)
    if match:
        return re.sub(r"[ '’\u00a0\u202f]", "", text).replace(",", ".")
    if _DECIMAL_COMMA.fullmatch(text) and not commas_group:
        return text.replace(",", ".")
    raise ValueError("can be read in two ways; write it like 1250.00")


def amounts_in(text: str) -> list[str]:
    """Sums of money that a sentence names, as decimal texts; numbers that may be anything else are left out."""
    return [match.group().replace(",", "") for match in _NUMBER_IN_TEXT.finditer(text)]
