"""Every service at once, by its contract, and a machine that is set up for all of them with the canonical samples."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path

from tests.support import payment_contracts, social_contracts
from tests.support.contract_server import Answer, Call, Contract, contract_server
from tests.support.machine import CHECKOUT, Machine
from tests.support.odoo_stand_in import KEY, OdooStandIn

from platinum_tui.system.credentials import open_credentials
from platinum_tui.system.paths import StateDir

SAMPLES = CHECKOUT / "tests/samples"


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


PLATFORMS = ("facebook", "instagram", "linkedin", "x", "mastodon", "bluesky")
CALENDAR = {
    "create_event": {
        "type": "object",
        "required": ["title", "start"],
        "properties": {"remind_minutes": {"type": "integer"}},
    },
    "delete_event": {"type": "object", "required": ["event"]},
}
"""The tools of the server that the samples call."""


class Services(dict[str, Contract]):
    """Every service by name."""

    @property
    def effects(self) -> dict[str, int]:
        """How many effects each holds, by its own journal."""
        return {
            **{name: len(self[name].answer.posts) for name in PLATFORMS},
            **{name: len(self[name].answer.effects) for name in ("odoo", "stripe", "paypal", "wise")},
            "whatsapp": len(self["whatsapp"].calls("/v25.0/1055/messages")),
        }


@contextmanager
def running_services() -> Iterator[Services]:
    """All of them, on loopback."""
    behaviours = {
        "facebook": social_contracts.Facebook(),
        "instagram": social_contracts.Instagram(),
        "linkedin": social_contracts.LinkedIn(),
        "x": social_contracts.X(),
        "mastodon": social_contracts.Mastodon(),
        "bluesky": social_contracts.Bluesky(),
        "whatsapp": whatsapp,
        "odoo": books(),
        "stripe": payment_contracts.Stripe(),
        "paypal": payment_contracts.PayPal(),
        "wise": payment_contracts.Wise(),
    }
    with ExitStack() as stack:
        yield Services({name: stack.enter_context(contract_server(each)) for name, each in behaviours.items()})


def set_up(machine: Machine, services: Services, samples: tuple[str, ...]) -> None:
    """Configures the machine for every service, with its credentials, and puts samples (by number) into the vault."""
    machine.configure(configuration(services, machine.root))
    machine.run("init")
    (machine.root / "orders").mkdir()
    (machine.root / "tools.json").write_text(json.dumps(CALENDAR))
    keyring = open_credentials(StateDir(machine.root / "state"), machine.environ)
    for name, value in secrets().items():
        keyring.set(name, value)
    shutil.copytree(SAMPLES / "vault", machine.vault, dirs_exist_ok=True)
    for sample in sorted((SAMPLES / "requests/canonical").iterdir()):
        if sample.name[:3] in samples:
            (machine.vault / "Pending_Approval" / sample.name[4:]).write_text(still_good(sample.read_text()))


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
x_user = "me"
x_client_id = "app"
x_api_url = "{url["x"]}"
mastodon_host = "m.example"
mastodon_api_url = "{url["mastodon"]}"
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
{calendar_server(root)}
{(SAMPLES / "contacts.toml").read_text()}
"""


def calendar_server(root: Path, mode: str = "good") -> str:
    """The settings of a server of the user's own: what it did is in `journal`, what it can in `tools.json`."""
    program = CHECKOUT / "tests/support/own_server.py"
    command = [sys.executable, str(program), str(root / "journal"), str(root / "tools.json"), mode]
    return f"[servers.calendar]\ncommand = {json.dumps(command)}\n"


def secrets() -> dict[str, str]:
    return {
        **{f"social.{name}_token": social_contracts.TOKEN for name in PLATFORMS if name != "bluesky"},
        "social.bluesky_password": social_contracts.APP_PASSWORD,
        "whatsapp.token": "t0ken",
        "odoo.api_key": KEY,
        "payments.stripe_api_key": payment_contracts.STRIPE_KEY,
        "payments.paypal_client_secret": payment_contracts.SECRET,
        "payments.wise_token": payment_contracts.WISE_TOKEN,
    }
