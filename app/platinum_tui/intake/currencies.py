"""Currencies: ISO 4217 codes, their decimals, and the signs that name exactly one of them."""

from __future__ import annotations

from collections.abc import Mapping

CODES = frozenset(
    ["AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG"]
)
_NO_DECIMALS = frozenset(["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"])
_THREE_DECIMALS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])

SIGNS: Mapping[str, str | None] = {
    "US$": "USD", "USD$": "USD", "CA$": "CAD", "C$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD",
    "S$": "SGD", "SG$": "SGD", "R$": "BRL", "NT$": "TWD", "MX$": "MXN", "€": "EUR", "£": "GBP", "₹": "INR", "₽": "RUB",
    "₺": "TRY", "₩": "KRW", "₪": "ILS", "₫": "VND", "₴": "UAH", "₦": "NGN", "₱": "PHP", "฿": "THB", "₸": "KZT", "zł": "PLN",
    "Kč": "CZK", "₵": "GHS", "₲": "PYG", "৳": "BDT", "$": None, "¥": None, "￥": None, "kr": None, "kr.": None, "Rs": None,
    "Rs.": None, "₨": None, "Rp": "IDR", "RM": "MYR", "Fr.": "CHF",
}  # fmt: skip
"""Signs as they stand before or after an amount; None: the sign names several currencies."""

COMMA_GROUPS = frozenset(
    ["USD", "GBP", "INR", "PKR", "LKR", "NPR", "BDT", "JPY", "CNY", "AUD", "NZD", "CAD", "HKD", "SGD", "PHP", "NGN", "KES", "AED", "SAR", "MYR", "THB", "ILS"]
)
"""Currencies of places that group thousands by commas and never use a comma for decimals."""
COMMA_GROUP_SIGNS = frozenset({"$", "¥", "￥", "Rs", "Rs.", "₨"})
LAKH_GROUPS = frozenset(["INR", "PKR", "LKR", "NPR", "BDT"])
LAKH_SIGNS = frozenset({"Rs", "Rs.", "₨"})

_MEMBERS: Mapping[str, frozenset[str]] = {
    "$": frozenset(code for code in CODES if code.endswith("D")) | {"MXN", "CLP", "COP", "ARS", "UYU"},
    "¥": frozenset({"JPY", "CNY"}),
    "￥": frozenset({"JPY", "CNY"}),
    "kr": frozenset({"SEK", "NOK", "DKK", "ISK"}),
    "kr.": frozenset({"SEK", "NOK", "DKK", "ISK"}),
    "Rs": LAKH_GROUPS | {"MUR", "SCR"},
    "Rs.": LAKH_GROUPS | {"MUR", "SCR"},
    "₨": LAKH_GROUPS | {"MUR", "SCR"},
}


def decimals_of(currency: str | None) -> int:
    """How many decimals a currency has (ISO 4217); two where it is not known."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def sign_fits(sign: str, currency: str) -> bool:
    """Whether a sign can stand for that currency."""
    one = SIGNS.get(sign)
    return one == currency if one else currency in _MEMBERS.get(sign, frozenset())
