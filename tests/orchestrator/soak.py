"""A soak: one request a second from the cloud, a reviewer, a daemon killed at random, a remote that comes and goes.

    python -m tests.orchestrator.soak --minutes 30

At the end the offline checker judges: nothing happened twice, nothing is lost, everything lies where it belongs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.checker import Judge
from tests.orchestrator.clones import git, mail_request
from tests.support.machine import Machine, mail_server, new_machine

_REVIEWER = """
import os, sys, time
from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.request import State
from platinum_tui.review.desk import Desk
from platinum_tui.review.house import House
from platinum_tui.system.configuration import Options, load
desk = Desk(House.open(load(Options(), os.environ)))
while True:
    for standing in desk.standings((State.PENDING,)):
        if standing.approvable:
            try:
                desk.approve(standing.request.id, standing.request.fingerprint)
            except PlatinumError as error:
                print(error.message, file=sys.stderr)
    time.sleep(1)
"""
_DASHBOARD = "# Mine\n\nA note of my own.\n"
_ONE_UPDATE_IN = 10
"""So many requests come with one update for the dashboard."""


class MailJudge(Judge):
    """The offline checker, for effects that are mails."""

    def same_bytes(self) -> list[str]:
        """I4: what was sent is what its file says."""
        by_id = {Path(file).stem: data for file, data in self.files.items() if file.endswith(".md")}
        return [
            f"{effect['request']} was sent otherwise than it was written"
            for effect in self.effects
            if effect["text"].strip().encode() not in by_id.get(effect["request"], b"")
        ]


@dataclass
class Soak:
    """One soak below a folder.

    Attributes:
        root: an empty folder.
        count: how many requests.
        every_s: seconds from one to the next.
        drained: whether everything came to its end in time; what did not is waiting, not lost.
        kill_every_s: seconds from one kill of the daemon to the next, on average.
        cut_every_s: seconds from one absence of the remote to the next, on average.
    """

    root: Path
    count: int
    every_s: float = 1.0
    kill_every_s: float = 45.0
    cut_every_s: float = 45.0
    seed: int = 1
    kills: int = 0
    cuts: int = 0
    largest_mb: float = 0.0
    drained: bool = False
    written: dict[str, bytes] = field(default_factory=dict)

    def run(self, patience_s: float) -> list[str]:
        """Everything from the first request to the judgement.

        Args:
            patience_s: how long to wait, after the last request was written, until all have come to an end.

        Returns:
            Every breach; empty where the promise is kept.
        """
        self._random = random.Random(self.seed)
        with mail_server() as (port, inbox):
            self.machine = self._machine(port, inbox)
            self.cloud = self.root / "cloud"
            git(self.root, "clone", "-q", str(self.remote), str(self.cloud))
            reviewer = subprocess.Popen([sys.executable, "-c", _REVIEWER], env=self.machine.environ)
            try:
                self._work(patience_s)
            finally:
                reviewer.kill()
                reviewer.wait()
                self._stop_daemon()
            if not self.drained:
                self.machine.run("freeze", "--reason", "the soak is over")
            for _ in range(3):  # what was interrupted last, its report, and nothing more
                once = self.machine.command("--daemon", "--once")
                subprocess.run(once, env=self.machine.environ, capture_output=True, check=False)
            effects = [{"request": str(mail["Subject"]), "text": mail.get_content()} for mail in inbox.mails]
        return self._judge(effects)

    def report(self) -> dict[str, object]:
        """The figures."""
        listed = self.machine.json("list", "--state", "all")["requests"]
        return {
            "requests": len(self.requests),
            "states": dict(Counter(each["state"] for each in listed if each["kind"])),
            "drained": self.drained,
            "kills": self.kills,
            "cuts": self.cuts,
            "largest resident MB": round(self.largest_mb, 1),
        }

    @property
    def requests(self) -> list[str]:
        """The ids of the requests that were written."""
        return [name for name in self.written if name.startswith("r")]

    @property
    def remote(self) -> Path:
        return self.root / "remote.git"

    def _machine(self, port: int, inbox: object) -> Machine:
        seed = self.root / "seed"
        git(self.root, "init", "-q", "--bare", "-b", "main", str(self.remote))
        git(self.root, "clone", "-q", str(self.remote), str(seed))
        (seed / "Dashboard.md").write_text(_DASHBOARD)
        git(seed, "add", "-A")
        git(seed, "commit", "-q", "-m", "the vault")
        git(seed, "push", "-q", "origin", "HEAD:main")
        machine = new_machine(self.root / "local", port, inbox)  # type: ignore[arg-type]
        machine.configure(more='[limits.email_send]\nper_day = 1000000\n[sync]\ninterval = "3s"\n')
        git(self.root, "clone", "-q", str(self.remote), str(machine.vault))
        machine.run("init")
        machine.run("sync")
        return machine

    def _work(self, patience_s: float) -> None:
        began = time.monotonic()
        away = self.remote.with_name("away.git")
        kill_at, cut_at, back_at = began + self._soon(self.kill_every_s), began + self._soon(self.cut_every_s), 0.0
        ends_at = began + self.count * self.every_s + patience_s
        shown_at = ask_at = began
        self._start_daemon()
        while time.monotonic() < ends_at:
            now = time.monotonic()
            due = min(self.count, int((now - began) / self.every_s) + 1)
            if len(self.requests) < due:
                self._write(due)
            if now > kill_at:
                self._stop_daemon()
                self._start_daemon()
                self.kills += 1
                kill_at = now + self._soon(self.kill_every_s)
            if not back_at and now > cut_at:
                self.remote.rename(away)
                self.cuts += 1
                back_at = now + self._random.uniform(0.5, 5)
            elif back_at and now > back_at:
                away.rename(self.remote)
                back_at, cut_at = 0.0, now + self._soon(self.cut_every_s)
            self._measure()
            if now > shown_at:
                sent = len(self.machine.inbox.envelopes)
                print(f"{now - began:6.0f} s  written {len(self.requests)}  sent {sent}", flush=True)  # noqa: T201
                shown_at = now + 60
            if len(self.requests) == self.count and not back_at and now > ask_at:
                self._push()
                self.drained = self._all_ended()
                if self.drained:
                    break
                ask_at = now + 5
            time.sleep(0.1)
        if back_at:
            away.rename(self.remote)

    def _write(self, due: int) -> None:
        """The cloud commits what is due and pushes it as soon as the remote answers."""
        for number in range(len(self.requests), due):
            name = f"r{number:05}"
            text = mail_request(body=f"Crate {number} leaves on Friday.", id=name, subject=name).encode()
            file = self.cloud / f"Pending_Approval/cloud/{name}.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text)
            self.written[name] = text
            if number % _ONE_UPDATE_IN == 0:
                update = self.cloud / f"Updates/u{number:05}.md"
                update.parent.mkdir(exist_ok=True)
                update.write_text(
                    f"---\nid: u{number:05}\ntime: 2026-01-15T06:00:00Z\n---\nCrate {number} is packed.\n"
                )
                self.written[update.stem] = update.read_bytes()
        git(self.cloud, "add", "-A")
        git(self.cloud, "commit", "-q", "-m", "cloud")
        self._push()

    def _push(self) -> None:
        for step in (["pull", "-q", "--no-rebase", "--no-edit"], ["push", "-q"]):
            command = ["git", "-c", "user.name=cloud", "-c", "user.email=cloud@example.com", *step, "origin", "main"]
            subprocess.run(command, cwd=self.cloud, capture_output=True, check=False)

    def _all_ended(self) -> bool:
        """Whether the ledger knows every request, and none is under way."""
        status = self.machine.command("status", "--json")
        said = subprocess.run(status, env=self.machine.environ, capture_output=True, text=True, check=False).stdout
        states = json.loads(said)["counts"]
        return sum(states.get(state, 0) for state in ("done", "unknown", "failed", "held")) >= self.count

    def _soon(self, mean_s: float) -> float:
        return mean_s * self._random.uniform(0.3, 1.7)

    def _start_daemon(self) -> None:
        with (self.root / "daemon.err").open("ab") as errors:
            self._daemon = subprocess.Popen(self.machine.command("--daemon"), env=self.machine.environ, stderr=errors)

    def _stop_daemon(self) -> None:
        self._daemon.kill()
        self._daemon.wait()

    def _measure(self) -> None:
        try:
            lines = Path(f"/proc/{self._daemon.pid}/status").read_text().splitlines()
        except OSError:
            return
        resident = next((line for line in lines if line.startswith("VmRSS")), None)
        if resident:
            self.largest_mb = max(self.largest_mb, int(resident.split()[1]) / 1024)

    def _judge(self, effects: list[dict[str, str]]) -> list[str]:
        """The scene as the checker reads it: the vault without its clone, the state, what happened in the world."""
        scene = self.root / "scene"
        shutil.copytree(self.machine.vault, scene / "vault", ignore=shutil.ignore_patterns(".git"))
        shutil.copytree(self.machine.root / "state", scene / "state")
        files = {f"{name}.md": hashlib.sha256(data).hexdigest() for name, data in self.written.items()}
        manifest = {"service": "silent", "files": files, "edited": []}
        (scene / "manifest.json").write_text(json.dumps(manifest))
        (scene / "journal.jsonl").write_text("".join(json.dumps(effect) + "\n" for effect in effects))
        judge = MailJudge(scene, Counter(), ())
        found = judge.breaches()
        if not self.drained:  # a slow machine may have a backlog; whatever is in it must still be there
            waits = {row["file"].removesuffix(".md") for row in judge.rows.values() if row["state"] == "approved"}
            found = [breach for breach in found if not _says_only_that_it_waits(breach, waits)]
        rows = {each["id"] for each in self.machine.json("list", "--state", "all")["requests"]}
        found += [f"{name} was never decided" for name in self.requests if name not in rows]
        git(self.cloud, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
        theirs = {path.stem for path in (self.cloud / "Approved/archived").glob("r*.md")}
        ours = {path.stem for path in (self.machine.vault / "Approved/archived").glob("r*.md")}
        return found + [f"the cloud does not see that {name} was done" for name in sorted(ours - theirs)]


def _says_only_that_it_waits(breach: str, waits: set[str]) -> bool:
    """Whether a breach names an approved request whose turn has not come, or its claimed file with its decision."""
    words = breach.partition(": ")[2]
    file = words.removesuffix(" is left in progress").removesuffix(".decision.json").removesuffix(".md")
    return words.endswith("is stuck: approved") or (words.endswith(" is left in progress") and file in waits)


def main() -> int:
    """Run one soak; ends with 1 where the promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.orchestrator.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--patience", type=float, help="minutes until all must have ended; as long again by default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder to work in that is left behind")
    given = parser.parse_args()
    root = given.keep or Path(tempfile.mkdtemp(prefix="soak-"))
    root.mkdir(parents=True, exist_ok=True)
    soak = Soak(root, count=int(given.minutes * 60), seed=given.seed)
    breaches = soak.run(patience_s=60 * (given.minutes if given.patience is None else given.patience))
    print(json.dumps(soak.report()), *breaches, sep="\n")  # noqa: T201
    if not given.keep:
        shutil.rmtree(root)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
