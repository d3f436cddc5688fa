"""What a server asks of a decision by its own machine's rules, whoever calls it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.decisions import Signer

from platinum_executors.refusal import Refused
from platinum_executors.rules import Rules
from platinum_tui.model.action import Kind
from platinum_tui.system.configuration import Options, load
from platinum_tui.system.freeze_mark import FreezeMark
from platinum_tui.system.keys import KnownKey, Role

PERSON, OTHER, MACHINE = Signer(), Signer(), Signer()
KEYS = (
    KnownKey("me", Role.REVIEWER, PERSON.public_key),
    KnownKey("other", Role.REVIEWER, OTHER.public_key, listed=True),
    KnownKey("machine", Role.MACHINE, MACHINE.public_key),
)


@pytest.fixture
def rules(tmp_path: Path):
    def of(text: str = "") -> Rules:
        (tmp_path / "vault").mkdir(exist_ok=True)
        (tmp_path / "state").mkdir(exist_ok=True)
        file = tmp_path / "config.toml"
        file.write_text(f'vault = "{tmp_path / "vault"}"\n{text}')
        configuration = load(Options(config=str(file), state_dir=str(tmp_path / "state")), {"HOME": str(tmp_path)})
        return Rules(configuration, FreezeMark(tmp_path / "state", tmp_path / "vault"), lambda: KEYS)

    return of


def names(rules: Rules, kind: Kind) -> list[str]:
    return [key.name for key in rules.keys_for(kind)]


def test_a_machines_key_counts_where_a_move_by_hand_counts_and_nowhere_else(rules):
    assert names(rules(), Kind.EMAIL_SEND) == ["me", "other", "machine"]
    assert names(rules(), Kind.PAYMENT) == ["me", "other"]


def test_two_keys_are_asked_for_by_the_server_itself(rules):
    two = rules('[approval]\nemail_send = "two-keys"\n')
    assert (two.signers_for(Kind.EMAIL_SEND), names(two, Kind.EMAIL_SEND)) == (2, ["other"])
    assert two.signers_for(Kind.SOCIAL_POST) == 1


@pytest.mark.parametrize("place", ["vault/FREEZE", "state/frozen"])
def test_nothing_is_done_while_frozen(rules, tmp_path, place):
    frozen = rules()
    (tmp_path / place).write_text("stop")
    with pytest.raises(Refused, match="stopped"):
        frozen.check_freeze()
