"""How IMAP writes the name of a folder: modified UTF-7 (RFC 3501, 5.1.3)."""

from __future__ import annotations

import base64
import re

_SHIFTED = re.compile(r"&|[^\x20-\x7e]+")


def modified_utf7(name: str) -> str:
    """A folder's name in printable ASCII: `&` is `&-`, other characters are UTF-16 in base64 between `&` and `-`."""
    return _SHIFTED.sub(lambda run: "&-" if run[0] == "&" else f"&{_base64(run[0])}-", name)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-16-be"), b"+,").decode().rstrip("=")
