"""Positions in a text: exact offsets, whatever its line ends and its head."""

from __future__ import annotations

import pytest

from platinum_tui.dashboard.document import Document, Edit, Section
from platinum_tui.dashboard.outline import outline

TEXT = """\
---
title: x
---
# One

Two
words
-----
- a
- b
```
# code
```
    indented

#### Three ####
"""


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_block_is_found_where_it_stands(mark, end):
    text = mark + TEXT.replace("\n", end)
    blocks = outline(text)
    shown = [(block.kind, text[block.start : block.end].replace(end, "\n")) for block in blocks]
    assert [each for each in shown if each[0] != "blank_line"] == [
        ("head", f"{mark}---\ntitle: x\n---"),
        ("atx_heading", "# One\n"),
        ("setex_heading", "Two\nwords\n-----\n"),
        ("list", "- a\n- b\n"),
        ("fenced_code", "```\n# code\n```\n"),
        ("indent_code", "    indented\n\n"),
        ("atx_heading", "#### Three ####\n"),
    ]
    assert [(block.title.split(), block.level) for block in blocks if block.level] == [
        (["One"], 1),
        (["Two", "words"], 2),
        (["Three"], 4),
    ]
    assert all(block.start <= block.end for block in blocks)


def test_a_first_rule_without_its_partner_is_no_front_matter():
    assert Document("---\n## Status\n").section("status") == Section(14, 14)


def test_a_section_ends_at_the_next_heading_of_any_level():
    text = "## A\nx\n### B\ny\n"
    assert Document(text).section("a") == Section(5, 7)
    assert Document(text).section("b", 2) is None


def test_edits_leave_the_rest():
    assert Document("abcdef").edited([Edit(4, 5, ""), Edit(2, 2, "XY"), Edit(0, 1, "")]).text == "bXYcdf"
