"""A bridge on stdio for tests: keeps what it sent in a file, and fails as its first argument says."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

mode, journal = sys.argv[1], Path(sys.argv[2])
for line in sys.stdin:
    request = json.loads(line)
    answer: dict = {"jsonrpc": "2.0", "id": request["id"]}
    if request["method"] == "status":
        linked = mode != "unlinked"
        answer["result"] = {"state": "linked"} if linked else {"state": "unlinked", "qr": "2@abc"}
    elif mode == "refuse":
        answer["error"] = {"code": 1, "message": "not on WhatsApp"}
    else:
        with journal.open("a") as file:
            file.write(json.dumps({**request["params"], "environ": sorted(os.environ)}) + "\n")
        if mode == "die":
            sys.exit(1)
        answer["result"] = {"id": "m1"} if mode == "good" else "what?"
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
