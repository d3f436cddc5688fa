"""Files that go out with an action: inside the vault, seen, and known by the hash of their bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_FORBIDDEN = re.compile(r"[\\:\x00-\x1f\x7f-\x9f]|^/|^~|(?:^|/)\.")


@dataclass(frozen=True, slots=True)
class AttachmentFacts:
    """What the vault knows of a file that a request names.

    Attributes:
        sha256: the hash of its bytes, 64 hex digits; empty where it cannot be attached.
        size: in bytes.
        reason: why it cannot be attached, as the end of a sentence (`is not there`); empty where it can.
    """

    sha256: str = ""
    size: int = 0
    reason: str = ""


AttachmentLookup = Callable[[str], AttachmentFacts]
"""Vault-relative path to facts; the caller does the reading."""


def vault_path(text: str) -> str:
    """A path inside the vault, as it may be looked up.

    Raises:
        ValueError: it leaves the vault or points into a hidden folder.
    """
    path = text.strip().strip("`").removeprefix("[[").removesuffix("]]").removeprefix("./").strip()
    parts = path.split("/")
    if not path or _FORBIDDEN.search(path) or ".." in parts or "" in parts:
        raise ValueError("is no file inside the vault")
    return path
