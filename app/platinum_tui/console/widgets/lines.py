"""What the bars say: header, sections, workers, footer. Plain functions from state to styled text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from platinum_tui.console.preview.page import line
from platinum_tui.console.rows import age
from platinum_tui.console.sections import need_you
from platinum_tui.console.snapshot import Snapshot
from platinum_tui.console.symbols import Symbols
from platinum_tui.console.widgets.bar import spread
from platinum_tui.model.sections import Section
from platinum_tui.model.text import safe_line
from platinum_tui.system.console_actions import Action

if TYPE_CHECKING:
    from platinum_tui.model.event import Progress, Worker, WorkerStatus

Part = str | tuple[str, str]


def header(vault: str, snapshot: Snapshot, badges: Sequence[str], symbols: Symbols, width: int) -> Content:
    """The program's name, the vault, what waits, and whatever is out of the ordinary (`badges`)."""
    waiting = snapshot.count(Section.PENDING)
    attention = snapshot.count(Section.ATTENTION)
    right: list[Part] = [(f"{waiting} waiting", "strong") if waiting or snapshot.looked_at else ("looking", "muted")]
    if attention:
        right += [("  ", ""), (f"{symbols.states['held']} {need_you(attention)}", "warning")]
    for badge in badges:
        right += [("  ", ""), (f" {badge} ", "badge")]
    left: list[Part] = [(f" {symbols.mark} platinum", "title"), ("  ", ""), (safe_line(vault), "muted")]
    return spread(line(*left), line(*right, " "), width)


def section_tabs(
    shown: Section,
    sections: Sequence[Section],
    counts: Mapping[Section, int],
    marked: int,
    narrowed: str,
    width: int,
) -> tuple[Content, list[tuple[int, int, Section]]]:
    """The sections with their counts; where there is little room, first the numbers go, then the ends of the names.

    Returns:
        The line, and from which cell to which each section reaches.
    """
    for numbered, letters, gap in ((True, 12, 3), (False, 12, 3), (True, 4, 2), (True, 3, 2), (True, 0, 3)):
        parts: list[Part] = [" "]
        spans: list[tuple[int, int, Section]] = []
        at = 1
        for number, section in enumerate(sections, 1):
            name = section.value if section is shown else section.value[:letters].rstrip()
            count = counts.get(section, 0)
            sign = str(number) if numbered or section is shown else ""
            label = " ".join(part for part in (sign, name, str(count) if count else "") if part)
            parts += [(label, "active" if section is shown else "muted"), " " * gap]
            spans.append((at, at + len(label), section))
            at += len(label) + gap
        if at - gap + 1 <= width:
            break
    parts[-1] = " "
    notes: list[Part] = [(f"{marked} marked ", "active")] if marked else []
    if narrowed:
        notes += [(safe_line(narrowed), "active"), " "]
    right = line(*notes)
    return spread(line(*parts), right, width), spans


def workers(
    statuses: Mapping[Worker, WorkerStatus], reading: Progress | None, now: datetime, symbols: Symbols, width: int
) -> Content:
    """Every worker by word, sign and colour, with its age; how far long work has come; the last error of a failing one.

    Args:
        statuses: how each worker is doing.
        reading: how far the reading of many files has come, whoever does it.
        now: the wall clock.
        symbols: which signs to use; a sign of work under way is another at each second.
        width: cells of the line.
    """
    moving = symbols.moving[int(now.timestamp()) % len(symbols.moving)]
    for with_age, with_word in ((True, True), (False, True), (False, False)):
        parts: list[Part] = [" "]
        if reading:
            parts.append((f"{moving} {reading.words}   ", "worker-running"))
        for worker, status in statuses.items():
            if status.progress:
                parts += [(f"{moving} ", "worker-running"), worker.value]
                parts += [(f" {safe_line(status.progress.words)}   ", "worker-running")]
            else:
                parts += _worker(worker, status, now, symbols, with_age, with_word)
        content = line(*parts)
        if content.cell_length <= width:
            break
    errors = [
        f"{worker.value}: {safe_line(status.last_error)}"
        for worker, status in statuses.items()
        if status.last_error and status.state == "failing"
    ]
    room = width - content.cell_length - 1
    if errors and room > 12:
        content += line(("; ".join(errors), "error")).truncate(room, ellipsis=True)
    return content


def footer(actions: Sequence[Action], width: int) -> Content:
    """The keys that apply now, the most important ones where there is not room for all."""
    chosen, last = list(actions), sorted(actions, key=lambda item: item.footer or 0)
    while chosen:
        parts: list[Part] = [" "]
        for item in chosen:
            parts += [(item.keys[0], "key"), (f" {item.label}   ", "muted")]
        content = line(*parts)
        if content.cell_length - 3 <= width:
            return content
        chosen.remove(last.pop())
    return Content("")


def _worker(
    worker: Worker, status: WorkerStatus, now: datetime, symbols: Symbols, with_age: bool, with_word: bool
) -> list[Part]:
    look = f"worker-{status.state.value}"
    parts: list[Part] = [(f"{symbols.workers[status.state]} ", look), worker.value]
    if with_word:
        parts.append((f" {status.state.value}", look))
    if with_age and status.last_run and status.state not in {"off", "paused"}:
        parts.append((f" {age(now - status.last_run)}", "muted"))
    return [*parts, "   "]
