"""`tasks`: what lies in Needs_Action and In_Progress; claiming, giving back and completing it."""

from __future__ import annotations

from platinum_tui.ledger.happening import Happening
from platinum_tui.model.errors import ExitCode, NotFound, RefusedByPolicy, UsageError
from platinum_tui.model.request import State
from platinum_tui.review.house import House
from platinum_tui.vault.tasks import Task, claim_task, complete_task, find_task, list_tasks, release_task
from platinum_tui.verbs.call import Call

_CLAIMED_FROM = "claimed_from:"


def run_tasks(call: Call) -> ExitCode:
    """List the tasks, or claim, release or complete one."""
    given = call.arguments
    with call.service() as service:
        house = service.house
        executing = {entry.file for entry in house.ledger.entries((State.APPROVED, State.EXECUTING))}
        tasks = list(list_tasks(house.vault, executing))
        if given.act == "list":
            _print(call, tasks)
            return ExitCode.DONE
        if house.configuration.readonly:
            raise RefusedByPolicy("Nothing is moved in read-only mode.", remedy="Start it without --readonly.")
        if not given.id:
            raise UsageError("No task is named.", remedy="`platinum-tui tasks` lists them; give the name of one.")
        task = find_task(tasks, given.id)
        now = _ACTS[given.act](house, task)
        house.ledger.note_event(Happening(f"task_{given.act}", "person", details={"task": task.file, "now": now}))
        service.trail.write()
    if call.as_json:
        call.print_json({"task": {"file": now, "title": task.title}})
    call.say(f"{task.title}: now {now}")
    return ExitCode.DONE


def _claim(house: House, task: Task) -> str:
    now = claim_task(house.vault, task.file)
    house.ledger.set_note(_CLAIMED_FROM + now, task.file)
    return now


def _release(house: House, task: Task) -> str:
    now = release_task(house.vault, task.file, house.ledger.note(_CLAIMED_FROM + task.file))
    house.ledger.set_note(_CLAIMED_FROM + task.file, None)
    return now


def _complete(house: House, task: Task) -> str:
    now = complete_task(house.vault, task.file)
    if now is None:
        raise NotFound("It is not this machine's to complete.", remedy="`platinum-tui tasks` tells who claimed it.")
    house.ledger.set_note(_CLAIMED_FROM + task.file, None)
    return now


_ACTS = {"claim": _claim, "release": _release, "done": _complete}


def _print(call: Call, tasks: list[Task]) -> None:
    if call.as_json:
        rows = [{"file": task.file, "claimed_by": task.claimed_by, "title": task.title} for task in tasks]
        call.print_json({"tasks": rows})
        return
    for task in tasks:
        claimed = f"claimed by {task.claimed_by}" if task.claimed_by else "waiting"
        call.print_text(f"{task.file}  {claimed}  {task.title}")
    if not tasks:
        call.say("No tasks.")
