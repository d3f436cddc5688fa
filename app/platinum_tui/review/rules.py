"""The rules by which bytes are read: which modules there are, told by what the disk says of them."""

from __future__ import annotations

import os

import platinum_tui

_READING_ROOMS = ("intake", "model")
"""The packages whose code decides what bytes mean."""


def reading_rules() -> str:
    """A text that is another one when the code that reads is another one; one stat for each module."""
    root = os.path.dirname(platinum_tui.__file__)  # noqa: PTH120 - a start that is measured in milliseconds
    found = [platinum_tui.__version__]
    for room in _READING_ROOMS:
        with os.scandir(f"{root}/{room}") as items:
            modules = {item.name: item.stat() for item in items if item.name.endswith(".py")}
        found += [f"{name} {status.st_size} {status.st_mtime_ns}" for name, status in sorted(modules.items())]
    return "\n".join(found)
