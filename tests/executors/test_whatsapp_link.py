"""A person links a bridge by scanning a code from the terminal, and links it again when the phone ended that."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import segno
from tests.support.machine import CHECKOUT, Machine, new_machine

from platinum_tui.execution.servers import LocalServers
from platinum_tui.execution.whatsapp_link import LinkState, Way, whatsapp_link
from platinum_tui.model.errors import Failed
from platinum_tui.model.qr_code import QUIET_ZONE, Ground, qr_lines
from platinum_tui.review.house import House
from platinum_tui.system.configuration import load
from platinum_tui.system.options import Options

BLOCKS = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
TEXT = "2@Qm9hdHMgYW5kIGJlbGxz,aGVsbG8gd29ybGQ=,MTIzNDU2Nzg5MA==,YWJjZGVm"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = new_machine(tmp_path, 1, None)
    machine.configure()
    machine.run("init")
    return machine


def bridged(machine: Machine, mode: str) -> None:
    command = [sys.executable, str(CHECKOUT / "tests/support/whatsapp_bridge.py"), mode, str(machine.root / "journal")]
    machine.configure(f"[servers.whatsapp]\nbridge_command = {json.dumps(command)}\n")


def modules(lines: tuple[str, ...] | list[str]) -> list[list[int]]:
    """What a phone sees of the drawn lines, dark as 1, when they are light on a dark ground."""
    return [[1 - BLOCKS[block][half] for block in line] for line in lines for half in (0, 1)]


def test_the_code_is_drawn_as_it_is(machine):
    bridged(machine, "unlinked")
    shown = machine.run("servers", "--link", code=5)
    head, *code = shown.stdout.splitlines()

    assert head == "WhatsApp (bridge): unlinked"
    wanted = [list(map(int, row)) for row in segno.make("2@abc", error="l", micro=False).matrix_iter(border=QUIET_ZONE)]
    assert modules(code)[: len(wanted)] == wanted
    assert "Linked devices" in shown.stderr
    assert "may be banned" in shown.stderr


def test_a_link_that_ended_is_made_again(machine):
    bridged(machine, "relinked")
    options = Options(config=str(machine.root / "config.toml"), state_dir=str(machine.root / "state"))
    house = House.open(load(options, machine.environ), environ=machine.environ)
    servers = LocalServers(house)
    try:
        first, second, third = (whatsapp_link(servers) for _ in range(3))
    finally:
        servers.close()
        house.ledger.close()

    assert (first.way, first.state, first.code) == (Way.BRIDGE, LinkState.EXPIRED, "2@code-1")
    assert first.code_expires_at == datetime(2026, 1, 15, 12, 0, 20, tzinfo=UTC)
    assert second.code == "2@code-2"
    assert (third.state, third.number, third.code) == (LinkState.LINKED, "+34600000000", "")


def test_the_cloud_api_needs_no_link(machine):
    machine.configure('[servers.whatsapp]\nphone_number_id = "1055"\n')

    assert machine.json("servers", "--link")["state"] == "linked"


def test_a_bridge_that_does_not_start_is_said(machine):
    machine.configure('[servers.whatsapp]\nbridge_command = ["/nonexistent/bridge"]\n')
    error = machine.json("servers", "--link", code=1)["error"]

    assert error["message"] == "The bridge cannot be started: there is no such program."
    assert Failed.code == error["code"]


def test_a_code_is_the_same_on_either_ground_and_in_ascii():
    dark, light = qr_lines(TEXT, Ground.DARK), qr_lines(TEXT, Ground.LIGHT)
    plain = qr_lines(TEXT, Ground.LIGHT, ascii_only=True)

    inverse = str.maketrans(" ▀▄█", "█▄▀ ")
    assert [line.translate(inverse) for line in dark] == list(light)
    assert [[int(row[at] == "#") for at in range(0, len(row), 2)] for row in plain] == modules(dark)[: len(plain)]
    with pytest.raises(ValueError, match="cannot be shown"):
        qr_lines("x" * 2001, Ground.DARK)
