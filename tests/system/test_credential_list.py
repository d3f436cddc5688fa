"""Which credentials a person still has to get: each with what it is for and where it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from platinum_tui.system.configuration import Configuration, load
from platinum_tui.system.credential_list import Standing, credential_entries
from platinum_tui.system.options import Options
from platinum_tui.system.server_families import FAMILIES

MAIL = '[servers.email]\nsmtp_host = "mail.example.com"\nsender = "me@example.com"\nusername = "me"\n'


def configured(root: Path, text: str) -> Configuration:
    (root / "config.toml").write_text(text)
    return load(Options(config=str(root / "config.toml")), {"HOME": str(root)})


@pytest.mark.parametrize(
    ("kept", "password", "token"),
    [
        ((), Standing.MISSING, Standing.OPTIONAL),
        (("email.password",), Standing.KEPT, Standing.OPTIONAL),
        (("email.oauth_token",), Standing.OPTIONAL, Standing.KEPT),
    ],
)
def test_a_mail_server_wants_a_password_or_a_token(tmp_path, kept, password, token):
    entries = {e.name: e.standing for e in credential_entries(configured(tmp_path, MAIL), kept)}

    assert entries == {"email.password": password, "email.oauth_token": token}


def test_what_is_kept_for_nothing_is_listed_and_keys_are_not(tmp_path):
    kept = ("odoo.api_key", "calendar.token", "signing.reviewer", "doctor.self_test")
    entries = credential_entries(configured(tmp_path, ""), kept)

    assert [(e.name, e.standing) for e in entries] == [
        ("calendar.token", Standing.UNUSED),
        ("odoo.api_key", Standing.UNUSED),
    ]


def test_every_credential_has_its_purpose_its_origin_and_its_setting():
    for family in FAMILIES.values():
        for credential in family.credentials.values():
            assert credential.purpose
            assert credential.origin
            assert credential.setting in family.settings
            assert credential.instead == "" or credential.instead in family.credentials
