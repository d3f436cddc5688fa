"""Credentials are told to their services and to nobody else: when all goes well, when it fails, and in a crash."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.orchestrator.clones import git
from tests.support import canaries, every_service, mail_servers, odoo_stand_in, payment_contracts, social_contracts
from tests.support.canaries import PASSPHRASE, ProcessList, all_canaries, canary, found_in, found_in_files, found_in_git
from tests.support.contract_server import Answer, Call
from tests.support.every_service import Services, running_services, set_up
from tests.support.machine import CHECKOUT, Machine, new_machine

from platinum_tui.system.credentials import open_credentials
from platinum_tui.system.paths import StateDir

SAMPLES = ("001", *("006", "007", "008", "009", "010", "011"), "012", "014", "018", "024", "025", "026")
UNUSED = {"email.imap_password", "email.oauth_token"}
"""These wait in the keyring: the run has no IMAP server, and logs in with a password."""
CONTRACTS = {
    (social_contracts, "APP_PASSWORD"): "social.bluesky_password",
    (payment_contracts, "STRIPE_KEY"): "payments.stripe_api_key",
    (payment_contracts, "SECRET"): "payments.paypal_client_secret",
    (payment_contracts, "WISE_TOKEN"): "payments.wise_token",
    (odoo_stand_in, "KEY"): "odoo.api_key",
    (every_service, "KEY"): "odoo.api_key",
}


class Echo:
    """A service that refuses, and repeats in its answer all that it was told."""

    status = 400

    def __call__(self, call: Call) -> Answer:
        told = f"{call.headers} {call.query} {call.content.decode('utf-8', 'replace')}"
        words = ("message", "detail", "error", "error_description", "name", "title")
        body: dict[str, Any] = dict.fromkeys(words, told)
        return Answer({**body, "errors": [{"code": told, "message": told}]}, self.status)


class EchoOfX(Echo):
    """The token has expired: the program tries to renew it."""

    status = 401


class EchoOfMeta(Echo):
    def __call__(self, call: Call) -> Answer:
        return Answer({"error": {"code": 100, "message": super().__call__(call).body["message"]}}, 400)


@dataclass
class Bank:
    """A machine with a canary for every credential, and all that could be read of it."""

    machine: Machine
    services: Services
    processes: ProcessList
    remote: Path
    said: list[bytes] = field(default_factory=list)
    states: dict[str, list[str]] = field(default_factory=dict)

    def run(self, *words: str) -> None:
        command = self.machine.command(*words)
        done = subprocess.run(command, env=self.machine.environ, capture_output=True, timeout=300, check=False)
        self.said += [done.stdout, done.stderr]

    def command(self, *words: str) -> Any:
        answer = self.machine.here(*words)
        self.said.append(json.dumps(answer).encode())
        return answer

    def ask(self, run: str, samples: tuple[str, ...] = SAMPLES) -> None:
        """The samples once more, as requests of their own."""
        for sample in sorted((every_service.SAMPLES / "requests/canonical").iterdir()):
            if sample.name[:3] in samples:
                text = every_service.still_good(sample.read_text()).replace("id: req-", f"id: {run}-", 1)
                (self.machine.vault / "Pending_Approval" / f"{run}-{sample.name}").write_text(text)

    def approve(self) -> None:
        for request in self.command("list")["requests"]:
            self.command("approve", request["id"], "--fingerprint", request["fingerprint"])

    def note(self, run: str) -> None:
        listed = self.command("list", "--state", "all")["requests"]
        self.states[run] = [request["state"] for request in listed if f"/{run}-" in request["file"]]

    @property
    def told_credentials(self) -> set[str]:
        """Which credentials the services were told, by their own journals."""
        calls = (call for service in self.services.values() for call in service.journal)
        told = b"\n".join(str(call.headers).encode() + call.content for call in calls)
        secret = canary("payments.paypal_client_secret")
        basic = base64.b64encode(f"{payment_contracts.CLIENT}:{secret}".encode()).decode()
        return found_in(told, {**all_canaries(), "payments.paypal_client_secret": basic})


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for (module, name), credential in CONTRACTS.items():
            patch.setattr(module, name, canary(credential))
        services = stack.enter_context(running_services())
        login = mail_servers.one_login("me", canary("email.password"))
        _, port = stack.enter_context(mail_servers.mail_server(authenticator=login, auth_require_tls=False))
        bank = _open_bank(tmp_path, services, port)
        stack.callback(lambda: [service.journal.clear() for service in services.values()])
        _work(bank)
        yield bank


def _open_bank(root: Path, services: Services, port: int) -> Bank:
    machine = new_machine(root, port, None)
    machine.environ["PLATINUM_PASSPHRASE"] = PASSPHRASE
    remote = root / "remote.git"
    git(root, "init", "-q", "--bare", "-b", "main", str(remote))
    git(root, "clone", "-q", str(remote), str(machine.vault))
    git(machine.vault, "commit", "-q", "--allow-empty", "-m", "the vault")
    git(machine.vault, "push", "-q", "origin", "HEAD:main")
    set_up(machine, services, ())
    services["odoo"].answer.tables["res.partner"].clear()
    more = every_service.configuration(services, root)
    more = more.replace("[servers.social]", 'username = "me"\n[servers.social]', 1)
    machine.configure(more)
    keyring = open_credentials(StateDir(root / "state"), machine.environ)
    for name, value in all_canaries().items():
        if name != "email.oauth_token":  # it would go before the password
            keyring.set(name, value)
    processes = ProcessList(root)
    for name, service in services.items():
        if isinstance(service.answer, social_contracts.Network):
            service.answer.token = canary(f"social.{name}_token")
        service.answer = _Watched(service.answer, processes)
    return Bank(machine, services, processes, remote)


@dataclass
class _Watched:
    """A service that looks at the process list whenever it is asked something."""

    service: Any
    processes: ProcessList

    def __call__(self, call: Call) -> Answer:
        self.processes.look()
        return self.service(call)


def _work(bank: Bank) -> None:
    root, environ = bank.machine.root, bank.machine.environ
    bank.ask("good")
    bank.approve()
    bank.run("--daemon", "--once")
    bank.run("--daemon", "--once")
    bank.note("good")
    open_credentials(StateDir(root / "state"), environ).set("email.oauth_token", canary("email.oauth_token"))
    bank.run("credentials", "check", "--json")

    echoes = {"x": EchoOfX(), **dict.fromkeys(("facebook", "instagram", "whatsapp"), EchoOfMeta())}
    for name, service in bank.services.items():
        service.answer.service = echoes.get(name, Echo())
    configuration = (root / "config.toml").read_text()
    url = bank.services["x"].url
    gmail = f'transport = "gmail"\ngmail_client_id = "app"\ngmail_api_url = "{url}"\ngmail_token_url = "{url}/token"\n'
    (root / "config.toml").write_text(configuration.replace("[servers.social]", f"{gmail}[servers.social]", 1))
    bank.ask("bad")
    bank.approve()
    bank.run("--daemon", "--once")
    bank.run("credentials", "check", "--json")
    bank.run("doctor")
    bank.run("status", "--json")
    bank.note("bad")

    shutil.copytree(CHECKOUT / "tests/support/dying", root / "dying")
    path = environ["PYTHONPATH"]
    environ["PYTHONPATH"] = os.pathsep.join([str(root / "dying"), path])
    (root / "dying/armed").touch()
    bank.ask("crash", ("006", "009", "012", "024"))
    bank.approve()
    bank.run("--daemon", "--once")
    environ["PYTHONPATH"] = path
    _kill_the_daemon(bank)
    bank.run("--daemon", "--once")
    bank.note("crash")
    bank.run("audit", "export", "--format", "json")


def _kill_the_daemon(bank: Bank) -> None:
    """Kills it in the middle of a call."""
    asked = threading.Event()

    def hold(_: Call) -> Answer:
        asked.set()
        return Answer(lost=True)

    for service in bank.services.values():
        service.answer.service = hold
    bank.ask("killed", ("006", "009"))
    bank.approve()
    with (bank.machine.root / "daemon.out").open("wb") as out:
        daemon = subprocess.Popen(bank.machine.command("--daemon"), env=bank.machine.environ, stdout=out, stderr=out)
        assert asked.wait(180)
        daemon.send_signal(signal.SIGKILL)
        daemon.wait()


def test_credentials_are_told_to_their_services_and_to_nobody_else(bank):
    all_secrets = {**all_canaries(), "passphrase": PASSPHRASE}
    seen = bank.processes

    # So that nothing is proved by a run that never happened: the runs went as they were meant to.
    assert bank.states["good"] == ["done"] * len(SAMPLES)
    assert set(bank.states["bad"]) <= {"failed", "unknown"}
    assert {"unknown"} <= set(bank.states["crash"]) <= {"failed", "unknown"}, bank.states["crash"]
    assert sum(b"serve" in arguments for arguments in seen.arguments) >= 5
    assert git(bank.machine.vault, "rev-list", "--all", "--count") > "1"
    # The password went to the mail server, whose journal keeps no logins: without it nothing would have been sent.
    assert set(all_canaries()) - bank.told_credentials == UNUSED | {"email.password"}

    assert found_in_files(bank.machine.root, all_secrets) == set()
    for repository in (bank.machine.vault, bank.remote):
        assert found_in_git(repository, all_secrets) == set()
    assert seen.found(all_canaries()) == set()
    assert found_in(b"\n".join(seen.arguments), all_secrets) == set()
    knowing = {arguments for arguments, environ in seen.environments if PASSPHRASE.encode() in environ}
    assert {arguments for arguments in knowing if b"platinum_tui.cli" not in arguments} == set()
    assert found_in(b"\n".join(bank.said), all_secrets) == set()


def test_the_search_finds_what_is_there(tmp_path):
    name, value = "odoo.api_key", canary("odoo.api_key")
    (tmp_path / "Logs").mkdir()
    (tmp_path / "Logs/executor.log").write_text(f'{{"message": "Bearer {value}"}}')
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "Logs")
    processes = ProcessList(tmp_path)
    runs = ["sh", "-c", "echo it runs; exec cat"]
    environ = {"TOKEN": value, "AT": str(tmp_path), "PATH": os.environ["PATH"]}
    with subprocess.Popen(runs, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"it runs\n"  # before, the system may show an empty environment
        processes.look()
        holder.kill()

    assert found_in_files(tmp_path, all_canaries()) == {f"{name} in Logs/executor.log"}
    assert found_in_git(tmp_path, all_canaries()) == {name}
    assert processes.found(all_canaries()) == {name}
    assert canaries.found_in(b"", all_canaries()) == set()
