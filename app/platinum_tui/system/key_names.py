"""Keys as people write them (`/`, `Ctrl+D`, `PgDn`) and as Textual names them (`slash`, `ctrl+d`, `pagedown`)."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Mapping
from functools import cache

_CALLED = {
    "space": "Space",
    "enter": "Enter",
    "tab": "Tab",
    "escape": "Esc",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "insert": "Insert",
    "delete": "Delete",
    "backspace": "Backspace",
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
}
_BY_CALLED = {called.lower(): name for name, called in _CALLED.items()}
_SHORTER = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""Unicode's names for which Textual has others."""
_NEVER_ARRIVES = {
    "ctrl+c": "the terminal's own",
    "ctrl+h": "Backspace to many terminals",
    "ctrl+i": "Tab to the terminal",
    "ctrl+j": "Enter to the terminal",
    "ctrl+m": "Enter to the terminal",
    "ctrl+p": "the palette's",
    "ctrl+q": "the program's way out",
}


def shown(name: str) -> str:
    """A key as people read it, from its name in Textual: `?` for `question_mark`."""
    *modifiers, last = name.split("+")
    if modifiers:
        return "+".join([*(part.capitalize() for part in modifiers), _CALLED.get(last, last.upper())])
    if name in _CALLED or len(name) == 1:
        return _CALLED.get(name, name)
    return _punctuation().get(name) or unicodedata.lookup(name.replace("_", " "))


def named(written: str) -> str:
    """A key's name in Textual, from what a person wrote: one character, or a name with `Ctrl+` or `Shift+` before it.

    Raises:
        ValueError: there is no such key, or no terminal brings it here.
    """
    if len(written) == 1:
        return _character(written)
    *modifiers, last = written.lower().split("+")
    last = _BY_CALLED.get(last, last if modifiers == ["ctrl"] and len(last) == 1 and last.isascii() else "")
    if not last or modifiers not in ([], ["ctrl"], ["shift"]):
        raise ValueError(f"there is no key {written}")
    if modifiers == ["ctrl"] and len(last) == 1 and not last.isalpha():
        raise ValueError(f"there is no key {written}")
    name = "+".join([*modifiers, last])
    if name in _NEVER_ARRIVES:
        raise ValueError(f"{written} is {_NEVER_ARRIVES[name]}")
    return name


@cache
def _punctuation() -> Mapping[str, str]:
    return {_character(sign): sign for sign in string.punctuation}


def _character(character: str) -> str:
    if not character.isprintable() or (character.isspace() and character != " "):
        raise ValueError("it cannot be seen")
    if character.isalnum():
        return character
    name = unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
    return _SHORTER.get(name, name)
