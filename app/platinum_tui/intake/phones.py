"""Telephone numbers as WhatsApp needs them: E.164, with the country code."""

from __future__ import annotations

import re

_FORMATTED = re.compile(r"\+[1-9][0-9 ()./\u00a0-]{5,28}[0-9]")
_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
"""Dialled inside the country only: some countries drop it from abroad, Italy does not."""
_CHAT_ID = re.compile(r"\+?(?P<digits>[1-9][0-9]{6,14})(?:@(?:c\.us|s\.whatsapp\.net))?")
_GROUP_ID = re.compile(r"[0-9-]{6,40}@g\.us")
_LOOKS_LIKE_A_NUMBER = re.compile(r"[+(]?[0-9][0-9 ()./\u00a0-]{4,28}")


def read_number(text: str) -> str:
    """A number with its country code, as `+` and 7 to 15 digits (ITU-T E.164).

    Raises:
        ValueError: it is none; a number without `+` could belong to any country.
    """
    text = text.strip().removeprefix("tel:").removeprefix("whatsapp:")
    if _TRUNK_ZERO.search(text):
        raise ValueError("holds a zero in brackets; write the number as it is dialled from abroad, like +491701234567")
    digits = "".join(char for char in text if char.isdigit())
    if not _FORMATTED.fullmatch(text) or not text.isascii() or not 7 <= len(digits) <= 15:
        raise ValueError("is no number with a country code; write it like +12025550142")
    return "+" + digits


def read_chat_id(text: str) -> str:
    """The number inside a WhatsApp chat id (`12025550142@c.us`): its digits begin with the country code.

    Raises:
        ValueError: it is the id of a group or none at all.
    """
    match = _CHAT_ID.fullmatch(text.strip())
    if not match or not text.isascii():
        raise ValueError("is no chat id of one person")
    return "+" + match["digits"]


def is_group(text: str) -> bool:
    """Whether a chat id is a group's."""
    return bool(_GROUP_ID.fullmatch(text.strip()))


def looks_like_number(text: str) -> bool:
    """Whether somebody meant a telephone number, complete or not."""
    return bool(_LOOKS_LIKE_A_NUMBER.fullmatch(text.strip()))
