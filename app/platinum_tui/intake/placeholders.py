"""Text that somebody meant to fill in: `[Your Name]`, `{{customer}}`, `TODO:`; no task boxes, links or footnotes."""

from __future__ import annotations

import re

_NOUNS = (
    r"name|company|organi[sz]ation|date|time|day|link|url|address|phone|number|email|e-mail|amount|title|position"
    r"|role|signature|location|venue|"
    r"topic|product|service|recipient|client|customer|sender|contact|details?|city|industry|team|website|project"
    r"|subject|body|text|message|"
    r"content|reply|response|deadline|price|invoice|reference|account|department|handle|hashtag|image|caption|quote|job"
)
_BRACKETED = re.compile(
    rf"\[(?:[^\[\]\n]{{0,60}}\b(?:your|recipient(?:'s|’s)?|insert|placeholder|goes here|to be (?:added|filled"
    rf"|determined|confirmed)|fill in|"
    rf"enter|add (?:your|the|a)|specify|tbd|todo|tba)\b[^\[\]\n]{{0,60}}"
    rf"|(?:[A-Za-z'’]{{1,20}}[ _-]){{0,3}}(?:{_NOUNS})(?:s|'s|’s)?(?:\s+here)?|[^\[\]\n]{{0,60}}\bhere|x{{2,}}"
    rf"|\.{{3}}|…)\](?![(\[])",
    re.IGNORECASE,
)
_TO_THE_AGENT = re.compile(
    r"\[\s*(?:claude|ai|gpt|chatgpt|gemini|agent|assistant|llm|note to \w+|editor|human)\s*:[^\[\]\n]{1,200}\]"
    r"|\[\s*please (?:refine|complete|fill|add|write|update|insert)[^\[\]\n]{0,200}\]",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(
    r"\{\{[^{}\n]{1,80}\}\}|\{%[^%\n]{1,80}%\}|\$\{[A-Za-z_][\w.]{0,60}\}|%\([a-z_]{1,40}\)s"
    r"|\{[a-z]+(?:_[a-z]+)+\}|\{(?:name|date|amount|company|subject|to|body)\}"
)
_ANGLED = re.compile(
    rf"<(?:(?:INSERT|YOUR|ADD|ENTER|FILL)[ _][^<>\n@/=\"]{{0,60}}|(?:your|insert|add|enter|recipient|client"
    rf"|customer)[ _-][a-z _-]{{0,40}}|(?:{_NOUNS}))>",
)
_WORDS = re.compile(r"\bTODO\b\s*[:\-]|\bFIXME\b|\bTBD\b|\bXXXX?\b(?!\d)|(?i:\blorem ipsum\b)")


def placeholder_in(text: str) -> str | None:
    """The first placeholder in a text; None where there is none."""
    for pattern in (_BRACKETED, _TO_THE_AGENT, _TEMPLATE, _ANGLED, _WORDS):
        match = pattern.search(text) if _worth(pattern, text) else None
        if match:
            return match.group()
    return None


def _worth(pattern: re.Pattern[str], text: str) -> bool:
    """A cheap look before a search over a long text."""
    if pattern in (_BRACKETED, _TO_THE_AGENT):
        return "[" in text
    if pattern is _TEMPLATE:
        return "{" in text or "%(" in text
    return pattern is not _ANGLED or "<" in text
