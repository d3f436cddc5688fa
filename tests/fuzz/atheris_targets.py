"""Coverage-guided fuzzing with atheris (https://github.com/google/atheris); how to run it: docs/testing.md.

python tests/fuzz/atheris_targets.py TARGET [libFuzzer's options] [corpus folders]
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import atheris

with atheris.instrument_imports(include=["platinum_tui", "mistune"]):
    from tests.support.drawing import acting, request_as_drawn, text_as_drawn

    from platinum_tui.intake.attachments import AttachmentFacts
    from platinum_tui.intake.reader import Surroundings, read_request
    from platinum_tui.intake.splitting import split_request
    from platinum_tui.model.contacts import Contact, ContactBook
    from platinum_tui.model.request import ProblemCode
    from platinum_tui.model.text import safe, safe_line
    from platinum_tui.system.configuration import load
    from platinum_tui.system.options import Options

AROUND = Surroundings(
    datetime(2026, 1, 15, 12, tzinfo=UTC),
    ContactBook({"Ana": Contact("Ana", "ana@example.com", "+12025550142")}),
    frozenset({"calendar"}),
    lambda _: AttachmentFacts(sha256="0" * 64),
)
CONFIGURATION = load(Options(), {"HOME": "/nonexistent"})


def intake(data: bytes) -> None:
    """Reads the bytes as a request, as JSON where they begin like it, and splits what asks for several actions."""
    request = read_request(data, "Pending_Approval/request.md", AROUND)
    if any(problem.code is ProblemCode.MULTIPLE_ACTIONS for problem in request.problems):
        split_request(data, request.file, AROUND)


def page(data: bytes) -> None:
    """Reads the bytes and draws the whole page: head, outgoing form, Markdown, source."""
    request = read_request(data, "Pending_Approval/request.md", AROUND)
    _must_not_act(request_as_drawn(request, CONFIGURATION))


def text(data: bytes) -> None:
    """Draws the bytes as the text of a mail: Markdown, exact text, one line."""
    _must_not_act(text_as_drawn(data.decode("utf-8", "replace")))


def line(data: bytes) -> None:
    """Passes the bytes through the door for foreign text alone; what is safe already stays as it is."""
    given = data.decode("utf-8", "surrogateescape")
    for door in (safe, safe_line):
        shown = door(given)
        _must_not_act(shown.replace("\t", ""))
        if door(shown) != shown:
            raise AssertionError("what is safe was changed")


def _must_not_act(shown: str) -> None:
    found = acting(shown)
    if found:
        raise AssertionError(f"{found[0]!r} reached the terminal")


if __name__ == "__main__":
    target = {"intake": intake, "page": page, "text": text, "line": line}[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
