"""An office in a temporary vault: the real service, its workers standing still so that a story moves them itself.

Files come, change and go (`put`, `drop`), outcomes arrive (`become`), time passes (the clock). What the threads of the
workers would notice by themselves, the office tells at once (`tell`).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path

from tests.support.clock import NOON, ManualClock
from tests.support.leftovers import shared_folder

from platinum_tui.ledger.happening import Happening
from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.canonical import fingerprint_of
from platinum_tui.model.event import Event, Moved, QueueChanged, SentMail, Worker, WorkerState, WorkerStatus
from platinum_tui.model.request import State
from platinum_tui.model.standing import Standing
from platinum_tui.review.house import House
from platinum_tui.service import Service
from platinum_tui.system.configuration import Options, load
from platinum_tui.system.credentials import open_credentials
from platinum_tui.system.keys import create_keys
from platinum_tui.system.paths import StateDir
from platinum_tui.vault.folders import Vault

ENVIRON = {"PLATINUM_PASSPHRASE": "correct horse battery staple", "HOME": "/nonexistent"}
CONFIGURATION = """\
vault = "{vault}"
undo = "10s"
[contacts]
"Lee" = {{ whatsapp = "+4915112345678" }}
[servers.email]
smtp_host = "127.0.0.1"
smtp_port = 1025
smtp_security = "none"
sender = "me@example.com"
[servers.calendar]
command = ["false"]
[sync]
mode = "none"
"""


class Office(Service):
    """The real service of a vault of its own."""

    def __init__(self, root: Path, clock: ManualClock, *, readonly: bool = False, more: str = "") -> None:
        vault, state, config = root / "vault", root / "state", root / "config.toml"
        shutil.copytree(_state_with_keys(), state)
        config.write_text(CONFIGURATION.format(vault=vault) + more)
        Vault(vault).ensure()
        options = Options(config=str(config), state_dir=str(state), readonly=readonly)
        self.mails: list[SentMail] = []
        self._written = 0
        house = House.open(load(options, ENVIRON), clock=clock, environ=ENVIRON)
        super().__init__(house, lambda: tuple(self.mails))
        self._folder = vault / "Pending_Approval" / "cloud"

    def start(self) -> None:
        """The workers stand still."""

    def stop(self) -> None:
        """Nothing was started."""

    def workers(self) -> Mapping[Worker, WorkerStatus]:
        """As they would stand a while after the start."""
        now = self.clock.now()
        ages = {Worker.ORCHESTRATOR: 3, Worker.EXECUTOR: 1, Worker.DASHBOARD: 120}
        idle = {w: WorkerStatus(WorkerState.IDLE, now - timedelta(seconds=age)) for w, age in ages.items()}
        return {**idle, Worker.SYNC: WorkerStatus(WorkerState.OFF)}

    def put(
        self,
        name: str,
        kind: Kind | None = Kind.EMAIL_SEND,
        fields: Mapping[str, JsonValue] | None = None,
        *,
        age: timedelta = timedelta(hours=2),
        text: str | None = None,
        quiet: bool = False,
        **more: str,
    ) -> str:
        """A request's file appears, or its bytes change; gives its id.

        Args:
            name: its id and its file's name.
            kind: what it asks for.
            fields: the action's fields; those of a mail where left out.
            age: how long ago it was drafted.
            text: the whole file, instead of all that.
            quiet: nobody notices yet.
            more: other lines of its front matter.
        """
        text = text if text is not None else as_file(name, kind, fields or mail(), age, more)
        path = self._folder / f"{name}.md"
        path.write_text(text, "utf-8", newline="")
        self._written += 1
        moment = NOON.timestamp() - 3600 + self._written
        os.utime(path, (moment, moment))
        if not quiet:
            self.tell(QueueChanged())
        return name

    def drop(self, name: str) -> None:
        """The file is gone."""
        (self._folder / f"{name}.md").unlink()
        self.tell(QueueChanged())

    def become(self, name: str, state: State, why: str = "", **more: object) -> None:
        """A request's execution came to this; it is approved first. `more` are other fields of its entry."""
        standing = self.standing(name)
        if standing.state is State.PENDING:
            self.desk.approve(name, standing.request.fingerprint)
        entry = self.house.ledger.entry(name)
        assert entry is not None
        entry = self.house.ledger.transition(entry, state, _happening(state), while_in={entry.state}, why=why, **more)
        self.house.ledger.settle(self.desk.placement.place(entry))
        self.tell(Moved(name, standing.title, state, why))

    def tell(self, event: Event) -> None:
        """An event, as from a worker's thread."""
        self._tell(event)

    def standing(self, name: str) -> Standing:
        """Where a request stands."""
        return self.desk.find(name)

    def state(self, name: str) -> State:
        """Its state."""
        return self.standing(name).state

    @property
    def approved(self) -> list[tuple[str, str]]:
        """What was approved, with the fingerprints, in that order."""
        events = [event for event in self.house.ledger.events() if event.event == "approved"]
        return [(event.request_id, fingerprint_of(event.digest)) for event in events]


def _happening(state: State) -> Happening:
    """What the executor notes where a request comes to a state."""
    match state:
        case State.DONE | State.FAILED | State.UNKNOWN:
            return Happening("outcome", "executor", "refused" if state is State.FAILED else state.value)
        case State.EXECUTING:
            return Happening("intent", "executor")
        case _:
            return Happening(state.value, "executor")


def mail(
    to: Sequence[str] = ("ana@example.com",),
    subject: str = "Re: July invoice",
    body: str = "Dear Ana,\n\nit is paid.\n",
) -> dict[str, JsonValue]:
    """The fields of a mail."""
    return {"to": list(to), "subject": subject, "body": body}


def as_file(
    name: str, kind: Kind | None, fields: Mapping[str, JsonValue], age: timedelta, more: Mapping[str, str]
) -> str:
    """A request in the canonical spelling."""
    body = str(fields.get("body", fields.get("text", "")))
    head = {"id": name, "kind": kind.value if kind else "", "created_at": f"{NOON - age:%Y-%m-%dT%H:%M:%SZ}", **more}
    head |= {key: json.dumps(value, ensure_ascii=False) for key, value in fields.items() if key not in {"body", "text"}}
    return "\n".join(("---", *(f"{key}: {value}" for key, value in head.items()), "---", body))


@cache
def _state_with_keys() -> Path:
    """A state directory with keys, made once: making a key ring is slow on purpose."""
    root = shared_folder("platinum-office-") / "state"
    root.mkdir(mode=0o700)
    state = StateDir(root)
    create_keys(open_credentials(state, ENVIRON), state, "reviewer", NOON)
    return root
