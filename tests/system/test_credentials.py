"""Secrets lie in a keyring that protects them, found without a question; everything else is refused with a remedy."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from platinum_tui.model.errors import KeyringError, UsageError
from platinum_tui.system import system_keyring
from platinum_tui.system.credentials import find_passphrase, open_credentials, self_test
from platinum_tui.system.paths import StateDir
from platinum_tui.system.system_keyring import ALLOWED, SystemKeyring


class Store:
    """A keyring of an operating system, in memory; it cannot list its entries, as those cannot."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


class HangingStore(Store):
    def __init__(self) -> None:
        super().__init__()
        self.answer = threading.Event()
        self.calls = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.calls += 1
        self.answer.wait(30)
        return super().get_password(service, username)


class NullStore(Store):
    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class AngryStore(Store):
    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("dbus said: the secret is hunter2")


@pytest.fixture
def state(tmp_path: Path) -> StateDir:
    return StateDir(tmp_path / "state")


@pytest.fixture
def no_session_bus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nobody")


class TestASystemKeyring:
    def test_it_keeps_secrets_under_the_programs_name(self, tmp_path: Path) -> None:
        store = Store()
        keyring = SystemKeyring(store, "Secret Service", tmp_path / "lock")
        keyring.set("email.password", "hunter2-é")
        assert keyring.get("email.password") == "hunter2-é"
        assert store.entries["platinum-tui", "email.password"] == "hunter2-é"
        assert keyring.get("odoo.api_key") is None

    def test_it_lists_names_and_the_list_holds_no_secret(self, tmp_path: Path) -> None:
        store = Store()
        keyring = SystemKeyring(store, "Secret Service", tmp_path / "lock")
        for name in ("odoo.api_key", "email.password", "email.password"):
            keyring.set(name, "hunter2")
        keyring.remove("odoo.api_key")
        keyring.remove("odoo.api_key")
        assert keyring.names() == ("email.password",)
        assert "hunter2" not in store.entries["platinum-tui", "names"]

    def test_one_that_hangs_is_given_up_and_not_asked_again(self, tmp_path: Path) -> None:
        store = HangingStore()
        keyring = SystemKeyring(store, "Secret Service", tmp_path / "lock", deadline=0.05)
        begun = time.monotonic()
        for _ in range(5):
            with pytest.raises(KeyringError, match="does not answer") as caught:
                keyring.get("email.password")
        assert "Unlock" in caught.value.remedy
        assert time.monotonic() - begun < 2
        assert store.calls == 1
        store.answer.set()

    def test_what_it_says_in_an_error_is_not_repeated(self, tmp_path: Path) -> None:
        keyring = SystemKeyring(AngryStore(), "KWallet", tmp_path / "lock")
        with pytest.raises(KeyringError, match="KWallet") as caught:
            keyring.get("email.password")
        assert "hunter2" not in caught.value.message

    def test_one_that_loses_secrets_fails_the_self_test(self, tmp_path: Path) -> None:
        keyring = SystemKeyring(NullStore(), "KWallet", tmp_path / "lock")
        with pytest.raises(KeyringError, match="does not give back"):
            self_test(keyring)

    def test_the_self_test_leaves_nothing(self, tmp_path: Path) -> None:
        keyring = SystemKeyring(Store(), "KWallet", tmp_path / "lock")
        self_test(keyring)
        assert keyring.names() == ()

    @pytest.mark.parametrize(
        "name", ["password", "", "email.", ".password", "Email.password", "a.b\n", "names", "../x.y"]
    )
    def test_a_name_is_a_server_and_a_name(self, tmp_path: Path, name: str) -> None:
        keyring = SystemKeyring(Store(), "KWallet", tmp_path / "lock")
        for use in (keyring.get, keyring.remove, lambda n: keyring.set(n, "x")):
            with pytest.raises(UsageError, match=r"SERVER\.NAME"):
                use(name)


class TestFindingAKeyring:
    @pytest.mark.parametrize(
        "backend",
        [
            "keyring.backends.null.Keyring",
            "keyring.backends.fail.Keyring",
            "keyrings.alt.file.PlaintextKeyring",
            "keyrings.alt.file.EncryptedKeyring",
            "evil.Keyring",
        ],
    )
    def test_a_backend_that_does_not_protect_is_refused(self, state: StateDir, backend: str) -> None:
        with pytest.raises(KeyringError, match="does not protect") as caught:
            open_credentials(state, {"PYTHON_KEYRING_BACKEND": backend})
        assert "PLATINUM_PASSPHRASE" in caught.value.remedy

    def test_no_class_is_brought_in_from_outside(self, tmp_path: Path) -> None:
        (tmp_path / "evil.py").write_text(f"open({str(tmp_path / 'loaded')!r}, 'w').close()\nclass Keyring: pass\n")
        (tmp_path / "python_keyring").mkdir()
        (tmp_path / "python_keyring/keyringrc.cfg").write_text(
            f"[backend]\ndefault-keyring=evil.Keyring\nkeyring-path={tmp_path}\n"
        )
        code = (
            "import os, pathlib; from platinum_tui.system.credentials import open_credentials\n"
            "from platinum_tui.system.paths import StateDir\n"
            "open_credentials(StateDir(pathlib.Path(os.environ['HOME']) / 's'), os.environ)"
        )
        for backend in ("evil.Keyring", ""):
            environ = {
                "HOME": str(tmp_path),
                "XDG_CONFIG_HOME": str(tmp_path),
                "XDG_DATA_HOME": str(tmp_path),
                "PYTHONPATH": os.pathsep.join([*sys.path, str(tmp_path)]),
                "PYTHON_KEYRING_BACKEND": backend,
                "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/nobody",
            }
            ran = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False)
            assert "KeyringError" in ran.stderr
            assert not (tmp_path / "loaded").exists()

    def test_without_any_keyring_the_remedy_is_named(self, state: StateDir, no_session_bus: None) -> None:
        with pytest.raises(KeyringError, match="no keyring") as caught:
            open_credentials(state, {})
        assert "PLATINUM_PASSPHRASE" in caught.value.remedy

    def test_a_file_keyring_without_its_passphrase_asks_for_it_by_name(
        self, state: StateDir, no_session_bus: None
    ) -> None:
        open_credentials(state, {"PLATINUM_PASSPHRASE": "open sesame"}).set("email.password", "x")
        with pytest.raises(KeyringError, match="no passphrase") as caught:
            open_credentials(state, {})
        assert "PLATINUM_PASSPHRASE" in caught.value.remedy

    def test_the_best_allowed_one_that_works_is_taken(
        self, state: StateDir, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "some_keyrings.py").write_text(
            "class Broken:\n    @property\n    def priority(self): raise RuntimeError\n"
            "class Good:\n    priority = 3\nclass Better:\n    priority = 4\n"
        )
        monkeypatch.syspath_prepend(tmp_path)
        names = {"some_keyrings.Broken": "broken", "some_keyrings.Good": "good", "some_keyrings.Better": "better"}
        monkeypatch.setattr(system_keyring, "ALLOWED", names)
        assert open_credentials(state, {}).backend == "better"
        assert open_credentials(state, {"PYTHON_KEYRING_BACKEND": "some_keyrings.Good"}).backend == "good"

    def test_only_the_four_kinds_that_protect_are_allowed(self) -> None:
        kinds = {"Secret Service", "KWallet", "macOS Keychain", "Windows Credential Manager"}
        assert set(ALLOWED.values()) == kinds


class TestThePassphrase:
    def test_it_comes_from_the_environment_a_file_or_systemd(self, tmp_path: Path) -> None:
        (tmp_path / "platinum-passphrase").write_text("from systemd\n")
        (tmp_path / "mine").write_text("from a file\nsecond line")
        file = {"PLATINUM_PASSPHRASE_FILE": str(tmp_path / "mine"), "CREDENTIALS_DIRECTORY": str(tmp_path)}
        assert find_passphrase({"CREDENTIALS_DIRECTORY": str(tmp_path)}) == "from systemd"
        assert find_passphrase(file) == "from a file"
        assert find_passphrase({**file, "PLATINUM_PASSPHRASE": "direct"}) == "direct"
        assert find_passphrase({"CREDENTIALS_DIRECTORY": str(tmp_path / "empty")}) is None
        assert find_passphrase({}) is None

    @pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff"])
    def test_a_file_without_one_is_an_error(self, tmp_path: Path, content: bytes | None) -> None:
        if content is not None:
            (tmp_path / "mine").write_bytes(content)
        with pytest.raises(KeyringError, match="passphrase file"):
            find_passphrase({"PLATINUM_PASSPHRASE_FILE": str(tmp_path / "mine")})
