"""A fresh machine for each story: an empty home, a vault, a configuration, and a mail server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.machine import Machine, mail_server, new_machine


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with mail_server() as (port, inbox):
        machine = new_machine(tmp_path, port, inbox)
        machine.run("init")
        yield machine
