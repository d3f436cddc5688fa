"""The judge: after everything, is the promise kept? It knows files, SQLite and JSON, and not a line of the program.

It reads a scene: `manifest.json` (what lay in the vault before), `vault/`, `journal.jsonl` (every effect in the world),
`state/vaults/*/ledger.db`, the marks of used decisions and the audit log. Each breach names its invariant.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

PLACES = {
    "pending": "Pending_Approval",
    "done": "Approved/archived",
    "rejected": "Rejected",
    "changes_requested": "Rejected",
    "expired": "Rejected",
    "held": "Needs_Attention",
    "failed": "Needs_Attention",
    "unknown": "Needs_Attention",
}
MACHINERY = (".decision.json", ".receipt.json")
NEVER = ("c", "e", "f", "u", "u2")
"""Rejected, taken back, changed after the approval, and twice moved into Approved/ without having been seen."""
CANARY = "a canary that must never be written anywhere"


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def judge(root: Path, *, resurrected: Counter[str] | None = None, never: tuple[str, ...] = NEVER) -> list[str]:
    """Every breach of an invariant in a scene that has come to rest; empty where the promise is kept.

    Args:
        root: the scene's folder.
        resurrected: how many copies of which bytes (SHA-256) somebody put into the vault since it began.
        never: ids of requests that must have no effect, whatever happens.
    """
    return Judge(root, resurrected or Counter(), never).breaches()


class Judge:
    """One scene at rest."""

    def __init__(self, root: Path, resurrected: Counter[str], never: tuple[str, ...]) -> None:
        self.root, self.vault = root, root / "vault"
        self.resurrected, self.never = resurrected, never
        manifest = json.loads((root / "manifest.json").read_text())
        self.service, self.before, self.edited = manifest["service"], manifest["files"], manifest["edited"]
        journal = root / "journal.jsonl"
        self.effects = [json.loads(line) for line in journal.read_text().splitlines()] if journal.exists() else []
        (database,) = root.glob("state/vaults/*/ledger.db")
        self.state = database.parent
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        self.rows = {row["id"]: dict(row) for row in connection.execute("SELECT * FROM entry")}
        self.events = [json.loads(row["record"]) for row in connection.execute("SELECT record FROM event ORDER BY seq")]
        self.integrity = connection.execute("PRAGMA integrity_check").fetchone()[0]
        connection.close()
        self.files = {
            path.relative_to(self.vault).as_posix(): path.read_bytes()
            for path in sorted(self.vault.rglob("*"))
            if path.is_file() and ".platinum" not in path.relative_to(self.vault).parts
        }

    def breaches(self) -> list[str]:
        found: list[str] = []
        for invariant in (
            self.once, self.ended, self.done_is_done, self.same_bytes, self.every_file, self.chain, self.quiet_secrets,
            self.asked_only_where_honest, self.at_rest, self.told,
        ):  # fmt: skip
            try:
                found += [f"{invariant.__name__}: {breach}" for breach in invariant()]
            except ValueError as error:
                found.append(f"{invariant.__name__}: a file is torn: {error}")
        return found

    def count(self, name: str) -> int:
        return sum(effect["request"] == name for effect in self.effects)

    def once(self) -> list[str]:
        """I1: no effect twice, and none that nobody approved."""
        counts = Counter(effect["request"] for effect in self.effects)
        found = [f"{name} happened {count} times" for name, count in counts.items() if count > 1]
        found += [f"{name} happened and was never decided" for name in counts if name not in self.rows]
        return found + [f"{name} happened, and nobody allowed it" for name in counts if name in self.never]

    def ended(self) -> list[str]:
        """I2: every decided request has come to an end, and an end in which nothing happened is one."""
        found = []
        for name, row in self.rows.items():
            if row["state"] in {"approved", "executing"}:
                found.append(f"{name} is stuck: {row['state']}")
            if row["state"] not in {"done", "unknown"} and self.count(name):
                found.append(f"{name} is {row['state']}, and it happened")
        for file in self.before:
            if file.startswith("Approved/") and not file.startswith("Approved/archived/") and file in self.files:
                found.append(f"{file} still lies in Approved/")
        return found

    def done_is_done(self) -> list[str]:
        """I3: what is done has happened, with a receipt that says so and a task that is done."""
        found = []
        for name, row in self.rows.items():
            if row["state"] != "done":
                continue
            if self.count(name) != 1:
                found.append(f"{name} is done, and it happened {self.count(name)} times")
            receipts = {
                file: json.loads(data) for file, data in self.files.items()
                if file.startswith("Approved/archived/") and file.endswith(".receipt.json") and file not in self.before
            }  # fmt: skip
            mine = {file: receipt for file, receipt in receipts.items() if receipt["request_id"] == name}
            if len(mine) != 1 or any(r["digest"] != row["digest"] or r["outcome"] != "done" for r in mine.values()):
                found.append(f"{name} has {len(mine)} receipts, or a wrong one")
            elif [*mine] != [f"{row['file'].rpartition('.')[0]}.receipt.json"]:
                found.append(f"the receipt of {name} does not lie beside it, but at {[*mine]}")
            if row["task"] and (row["task"] in self.files or not any(f.startswith("Done/") for f in self.files)):
                found.append(f"the task of {name} is not done")
        return found

    def same_bytes(self) -> list[str]:
        """I4: what happened is what was signed, to the byte."""
        found = []
        for effect in self.effects:
            row = self.rows.get(effect["request"])
            if row is None or row["envelope"] is None:
                found.append(f"{effect['request']} happened without a decision")
                continue
            signed = json.loads(base64.b64decode(json.loads(row["envelope"])["payload"]))
            action = {"kind": effect["kind"], "fields": effect["fields"]}
            done = canonical({"action": action, "file_sha256": effect["file_sha256"]})
            if hashlib.sha256(done).hexdigest() != signed["digest"] or signed["verdict"] != "approve":
                found.append(f"{effect['request']} happened otherwise than it was signed")
            if hashlib.sha256(row["data"]).hexdigest() != effect["file_sha256"]:
                found.append(f"{effect['request']}: the frozen bytes are not those that were executed")
        return found

    def every_file(self) -> list[str]:
        """I5: every file of before is there, byte for byte, as often as it was."""
        before = Counter(sha for file, sha in self.before.items() if file != "Dashboard.md") + self.resurrected
        ours = {"Dashboard.md", ".gitignore"}
        digests = {
            file: hashlib.sha256(data).hexdigest()
            for file, data in self.files.items()
            if file not in ours
            and not file.startswith("Logs/")
            and (file in self.before or not file.endswith(MACHINERY))
        }
        after = Counter(digests.values())
        for was, became in self.edited:
            after[was] += after.pop(became, 0)
        lost, more = +(before - after), +(after - before)
        names = {sha: file for file, sha in self.before.items()}
        return [f"{names.get(sha, sha)} is lost" for sha in lost] + [
            f"bytes {sha[:8]} are there too often: {[file for file in digests if digests[file] == sha]}" for sha in more
        ]

    def chain(self) -> list[str]:
        """I6: the audit log is a whole chain, and says what the ledger says."""
        found, lines = [], []
        for path in sorted((self.vault / "Logs").glob("audit-2*.jsonl")):
            lines += path.read_bytes().splitlines()
        records = [json.loads(line) for line in lines]
        previous = None
        for number, record in enumerate(records, 1):
            body = {name: value for name, value in record.items() if name != "hash"}
            if record["seq"] != number or hashlib.sha256(canonical(body)).hexdigest() != record["hash"]:
                found.append(f"record {number} is not whole")
            if previous and record["prev_hash"] != previous:
                found.append(f"record {number} does not follow the one before")
            previous = record["hash"]
        if records != self.events:
            found.append(f"{len(records)} records in files, {len(self.events)} in the ledger")
        if self.integrity != "ok":
            found.append(f"the ledger is damaged: {self.integrity}")
        for name, row in self.rows.items():
            mine = [record for record in self.events if record["request_id"] == name]
            words = [record["event"] for record in mine]
            outcomes = [record["result"] for record in mine if record["event"] in {"outcome", "resolved"}]
            if row["state"] == "done" and ("intent" not in words or outcomes.count("done") != 1):
                found.append(f"{name} is done; its log says {words}")
            if any(self.count(name) and record["event"] == "undone" for record in mine[-1:]):
                found.append(f"{name} was undone, and it happened")
        return found

    def quiet_secrets(self) -> list[str]:
        """I7: no secret anywhere."""
        paths = [path for path in self.root.rglob("*") if path.is_file() and not path.name.endswith(("trace", "-shm"))]
        return [f"{path} holds the passphrase" for path in paths if CANARY.encode() in path.read_bytes()]

    def asked_only_where_honest(self) -> list[str]:
        """I9: a person is asked only where nobody else could know."""
        found = []
        for name, row in self.rows.items():
            if row["state"] == "unknown":
                if self.service != "silent":
                    found.append(f"{name} is unknown, and the service could have said")
                nonce = json.loads(base64.b64decode(json.loads(row["envelope"])["payload"]))["nonce"]
                marks = [path.read_bytes() for path in (self.state / "used").glob(f"{nonce}.*")]
                if b"acted" not in marks:
                    found.append(f"{name} is unknown, and its server never reached the point of no return")
            if row["state"] == "failed":
                found.append(f"{name} failed, and these services refuse nothing: {row['why']}")
            if row["state"] == "held" and name not in self.never:
                found.append(f"{name} is held: {row['why']}")
        return found

    def at_rest(self) -> list[str]:
        """I10: nothing is under way any more, and every file lies where its row says."""
        found = []
        for file in self.files:
            if file.startswith("In_Progress/") and file not in self.before:
                found.append(f"{file} is left in progress")
            if Path(file).name.startswith(".platinum-"):
                found.append(f"{file} is left half-written")
            if file.endswith(MACHINERY) and file not in self.before:
                stem = file.removesuffix(MACHINERY[0]).removesuffix(MACHINERY[1])
                if not {f"{stem}.md", f"{stem}.json"} & set(self.files):
                    found.append(f"{file} lies beside nothing")
        for name, row in self.rows.items():
            lies = self.files.get(row["file"])
            place = PLACES.get(row["state"])
            if not row["settled"]:
                found.append(f"{name} is not settled")
            if lies is None or hashlib.sha256(lies).hexdigest() != row["file_sha256"]:
                found.append(f"{name} does not lie at {row['file']}")
            if place and not (row["file"] + "/").startswith(f"{place}/"):
                found.append(f"{name} is {row['state']} and lies at {row['file']}")
            if place == "Needs_Attention" and row["state"] == "unknown" and self.beside(row) is None:
                found.append(f"{name} has lost its decision")
            if row["state"] in {"done", "rejected"} and self.beside(row) != json.loads(row["envelope"] or "null"):
                found.append(f"{name}: what lies beside it is not its decision")
            if row["state"] == "pending" and self.beside(row) is not None:
                found.append(f"{name} is pending, and a decision lies beside it")
        return found

    def told(self) -> list[str]:
        """The dashboard has one line for each thing that happened, and its own text as it was."""
        text = self.files.get("Dashboard.md", b"").decode()
        found = [] if text.startswith("# Mine\n") else ["the dashboard lost its head"]
        for name, row in self.rows.items():
            mark = "-".join(row["digest"][at : at + 4] for at in (0, 4, 8))
            expected = 1 if row["state"] == "done" else 0
            if sum(mark in line for line in text.splitlines()) != expected:
                found.append(f"{name} stands {text.count(mark)} times in the dashboard, not {expected}")
        return found

    def beside(self, row: dict[str, Any]) -> Any:
        stem = row["file"].rpartition(".")[0]
        data = self.files.get(f"{stem}.decision.json")
        return json.loads(data) if data else None


def photograph(root: Path) -> dict[str, str]:
    """Everything that a restart at rest must not change: the vault's files and the ledger's rows."""
    judge = Judge(root, Counter(), ())
    picture = {f"file {file}": hashlib.sha256(data).hexdigest() for file, data in judge.files.items()}
    picture |= {f"row {name}": repr(sorted(row.items())) for name, row in judge.rows.items()}
    return picture | {"effects": repr(judge.effects)}
