"""The one door for foreign text: from a file, a service, git or an exception, it is made safe before it is shown."""

from __future__ import annotations

import re
import unicodedata

_NEWLINES = re.compile(r"\r\n|\r(?!\n)")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_ZWNJ, _ZWJ = "\u200c", "\u200d"
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ue000-\uf8ff\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)


def safe(text: str) -> str:
    """Foreign text as it may reach a terminal: line ends become LF, whatever could act or hide becomes visible.

    Args:
        text: any text.

    Returns:
        The text with every control, format, private-use and surrogate character, except LF and TAB, written as
        `⟦U+XXXX⟧`. A zero-width joiner inside an emoji and a non-joiner between letters stay: they are ordinary there.
    """
    text = _NEWLINES.sub("\n", text) if "\r" in text else text
    return _SUSPECT.sub(_visible, text)


def safe_line(text: str) -> str:
    """Foreign text for a place that has one line: as `safe`, and line ends and tabs become visible too."""
    return safe(text).replace("\n", " ⏎ ").replace("\t", " ⇥ ").strip()


def is_hidden(char: str) -> bool:
    """Whether a character cannot be seen or can act: control (except LF and TAB), format, private use, surrogate."""
    return char not in "\n\t" and unicodedata.category(char) in _INVISIBLE_CATEGORIES


def _visible(match: re.Match[str]) -> str:
    char, text, at = match.group(), match.string, match.start()
    before = text[at - 1] if at else ""
    after = text[at + 1] if at + 1 < len(text) else ""
    if char == _ZWJ and _pictographic(before) and _pictographic(after):
        return char
    if char == _ZWNJ and before.isalpha() and after.isalpha() and not (before.isascii() or after.isascii()):
        return char
    return f"⟦U+{ord(char):04X}⟧"


def _pictographic(char: str) -> bool:
    return bool(char) and (unicodedata.category(char) in {"So", "Sk"} or char == "\ufe0f")
