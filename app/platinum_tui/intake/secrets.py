"""Keys, passwords and card numbers in a text that would leave the machine."""

from __future__ import annotations

import re

_KEYS = re.compile(
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{30,}"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bsk-[A-Za-z0-9_-]{20,}"
    r"|\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}|\bAIza[A-Za-z0-9_-]{35}|-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----"
    r"|\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\."
)
_PASSWORD = re.compile(
    r"(?i)\b(?:password|passwd|passphrase|pwd|api[ _-]?key|secret[ _-]?key|access[ _-]?token|pin|otp|one-time "
    r"code)\s*(?::|=|\bis\b)\s*[\"'`]?[^\s\"'`<>\[\]]{4,}"
)
_CARD = re.compile(r"[3-6](?<![\w.].)(?:[ -]?[0-9]){12,18}(?!\w|\.[0-9])")
_KEY_HINTS = (
    "AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "xox", "sk-", "sk_", "rk_", "pk_", "AIza",
    "PRIVATE KEY", "eyJ",
)  # fmt: skip
_PASSWORD_HINTS = ("passw", "passphrase", "pwd", "key", "token", "pin", "otp", "code")
"""What must be there for a pattern to match: a look that costs a tenth of the pattern's."""


def holds_secret(text: str) -> bool:
    """Whether something like a key, a password or a card number stands in the text."""
    lowered = text.casefold()
    return (
        (any(hint in text for hint in _KEY_HINTS) and bool(_KEYS.search(text)))
        or (any(hint in lowered for hint in _PASSWORD_HINTS) and bool(_PASSWORD.search(text)))
        or any(_is_card(match.group()) for match in _CARD.finditer(text))
    )


def _is_card(text: str) -> bool:
    """A number of a payment card: 13 to 19 digits, a known first digit, Luhn's check digit (ISO/IEC 7812-1)."""
    digits = [int(char) for char in text if char.isdigit()]
    if not 13 <= len(digits) <= 19 or digits[0] not in (3, 4, 5, 6):
        return False
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
