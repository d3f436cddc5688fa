"""The README's first screen: two lines to paste, and links that lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
README = (CHECKOUT / "README.md").read_text("utf-8")


def test_the_quick_start_is_two_lines_to_paste():
    quick_start = README.partition("## Quick start\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```sh\n(.*?)^```$", quick_start, re.DOTALL | re.MULTILINE)

    assert [block.count("\n") for block in blocks[:2]] == [1, 1]
    assert blocks[0].rstrip().endswith("platinum-tui --demo")
    assert blocks[1].rstrip().endswith("./check")


def test_its_later_commands_can_be_copied_once_the_first_one_ran():
    first, *others = re.findall(r"^```sh\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)

    assert "&& . .venv/bin/activate &&" in first
    assert ". .venv/bin/activate" in README.partition(first)[2], "how to go on in another terminal"
    assert any(block.startswith("platinum-tui\n") for block in others)
    assert ".venv/bin/platinum-tui" not in README


def test_it_says_whose_passphrase_that_is_before_a_vault_is_made():
    own_vault = README.partition("## Your own vault\n")[2].partition("\n## ")[0]
    assert "choose" in own_vault[own_vault.index("Where there is no system keyring") : own_vault.index("`i` makes one")]


def test_every_page_and_picture_it_names_is_there():
    named = [link for link in re.findall(r"\]\(([^)#]+)", README) if "://" not in link]

    assert named
    assert [link for link in named if not (CHECKOUT / link).exists()] == []
