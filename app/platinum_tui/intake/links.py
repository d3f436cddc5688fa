"""Links that show another host than they open, and content that would be loaded from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

_INLINE = re.compile(
    r"(?<!!)\[(?P<text>[^\[\]\n]{1,300})\]\(\s*<?(?P<target>[^()\s<>]{1,2000})>?(?:\s+[^()\n]{0,200})?\)"
)
_REFERENCE = re.compile(r"(?<!!)\[(?P<text>[^\[\]\n]{1,300})\]\[(?P<label>[^\[\]\n]{0,80})\]")
_DEFINITION = re.compile(r"(?m)^ {0,3}\[(?P<label>[^\[\]\n]{1,80})\]:[ \t]*<?(?P<target>[^\s<>]+)>?")
_ANCHOR = re.compile(
    r"<a\b[^<>]{0,500}?\bhref\s*=\s*[\"']?(?P<target>[^\"'\s<>]{1,2000})[\"']?[^<>]{0,500}>(?P<text>[^<]{1,300})</a\s*>",
    re.IGNORECASE,
)
_HOST_IN_TEXT = re.compile(r"(?:https?://)?(?P<host>(?:[\w-]{1,63}\.){1,6}[a-zA-Z]{2,24})(?=[/:?#\s]|$)", re.IGNORECASE)
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,300}\]\(\s*<?https?://", re.IGNORECASE)
_LOADED = re.compile(
    r"<(?:img|iframe|video|audio|embed|object|link|script|source)\b[^<>]{0,500}?\b(?:src|href"
    r"|data)\s*=\s*[\"']?(?:https?:)?//",
    re.IGNORECASE,
)

_REACH = re.compile(r"(?i)(?:mailto|tel|sms):(?P<whom>[^?;]*)")
_ADDRESS_IN_TEXT = re.compile(r"[^\s<>()\[\]@,;:]+@[^\s<>()\[\]@,;:]+\.[^\s<>()\[\]@,;:]+")
_NUMBER_DIGITS = 6
"""Fewer digits than this are no telephone number."""


def misleading_links(text: str) -> list[tuple[str, str]]:
    """Pairs of the host, address or number that a link's text shows and the one that it opens, where they differ."""
    found = []
    for shown, target in _links(text):
        if reach := _REACH.match(target.strip()):
            reached = unquote(reach["whom"])
            if _is_another(shown, reached):
                found.append((shown.strip(), reached))
            continue
        host = _HOST_IN_TEXT.match(shown.strip())
        opens = _host(target) if host else None
        if host and opens and _bare(host["host"]) != _bare(opens):
            found.append((host["host"], opens))
    return found


def _is_another(shown: str, reached: str) -> bool:
    """Whether a text shows a mail address or a telephone number, and another one is reached."""
    address, digits = _ADDRESS_IN_TEXT.search(shown), re.sub(r"\D", "", shown)
    if "@" in reached:
        return address is not None and address.group().casefold() != reached.strip().casefold()
    return len(digits) >= _NUMBER_DIGITS and not re.sub(r"\D", "", reached).endswith(digits.lstrip("0"))


def loads_from_outside(text: str) -> bool:
    """Whether an image or frame in the text would be loaded from a host, which then learns that it was read."""
    return bool(("](" in text and _IMAGE.search(text)) or ("<" in text and _LOADED.search(text)))


def _links(text: str) -> Iterator[tuple[str, str]]:
    if "](" in text:
        yield from ((match["text"], match["target"]) for match in _INLINE.finditer(text))
    if "]:" in text:
        targets = {match["label"].casefold(): match["target"] for match in _DEFINITION.finditer(text)}
        for match in _REFERENCE.finditer(text):
            target = targets.get((match["label"] or match["text"]).casefold())
            if target:
                yield match["text"], target
    if "<a" in text or "<A" in text:
        yield from ((match["text"], match["target"]) for match in _ANCHOR.finditer(text))


def _host(target: str) -> str | None:
    try:
        return urlsplit(target if "//" in target else "//" + target).hostname
    except ValueError:
        return None


def _bare(host: str) -> str:
    return host.casefold().rstrip(".").removeprefix("www.")
