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
_BRACKETS = re.compile(r"\[([^\[\]\n]{1,200})\](?![(\[])")
_BRACKETED = re.compile(
    rf".*\b(?:your|recipient(?:'s|’s)?|insert|placeholder|goes here|to be (?:added|filled|determined|confirmed)|fill in"
    rf"|enter|add (?:your|the|a)|specify|tbd|todo|tba|here)\b.*"
    rf"|(?:[a-z'’]{{1,20}}[ _-]){{0,3}}(?:{_NOUNS})(?:s|'s|’s)?|x{{2,}}|\.{{3}}|…"
    r"|\s*(?:claude|ai|gpt|chatgpt|gemini|agent|assistant|llm|note to \w+|editor|human)\s*:.*"
    r"|\s*please (?:refine|complete|fill|add|write|update|insert).*",
    re.IGNORECASE,
)
_REMARK = re.compile(r"\s*\[[^\[\]]{12,2000}\]\s*")
"""A text that is one remark in brackets: the agent says why there is nothing to send."""
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
    if "[" in text:
        if _REMARK.fullmatch(text):
            return text.strip()
        for match in _BRACKETS.finditer(text):
            if _BRACKETED.fullmatch(match[1]):
                return match.group()
    for marks, pattern in (
        (("{", "%("), _TEMPLATE),
        (("<",), _ANGLED),
        (("TODO", "FIXME", "TBD", "XXX", "ipsum"), _WORDS),
    ):
        found = pattern.search(text) if any(mark in text for mark in marks) else None
        if found:
            return found.group()
    return None
