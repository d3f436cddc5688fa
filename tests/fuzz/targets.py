"""What the fuzzers hold: each target takes any bytes, and raises AssertionError where a promise is broken.

Reading gives a request or its problems, whatever is drawn of it holds no character that a terminal obeys, and neither
takes long.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from tests.support.drawing import acting, request_as_drawn, text_as_drawn

from platinum_tui.intake.attachments import AttachmentFacts
from platinum_tui.intake.reader import read_request
from platinum_tui.intake.splitting import split_request
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.model.canonical import build_action, fields_of
from platinum_tui.model.contacts import Contact, ContactBook
from platinum_tui.model.request import ProblemCode, Request
from platinum_tui.model.text import safe, safe_line
from platinum_tui.system.configuration import load
from platinum_tui.system.options import Options

FILE = "Pending_Approval/request.md"
AROUND = Surroundings(
    datetime(2026, 1, 15, 12, tzinfo=UTC),
    ContactBook({"Ana": Contact("Ana", "ana@example.com", "+12025550142")}),
    frozenset({"calendar"}),
    lambda _: AttachmentFacts(sha256="0" * 64, size=1),
)
CONFIGURATION = load(Options(), {"HOME": "/nonexistent"})
SLOWEST_S = 0.5
"""Seconds of the process for one small input; instrumented code takes some times more."""


def intake(data: bytes) -> None:
    """Reads the bytes as a request, and splits what asks for several actions."""
    request = _read(data)
    if any(problem.code is ProblemCode.MULTIPLE_ACTIONS for problem in request.problems):
        split_request(data, request.file, AROUND)


def page(data: bytes) -> None:
    """Reads the bytes and draws the whole page: head, what changed, outgoing form, Markdown, source."""
    request = _read(data)
    _must_not_act(request_as_drawn(request, CONFIGURATION, before=_read(data[: len(data) // 2])))


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


TARGETS: Mapping[str, Callable[[bytes], None]] = {"intake": intake, "page": page, "text": text, "line": line}


@contextmanager
def in_time(slowest: float = SLOWEST_S) -> Iterator[None]:
    """Holds what is done to some seconds of the process."""
    begun = time.process_time()
    yield
    taken = time.process_time() - begun
    if taken > slowest:
        raise AssertionError(f"it took {taken:.3f} s")


def _read(data: bytes) -> Request:
    request = read_request(data, FILE, AROUND)
    if request.problems:
        return request
    action = request.action
    if action is None or build_action(action.kind, fields_of(action)) != action:
        raise AssertionError("a request without a problem has no action of its own")
    return request


def _must_not_act(shown: str) -> None:
    found = acting(shown)
    if found:
        raise AssertionError(f"{found[0]!r} reached the terminal")
