"""What somebody, or a sync tool, leaves in Logs/ stops no execution, and `audit verify` names it."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("line", ["1", "[]", "null", '"x"'])
def test_a_line_that_is_no_record_is_named_and_stops_no_execution(machine, line):
    machine.draft("first.md", id="first")
    machine.approve("first")
    machine.run("--daemon", "--once")
    (day,) = (machine.vault / "Logs").glob("audit-*.jsonl")
    with day.open("a") as file:
        file.write(f"{line}\n")
    machine.draft("second.md", id="second", to="[ben@example.com]")
    machine.approve("second")

    verdict = machine.json("audit", "verify", code=5)
    machine.run("--daemon", "--once")

    assert [finding["code"] for finding in verdict["findings"]] == ["inserted"]
    assert [mail["To"] for mail in machine.inbox.mails] == ["ana@example.com", "ben@example.com"]
    assert machine.json("audit", "verify", code=5)["ok"] is False
