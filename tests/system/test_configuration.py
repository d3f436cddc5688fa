"""A person writes a configuration; every mistake is named with what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from platinum_tui.model.action import Kind
from platinum_tui.model.errors import ConfigurationError
from platinum_tui.model.request import RiskLevel
from platinum_tui.system.configuration import Configuration, Options, load, validate
from platinum_tui.system.configuration_reading import SyncMode
from platinum_tui.system.policy import Level, Limits, Money
from platinum_tui.system.server_settings import FamilySettings, OwnServer

CONTRACT_EXAMPLE = """
vault = "~/AI_Employee_Vault"
undo = "10s"
machine = "local"
[approval]
default = "move"
payment = "signed"
[limits.email_send]
recipients = 50
per_day = 200
[limits.payment]
amount = "1000.00 EUR"
[contacts]
Ana = { email = "", whatsapp = "+34 600 000 000", iban = "" }
[servers.email]
smtp_host = "127.0.0.1"
smtp_port = 1025
smtp_security = "none"
sender = "me@example.com"
[servers.calendar]
command = ["npx", "some-mcp-server"]
[sync]
mode = "git"
interval = "60s"
"""


@pytest.fixture
def environ(tmp_path: Path) -> Mapping[str, str]:
    return {"HOME": str(tmp_path / "home")}


def write(tmp_path: Path, text: str) -> Options:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    return Options(config=str(file))


def read(tmp_path: Path, text: str) -> Configuration:
    return load(write(tmp_path, text), {"HOME": str(tmp_path / "home")})


def complaint(tmp_path: Path, text: str) -> tuple[str, str]:
    [problem] = validate(write(tmp_path, text), {"HOME": str(tmp_path / "home")})
    return problem.message, problem.remedy


def test_the_example_of_the_contract_is_read(tmp_path: Path) -> None:
    configuration = read(tmp_path, CONTRACT_EXAMPLE)
    assert configuration.vault == tmp_path / "home" / "AI_Employee_Vault"
    assert configuration.undo == timedelta(seconds=10)
    assert configuration.limits[Kind.EMAIL_SEND] == Limits(recipients=50, per_day=200)
    assert configuration.limits[Kind.PAYMENT].amount == Money(Decimal("1000.00"), "EUR")
    contact = configuration.contacts.find("ana")
    assert contact
    assert contact.whatsapp == "+34600000000"
    assert configuration.family("email").number("smtp_port", 25) == 1025
    assert configuration.own_server("calendar") == OwnServer("calendar", command=("npx", "some-mcp-server"))
    assert configuration.sync.mode is SyncMode.GIT


def test_without_a_file_the_defaults_hold(environ: Mapping[str, str], tmp_path: Path) -> None:
    configuration = load(Options(), environ)
    assert configuration.vault is None
    assert configuration.machine == "local"
    assert configuration.limits[Kind.EMAIL_SEND] == Limits(recipients=50, per_day=None, amount=None)
    assert configuration.config_file == tmp_path / "home/.config/platinum-tui/config.toml"
    assert configuration.state_dir.root == tmp_path / "home/.local/state/platinum-tui"
    assert configuration.family("odoo").values == {}
    with pytest.raises(ConfigurationError, match="No vault is named"):
        _ = configuration.vault_root


def test_a_flag_beats_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    options = write(tmp_path, 'vault = "/from-file"')
    environ = {"HOME": str(tmp_path), "PLATINUM_VAULT": "/from-environment", "PLATINUM_STATE_DIR": "/state"}
    flag = Options(config=options.config, vault="/from-flag")

    seen = [
        load(flag, environ),
        load(options, environ),
        load(options, {"HOME": str(tmp_path)}),
        load(Options(), {**environ, "PLATINUM_CONFIG": str(options.config)}),
    ]

    assert [(str(c.vault), c.origins["vault"]) for c in seen] == [
        ("/from-flag", "flag"),
        ("/from-environment", "environment"),
        ("/from-file", "file"),
        ("/from-environment", "environment"),
    ]
    assert (seen[0].state_dir.root, seen[0].origins["state_dir"]) == (Path("/state"), "environment")
    assert seen[3].origins["config_file"] == "environment"


def test_no_other_variable_steers(tmp_path: Path) -> None:
    names = ("UNDO", "MACHINE", "READONLY", "APPROVAL", "APPROVAL_DEFAULT", "SYNC", "SERVERS_EMAIL_SMTP_HOST")
    environ = {"HOME": str(tmp_path)}
    assert load(Options(), {**environ, **{f"PLATINUM_{name}": "signed" for name in names}}) == load(Options(), environ)


def test_a_configuration_file_that_was_named_must_be_there(environ: Mapping[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="no configuration file /nowhere"):
        load(Options(config="/nowhere"), environ)


@pytest.mark.parametrize("where", ["config", "state_dir"])
def test_whoever_writes_in_the_vault_steers_nothing(tmp_path: Path, environ: Mapping[str, str], where: str) -> None:
    inside = tmp_path / "vault" / "x"
    inside.parent.mkdir()
    inside.write_text("") if where == "config" else inside.mkdir()
    with pytest.raises(ConfigurationError, match="inside the vault"):
        load(Options(vault=str(tmp_path / "vault"), **{where: str(inside)}), environ)


@pytest.mark.parametrize(
    ("text", "names", "remedy"),
    [
        ('valt = "x"', "valt", "vault"),
        ('[approval]\npayments = "signed"', "approval.payments", "approval.payment?"),
        ('[servers.email]\nsmtp_hots = "h"', "servers.email.smtp_hots", "smtp_host?"),
        ("[limits.email_send]\nrecipient = 1", "limits.email_send.recipient", "recipients?"),
        ("[limits.email_sent]\nrecipients = 1", "limits.email_sent", "limits.email_send?"),
        ('[servers.emial]\nsender = "x"', "servers.emial", "servers.email?"),
        ("undo = 10", "undo", '"10s"'),
        ('undo = "10"', "undo", '"10s"'),
        ('undo = "8d"', "undo", "7 days"),
        ('machine = "../x"', "machine", '"local"'),
        ('[approval]\ndefault = "yes"', "approval.default", '"two-keys"'),
        ('[approval]\nhigh_risk = "move"', "approval.high_risk", '"signed"'),
        ("[limits.email_send]\nrecipients = 0", "limits.email_send.recipients", "50"),
        ("[limits.email_send]\nrecipients = true", "limits.email_send.recipients", "50"),
        ("[limits.payment]\namount = 1000.0", "limits.payment.amount", "1000.00 EUR"),
        ('[contacts]\nAna = { whatsapp = "600" }', "contacts.Ana.whatsapp", "+34"),
        ('[contacts]\nAna = "ana@example.com"', "contacts.Ana", "table"),
        ('[contacts]\nAna = { phone = "+34600000000" }', "contacts.Ana.phone", "contacts.Ana.whatsapp"),
        ('[contacts]\nAna = { Mail = "ana@example.com" }', "contacts.Ana.Mail", "contacts.Ana.email"),
        ('[contacts]\nAna = { ibn = "x" }', "contacts.Ana.ibn", "contacts.Ana.iban"),
        ("[contacts]\nAna = {}\nANA = {}", "contacts.ANA", "another name"),
        ('[servers.email]\nsender = "not an address"', "servers.email.sender", '"me@example.com"'),
        ('[servers.email]\nsender = "Rita"', "servers.email.sender", "a mail address"),
        ('[servers.email]\nsmtp_port = "25"', "servers.email.smtp_port", "587"),
        ("[servers.email]\nsmtp_port = 65536", "servers.email.smtp_port", "587"),
        ('[servers.email]\nsmtp_host = "127.0.0.1:2525"', "servers.email.smtp_host", "its port goes into smtp_port"),
        ('[servers.email]\nimap_host = "imap.example.com:993"', "servers.email.imap_host", "imap_port"),
        ('[servers.email]\nsmtp_host = "[::1]:2525"', "servers.email.smtp_host", "smtp_port"),
        ('[servers.email]\nsmtp_host = "smtps://smtp.example.com"', "servers.email.smtp_host", '"smtp.example.com"'),
        ('[servers.email]\nsmtp_host = "smtp.example.com "', "servers.email.smtp_host", '"smtp.example.com"'),
        ('[servers.social]\nmastodon_host = "toots.example:3000"', "mastodon_host", "mastodon_api_url"),
        ('[servers.social]\nbluesky_host = "pds.example/xrpc"', "bluesky_host", "bluesky_api_url"),
        ('[servers.odoo]\nurl = "http://erp.example.com"', "servers.odoo.url", "https"),
        ('[servers.odoo]\nurl = "https://u:p@erp.example.com"', "servers.odoo.url", "https"),
        ('[servers.odoo]\nurl = "https://u@erp.example.com"', "servers.odoo.url", "https"),
        ('[servers.mine]\nurl = "https://example.com/mcp"', "servers.mine.url", "on this machine"),
        ('[servers.mine]\ncommand = ["a"]\nurl = "http://[::1]:1/"', "servers.mine", "Keep one"),
        ('[servers.mine]\ncommand = ["a", "--api-key=abcdefgh"]', "servers.mine.command", "command"),
        ('[servers.mine]\ncommand = ["a"]\nenv = ["A=b"]', "servers.mine.env", "names"),
        ('[servers.Mine]\ncommand = ["a"]', "servers.Mine", "small letters"),
        ('[sync]\nmode = "dropbox"', "sync.mode", '"git"'),
        ('[sync]\ninterval = "0s"', "sync.interval", '"60s"'),
        ("vault = ", "not TOML", "toml.io"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(tmp_path: Path, text: str, names: str, remedy: str) -> None:
    message, what_to_do = complaint(tmp_path, text)
    assert names in message
    assert "config.toml" in message
    assert remedy in what_to_do


@pytest.mark.parametrize("host", ["smtp.example.com", "127.0.0.1.example.com", "10.0.0.1", "localhost.example.com"])
def test_mail_goes_unencrypted_to_this_machine_only(tmp_path: Path, host: str) -> None:
    message, remedy = complaint(tmp_path, f'[servers.email]\nsmtp_host = "{host}"\nsmtp_security = "none"')
    assert "servers.email.smtp_security" in message
    assert "starttls" in remedy
    for loopback in ("127.0.0.1", "localhost", "::1", "127.8.8.8"):
        read(tmp_path, f'[servers.email]\nsmtp_host = "{loopback}"\nsmtp_security = "none"')


@pytest.mark.parametrize("host", ["smtp.example.com", "mail", "10.0.0.1", "2001:db8::1", "[2001:db8::1]"])
def test_a_host_is_a_name_or_an_address(tmp_path: Path, host: str) -> None:
    email = read(tmp_path, f'[servers.email]\nsmtp_host = "{host}"').family("email")
    assert email.text("smtp_host") == host


@pytest.mark.parametrize("key", ["password", "smtp_password", "api_key", "token", "clientSecret_secret", "API-KEY"])
def test_a_secret_in_the_file_is_refused_and_never_repeated(tmp_path: Path, key: str) -> None:
    message, remedy = complaint(tmp_path, f'[servers.email]\n{key} = "hunter2-hunter2"')
    assert f"servers.email.{key}" in message
    assert f"platinum-tui credentials set email.{key}" in remedy
    assert "hunter2" not in message + remedy


def test_validate_names_every_mistake_and_load_the_first(tmp_path: Path, environ: Mapping[str, str]) -> None:
    options = write(tmp_path, 'undo = 1\nmachine = 2\nx = 3\n[sync]\nmode = "no"')
    assert len(validate(options, environ)) == 4
    with pytest.raises(ConfigurationError, match="undo"):
        load(options, environ)


@pytest.mark.parametrize("data", [b"\xff\xfe", b"a = 1\na = 2", b"a = " + b"[" * 100_000])
def test_a_damaged_file_is_a_configuration_error(tmp_path: Path, environ: Mapping[str, str], data: bytes) -> None:
    (tmp_path / "config.toml").write_bytes(data)
    with pytest.raises(ConfigurationError):
        load(Options(config=str(tmp_path / "config.toml")), environ)


class TestWhatCountsAsApproval:
    def test_by_default_money_books_chats_and_own_tools_are_signed(self, tmp_path: Path) -> None:
        approval = read(tmp_path, "").approval
        signed = {kind for kind in Kind if approval.level_for(kind, RiskLevel.LOW) is Level.SIGNED}
        assert set(Kind) - signed == {Kind.EMAIL_SEND, Kind.EMAIL_REPLY, Kind.SOCIAL_POST}

    def test_what_is_written_for_a_kind_is_taken(self, tmp_path: Path) -> None:
        approval = read(tmp_path, '[approval]\npayment = "two-keys"\nodoo_payment = "move"').approval
        assert approval.level_for(Kind.PAYMENT, RiskLevel.MEDIUM) is Level.TWO_KEYS
        assert approval.level_for(Kind.ODOO_PAYMENT, RiskLevel.LOW) is Level.MOVE

    def test_a_stronger_default_strengthens_and_a_weaker_one_does_not_weaken(self, tmp_path: Path) -> None:
        strong = read(tmp_path, '[approval]\ndefault = "two-keys"').approval
        weak = read(tmp_path, '[approval]\ndefault = "confirm"').approval
        assert strong.level_for(Kind.PAYMENT, RiskLevel.LOW) is Level.TWO_KEYS
        assert weak.level_for(Kind.PAYMENT, RiskLevel.LOW) is Level.SIGNED
        assert weak.level_for(Kind.EMAIL_SEND, RiskLevel.LOW) is Level.CONFIRM

    def test_high_risk_is_never_less_than_signed(self, tmp_path: Path) -> None:
        approval = read(tmp_path, "[approval]\n" + "\n".join(f'{kind} = "move"' for kind in Kind)).approval
        assert {approval.level_for(kind, RiskLevel.HIGH) for kind in Kind} == {Level.SIGNED}


@pytest.mark.parametrize("sender", ["me@example.com", "Me <me@example.com>", "büro@münchen.example", "root@localhost"])
def test_a_sender_is_a_mail_address(environ: Mapping[str, str], tmp_path: Path, sender: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[servers.email]\nsmtp_host = "127.0.0.1"\nsender = "{sender}"\n', encoding="utf-8")
    settings = load(Options(vault=str(tmp_path / "vault"), config=str(path)), environ).servers["email"]
    assert isinstance(settings, FamilySettings)
    assert settings.text("sender") == sender
