"""What is in a text and cannot be seen: comments, hidden HTML, invisible and directional characters, padding."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HIDING = re.compile(
    r"<(?P<tag>[a-zA-Z][a-zA-Z0-9]{0,12})\b[^<>]{0,400}?(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0"
    r"|opacity\s*:\s*0(?![.\d]*[1-9])|\shidden[\s>=]|color\s*:\s*(?:white|transparent|#fff))[^<>]{0,400}>",
    re.IGNORECASE,
)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0"
    "\U000e0000-\U000e0fff\ue000-\uf8ff\U000f0000-\U0010ffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\ufff9-\ufffb]"
)
_JOINERS_IN_LATIN = re.compile("(?<=[\x00-\x7f])[\u200c-\u200f]|[\u200c-\u200f](?=[\x21-\x7e])")
_WORD = re.compile(r"[^\W\d_]{2,}")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_FLAG_TAGS = re.compile("\U0001f3f4[\U000e0061-\U000e007a\U000e0030-\U000e0039]{2,8}\U000e007f")
_PADDING = re.compile(r"(?:\n[ \t]*+){30}|(?<=\S)[^\S\n]{120,}+\S")

_BLANK_HINTS = ("\n\n\n", "\n ", "  ", "\t", "\f", "\v", "\r")
"""Padding holds one of them: a look that costs a tenth of the pattern's."""


def blanked(text: str) -> str:
    """The text with comments and hidden elements replaced by blanks, line by line the same length in lines."""
    text = _COMMENT.sub(_blank, text)
    return _without_hidden_elements(text) if "<" in text else text


def hidden_parts(text: str) -> list[str]:
    """The comments and hidden elements in a text."""
    if "<" not in text:
        return []
    parts = [match.group() for match in _COMMENT.finditer(text)]
    visible = _COMMENT.sub(_blank, text)
    parts.extend(visible[start:end] for start, end in _hidden_spans(visible))
    return parts


def has_invisible(text: str) -> bool:
    """Whether characters are there that take no room and are no ordinary part of an emoji or of a script."""
    if text.isascii():
        return False
    return bool(_INVISIBLE.search(_FLAG_TAGS.sub("", text)) or _JOINERS_IN_LATIN.search(text))


def has_bidi(text: str) -> bool:
    """Whether the text overrides or isolates its direction (CVE-2021-42574)."""
    return not text.isascii() and bool(_BIDI.search(text))


def has_control(text: str) -> bool:
    """Whether C0 characters other than LF and TAB, DEL or C1 characters are there."""
    return bool(_CONTROL.search(text))


def has_padding(text: str) -> bool:
    """Whether text was pushed out of sight by blank lines or blanks."""
    blank = any(mark in text for mark in _BLANK_HINTS) or not text.isascii()
    return blank and bool(_PADDING.search(text.strip()))


def has_mixed_word(text: str) -> bool:
    """Whether one word mixes Latin with Cyrillic or Greek letters, as look-alikes do (UTS #39)."""
    if text.isascii():
        return False
    return any(len(_scripts(word)) > 1 for word in _WORD.findall(text) if not word.isascii())


def _scripts(word: str) -> set[str]:
    found = set()
    for char in word:
        code = ord(char)
        if code < 0x250 and char.isalpha():
            found.add("latin")
        elif 0x370 <= code < 0x400:
            found.add("greek")
        elif 0x400 <= code < 0x530:
            found.add("cyrillic")
        elif 0x530 <= code < 0x590:
            found.add("armenian")
        elif 0x13A0 <= code < 0x1400:
            found.add("cherokee")
    return found


def _blank(match: re.Match[str]) -> str:
    return "\n".join(" " * len(line) for line in match.group().split("\n"))


def _hidden_spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    at = 0
    while (match := _HIDING.search(text, at)) is not None:
        closing = re.compile(rf"</{match['tag']}\s*>", re.IGNORECASE).search(text, match.end())
        at = closing.end() if closing else len(text)
        spans.append((match.start(), at))
    return spans


def _without_hidden_elements(text: str) -> str:
    for start, end in _hidden_spans(text):
        text = text[:start] + "\n".join(" " * len(line) for line in text[start:end].split("\n")) + text[end:]
    return text
