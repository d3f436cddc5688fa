"""A machine's name: how the machines that share a vault tell each other apart."""

from __future__ import annotations

import re

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", re.ASCII)


def is_machine_name(text: str) -> bool:
    """Whether a machine may be called so: it names folders, and stands in commits and claims."""
    return _NAME.fullmatch(text) is not None
