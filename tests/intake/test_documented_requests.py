"""The requests that the documentation shows are read as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.intake.test_strange_vaults import read

PAGE = (Path(__file__).parents[2] / "docs" / "requests.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^```markdown\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("text", SHOWN, ids=[text.split("kind: ")[1].split("\n")[0] for text in SHOWN])
def test_a_request_as_the_page_shows_it_can_be_approved(text: str) -> None:
    request = read(text)
    assert not request.problems
    assert not request.warnings
    assert f"kind: {request.kind}" in text
