"""Many machines with clones of one vault, whose daemons are killed at random while the remote comes and goes."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from tests.orchestrator.clones import git, mail_request
from tests.support.machine import Machine

_APPROVE_ALL = """
import os, sys
from platinum_tui.review.house import House
from platinum_tui.service import Service
from platinum_tui.system.configuration import Options, load
service = Service(House.open(load(Options(), os.environ)))
for standing in service.standings():
    service.approve(standing.request.id, standing.request.fingerprint)
service.house.ledger.close()
"""


class Swarm:
    """Machines of one person, with one reviewer's key, all of which may execute."""

    def __init__(self, machines: list[Machine], remote: Path, seed: int) -> None:
        self.machines = machines
        self.remote = remote
        self.random = random.Random(seed)
        self.kills = 0
        self.cuts = 0
        self._daemons: dict[int, subprocess.Popen[bytes]] = {}
        for machine in machines[1:]:
            for name in ("keyring.bin", "signers.json"):
                shutil.copy(machines[0].root / "state" / name, machine.root / "state" / name)
        machines[0].run("sync")
        for machine in machines:
            machine.configure(more='[sync]\ninterval = "2s"\n', machine=machine.root.name)

    def request(self, count: int) -> None:
        """Requests that the first machine's reviewer approves, and that every machine may execute."""
        first = self.machines[0]
        for number in range(count):
            file = first.vault / f"Pending_Approval/cloud/r{number:04}.md"
            file.write_text(mail_request(id=f"req-{number:04}", subject=f'"r{number:04}"'))
        done = subprocess.run([sys.executable, "-c", _APPROVE_ALL], env=first.environ, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        first.run("sync")
        for machine in self.machines[1:]:
            machine.run("sync")

    def run_until(self, count: int, seconds: float, *, kill_every: float, cut_every: float) -> None:
        """Daemons on every machine until all requests have an outcome; killed and cut off at random meanwhile."""
        end = time.monotonic() + seconds
        kill_at, cut_at = time.monotonic() + kill_every, time.monotonic() + cut_every
        away = self.remote.with_name("away.git")
        try:
            while len(self._concluded()) < count:
                assert time.monotonic() < end, self.report()
                self._start_all()
                time.sleep(0.5)
                if time.monotonic() > kill_at:
                    self._kill(self.random.randrange(len(self.machines)))
                    kill_at = time.monotonic() + kill_every * self.random.uniform(0.5, 1.5)
                if time.monotonic() > cut_at:
                    self.remote.rename(away)
                    time.sleep(self.random.uniform(0.2, 1.5))
                    away.rename(self.remote)
                    self.cuts += 1
                    cut_at = time.monotonic() + cut_every * self.random.uniform(0.5, 1.5)
        finally:
            for number in list(self._daemons):
                self._kill(number)
        for _ in range(2):
            for machine in self.machines:
                subprocess.run(machine.command("--daemon", "--once"), env=machine.environ, capture_output=True)

    def sent(self) -> Counter[str]:
        """How often each request's mail arrived."""
        return Counter(str(mail["Subject"]) for mail in self.machines[0].inbox.mails)

    def states(self, machine: Machine) -> dict[str, str]:
        """Each request's state on a machine."""
        listed = machine.json("list", "--state", "all")["requests"]
        return {each["id"]: each["state"] for each in listed if each["kind"]}

    def report(self) -> str:
        """For a person: how far it came."""
        stages = git(self.remote, "for-each-ref", "--format=%(contents:subject)", "refs/platinum/claims/").split("\n")
        counts = Counter(stage.split(" ")[0] for stage in stages)
        return f"sent {len(self.sent())}, claims {dict(counts)}, kills {self.kills}, cuts {self.cuts}"

    def _concluded(self) -> list[str]:
        pattern = "refs/platinum/claims/"
        listed = subprocess.run(
            ["git", "for-each-ref", "--format=%(contents:subject)", pattern],
            cwd=self.remote,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        return [line for line in listed.splitlines() if line.startswith(("done ", "unknown ", "failed "))]

    def _start_all(self) -> None:
        for number, machine in enumerate(self.machines):
            running = self._daemons.get(number)
            if running is None or running.poll() is not None:
                with (machine.root / "daemon.err").open("ab") as errors:
                    self._daemons[number] = subprocess.Popen(
                        machine.command("--daemon"), env=machine.environ, stderr=errors
                    )

    def _kill(self, number: int) -> None:
        daemon = self._daemons.pop(number, None)
        if daemon is not None:
            daemon.kill()
            daemon.wait()
            self.kills += 1


def events_of(machine: Machine) -> list[dict[str, str]]:
    """The audit events in a machine's own log."""
    return [json.loads(line) for file in machine.vault.glob("Logs/*/audit-[0-9]*.jsonl") for line in file.open()]
