"""A person sets up every service: what is missing is named, a file is imported, and a check proves all of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.every_service import Services, running_services, secrets, set_up
from tests.support.machine import Machine, mail_server, new_machine

from platinum_tui.system.credentials import open_credentials
from platinum_tui.system.paths import StateDir

READ = [f"/json/2/{model}/search_read" for model in ("res.partner", "account.move", "account.payment", "ir.model.data")]
LOOKING = {"/xrpc/com.atproto.server.createSession", "/v1/oauth2/token", "/jsonrpc", *READ}
"""What asks by POST, and changes nothing."""


@pytest.fixture
def services() -> Iterator[Services]:
    with running_services() as services:
        yield services


@pytest.fixture
def machine(tmp_path: Path, services: Services) -> Iterator[Machine]:
    with mail_server() as (port, inbox):
        machine = new_machine(tmp_path, port, inbox)
        set_up(machine, services, ())
        yield machine


def test_a_check_proves_every_credential_and_does_nothing(machine, services):
    results = machine.here("credentials", "check")["servers"]

    assert results == {
        name: {"ok": True, "findings": []} for name in ("email", "odoo", "payments", "social", "whatsapp")
    }
    assert set(services.effects.values()) == {0}
    assert machine.inbox.mails == []
    assert list((machine.root / "orders").iterdir()) == []
    asked = {call.path for each in services.values() for call in each.journal if call.method != "GET"}
    assert asked <= LOOKING
    assert all(service.journal for service in services.values())


def test_a_check_names_every_credential_that_is_wrong(machine, services):
    keyring = open_credentials(StateDir(machine.root / "state"), machine.environ)
    for name in secrets():
        keyring.set(name, "wr0ng-value")
    results = machine.here("credentials", "check", code=1)["servers"]

    found = {name: [finding["code"] for finding in result["findings"]] for name, result in results.items()}
    assert found["email"] == []
    assert found["odoo"] == ["credential_refused"]
    assert len(found["social"]) == 6
    assert len(found["payments"]) == 3
    assert {code for codes in found.values() for code in codes} <= {"credential_expired", "credential_refused"}
    assert "wr0ng-value" not in json.dumps(results)
    assert set(services.effects.values()) == {0}


def test_what_is_missing_is_listed_and_a_file_brings_it(machine):
    keyring = open_credentials(StateDir(machine.root / "state"), machine.environ)
    keyring.remove("odoo.api_key")
    keyring.remove("whatsapp.token")
    missing = {e["name"]: e for e in machine.here("credentials", "list")["entries"] if e["standing"] == "missing"}
    file = machine.root / "secrets.env"
    file.write_text('# mine\nexport ODOO_API_KEY="k3y"\nWHATSAPP_TOKEN=t0ken\nEMAIL_OAUTH_TOKEN=\n')
    machine.run("credentials", "import", str(file))
    listed = machine.here("credentials", "list")

    assert set(missing) == {"odoo.api_key", "whatsapp.token", "social.x_refresh_token"}
    assert missing["odoo.api_key"]["origin"] == "Preferences, Account Security, New API Key"
    assert {"odoo.api_key", "whatsapp.token"} <= set(listed["credentials"])
    assert [e["name"] for e in listed["entries"] if e["standing"] == "missing"] == ["social.x_refresh_token"]
    assert not any(name.startswith("signing.") for name in listed["credentials"])
    assert "k3y" not in json.dumps(listed)
