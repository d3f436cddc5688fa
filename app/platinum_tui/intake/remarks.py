"""Remarks inside a text that would go out: notes of the agent, words to the reviewer, a thread left below it."""

from __future__ import annotations

import re

from platinum_tui.intake.writers import Writer, writer_of

_HEADING = re.compile(r"\s*#{1,6}\s+(?P<title>.{2,60})")
_BOLD = re.compile(
    r"(?i)\s*\*\*(?:internal |recommended |risk |sentiment )?(?:context|tone|reasoning|rationale|analysis|strategy"
    r"|sentiment|risks?|confidence|notes? (?:to|for) \w+|action|assessment)\b[^*]{0,40}\*\*.*"
)
_TO_THE_REVIEWER = re.compile(
    r"(?i)^\W*(?:characters?|character count|word count|confidence|tone|status)\s*:"
    r"|\bmove\b.{0,30}(?:/|\bto )(?:approved|rejected)\b|^\W*ready to (?:send|post|publish)\W*$"
    r"|^\s*- \[[ xX]\] (?:approve|reject)|\[end of draft\]"
    r"|-{2,}\s*(?:original|forwarded) message|^\W*on .{4,80} wrote:\s*$"
)


def remark_in(text: str) -> str | None:
    """The first line of a text that was not meant to go out; None where there is none."""
    for line in text.split("\n"):
        heading = _HEADING.fullmatch(line)
        if heading and writer_of(heading["title"].strip(":* "), texts=True) is Writer.NOTE:
            return line
        if _BOLD.fullmatch(line) or _TO_THE_REVIEWER.search(line[:200]):
            return line
    return None
