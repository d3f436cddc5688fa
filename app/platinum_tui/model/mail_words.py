"""What must not stand in a mail's header as text, because its reader would decode it (RFC 2047)."""

from __future__ import annotations

import re

_ENCODED_WORD = re.compile(r"=\?[^?\s]*\?[^?\s]\?.*?\?=")


def holds_encoded_word(text: str) -> bool:
    """Whether a text holds an encoded word: it could write a header, or a name, that nobody sees here."""
    return _ENCODED_WORD.search(text) is not None
