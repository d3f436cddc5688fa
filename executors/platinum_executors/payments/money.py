"""Amounts in the smallest unit of their currency, exactly (ISO 4217, list one)."""

from __future__ import annotations

from decimal import Decimal

from platinum_executors.refusal import Refused

_NO_DECIMALS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV"}
    | {"XAF", "XOF", "XPF"}
)
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


def decimals_of(currency: str) -> int:
    """How many decimals a currency has."""
    return 0 if currency in _NO_DECIMALS else 3 if currency in _THREE_DECIMALS else 2


def minor_units(amount: Decimal, currency: str) -> int:
    """An amount in the currency's smallest unit.

    Raises:
        Refused: it is not positive, or finer than that.
    """
    units = amount.scaleb(decimals_of(currency))
    if amount <= 0 or units != units.to_integral_value():
        raise Refused("invalid_amount", f"{amount} is no amount that can be paid in {currency}.")
    return int(units)


def exact_text(amount: Decimal, currency: str) -> str:
    """An amount with all decimals of its currency, as the services write it.

    Raises:
        Refused: it is not positive, or finer than that.
    """
    return format(Decimal(minor_units(amount, currency)).scaleb(-decimals_of(currency)), "f")
