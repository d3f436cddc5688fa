"""What stands between `<!-- platinum:NAME -->` and `<!-- /platinum:NAME -->`: the program's counts and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from platinum_tui.dashboard.document import Document, Edit
from platinum_tui.dashboard.line import inert
from platinum_tui.model.decision import instant
from platinum_tui.model.event import Worker, WorkerStatus
from platinum_tui.model.request import State

QUEUE, WORKERS, UPDATED = "queue", "workers", "updated"
_MARKER = re.compile(r"<!-- (?P<slash>/?)platinum:(?P<name>[a-z][a-z0-9_-]*) -->")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)[^\r\n]*?(?<!`)\1(?!`)")


class Field(NamedTuple):
    """The room between a pair of markers."""

    name: str
    start: int
    end: int


def fill_markers(text: str, values: Mapping[str, str]) -> str:
    """Put each value between the markers of its name, where these stand; nothing else changes.

    Markers in code, and a marker without its partner, are text. A value goes on lines of its own where the markers
    do, or where it has several lines and the markers have their line for themselves; else it becomes one line.

    Args:
        text: the whole file.
        values: by name, each safe to stand in Markdown, its lines separated by LF.
    """
    document = Document(text)
    edits = []
    for field in _fields(document):
        if (value := values.get(field.name)) is not None:
            edits.append(Edit(field.start, field.end, _fitted(document, field, value)))
    return document.edited(edits).text


def queue_table(counts: Mapping[State, int]) -> str:
    """How many requests are in each state, as a Markdown table; states without any are left out."""
    rows = [f"| {state.value} | {counts[state]} |" for state in State if counts.get(state)]
    return "\n".join(["| State | Requests |", "|---|---|", *rows])


def worker_table(workers: Mapping[Worker, WorkerStatus]) -> str:
    """How each worker is doing, as a Markdown table."""
    rows = [
        f"| {worker.value} | {status.state.value} | {instant(status.last_run) if status.last_run else ''} "
        f"| {inert(status.last_error or '')} |"
        for worker, status in workers.items()
    ]
    return "\n".join(["| Worker | State | Last run | Last error |", "|---|---|---|---|", *rows])


def _fields(document: Document) -> Iterator[Field]:
    """The pairs of markers outside code. A pair that holds another opening marker is none."""
    opened: re.Match[str] | None = None
    for marker in _MARKER.finditer(_without_literal(document)):
        if not marker["slash"]:
            opened = marker
        elif opened and opened["name"] == marker["name"]:
            yield Field(marker["name"], opened.end(), marker.start())
            opened = None


def _without_literal(document: Document) -> str:
    """The text at the same length, what is literal blanked out."""
    parts, at = list[str](), 0
    for block in document.literal:
        parts += [_CODE_SPAN.sub(_blank, document.text[at : block.start]), " " * (block.end - block.start)]
        at = block.end
    return "".join([*parts, _CODE_SPAN.sub(_blank, document.text[at:])])


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _fitted(document: Document, field: Field, value: str) -> str:
    text, end = document.text, document.line_end
    lines = value.strip("\n").split("\n")
    before = text[: field.start].rpartition("\n")[2].rpartition("\r")[2]
    after = re.split(r"[\r\n]", text[field.end :], maxsplit=1)[0]
    alone = bool(_MARKER.fullmatch(before.strip()) and _MARKER.fullmatch(after.strip()))
    if "\n" in text[field.start : field.end] or "\r" in text[field.start : field.end] or (alone and len(lines) > 1):
        return end + end.join(lines) + end
    return " ".join(line.strip() for line in lines)
