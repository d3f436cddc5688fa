"""Domains that look like one of the contact book and are another (UTS #39; edit distance; `rn` for `m`)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from functools import lru_cache

_ASCII_LOOKS = str.maketrans({"0": "o", "1": "l", "3": "e", "5": "s", "8": "b", "i": "l", "q": "g", "u": "v"})
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"))


def lookalike_of(domain: str, known: Iterable[str]) -> str | None:
    """The known domain that this other domain could be taken for; None where there is none."""
    readable = decoded(domain)
    known = [name.casefold() for name in known]
    if readable in known:
        return None
    for name in known:
        if _skeleton(readable) == _skeleton(name) or _near(readable, name):
            return name
    return None


@lru_cache(maxsize=1024)
def decoded(domain: str) -> str:
    """A domain with its punycode labels as people read them (RFC 3492)."""
    labels = []
    for label in domain.casefold().rstrip(".").split("."):
        if label.startswith("xn--"):
            with contextlib.suppress(UnicodeError):
                label = label[4:].encode("ascii").decode("punycode")
        labels.append(label)
    return ".".join(labels)


@lru_cache(maxsize=1024)
def _skeleton(domain: str) -> str:
    """What a domain looks like: every character replaced by the Latin one that it could be taken for."""
    text = domain if domain.isascii() else "".join(_latin(char) for char in domain)
    for pair, single in _PAIRS:
        text = text.replace(pair, single)
    return text.translate(_ASCII_LOOKS).replace("-", "")


@lru_cache(maxsize=1024)
def _latin(char: str) -> str:
    if char.isascii():
        return char
    from confusable_homoglyphs.confusables import is_confusable

    found = is_confusable(char, greedy=True, preferred_aliases=[])
    for entry in found or []:
        for alike in entry["homoglyphs"]:
            if len(alike["c"]) == 1 and alike["c"].isascii() and alike["c"].isalnum():
                return str(alike["c"]).casefold()
    return char


def _near(one: str, other: str) -> bool:
    """Whether two names of one ending differ by a single letter put in, left out, changed or swapped."""
    name, _, ending = one.rpartition(".")
    known, _, known_ending = other.rpartition(".")
    if len(known) < 5 or abs(len(name) - len(known)) > 1 or name == known:
        return False
    if ending != known_ending:
        return False
    head = next((at for at, (a, b) in enumerate(zip(name, known, strict=False)) if a != b), min(len(name), len(known)))
    a, b = name[head:], known[head:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
