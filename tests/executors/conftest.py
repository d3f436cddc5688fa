"""What the stories about the local MCP servers share: a household, and a guard that nobody leaves this machine."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from tests.support.household import Household, make_household

from platinum_tui.system.server_settings import is_loopback


@pytest.fixture
def household(tmp_path: Path) -> Household:
    return make_household(tmp_path)


@pytest.fixture(autouse=True)
def _nobody_leaves_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_loopback(address[0]):
            pytest.fail(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
