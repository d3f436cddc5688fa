"""Coverage-guided fuzzing of intake and safe text with atheris (https://github.com/google/atheris).

pip install atheris
PYTHONPATH=app python tests/fuzz/intake_atheris.py -runs=1000000 -max_len=4096 tests/samples/requests/*
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import atheris

with atheris.instrument_imports(include=["platinum_tui"]):
    from platinum_tui.intake.attachments import AttachmentFacts
    from platinum_tui.intake.reader import Surroundings, read_request
    from platinum_tui.intake.splitting import split_request
    from platinum_tui.model.contacts import ContactBook
    from platinum_tui.model.text import safe

AROUND = Surroundings(
    datetime(2026, 1, 15, 12, tzinfo=UTC), ContactBook(), frozenset(), lambda _: AttachmentFacts(sha256="0" * 64)
)


def one_input(data: bytes) -> None:
    """Reads the bytes as a Markdown and as a JSON request; anything raised is a finding."""
    for file in ("Pending_Approval/request.md", "Pending_Approval/request.json"):
        request = read_request(data, file, AROUND)
        if any(char in safe(request.text) for char in "\x1b\x9b\x9d\r"):
            raise AssertionError("a control character passed safe text")
        split_request(data, file, AROUND)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
