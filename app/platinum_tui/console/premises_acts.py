"""What keys do to tasks and services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from platinum_tui.console.background import in_background
from platinum_tui.console.preview.page import line
from platinum_tui.model.sections import Section
from platinum_tui.model.text import safe_line

if TYPE_CHECKING:
    from platinum_tui.console.screens.desk import Desk
    from platinum_tui.console.screens.dialog import Choice
    from platinum_tui.model.event import Worker
    from platinum_tui.system.tool_lists import ToolList
    from platinum_tui.vault.tasks import Task


def take_task(desk: Desk) -> None:
    """Claim the selected task, or give it back where it is taken."""
    task = _selected(desk)
    if task is None:
        return
    service = desk.service
    act = service.claim_task if task.claimed_by is None else service.release_task
    said = "Taken" if task.claimed_by is None else "Given back"

    def done(_: Task) -> None:
        desk.tell(f"{said}: {safe_line(task.title)}")
        desk.premises.refresh(Section.TASKS)

    in_background(desk, lambda: act(task.file), done, desk.complain, group="deciding")


def finish_task(desk: Desk) -> None:
    """Move the selected task to Done/; asks first."""
    task = _selected(desk)
    if task is None:
        return
    from platinum_tui.console.screens.dialog import Choice

    text = Content("\n").join(
        [
            line(("Is this done?", "warning")),
            line((safe_line(task.title), "strong")),
            line((safe_line(task.file), "muted")),
            line(""),
            line(("Its file moves to Done/.", "muted")),
        ]
    )

    def done(_: Task) -> None:
        desk.tell(f"Done: {safe_line(task.title)}")
        desk.premises.refresh(Section.TASKS)

    def chosen(choice: Choice | None) -> None:
        if choice is not None and choice.decides:
            service = desk.service
            in_background(desk, lambda: service.complete_task(task.file), done, desk.complain, group="deciding")

    desk.open_dialog(text, (Choice("y", "It is done"),), chosen)


def retry(desk: Desk) -> None:
    """Have the selected service try now: a worker runs, a server lists its tools, WhatsApp says how its link is."""
    if (worker := desk.premises.worker()) is not None:
        _run_worker(desk, worker)
    elif (server := desk.premises.own_server()) is not None:
        _list_tools(desk, server)
    elif desk.premises.whatsapp():
        desk.tell("Asking WhatsApp for its link")
        in_background(desk, desk.service.whatsapp_link, desk.premises.know_link, desk.complain, group="whatsapp")
    else:
        desk.tell("Select a worker, a server of your own or WhatsApp under Services first.", "warning")


def _run_worker(desk: Desk, worker: Worker) -> None:
    service = desk.service

    def done(_: None) -> None:
        desk.tell(f"{worker.value} tries now")
        desk.premises.refresh(Section.SERVICES)

    in_background(desk, lambda: service.retry(worker), done, desk.complain, group="workers")


def _list_tools(desk: Desk, server: str) -> None:
    service = desk.service

    def done(listed: ToolList) -> None:
        desk.tell(f"{safe_line(server)} lists {len(listed.tools)} tool{'' if len(listed.tools) == 1 else 's'}")
        desk.premises.refresh(Section.SERVICES)

    in_background(desk, lambda: service.list_tools(server), done, desk.complain, group="tools")


def _selected(desk: Desk) -> Task | None:
    task = desk.premises.task()
    if task is None:
        desk.tell("Select a task under Tasks first.", "warning")
    return task
