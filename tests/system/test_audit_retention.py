"""The machine signs how far the log went; old days may go, and only the machine can say that they did."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from platinum_tui.system.audit import AuditRecord, Tail, beginning, seal
from platinum_tui.system.audit_checkpoints import (
    FILE_NAME,
    Checkpoint,
    Checkpoints,
    append_checkpoint,
    read_checkpoints,
)
from platinum_tui.system.audit_files import append, day_files
from platinum_tui.system.audit_retention import expire
from platinum_tui.system.audit_verify import verify
from platinum_tui.system.file_keyring import FileKeyring
from platinum_tui.system.keys import Role, Signer, create_keys, load_signer
from platinum_tui.system.paths import StateDir

VAULT = "0f" * 16
NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
DAYS_AGO = (120, 110, 100, 91, 90, 10, 0)


class House:
    """A log of one record each on some days before now, with the machine's key."""

    def __init__(self, folder: Path) -> None:
        self.logs = folder / "Logs"
        self.logs.mkdir()
        state = StateDir(folder / "state")
        state.ensure()
        credentials = FileKeyring(state.keyring_file, "passphrase")
        self.public = create_keys(credentials, state, "Ana", NOW)[1].public_key
        self.signer: Signer = load_signer(credentials, Role.MACHINE)
        self.records: list[AuditRecord] = []
        tail = beginning(VAULT)
        for days in DAYS_AGO:
            time = (NOW - timedelta(days=days)).isoformat().replace("+00:00", "Z")
            self.records.append(seal(AuditRecord(seq=tail.seq + 1, timestamp=time, event="e", actor="a"), tail.hash))
            tail = self.records[-1].tail
        append(self.logs, self.records)

    def checkpoint(self, seq: int, vault: str = VAULT) -> None:
        append_checkpoint(self.logs, Checkpoint(vault, seq, self.records[seq - 1].hash, NOW), self.signer)

    def checkpoints(self) -> Checkpoints:
        return read_checkpoints(self.logs, VAULT, [self.public])

    def expire(self) -> tuple[date, ...]:
        return expire(self.logs, VAULT, NOW, self.checkpoints(), self.signer)

    def codes(self, tail: Tail | None = None) -> list[str]:
        return [finding.code.value for finding in verify(self.logs, VAULT, tail, self.checkpoints())]

    def delete(self, count: int) -> None:
        for _, path in day_files(self.logs)[:count]:
            path.unlink()


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_a_checkpoint_comes_back_as_it_was_signed(house: House) -> None:
    house.checkpoint(3)
    house.checkpoint(5)
    assert [checkpoint.seq for checkpoint in house.checkpoints().valid] == [3, 5]
    assert house.codes() == []


def test_a_checkpoint_that_was_changed_is_told_and_not_believed(house: House) -> None:
    house.checkpoint(3)
    file = house.logs / FILE_NAME
    whole = file.read_bytes()
    for at in range(0, len(whole) - 1, 5):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert house.checkpoints() == Checkpoints((), (1,))
        assert house.codes() == ["edited"]


def test_another_vaults_checkpoint_is_not_believed(house: House) -> None:
    house.checkpoint(3, vault="ab" * 16)
    assert house.checkpoints() == Checkpoints((), (1,))


def test_a_checkpoint_torn_by_a_crash_is_no_finding_and_is_replaced(house: House) -> None:
    house.checkpoint(3)
    file = house.logs / FILE_NAME
    whole = file.read_bytes()
    for written in range(0, len(whole), 11):
        file.write_bytes(whole + whole[:written])
        assert house.codes() == []
        house.checkpoint(5)
        assert [checkpoint.seq for checkpoint in house.checkpoints().valid] == [3, 5]
        assert house.codes() == []


def test_days_older_than_ninety_go_and_the_log_stays_whole(house: House) -> None:
    house.checkpoint(6)
    assert house.expire() == tuple((NOW - timedelta(days=days)).date() for days in DAYS_AGO[:4])
    assert len(day_files(house.logs)) == 3
    assert house.codes() == house.codes(house.records[-1].tail) == []
    assert house.expire() == ()


def test_only_days_that_a_checkpoint_covers_go(house: House) -> None:
    assert house.expire() == ()
    house.checkpoint(2)
    assert len(house.expire()) == 2
    assert house.codes(house.records[-1].tail) == []


def test_a_log_that_was_changed_is_evidence_and_stays(house: House) -> None:
    house.checkpoint(6)
    path = day_files(house.logs)[1][1]
    path.write_bytes(path.read_bytes().replace(b'"actor":"a"', b'"actor":"b"'))
    house.expire()
    assert path.exists()
    assert house.codes() == ["edited"]


def test_a_day_that_is_missing_keeps_those_before_it(house: House) -> None:
    house.checkpoint(6)
    day_files(house.logs)[2][1].unlink()
    assert house.expire() == ()
    assert house.codes() == ["deleted"]


def test_deleting_by_hand_does_not_pass_for_expiry(house: House) -> None:
    house.checkpoint(4)
    house.delete(4)
    assert house.codes() == ["deleted"]


def test_deleting_more_after_an_expiry_is_a_deletion(house: House) -> None:
    house.checkpoint(6)
    house.expire()
    house.delete(1)
    assert house.codes() == ["deleted"]


def test_a_crash_between_signing_and_deleting_is_no_finding(house: House) -> None:
    house.checkpoint(6)
    kept = {path: path.read_bytes() for _, path in day_files(house.logs)}
    house.expire()
    for path, data in kept.items():
        path.write_bytes(data)
    assert house.codes(house.records[-1].tail) == []
    oldest = day_files(house.logs)[0][1]
    oldest.write_bytes(seal(house.records[0], "0" * 64).to_line())
    assert house.codes() == ["foreign"]
    oldest.write_bytes(kept[oldest])
    assert len(house.expire()) == 4


def test_the_rest_of_an_expired_log_can_still_not_be_cut_or_replaced(house: House) -> None:
    house.checkpoint(7)
    house.expire()
    newest = day_files(house.logs)[-1][1]
    newest.unlink()
    assert house.codes() == ["truncated"]
    house.delete(9)
    assert house.codes() == ["truncated"]


def test_the_log_is_never_kept_for_less_than_ninety_days(house: House) -> None:
    with pytest.raises(ValueError, match="90 days"):
        expire(house.logs, VAULT, NOW, house.checkpoints(), house.signer, keep=timedelta(days=89))
