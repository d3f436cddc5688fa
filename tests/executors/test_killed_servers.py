"""A server killed between using up its decision and acting: nobody says it is done, and nothing happens twice."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.support.every_service import Services, running_services, set_up
from tests.support.machine import CHECKOUT, Machine, mail_server, new_machine

SAMPLES = {"email": "001", "social": "009", "odoo": "014", "whatsapp": "012", "payments": "024"}
SERVICE = {"social": "linkedin", "odoo": "odoo", "whatsapp": "whatsapp", "payments": "stripe"}


@dataclass
class Day:
    """One request for each server, and what became of it after each step."""

    machine: Machine
    services: Services
    states: dict[str, dict[str, str]] = field(default_factory=dict)
    effects: dict[str, dict[str, int]] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)

    def requests(self) -> dict[str, Any]:
        listed = self.machine.here("list", "--state", "all")["requests"]
        families = {"email_send": "email", "social_post": "social", "whatsapp_message": "whatsapp"}
        return {families.get(each["kind"], each["kind"].partition("_")[0]): each for each in listed}

    def note(self, step: str) -> None:
        requests = self.requests()
        named = {name: "payments" if name == "payment" else name for name in requests}
        self.states[step] = {named[name]: request["state"] for name, request in requests.items()}
        counts = {name: self.services.effects[service] for name, service in SERVICE.items()}
        self.effects[step] = {**counts, "email": len(self.machine.inbox.mails)}

    def run_once(self, step: str) -> None:
        command = self.machine.command("--daemon", "--once")
        done = subprocess.run(command, env=self.machine.environ, capture_output=True, timeout=180, check=False)
        self.codes[step] = done.returncode
        self.note(step)

    def approve_all(self) -> None:
        for request in self.requests().values():
            self.machine.here("approve", request["id"], "--fingerprint", request["fingerprint"])


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with running_services() as services, mail_server() as (port, inbox):
        machine = new_machine(tmp_path, port, inbox)
        set_up(machine, services, tuple(SAMPLES.values()))
        services["odoo"].answer.tables["res.partner"].clear()
        shutil.copytree(CHECKOUT / "tests/support/dying", tmp_path / "dying")
        machine.environ["PYTHONPATH"] = os.pathsep.join([str(tmp_path / "dying"), machine.environ["PYTHONPATH"]])
        day = Day(machine, services)
        day.approve_all()
        (tmp_path / "dying/armed").touch()
        day.run_once("killed")
        (tmp_path / "dying/armed").unlink()
        day.run_once("next")
        for request in day.requests().values():
            machine.here("resolve", request["id"], "--did-not-happen", "--evidence", "looked")
        day.note("settled")
        day.approve_all()
        day.run_once("anew")
        day.run_once("after")
        yield day


def test_each_is_unknown_until_a_person_has_looked_and_then_done_exactly_once(day):
    for step in ("killed", "next"):
        assert day.states[step] == dict.fromkeys(SAMPLES, "unknown")
        assert day.effects[step] == dict.fromkeys(SAMPLES, 0)
    assert day.codes["killed"] == 5
    assert day.states["settled"] == dict.fromkeys(SAMPLES, "failed")
    for step in ("anew", "after"):
        assert day.states[step] == dict.fromkeys(SAMPLES, "done")
        assert day.effects[step] == dict.fromkeys(SAMPLES, 1)
    receipts = sorted((day.machine.vault / "Approved/archived").glob("*.receipt.json"))
    assert [json.loads(receipt.read_text())["outcome"] for receipt in receipts] == ["done"] * len(SAMPLES)
