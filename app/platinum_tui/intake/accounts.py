"""Accounts that money goes to: IBANs with their check digits (ISO 13616), or the rail's own ids."""

from __future__ import annotations

import re

from platinum_tui.intake.addresses import read_mailbox

_IBAN_SHAPE = re.compile(r"[A-Za-z]{2}[0-9OoIl]{2}[A-Za-z0-9]{8,30}")
_RAIL_IDS = {
    "stripe": re.compile(r"(?:acct|ba|card|cus|po)_[A-Za-z0-9]{6,64}"),
    "wise": re.compile(r"[A-Za-z0-9-]{4,64}"),
    "paypal": re.compile(r"[A-Z0-9]{13}|@?[A-Za-z0-9._-]{3,64}"),
}
_ANY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]{5,63}")


def read_account(text: str, rail: str | None) -> str:
    """An account in the one form in which it is compared: an IBAN without spaces in capitals, else the id as written.

    Raises:
        ValueError: check digits are wrong, or it is no account (a masked or shortened one, for example).
    """
    text = text.strip().strip("`")
    compact = re.sub(r"[\s-]+", "", text).removeprefix("IBAN").lstrip(":")
    if rail == "paypal" and "@" in text:
        return read_mailbox(text).address
    if rail in _RAIL_IDS:
        if _RAIL_IDS[rail].fullmatch(text):
            return text
        if rail != "wise" or not _IBAN_SHAPE.fullmatch(compact):
            raise ValueError(f"is no account of {rail}")
    if _IBAN_SHAPE.fullmatch(compact):
        return _iban(compact)
    if rail == "sepa":
        raise ValueError("is no IBAN")
    if rail is None and (
        _RAIL_IDS["stripe"].fullmatch(text)
        or (_ANY_ID.fullmatch(text) and re.search(r"[0-9]{6}", text) and not text.isdigit())
    ):
        return text
    raise ValueError("is no account; write the whole IBAN or the rail's own id")


def _iban(compact: str) -> str:
    from schwifty import IBAN
    from schwifty.exceptions import SchwiftyException

    try:
        return str(IBAN(compact))
    except (SchwiftyException, ValueError):
        raise ValueError("is no valid IBAN: its length or check digits are wrong") from None
