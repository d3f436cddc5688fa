"""What the dashboard's tests look at: the program's lines, and all that is not theirs."""

from __future__ import annotations

import codecs
import re
from typing import Any

import mistune
from hypothesis import strategies as st

OURS = re.compile(
    r"- \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ · .* · (update )?[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}",
)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
NASTY = [
    "# AI Employee Dashboard",
    "## Recent Activity",
    "## Recent Activity ##",
    "### recent activity",
    "Recent Activity\n---------------",
    "> ## Recent Activity",
    "- ## Recent Activity",
    "    ## Recent Activity",
    "```md\n## Recent Activity\n```",
    "~~~\nnever closed\n## Recent Activity",
    "<!-- never closed\n## Recent Activity",
    "<!--\n## Recent Activity\n-->",
    "<!-- OTHER:START -->\n## Recent Activity\n- theirs\n<!-- OTHER:END -->",
    "<details>\n## Recent Activity\n\n</details>",
    "<pre>\n## Recent Activity",
    "- item\n  ```\n  ## Recent Activity",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "<<<<<<< HEAD\n- 1\n=======\n- 2\n>>>>>>> origin/main",
    "- [x] paid\n- [ ] lamp  ",
    "* star\n  1. one",
    "\ttab",
    "%% hidden %%",
    "---",
    "---\na: 1\n---",
    "===",
    "",
    "   ",
    "word  ",
    "\x0b\x0c\x85\u2028",
    "Ümläut 🌻 \udcff",
    "<!-- platinum:queue -->\nold\n<!-- /platinum:queue -->",
    "[ref]: https://example.com",
]
dashboards = st.builds(
    lambda mark, pieces, end, last: mark + end.join(pieces).replace("\n", end) + (end if last else ""),
    st.sampled_from(["", "\ufeff"]),
    st.lists(
        st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_characters="\r"), max_size=20)), max_size=10
    ),
    st.sampled_from(["\n", "\r\n", "\n\n", "\r"]),
    st.booleans(),
)
"""Dashboards made of everything that could mislead whoever edits one."""


def lines_of(text: str) -> list[str]:
    """The lines with their ends."""
    return _LINE.findall(text)


def ours(data: bytes) -> list[str]:
    """The program's lines, from top to bottom."""
    lines = (line.rstrip("\r\n") for line in lines_of(data.decode("utf-8", "surrogateescape")))
    return [line for line in lines if OURS.fullmatch(line)]


def outside(after: bytes, before: bytes) -> bool:
    """Whether every line of the earlier file stands in the later one, in order and with its end, among ours only.

    The last line may have gained an end, because something follows it now.
    """
    if after.startswith(codecs.BOM_UTF8) != before.startswith(codecs.BOM_UTF8):
        return False
    waiting = lines_of(before.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape"))
    for line in lines_of(after.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")):
        if waiting and (line == waiting[0] or (len(waiting) == 1 and line.rstrip("\r\n") == waiting[0])):
            waiting.pop(0)
        elif not (OURS.fullmatch(line.rstrip("\r\n")) or line.strip() in ("", "## Recent Activity")):
            return False
    return not waiting


def rendered_types(markdown: str) -> set[str]:
    """The types of everything that a text becomes when it is rendered, with the extensions that people use."""
    render = mistune.create_markdown(
        renderer=None,
        plugins=[
            "strikethrough",
            "footnotes",
            "table",
            "url",
            "task_lists",
            "mark",
            "insert",
            "math",
            "spoiler",
            "superscript",
        ],
    )
    found: set[str] = set()

    def look(tokens: Any) -> None:
        for token in tokens:
            found.add(token["type"])
            look(token.get("children", ()))

    look(render(markdown))
    return found
