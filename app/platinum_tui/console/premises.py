"""What lies around the requests: tasks, workers and servers, the log. Read in threads, shown as rows and pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from platinum_tui.console.background import in_background
from platinum_tui.console.rows import Row, RowListing
from platinum_tui.console.sections import Section

if TYPE_CHECKING:
    from platinum_tui.console.door import Service
    from platinum_tui.console.preview.page import Page
    from platinum_tui.console.screens.desk import Desk
    from platinum_tui.model.event import Worker, WorkerStatus
    from platinum_tui.system.audit import AuditRecord
    from platinum_tui.system.health import Finding
    from platinum_tui.vault.tasks import Task

EVENTS = 500
"""Events of the audit log that are listed."""


@dataclass(frozen=True)
class Surroundings:
    """What was found around the requests at one moment."""

    tasks: Mapping[str, Task] = field(default_factory=dict)
    workers: Mapping[Worker, WorkerStatus] = field(default_factory=dict)
    queues: Mapping[Worker, int] = field(default_factory=dict)
    servers: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    frozen: bool = False
    events: Sequence[AuditRecord] = ()


class Premises:
    """The sections of a desk that hold no requests."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._found = Surroundings()
        self._notices: tuple[Row, ...] = ()

    def count(self, section: Section) -> int:
        """How many rows a section has."""
        return len(self._found.tasks) if section is Section.TASKS else 0

    def listing(self, section: Section) -> RowListing:
        """The rows of a section, as last read."""
        from platinum_tui.console import premises_rows as rows

        found = self._found
        match section:
            case Section.TASKS:
                return RowListing(tuple(rows.of_task(task) for task in found.tasks.values()))
            case Section.SERVICES:
                workers = [rows.of_worker(w, status, found.queues.get(w)) for w, status in found.workers.items()]
                servers = [rows.of_server(name, lacks) for name, lacks in found.servers.items()]
                return RowListing((rows.of_freeze(found.frozen), *workers, *servers))
            case _:
                events = [rows.of_event(event, self._desk.snapshot) for event in found.events]
                return RowListing(tuple(sorted((*self._notices, *events), key=rows.moment_of, reverse=True)))

    def notice(self, state: str, text: str) -> None:
        """Keep something that was said and stands in no log; the text is safe."""
        now = self._desk.service.clock.now()
        row = Row(f"notice {len(self._notices)}", state, "notice", "program", text, since=now)
        self._notices = (row, *self._notices[: EVENTS - 1])

    def refresh(self, section: Section) -> None:
        """Read a section anew, then list it."""
        read = _READERS.get(section)
        if read is None:
            return
        service, found = self._desk.service, self._found

        def done(fresh: Surroundings) -> None:
            self._found = fresh
            if self._desk.section is section:
                self._desk.stock.relist()
                self._desk.reading.read_again()
            self._desk.refresh_bars()

        in_background(self._desk, partial(read, service, found), done, self._desk.complain, group=f"premises {section}")

    def page(self, section: Section, row_id: str, show: Callable[[Page], None]) -> None:
        """Show the page of a row."""
        from platinum_tui.console import premises_pages as pages

        found, desk = self._found, self._desk
        name = row_id.partition(" ")[2]
        now, symbols = desk.service.clock.now(), desk.symbols
        worker = next((each for each in found.workers if each.value == name), None)
        if section is Section.TASKS and row_id in found.tasks:
            in_background(
                desk,
                lambda: pages.of_task(desk.service.preview_task(row_id), symbols),
                show,
                desk.complain,
                group="page",
                only_last=True,
            )
        elif section is Section.SERVICES and worker is not None:
            show(pages.of_worker(worker, found.workers[worker], found.queues.get(worker), now, symbols))
        elif section is Section.SERVICES and name in found.servers:
            show(pages.of_server(name, found.servers[name], symbols))
        elif section is Section.SERVICES:
            show(pages.of_freeze(found.frozen, symbols))
        elif event := next((event for event in found.events if f"event {event.seq}" == row_id), None):
            show(pages.of_event(event))
        elif (index := desk.list.listing.index_of(row_id)) is not None:
            row = desk.list.listing.row(index)
            show(pages.of_notice(row))

    def task(self) -> Task | None:
        """The selected task."""
        return self._found.tasks.get(self._desk.list.selected or "") if self._desk.section is Section.TASKS else None

    def worker(self) -> Worker | None:
        """The selected worker."""
        wanted = (self._desk.list.selected or "").removeprefix("worker ")
        if self._desk.section is not Section.SERVICES:
            return None
        return next((worker for worker in self._found.workers if worker.value == wanted), None)


def _with_tasks(service: Service, found: Surroundings) -> Surroundings:
    return replace(found, tasks={task.file: task for task in service.tasks()})


def _with_services(service: Service, found: Surroundings) -> Surroundings:
    return replace(
        found,
        workers=service.workers(),
        queues=service.queues(),
        servers=service.server_findings(),
        frozen=service.frozen,
    )


def _with_events(service: Service, found: Surroundings) -> Surroundings:
    return replace(found, events=service.recent_events(EVENTS))


_READERS: Mapping[Section, Callable[[Service, Surroundings], Surroundings]] = {
    Section.TASKS: _with_tasks,
    Section.SERVICES: _with_services,
    Section.ACTIVITY: _with_events,
}
