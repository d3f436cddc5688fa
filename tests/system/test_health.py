"""`doctor` names each thing that is wrong, with what to do about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from platinum_tui.model.errors import ConfigurationError, KeyringError
from platinum_tui.system import health
from platinum_tui.system.configuration import Configuration, Options, load
from platinum_tui.system.credentials import Credentials
from platinum_tui.system.file_keyring import FileKeyring
from platinum_tui.system.health import Finding
from platinum_tui.system.paths import StateDir

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def codes(findings: object) -> list[str]:
    found = list(findings)  # type: ignore[call-overload]
    assert all(isinstance(finding, Finding) and finding.message and finding.remedy for finding in found)
    return [finding.code for finding in found]


def configured(tmp_path: Path, text: str) -> Configuration:
    (tmp_path / "config.toml").write_text(text)
    return load(Options(config=str(tmp_path / "config.toml")), {"HOME": str(tmp_path)})


def test_a_configuration_that_others_can_write_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("")
    file.chmod(0o600)
    assert codes(health.check_configuration([], file)) == []
    file.chmod(0o666)
    found = codes(health.check_configuration([ConfigurationError("undo is wrong")], file))
    assert found == ["configuration", "configuration_writable"]


def test_the_state_directory_is_private_and_outside_the_vault(tmp_path: Path) -> None:
    state = StateDir(tmp_path / "vault" / "state")
    assert codes(health.check_state_dir(state, None)) == ["state_dir_missing"]
    state.ensure()
    assert codes(health.check_state_dir(state, None)) == []
    state.root.chmod(0o755)
    assert codes(health.check_state_dir(state, tmp_path / "vault")) == ["state_dir_in_vault", "state_dir_open"]


def test_the_keyring_is_tried(tmp_path: Path) -> None:
    def locked() -> Credentials:
        raise KeyringError("It is locked.")

    assert codes(health.check_keyring(lambda: FileKeyring(tmp_path / "k", "passphrase"))) == []
    assert codes(health.check_keyring(locked)) == ["keyring"]


@pytest.mark.parametrize(
    ("now", "last", "wrong"),
    [
        (NOW, None, False),
        (NOW, NOW, False),
        (NOW, NOW + timedelta(minutes=1), False),
        (NOW, NOW + timedelta(minutes=6), True),
        (datetime(1970, 1, 1, tzinfo=UTC), None, True),
    ],
)
def test_a_clock_behind_the_audit_log_is_wrong(now: datetime, last: datetime | None, wrong: bool) -> None:
    assert codes(health.check_clock(now, last)) == (["clock"] if wrong else [])


def test_a_disk_that_is_nearly_full_is_an_error(tmp_path: Path) -> None:
    assert codes(health.check_disk([tmp_path / "not" / "there"])) == []
    assert codes(health.check_disk([tmp_path], lambda _: 16 * 2**20 - 1)) == ["disk_full"]
    assert codes(health.check_disk([tmp_path], lambda _: 16 * 2**20)) == []


def test_a_vault_that_is_missing_or_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    assert codes(health.check_vault(None)) == ["vault_unnamed"]
    assert codes(health.check_vault(tmp_path / "no")) == ["vault_missing"]
    assert codes(health.check_vault(tmp_path, lambda _: False)) == ["vault_readonly"]
    assert codes(health.check_vault(tmp_path)) == []


def test_a_server_without_its_settings_or_credentials_is_named(tmp_path: Path) -> None:
    configuration = configured(
        tmp_path,
        '[servers.email]\nsmtp_host = "h"\nsender = "me@example.com"\nusername = "me"\n'
        '[servers.odoo]\nurl = "https://erp.example.com"\n[servers.own]\ncommand = ["x"]\n',
    )
    found = list(health.check_servers(configuration, ["odoo.api_key"]))
    assert codes(found) == ["credential_missing", "server_incomplete"]
    assert "credentials set email.password" in found[0].remedy
    assert "odoo lacks settings: database" in found[1].message
    complete = configured(tmp_path, '[servers.email]\nsmtp_host = "127.0.0.1"\nsender = "me@example.com"\n')
    assert codes(health.check_servers(complete, [])) == []
