"""Tasks, workers, servers and audit events as pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from platinum_tui.console.preview.page import Block, Page, blank, line, plain_blocks
from platinum_tui.console.rows import Row, age
from platinum_tui.console.symbols import Symbols
from platinum_tui.model.canonical import canonical_json
from platinum_tui.model.text import safe_line

if TYPE_CHECKING:
    from platinum_tui.model.event import Worker, WorkerStatus
    from platinum_tui.review.task_board import TaskPreview
    from platinum_tui.system.audit import AuditRecord
    from platinum_tui.system.health import Finding

_DUTIES = {
    "orchestrator": "Moves what was decided, expires what is too old, adopts what was moved by hand.",
    "executor": "Carries out what was approved, once, after its countdown.",
    "dashboard": "Merges updates and signals into Dashboard.md.",
    "sync": "Pulls, claims and pushes through git.",
}


def of_task(preview: TaskPreview, symbols: Symbols) -> Page:
    """A task with its text."""
    task = preview.task
    whose = f"taken by {safe_line(task.claimed_by)}" if task.claimed_by else "waiting"
    head = [
        Block(line((safe_line(task.title), "title"))),
        Block(line((whose, "muted"))),
        blank(),
        Block(line(safe_line(task.file)), label="file"),
        *([Block(line(safe_line(task.domain)), label="domain")] if task.domain else []),
        blank(),
    ]
    rest = () if preview.whole else (Block(line(("only its beginning is shown", "warning"))),)
    return Page(f"task {task.file}", (*head, *plain_blocks(preview.text, gutter=(symbols.edge, "exact-bar")), *rest))


def of_worker(worker: Worker, status: WorkerStatus, queue: int | None, now: datetime, symbols: Symbols) -> Page:
    """How a worker is doing."""

    def blocks() -> Iterator[Block]:
        look = f"worker-{status.state.value}"
        yield Block(line((worker.value, "title")))
        yield Block(line((_DUTIES[worker.value], "muted")))
        yield blank()
        yield Block(line((f"{symbols.workers[status.state]} {status.state.value}", look)), label="state")
        if status.progress:
            yield Block(line((safe_line(status.progress.words), look)), label="under way")
        last = f"{age(now - status.last_run)} ago" if status.last_run else "not yet"
        yield Block(line(last), label="last run")
        if queue is not None:
            yield Block(line(str(queue)), label="waiting")
        yield Block(line((safe_line(status.last_error or "none"), "error" if status.last_error else "")), label="error")
        yield blank()
        yield Block(line((symbols.key("retry"), "key"), (" has it try now", "muted")))

    return Page(f"worker {worker.value}", tuple(blocks()))


def of_server(name: str, lacks: Sequence[Finding], symbols: Symbols) -> Page:
    """Whether a server has what it needs."""

    def blocks() -> Iterator[Block]:
        yield Block(line((safe_line(name), "title"), ("  local MCP server", "muted")))
        yield blank()
        for finding in lacks:
            yield Block(line((f"{symbols.states['rejected']} ", "error"), safe_line(finding.message)))
            yield Block(line((safe_line(finding.remedy), "muted")), indent=2)
        if not lacks:
            yield Block(line((f"{symbols.states['done']} ", "state-done"), "Its settings and credentials are there."))
        yield blank()
        yield Block(line(("platinum-tui credentials check", "key"), (" asks the service whether they work", "muted")))

    return Page(f"server {name}", tuple(blocks()))


def of_freeze(frozen: bool, symbols: Symbols) -> Page:
    """The switch that stops every execution."""
    said = (
        ("Every execution is stopped, here and across restarts.", "{freeze} allows them again.")
        if frozen
        else ("What is approved goes out when its countdown is over.", "{freeze} stops every execution at once.")
    )
    sign = (
        (f"{symbols.states['held']} frozen", "warning")
        if frozen
        else (f"{symbols.states['done']} allowed", "state-done")
    )
    rows = [line(("Executions", "title")), line(sign), line(""), *(line((symbols.say(text), "muted")) for text in said)]
    return Page(f"freeze {frozen}", tuple(Block(row) for row in rows))


def of_event(event: AuditRecord) -> Page:
    """An event of the audit log, with everything it keeps."""
    named = (
        ("at", event.timestamp),
        ("by", event.actor),
        ("approved by", event.approved_by),
        ("target", event.target),
        ("result", event.result),
        ("request", event.request_id),
        ("digest", event.digest),
        ("parameters", canonical_json(event.parameters).decode() if event.parameters else ""),
        ("number", str(event.seq)),
        ("hash", event.hash),
    )
    head = (Block(line((safe_line(event.event.replace("_", " ")), "title"))), blank())
    return Page(f"event {event.seq}", (*head, *(Block(line(safe_line(v)), label=name) for name, v in named if v)))


def of_notice(row: Row) -> Page:
    """Something that was said."""
    when = f"{row.since:%Y-%m-%d %H:%M:%S %Z}" if row.since else ""
    return Page(
        row.id, (Block(line((row.word, "title"))), Block(line((when, "muted"))), blank(), Block(line(row.title)))
    )
