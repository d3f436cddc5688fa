"""A vault with requests of every fate, on a machine of its own: what the harness runs, kills and judges."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from tests.support.leftovers import shared_folder

from platinum_tui.review.house import House
from platinum_tui.system.clock import Clock
from platinum_tui.system.configuration import Options, load
from platinum_tui.system.credentials import Credentials, open_credentials
from platinum_tui.system.keys import Role, Signer, create_keys, load_signer
from platinum_tui.system.paths import StateDir
from platinum_tui.vault.folders import Vault

from .services import Service

PASSPHRASE = "a canary that must never be written anywhere"
ENVIRON = {"PLATINUM_PASSPHRASE": PASSPHRASE, "HOME": "/nonexistent"}
VAULT_ID = "0123456789abcdef0123456789abcdef"
EPOCH = datetime.now(UTC)
ARCHIVED_BEFORE = b"An older file of the same name.\n"
OF_ITS_OWN = '{"note": "%s, and nothing of the program"}\n'


@dataclass
class RunClock:
    """Stands still within one run, and is a minute further in the next."""

    run: int = 0
    ticks: int = field(default=0)

    def now(self) -> datetime:
        return EPOCH + timedelta(minutes=self.run)

    def monotonic(self) -> float:
        return 60.0 * self.run


@dataclass(frozen=True)
class Scene:
    """One machine: `vault/`, `state/`, `config.toml`, the service's `journal.jsonl` and the `manifest.json`."""

    root: Path
    service: Service

    @property
    def vault(self) -> Path:
        return self.root / "vault"

    @property
    def journal(self) -> Path:
        return self.root / "journal.jsonl"

    def open(self, run: int, signers: bool = True) -> House:
        """The house as one run finds it."""
        return self.open_at(RunClock(run), signers)

    def open_at(self, clock: Clock, signers: bool = True) -> House:
        """The house. The keys come from the template, so that nobody pays for the keyring."""
        options = Options(
            vault=str(self.vault), config=str(self.root / "config.toml"), state_dir=str(self.root / "state")
        )
        house = House.open(load(options, ENVIRON), clock=clock, environ=ENVIRON)
        if signers:
            _, credentials, reviewer, machine = template()
            house.__dict__.update(credentials=credentials, reviewer=reviewer, machine_signer=machine)
        return house

    def write(self, relative: str, data: bytes | str) -> Path:
        """A file of the vault, last written some minutes ago."""
        path = self.vault / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        past = (EPOCH - timedelta(minutes=5)).timestamp()
        os.utime(path, (past, past))
        return path

    def request(self, name: str, relative: str, kind: str = "email_send", task: str = "", body: str = "") -> Path:
        """A request of that id."""
        more = f"task: {task}\n" if task else ""
        more += "in_reply_to: <x@example.com>\n" if kind == "email_reply" else ""
        return self.write(
            relative,
            f'---\nid: {name}\nkind: {kind}\nto: ["{name}@example.com"]\nsubject: "About {name}"\n{more}---\n'
            f"{body or f'The crates of {name} leave on Friday.'}\n",
        )

    def note_beginning(self) -> None:
        """Write down every file of the vault for the checker, before anything is decided."""
        files = {
            path.relative_to(self.vault).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.vault.rglob("*"))
            if path.is_file() and path.parts[len(self.vault.parts)] not in {".platinum", ".gitignore", "Logs"}
        }
        edited = [
            (files[file], hashlib.sha256(edit((self.vault / file).read_bytes())).hexdigest())
            for file in ("Pending_Approval/f.md",)
            if file in files
        ]
        manifest = {"service": self.service.value, "files": files, "edited": edited}
        (self.root / "manifest.json").write_text(json.dumps(manifest))


def edit(data: bytes) -> bytes:
    """What somebody makes of an approved file, behind the reviewer's back."""
    return data.replace(b"Friday", b"Monday")


@cache
def template() -> tuple[Path, Credentials, Signer, Signer]:
    """A state directory with keys, made once, its opened keyring, and both signers."""
    root = shared_folder("platinum-faults-")
    state = StateDir(root / "state")
    state.ensure()
    credentials = open_credentials(state, ENVIRON)
    create_keys(credentials, state, "reviewer", EPOCH - timedelta(days=1))
    return root / "state", credentials, load_signer(credentials, Role.REVIEWER), load_signer(credentials, Role.MACHINE)


@contextmanager
def a_scene(service: Service, **contents: bool) -> Iterator[Scene]:
    """A fresh scene, on a file system in memory where there is one."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None, prefix="platinum-scene-") as folder:
        yield make_scene(Path(folder), service, **contents)


def empty_scene(root: Path, service: Service) -> Scene:
    """An empty vault on a machine with keys; mails are sent at once, replies may be undone for ten seconds."""
    scene = Scene(root, service)
    shutil.copytree(template()[0], root / "state", dirs_exist_ok=True)
    (root / "state/vaults" / VAULT_ID).mkdir(parents=True)
    (root / "state/vaults" / VAULT_ID / "root").write_text(f"{scene.vault.resolve()}\n")
    (root / "config.toml").write_text(
        'undo = "0s"\n[undo_by_kind]\nemail_reply = "10s"\n[servers.email]\nsender = "me@example.com"\n'
        'smtp_host = "127.0.0.1"\nsmtp_port = 1\nsmtp_security = "none"\n'
    )
    Vault(scene.vault).ensure()
    return scene


def make_scene(root: Path, service: Service, *, full: bool = False) -> Scene:
    """Requests with names that collide, also beside them, a task, a hand move.

    And, in full, an undone, a changed and a doubled one.
    """
    scene = empty_scene(root, service)
    scene.write("Dashboard.md", "# Mine\n\n## Recent Activity\n")
    scene.write("Needs_Action/a.md", "# A task\n")
    scene.request("a", "Pending_Approval/cloud/mail.md", task="Needs_Action/a.md")
    scene.write("Approved/archived/mail.md", ARCHIVED_BEFORE)
    scene.write("In_Progress/local/mail.md", ARCHIVED_BEFORE + b"Another.\n")
    scene.request("c", "Pending_Approval/cloud/c.md")
    scene.write("Rejected/c.decision.json", OF_ITS_OWN % "a decision of ours")
    scene.request("d", "Pending_Approval/d.md")
    scene.write("Approved/archived/d.receipt.json", OF_ITS_OWN % "a receipt of ours")
    if full:
        scene.request("e", "Pending_Approval/e.md", "email_reply")
        scene.request("f", "Pending_Approval/f.md", "email_reply")
        scene.request("g", "Pending_Approval/g.md")
        shutil.copy2(scene.vault / "Pending_Approval/g.md", scene.vault / "Pending_Approval/g.sync-conflict-1.md")
        scene.request("h", "Pending_Approval/mail.md")
        scene.request("u", "Approved/unseen.md")
        scene.write(
            "Approved/u2.md", (scene.vault / "Approved/unseen.md").read_bytes().replace(b"id: u\n", b"id: u2\n")
        )
    scene.note_beginning()
    house = scene.open(0)
    from platinum_tui.review.desk import Desk

    desk = Desk(house)
    desk.standings()
    desk.queue.close()
    house.ledger.close()
    (scene.vault / "Pending_Approval/d.md").rename(scene.vault / "Approved/d.md")
    return scene
