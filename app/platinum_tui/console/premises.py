"""What lies around the requests: tasks, workers and servers, the log. Read in threads, shown as rows and pages."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from platinum_tui.console.background import in_background
from platinum_tui.console.rows import Row, RowListing
from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.sections import Section

if TYPE_CHECKING:
    from platinum_tui.console.door import Service
    from platinum_tui.console.preview.page import Page
    from platinum_tui.console.screens.desk import Desk
    from platinum_tui.execution.whatsapp_link import WhatsappLink
    from platinum_tui.model.event import Worker, WorkerStatus
    from platinum_tui.system.audit import AuditRecord
    from platinum_tui.system.credential_list import CredentialEntry
    from platinum_tui.system.health import Finding
    from platinum_tui.system.tool_lists import ToolList
    from platinum_tui.vault.tasks import Task

EVENTS = 500
"""Events of the audit log that are listed."""
CREDENTIALS, WHATSAPP = "credentials", "whatsapp"
"""The rows of the services that are there once."""


@dataclass(frozen=True)
class Surroundings:
    """What was found around the requests at one moment."""

    tasks: Mapping[str, Task] = field(default_factory=dict)
    workers: Mapping[Worker, WorkerStatus] = field(default_factory=dict)
    queues: Mapping[Worker, int] = field(default_factory=dict)
    servers: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    own: Mapping[str, ToolList | None] = field(default_factory=dict)
    credentials: Sequence[CredentialEntry] = ()
    frozen: bool = False
    events: Sequence[AuditRecord] = ()


class Premises:
    """The sections of a desk that hold no requests."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._found = Surroundings()
        self._notices: tuple[Row, ...] = ()
        self._noticed = itertools.count()
        self._lacking: set[str] = set()
        self._link: WhatsappLink | None = None

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
                return RowListing(tuple(self._services()))
            case _:
                events = [rows.of_event(event, self._desk.snapshot) for event in found.events]
                return RowListing(tuple(sorted((*self._notices, *events), key=rows.moment_of, reverse=True)))

    def _services(self) -> Iterator[Row]:
        from platinum_tui.console import premises_rows, service_rows

        found, symbols = self._found, self._desk.symbols
        yield premises_rows.of_freeze(found.frozen, symbols)
        for worker, status in found.workers.items():
            yield premises_rows.of_worker(worker, status, found.queues.get(worker))
        if not found.workers:
            return
        for name, lacks in found.servers.items():
            if name in found.own:
                yield service_rows.of_own_server(name, lacks, found.own[name])
            else:
                yield premises_rows.of_server(name, lacks)
        yield service_rows.of_credentials(found.credentials)
        yield service_rows.of_whatsapp(self._link, WHATSAPP in found.servers, symbols)

    def notice(self, state: str, text: str) -> None:
        """Keep something that was said and stands in no log; the text is safe."""
        now = self._desk.service.clock.now()
        row = Row(f"notice {next(self._noticed)}", state, "notice", "program", text, since=now)
        self._notices = (row, *self._notices[: EVENTS - 1])

    def refresh(self, section: Section) -> None:
        """Read a section anew, then list it."""
        readers = _READERS.get(section, ())
        if not readers:
            return
        service, found = self._desk.service, self._found

        def work() -> tuple[Surroundings, list[PlatinumError]]:
            fresh, errors = found, list[PlatinumError]()
            for read in readers:
                try:
                    fresh = read(service, fresh)
                except PlatinumError as error:
                    errors.append(error)
            return fresh, errors

        def done(result: tuple[Surroundings, list[PlatinumError]]) -> None:
            self._found, errors = result
            self._complain(errors)
            if self._desk.section is section:
                self._desk.stock.relist()
                self._desk.reading.read_again()
            self._desk.refresh_bars()

        in_background(self._desk, work, done, self._desk.complain, group=f"premises {section}")

    def _complain(self, errors: Sequence[PlatinumError]) -> None:
        """Say what cannot be read: once, and not at every refresh."""
        for error in errors:
            if error.message not in self._lacking:
                self._desk.complain(error)
        self._lacking = {error.message for error in errors}

    def page(self, section: Section, row_id: str, show: Callable[[Page], None]) -> None:
        """Show the page of a row."""
        from platinum_tui.console import premises_pages as pages

        found, desk = self._found, self._desk
        symbols = desk.symbols
        if section is Section.TASKS and row_id in found.tasks:
            in_background(
                desk,
                lambda: pages.of_task(desk.service.preview_task(row_id), symbols),
                show,
                desk.complain,
                group="page",
                only_last=True,
            )
        elif section is Section.SERVICES:
            self._service_page(row_id, show)
        elif event := next((event for event in found.events if f"event {event.seq}" == row_id), None):
            show(pages.of_event(event))
        elif (index := desk.list.listing.index_of(row_id)) is not None:
            row = desk.list.listing.row(index)
            show(pages.of_notice(row))

    def _service_page(self, row_id: str, show: Callable[[Page], None]) -> None:
        from platinum_tui.console import premises_pages, service_pages

        found, desk, link = self._found, self._desk, self._link
        now, symbols = desk.service.clock.now(), desk.symbols
        sort, _, name = row_id.partition(" ")
        worker = self.worker()
        if sort == "worker" and worker is not None:
            queue = found.queues.get(worker)
            show(premises_pages.of_worker(worker, found.workers[worker], queue, now, symbols))
        elif sort == "server" and name in found.own:
            page = partial(service_pages.of_own_server, name, found.servers[name], found.own[name], now, symbols)
            in_background(desk, page, show, desk.complain, group="page", only_last=True)
        elif sort == "server" and name in found.servers:
            show(premises_pages.of_server(name, found.servers[name], symbols))
        elif row_id == CREDENTIALS:
            show(service_pages.of_credentials(found.credentials, symbols))
        elif row_id == WHATSAPP:
            show(service_pages.of_whatsapp(link, WHATSAPP in found.servers, now, symbols))
        else:
            show(premises_pages.of_freeze(found.frozen, symbols))

    def know_link(self, link: WhatsappLink) -> None:
        """WhatsApp was asked: show what it answered."""
        self._link = link
        self.refresh(Section.SERVICES)

    def know_worker(self, worker: Worker, status: WorkerStatus) -> None:
        """A worker has come further: nothing else is read for that."""
        self._found = replace(self._found, workers={**self._found.workers, worker: status})
        if self._desk.section is Section.SERVICES:
            self._desk.stock.relist()
            self._desk.reading.read_again()

    def tick(self) -> None:
        """A second passed: a code to scan runs out."""
        selected = self._desk.section is Section.SERVICES and self._desk.list.selected == WHATSAPP
        if selected and self._link is not None and self._link.code_expires_at is not None:
            self._desk.reading.read_again()

    def task(self) -> Task | None:
        """The selected task."""
        return self._found.tasks.get(self._desk.list.selected or "") if self._desk.section is Section.TASKS else None

    def worker(self) -> Worker | None:
        """The selected worker."""
        wanted = self._service_named("worker")
        return next((worker for worker in self._found.workers if worker.value == wanted), None)

    def own_server(self) -> str | None:
        """The selected server of the user's own."""
        wanted = self._service_named("server")
        return wanted if wanted in self._found.own else None

    def whatsapp(self) -> bool:
        """Whether the WhatsApp session is selected, and there is a server to ask for it."""
        selected = self._desk.section is Section.SERVICES and self._desk.list.selected == WHATSAPP
        return selected and WHATSAPP in self._found.servers

    def _service_named(self, sort: str) -> str:
        """The name of the selected service, if it is of that sort."""
        found, _, name = (self._desk.list.selected or "").partition(" ")
        return name if self._desk.section is Section.SERVICES and found == sort else ""


def _with_tasks(service: Service, found: Surroundings) -> Surroundings:
    return replace(found, tasks={task.file: task for task in service.tasks()})


def _with_workers(service: Service, found: Surroundings) -> Surroundings:
    return replace(found, workers=service.workers(), queues=service.queues(), frozen=service.frozen)


def _with_servers(service: Service, found: Surroundings) -> Surroundings:
    return replace(found, servers=service.server_findings(), own=service.own_servers())


def _with_credentials(service: Service, found: Surroundings) -> Surroundings:
    return replace(found, credentials=service.credentials())


def _with_events(service: Service, found: Surroundings) -> Surroundings:
    return replace(found, events=service.recent_events(EVENTS))


_READERS: Mapping[Section, Sequence[Callable[[Service, Surroundings], Surroundings]]] = {
    Section.TASKS: (_with_tasks,),
    Section.SERVICES: (_with_workers, _with_servers, _with_credentials),
    Section.ACTIVITY: (_with_events,),
}
"""What is read for a section; where one of it cannot be read, the rest is shown."""
