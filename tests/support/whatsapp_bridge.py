"""A bridge on stdio for tests: keeps what it sent in a file, and fails as its first argument says.

A mode of several words, `good+refuse`, is one for each message; from the second message on what was answered to the
first is said once more before the answer.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

mode, journal = sys.argv[1], Path(sys.argv[2])
modes = mode.split("+")
asked = 0
late = ""


def status() -> dict:
    """Every code is another; `relinked` has its phone from the third question on, `lengthy` is as long as real ones."""
    global asked
    asked += 1
    (journal.parent / "pids").write_text(f"{os.getpid()} {os.getppid()}")
    if mode == "expired" or (mode == "relinked" and asked < 3):
        return {"state": "expired", "qr": f"2@code-{asked}", "expires_at": "2026-01-15T12:00:20Z"}
    if mode == "relinked":
        return {"state": "linked", "number": "+34600000000"}
    if mode == "lengthy":
        return {"state": "unlinked", "qr": f"2@{'Qm9hdHM9' * 29}"}
    return {"state": "unlinked", "qr": "2@abc"} if mode == "unlinked" else {"state": "linked"}


if mode == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
for line in sys.stdin:
    request = json.loads(line)
    if request["method"] == "send":
        mode = modes.pop(0) if len(modes) > 1 else modes[0]
        sys.stdout.write(late)
    answer: dict = {"jsonrpc": "2.0", "id": request["id"]}
    if request["method"] == "status":
        answer["result"] = status()
    elif mode == "refuse":
        answer["error"] = {"code": 1, "message": "not on WhatsApp"}
    else:
        with journal.open("a") as file:
            file.write(json.dumps({**request["params"], "environ": sorted(os.environ)}) + "\n")
        if mode == "die":
            sys.stdout.flush()
            sys.exit(1)
        answer["result"] = {"id": "m1"} if mode == "good" else "what?"
    said = json.dumps(answer) + "\n"
    late = late or (said if request["method"] == "send" else "")
    sys.stdout.write(said)
    sys.stdout.flush()
while mode == "stubborn":
    signal.pause()
