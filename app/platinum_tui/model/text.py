"""The one door for foreign text: from a file, a service, git or an exception, it is made safe before it is shown."""

from __future__ import annotations

import json
import re
import unicodedata

_ZWNJ, _ZWJ, _EMOJI_STYLE = "\u200c", "\u200d", "\ufe0f"
_ASCII_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\uf8ff\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001345f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
"""The categories Cc, Cf, Co, Cs, Zl and Zp except LF and TAB, and what Unicode tells to ignore where unknown."""
_JOINING = ((0x0600, 0x08FF), (0x0900, 0x0DFF), (0x1780, 0x17FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC))
"""Blocks of scripts in which a zero-width non-joiner is ordinary spelling: Arabic, the Indic scripts, Khmer."""


def safe(text: str) -> str:
    """Foreign text as it may reach a terminal: CRLF becomes LF, whatever could act or hide becomes visible.

    Args:
        text: any text.

    Returns:
        The text with every control, format, private-use, surrogate and separator character, except LF and TAB, written
        as `⟦U+XXXX⟧`. A joiner between pictographs and a non-joiner between letters of a script that needs it stay.
    """
    if "\r\n" in text:
        text = text.replace("\r\n", "\n")
    pattern = _ASCII_CONTROL if text.isascii() else _SUSPECT
    return pattern.sub(_visible, text)


def safe_line(text: str) -> str:
    """Foreign text for a place that has one line: as `safe`, and line ends and tabs become visible too."""
    return safe(text).replace("\n", " ⏎ ").replace("\t", " ⇥ ").strip()


def safe_json(text: str) -> str:
    """A JSON text in which whatever could act or hide stands as an escape; it means the same."""
    return _SUSPECT.sub(lambda match: json.dumps(match.group())[1:-1], text)


def _visible(match: re.Match[str]) -> str:
    char = match.group()
    return char if char in (_ZWJ, _ZWNJ) and _is_spelling(match) else f"⟦U+{ord(char):04X}⟧"


def _is_spelling(match: re.Match[str]) -> bool:
    """Whether a joiner stands between pictographs, or a non-joiner between letters of a script that needs it."""
    text, at = match.string, match.start()
    before = text[at - 1] if at else ""
    after = text[at + 1] if at + 1 < len(text) else ""
    if match.group() == _ZWNJ:
        return _joins(before) and _joins(after)
    styled = text[at - 2] if before == _EMOJI_STYLE and at > 1 else before
    return _is_pictograph(after) and (_is_pictograph(styled) or "\U0001f3fb" <= styled <= "\U0001f3ff")


def _is_pictograph(char: str) -> bool:
    return bool(char) and unicodedata.category(char) == "So"


def _joins(char: str) -> bool:
    """Whether a character is a letter or mark of a script in which letters join."""
    in_block = bool(char) and any(first <= ord(char) <= last for first, last in _JOINING)
    return in_block and unicodedata.category(char)[0] in "LM"
