"""The canonical samples, by the person's own way: approved at the command line, done by the daemon, at each service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.every_service import Services, running_services, set_up
from tests.support.machine import Machine, mail_server, new_machine

CHOSEN = (
    *("001", "004", "006", "007", "008", "009", "010", "011", "012", "013", "014", "016", "018"),
    *("020", "022", "024", "025", "026", "027", "028"),
)
"""Every kind, every platform, every rail."""


@pytest.fixture
def services() -> Iterator[Services]:
    with running_services() as services:
        yield services


@pytest.fixture
def machine(tmp_path: Path, services: Services) -> Iterator[Machine]:
    with mail_server() as (port, inbox):
        machine = new_machine(tmp_path, port, inbox)
        set_up(machine, services, CHOSEN)
        yield machine


def test_every_approved_sample_is_done_once(machine, services):
    # The customer of sample 014 is made first, for the invoice of sample 016 goes to one of that name.
    services["odoo"].answer.tables["res.partner"].clear()
    waiting = machine.here("list")["requests"]
    waiting.sort(key=lambda request: request["kind"] != "odoo_customer_create")
    for request in waiting:
        machine.here("approve", request["id"], "--fingerprint", request["fingerprint"])
        if request["kind"] == "odoo_customer_create":
            machine.run("--daemon", "--once")
    machine.run("--daemon", "--once")
    after = machine.here("list", "--state", "all")["requests"]

    undone = [request for request in after if request["state"] != "done"]
    assert not undone, [machine.here("show", request["id"])["history"] for request in undone]
    assert len(after) == len(CHOSEN)
    assert sorted(services["odoo"].answer.effects) == ["load account.move", "load res.partner", "pay", "post", "post"]
    counts = services.effects
    assert (counts.pop("whatsapp"), counts.pop("odoo")) == (2, 5)
    assert counts == dict.fromkeys(counts, 1)
    assert len(list((machine.root / "orders").iterdir())) == 1
    assert sorted(mail["subject"] for mail in machine.inbox.mails) == [
        "July invoice and delivery dates",
        "Re: Quote for 40 tiles",
    ]
    assert len((machine.root / "journal").read_text().splitlines()) == 2
