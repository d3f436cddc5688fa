"""Markdown inside a line: emphasis, links with their targets, and everything that a renderer would hide, shown."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from typing import Any

from textual.content import Content, Span

from platinum_tui.model.text import safe, safe_line

Token = Mapping[str, Any]
"""A node of mistune's tree: `type`, and `raw`, `children`, `attrs` where it has them."""

_STYLES = {"emphasis": "emphasis", "strong": "strong", "codespan": "code", "strikethrough": "struck"}


class Inline:
    """Collects styled text from inline tokens."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._spans: list[Span] = []
        self._length = 0

    @property
    def content(self) -> Content:
        """What was collected."""
        return Content("".join(self._text), self._spans)

    def add(self, text: str, style: str = "") -> None:
        """Append safe text."""
        if style and text:
            self._spans.append(Span(self._length, self._length + len(text), f".{style}"))
        self._text.append(text)
        self._length += len(text)

    def walk(self, tokens: Iterable[Token]) -> None:
        """Append what inline tokens show, and what they hide."""
        for token in tokens:
            self._token(token)

    def _token(self, token: Token) -> None:
        kind = token["type"]
        match kind:
            case "text":
                self.add(safe(html.unescape(token["raw"])))
            case "softbreak" | "linebreak":
                self.add("\n")
            case "codespan":
                self.add(safe(html.unescape(token["raw"])), "code")
            case "inline_html":
                self.add(safe(token["raw"]), "hidden")
            case "link":
                self._link(token)
            case "image":
                self.add("image ", "muted")
                self._link(token)
            case _ if "children" in token:
                start = self._length
                self.walk(token["children"])
                if style := _STYLES.get(kind):
                    self._spans.append(Span(start, self._length, f".{style}"))
            case _:
                self.add(safe(str(token.get("raw", ""))))

    def _link(self, token: Token) -> None:
        target = safe_line(str(token["attrs"]["url"]))
        start = self._length
        self.walk(token.get("children", ()))
        label = "".join(self._text)[start:]
        if label:
            self._spans.append(Span(start, self._length, ".link"))
        if label != target:
            self.add(f"{' ' if label else ''}<{target}>", "target")
        if title := token["attrs"].get("title"):
            self.add(f" “{safe_line(str(title))}”", "muted")


def inline(tokens: Iterable[Token]) -> Content:
    """Inline tokens as styled text."""
    collector = Inline()
    collector.walk(tokens)
    return collector.content
