"""Where the system has no keyring, secrets lie in one encrypted file."""

from __future__ import annotations

import multiprocessing
import stat
import time
from pathlib import Path

import pytest

from platinum_tui.model.errors import KeyringError
from platinum_tui.system.file_keyring import FileKeyring

PASSPHRASE = "correct horse"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keyring.bin"


def set_many(file: Path, process: int) -> None:
    keyring = FileKeyring(file, PASSPHRASE)
    for number in range(5):
        keyring.set(f"server{process}.n{number}", f"{process}-{number}")


def test_secrets_come_back_in_another_process(file: Path) -> None:
    FileKeyring(file, PASSPHRASE).set("email.password", "hunter2-ü")
    again = FileKeyring(file, PASSPHRASE)
    assert again.get("email.password") == "hunter2-ü"
    assert again.get("odoo.api_key") is None
    assert again.names() == ("email.password",)
    again.remove("email.password")
    again.remove("email.password")
    assert FileKeyring(file, PASSPHRASE).names() == ()


def test_an_empty_one_needs_no_file(file: Path) -> None:
    keyring = FileKeyring(file, PASSPHRASE)
    assert keyring.names() == ()
    keyring.remove("email.password")
    assert not file.exists()


def test_the_file_is_private_and_shows_nothing(file: Path) -> None:
    FileKeyring(file, PASSPHRASE).set("email.password", "hunter2hunter2")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    data = file.read_bytes()
    assert b"hunter2" not in data
    assert b"email" not in data
    assert [path.name for path in file.parent.iterdir() if path.suffix != ".lock"] == ["keyring.bin"]


def test_the_same_secrets_are_never_written_the_same_way(file: Path) -> None:
    keyring = FileKeyring(file, PASSPHRASE)
    keyring.set("email.password", "one")
    first = file.read_bytes()
    keyring.set("email.password", "two")
    keyring.set("email.password", "one")
    assert file.read_bytes() != first


def test_a_wrong_passphrase_opens_nothing_and_changes_nothing(file: Path) -> None:
    FileKeyring(file, PASSPHRASE).set("email.password", "hunter2")
    before = file.read_bytes()
    wrong = FileKeyring(file, "wrong")
    with pytest.raises(KeyringError, match="does not open") as caught:
        wrong.get("email.password")
    assert "PLATINUM_PASSPHRASE" in caught.value.remedy
    with pytest.raises(KeyringError):
        wrong.set("email.password", "mine now")
    assert file.read_bytes() == before


def test_any_changed_byte_is_noticed(file: Path) -> None:
    FileKeyring(file, PASSPHRASE).set("a.b", "x")
    whole = file.read_bytes()
    keyring = FileKeyring(file, PASSPHRASE)
    keyring.get("a.b")
    salt = range(whole.index(b'"salt"') + 9, whole.index(b'"nonce"'))
    for at in [*range(salt.start), *range(salt.stop, len(whole))]:
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(KeyringError):
            keyring.get("a.b")
    for length in range(0, len(whole), 7):
        file.write_bytes(whole[:length])
        with pytest.raises(KeyringError):
            keyring.get("a.b")


def test_a_file_that_demands_endless_work_is_refused(file: Path) -> None:
    FileKeyring(file, PASSPHRASE).set("a.b", "x")
    file.write_bytes(file.read_bytes().replace(b'"n": 32768', b'"n": 1073741824'))
    with pytest.raises(KeyringError, match="not a keyring"):
        FileKeyring(file, PASSPHRASE).get("a.b")


def test_writers_at_the_same_time_lose_nothing(file: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=set_many, args=(file, number)) for number in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(FileKeyring(file, PASSPHRASE).names()) == 15


def test_a_crash_before_the_new_file_is_in_place_leaves_the_old_one(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = FileKeyring(file, PASSPHRASE)
    keyring.set("a.b", "old")

    def no_space(source: str, target: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", no_space)
        with pytest.raises(KeyringError, match="No space left"):
            keyring.set("a.b", "new")
    assert keyring.get("a.b") == "old"
    assert sorted(path.name for path in file.parent.iterdir()) == ["keyring.bin", "keyring.lock"]


def test_the_key_is_made_once(file: Path) -> None:
    keyring = FileKeyring(file, PASSPHRASE)
    keyring.set("a.b", "x")
    begun = time.perf_counter()
    for _ in range(100):
        keyring.get("a.b")
    assert time.perf_counter() - begun < 1
