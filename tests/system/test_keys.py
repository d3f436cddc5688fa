"""A reviewer's signature counts while the key is known and good, and a machine never passes for a person."""

from __future__ import annotations

import base64
import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from platinum_tui.model.decision import Envelope
from platinum_tui.model.envelope import valid_signers
from platinum_tui.model.errors import ConfigurationError, KeyringError
from platinum_tui.system.credentials import Credentials
from platinum_tui.system.file_keyring import FileKeyring
from platinum_tui.system.keys import KnownKey, Role, create_keys, known_keys, load_signer
from platinum_tui.system.paths import StateDir

NOW = datetime(2026, 1, 7, 10, 30, tzinfo=UTC)


class Machine:
    """One machine: its keyring, its state, its configuration directory."""

    def __init__(self, root: Path, name: str) -> None:
        self.state = StateDir(root / name / "state")
        self.state.ensure()
        self.config = root / name / "config"
        self.config.mkdir()
        self.credentials: Credentials = FileKeyring(self.state.keyring_file, "passphrase")
        self.reviewer, self.machine = create_keys(self.credentials, self.state, name, NOW)

    def known(self) -> tuple[KnownKey, ...]:
        return known_keys(self.state, self.config)

    def counting(self) -> list[KnownKey]:
        """The keys of people that count here."""
        return [key for key in self.known() if key.role is Role.REVIEWER and not key.revoked]

    def list_signers(self, text: str) -> None:
        (self.config / "signers.toml").write_text(text)


@pytest.fixture
def ana(tmp_path: Path) -> Machine:
    return Machine(tmp_path, "Ana")


@pytest.fixture
def ben(tmp_path: Path) -> Machine:
    return Machine(tmp_path, "Ben")


def entry(name: str, key: KnownKey, more: str = "") -> str:
    return f'[signers.{name}]\npublic_key = "{base64.b64encode(key.public_key).decode()}"\n{more}\n'


def test_what_the_reviewer_signs_is_verified_by_the_public_side(ana: Machine) -> None:
    signer = load_signer(ana.credentials, Role.REVIEWER)
    envelope = Envelope(b"{}", (signer.sign(b"{}"),))
    assert valid_signers(envelope, [key.public_key for key in ana.known()]) == {ana.reviewer.key_id}
    assert signer.key_id == ana.reviewer.key_id
    assert "PrivateKey" not in repr(signer)


def test_a_signature_for_one_purpose_is_worth_nothing_for_another(ana: Machine) -> None:
    signer = load_signer(ana.credentials, Role.MACHINE)
    envelope = Envelope(b"{}", (signer.sign(b"{}", "application/other"),))
    assert not valid_signers(envelope, [ana.machine.public_key])
    assert valid_signers(envelope, [ana.machine.public_key], "application/other")


def test_making_the_keys_again_changes_nothing(ana: Machine) -> None:
    before = ana.state.signers_file.read_bytes()
    assert create_keys(ana.credentials, ana.state, "Ana", NOW) == (ana.reviewer, ana.machine)
    assert ana.state.signers_file.read_bytes() == before


def test_the_public_sides_are_private_to_write_and_hold_no_secret(ana: Machine) -> None:
    assert stat.S_IMODE(ana.state.signers_file.stat().st_mode) == 0o600
    private = ana.credentials.get("signing.reviewer")
    assert private
    assert private not in ana.state.signers_file.read_text()
    assert [key["role"] for key in json.loads(ana.state.signers_file.read_text())["signers"]] == ["reviewer", "machine"]


def test_a_lost_key_is_replaced_and_the_old_one_counts_no_more(ana: Machine) -> None:
    ana.credentials.remove("signing.reviewer")
    with pytest.raises(KeyringError, match="no signing key of the reviewer") as caught:
        load_signer(ana.credentials, Role.REVIEWER)
    assert "platinum-tui init" in caught.value.remedy

    reviewer, machine = create_keys(ana.credentials, ana.state, "Ana", NOW)

    assert machine == ana.machine
    assert reviewer.public_key != ana.reviewer.public_key
    assert [key.key_id for key in ana.counting()] == [reviewer.key_id]
    assert [key.revoked_at for key in ana.known() if key.key_id == ana.reviewer.key_id] == [NOW]


def test_a_replaced_key_does_not_come_back_by_being_listed(ana: Machine) -> None:
    ana.credentials.remove("signing.reviewer")
    create_keys(ana.credentials, ana.state, "Ana", NOW)
    ana.list_signers(entry("old_ana", ana.reviewer))
    assert ana.reviewer.key_id not in [key.key_id for key in ana.counting()]


def test_a_damaged_private_key_is_told(ana: Machine) -> None:
    ana.credentials.set("signing.machine", "AAAA")
    with pytest.raises(KeyringError, match="damaged"):
        load_signer(ana.credentials, Role.MACHINE)


def test_another_reviewer_is_known_by_name(ana: Machine, ben: Machine) -> None:
    ana.list_signers(entry("ben", ben.reviewer))
    assert {key.name: key.listed for key in ana.counting()} == {"Ana": False, "ben": True}


def test_a_reviewer_may_also_list_the_key_of_this_machine(ana: Machine) -> None:
    ana.list_signers(entry("ana_here", ana.reviewer))
    assert [(key.name, key.listed) for key in ana.known() if key.role is Role.REVIEWER] == [("ana_here", True)]


@pytest.mark.parametrize("more", ["revoked_at = 2026-01-01T00:00:00Z", 'revoked_at = "2026-01-01T00:00:00"'])
def test_a_revoked_key_counts_for_nothing(ana: Machine, ben: Machine, more: str) -> None:
    ana.list_signers(entry("ben", ben.reviewer, more) + entry("ana_here", ana.reviewer, more))
    assert ana.counting() == []
    assert {key.revoked_at for key in ana.known() if key.role is Role.REVIEWER} == {datetime(2026, 1, 1, tzinfo=UTC)}


def test_a_machines_key_cannot_be_listed_as_a_persons(ana: Machine) -> None:
    ana.list_signers(entry("eve", ana.machine))
    with pytest.raises(ConfigurationError, match="eve"):
        ana.known()


def test_one_key_under_two_names_is_not_two_signers(ana: Machine, ben: Machine) -> None:
    ana.list_signers(entry("ben", ben.reviewer) + entry("ben2", ben.reviewer))
    with pytest.raises(ConfigurationError, match="ben2"):
        ana.known()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('[signers.ben]\npublic_key = "AAAA"', "signers.ben.public_key"),
        ('[signers.ben]\npublic_key = "!"', "signers.ben.public_key"),
        ("[signers.ben]", "signers.ben"),
        ('[signers.ben]\nkey = "x"', "signers.ben"),
        ("[signer.ben]", "signer"),
        ("x", "signers.toml"),
    ],
)
def test_a_mistake_in_the_list_of_signers_is_named(ana: Machine, text: str, names: str) -> None:
    ana.list_signers(text)
    with pytest.raises(ConfigurationError, match=names):
        ana.known()


def test_a_damaged_list_of_own_keys_is_told(ana: Machine) -> None:
    for damaged in ("", "[]", '{"signers": [{}]}', '{"signers": [{"name": "x", "role": "king", "public_key": ""}]}'):
        ana.state.signers_file.write_text(damaged)
        with pytest.raises(ConfigurationError, match=r"signers\.json"):
            ana.known()
