"""A server killed between using up its decision and acting: nobody says it is done, and nothing happens twice."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
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


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    root = tmp_path_factory.mktemp("killed")
    with running_services() as services, mail_server() as (port, inbox):
        machine = new_machine(root, port, inbox)
        set_up(machine, services, tuple(SAMPLES.values()))
        services["odoo"].answer.tables["res.partner"].clear()
        shutil.copytree(CHECKOUT / "tests/support/dying", root / "dying")
        machine.environ["PYTHONPATH"] = os.pathsep.join([str(root / "dying"), machine.environ["PYTHONPATH"]])
        day = Day(machine, services)
        day.approve_all()
        (root / "dying/armed").touch()
        day.run_once("killed")
        (root / "dying/armed").unlink()
        day.run_once("next")
        for request in day.requests().values():
            machine.here("resolve", request["id"], "--did-not-happen", "--evidence", "looked")
        day.note("settled")
        day.approve_all()
        day.run_once("anew")
        day.run_once("after")
        yield day


@pytest.mark.parametrize("server", SAMPLES)
def test_it_is_unknown_and_nothing_has_happened(day, server):
    for step in ("killed", "next"):
        assert day.states[step][server] == "unknown"
        assert day.effects[step][server] == 0
    assert day.codes["killed"] == 5


@pytest.mark.parametrize("server", SAMPLES)
def test_once_a_person_has_looked_it_is_done_exactly_once(day, server):
    assert day.states["settled"][server] == "failed"
    assert day.states["anew"][server] == day.states["after"][server] == "done"
    assert day.effects["anew"][server] == day.effects["after"][server] == 1


def test_the_receipts_say_what_was_settled(day):
    receipts = sorted((day.machine.vault / "Approved/archived").glob("*.receipt.json"))

    assert [json.loads(receipt.read_text())["outcome"] for receipt in receipts] == ["done"] * len(SAMPLES)
