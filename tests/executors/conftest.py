"""What the stories about the local MCP servers share: a household."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.household import Household, make_household


@pytest.fixture
def household(tmp_path: Path) -> Household:
    return make_household(tmp_path)
