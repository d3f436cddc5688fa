"""The canonical samples, by the person's own way: approved at the command line, done by the daemon, at each service."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support import payment_contracts, social_contracts
from tests.support.contract_server import Answer, Call, Contract, contract_server
from tests.support.machine import CHECKOUT, Machine, mail_server, new_machine
from tests.support.odoo_stand_in import KEY, OdooStandIn

from platinum_tui.cli import main
from platinum_tui.system.credentials import open_credentials
from platinum_tui.system.paths import StateDir

SAMPLES = CHECKOUT / "tests/samples"
CHOSEN = ("006", "007", "009", "011", "013", "014", "016", "018", "020", "022", "024", "025", "026")


def whatsapp(call: Call) -> Answer:
    if call.path.endswith("/message_templates"):
        body = {"type": "BODY", "text": "Your appointment is on {{1}} at {{2}}."}
        return Answer({"data": [{"name": "appointment_reminder", "language": "en_GB", "components": [body]}]})
    return Answer({"messages": [{"id": "wamid.1"}]})


def books() -> OdooStandIn:
    odoo = OdooStandIn(19)
    invoice = {"move_type": "out_invoice", "currency_id": [1, "EUR"], "payment_state": "not_paid", "ref": False}
    draft = {"name": "INV/2026/00012", "state": "draft", "amount_untaxed": 120.0, "amount_total": 144.0}
    posted = {"name": "INV/2026/00009", "state": "posted", "amount_untaxed": 1041.67, "amount_total": 1250.0}
    odoo.tables["account.move"] = {
        118: {**invoice, **draft, "amount_residual": 144.0},
        119: {**invoice, **posted, "amount_residual": 1250.0},
    }
    return odoo


class Services(dict[str, Contract]):
    """Every service by name."""

    @property
    def effects(self) -> dict[str, int]:
        """How many effects each holds, by its own journal."""
        return {
            **{name: len(self[name].answer.posts) for name in ("facebook", "instagram", "linkedin", "bluesky")},
            **{name: len(self[name].answer.effects) for name in ("odoo", "stripe", "paypal", "wise")},
            "whatsapp": len(self["whatsapp"].calls("/v25.0/1055/messages")),
        }


@pytest.fixture
def services() -> Iterator[Services]:
    behaviours = {
        "facebook": social_contracts.Facebook(),
        "instagram": social_contracts.Instagram(),
        "linkedin": social_contracts.LinkedIn(),
        "bluesky": social_contracts.Bluesky(),
        "whatsapp": whatsapp,
        "odoo": books(),
        "stripe": payment_contracts.Stripe(),
        "paypal": payment_contracts.PayPal(),
        "wise": payment_contracts.Wise(),
    }
    with ExitStack() as stack:
        yield Services({name: stack.enter_context(contract_server(each)) for name, each in behaviours.items()})


@pytest.fixture
def machine(tmp_path: Path, services: Services) -> Iterator[Machine]:
    with mail_server() as (port, inbox):
        machine = new_machine(tmp_path, port, inbox)
        machine.configure(configuration(services, tmp_path))
        machine.run("init")
        (tmp_path / "orders").mkdir()
        keyring = open_credentials(StateDir(tmp_path / "state"), machine.environ)
        for name, value in secrets().items():
            keyring.set(name, value)
        shutil.copytree(SAMPLES / "vault", machine.vault, dirs_exist_ok=True)
        for sample in sorted((SAMPLES / "requests/canonical").iterdir()):
            if sample.name[:3] in CHOSEN:
                (machine.vault / "Pending_Approval" / sample.name[4:]).write_text(still_good(sample.read_text()))
        yield machine


def still_good(text: str) -> str:
    """A sample whose dates have not passed."""
    tomorrow = date.today() + timedelta(days=1)
    text = re.sub(r"^expires_at: .*\n", "", text, flags=re.MULTILINE)
    return re.sub(r"^execution_date: .*$", f"execution_date: {tomorrow}", text, flags=re.MULTILINE)


def configuration(services: Services, root: Path) -> str:
    url = {name: contract.url for name, contract in services.items()}
    return f"""
[servers.social]
facebook_page = "page1"
facebook_api_url = "{url["facebook"]}"
instagram_account = "ig1"
instagram_api_url = "{url["instagram"]}"
instagram_media_url = "https://files.example/vault"
linkedin_author = "urn:li:person:me"
linkedin_api_url = "{url["linkedin"]}"
bluesky_handle = "me.example"
bluesky_api_url = "{url["bluesky"]}"
[servers.whatsapp]
phone_number_id = "1055"
business_account_id = "88"
api_url = "{url["whatsapp"]}"
[servers.odoo]
url = "{url["odoo"]}"
database = "books"
[servers.payments]
sepa_debtor_name = "Quillfeather Studio"
sepa_debtor_iban = "GB33BUKB20201555555555"
sepa_folder = "{root / "orders"}"
stripe_account = "{payment_contracts.OWN_STRIPE}"
stripe_api_url = "{url["stripe"]}"
paypal_client_id = "{payment_contracts.CLIENT}"
paypal_api_url = "{url["paypal"]}"
wise_profile = "{payment_contracts.PROFILE}"
wise_source_currency = "EUR"
wise_api_url = "{url["wise"]}"
{(SAMPLES / "contacts.toml").read_text()}
"""


def secrets() -> dict[str, str]:
    return {
        **{f"social.{name}_token": social_contracts.TOKEN for name in ("facebook", "instagram", "linkedin")},
        "social.bluesky_password": "app-pass",
        "whatsapp.token": "t0ken",
        "odoo.api_key": KEY,
        "payments.stripe_api_key": payment_contracts.STRIPE_KEY,
        "payments.paypal_client_secret": payment_contracts.SECRET,
        "payments.wise_token": payment_contracts.WISE_TOKEN,
    }


@pytest.fixture
def command(machine, monkeypatch, capsys):
    """The command line within this process, which is quicker than a process for each word."""
    for name, value in machine.environ.items():
        monkeypatch.setenv(name, value)

    def run(*words: str) -> Any:
        assert main([*words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def test_every_approved_sample_is_done_once(machine, command, services):
    # The customer of sample 014 is made first, for the invoice of sample 016 goes to one of that name.
    services["odoo"].answer.tables["res.partner"].clear()
    waiting = command("list")["requests"]
    waiting.sort(key=lambda request: request["kind"] != "odoo_customer_create")
    for request in waiting:
        command("approve", request["id"], "--fingerprint", request["fingerprint"])
        if request["kind"] == "odoo_customer_create":
            machine.run("--daemon", "--once")
    machine.run("--daemon", "--once")
    after = command("list", "--state", "all")["requests"]

    undone = [request for request in after if request["state"] != "done"]
    assert not undone, [command("show", request["id"])["history"] for request in undone]
    assert len(after) == len(CHOSEN)
    assert sorted(services["odoo"].answer.effects) == ["load account.move", "load res.partner", "pay", "post", "post"]
    single = {name: count for name, count in services.effects.items() if name != "odoo"}
    assert single == dict.fromkeys(single, 1)
    assert len(list((machine.root / "orders").iterdir())) == 1
