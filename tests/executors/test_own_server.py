"""The server that the documentation shows works as it stands there."""

from __future__ import annotations

import re
import sys

import pytest
from mcp import Client, StdioServerParameters
from tests.support.household import ROOT


@pytest.fixture
def shown() -> str:
    [code] = re.findall(r"```python\n(.*?)```", (ROOT / "docs/servers.md").read_text("utf-8"), re.DOTALL)
    return code


def test_it_is_short(shown):
    assert len(shown.splitlines()) < 60


async def test_it_books_an_appointment_once(shown, tmp_path):
    program, calendar = tmp_path / "calendar_server.py", tmp_path / "calendar.txt"
    program.write_text(shown, "utf-8")
    server = StdioServerParameters(command=sys.executable, args=[str(program)], env={"CALENDAR_FILE": str(calendar)})
    async with Client(server) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        first = await client.call_tool("book", {"start": "2026-02-02T10:00:00+00:00", "title": "Dentist"})
        second = await client.call_tool("book", {"start": "2026-02-02T10:00:00+00:00", "title": "Dentist"})
        wrong = await client.call_tool("book", {"start": "soon", "title": "Dentist"})

    assert tools["appointments"].annotations.read_only_hint
    assert (first.structured_content["existed"], second.structured_content["existed"]) == (False, True)
    assert wrong.is_error
    assert calendar.read_text() == "2026-02-02T10:00:00+00:00 Dentist\n"
