"""`tasks`: what lies in Needs_Action and In_Progress; claiming, giving back and completing it."""

from __future__ import annotations

from platinum_tui.ledger.happening import Happening
from platinum_tui.model.errors import ExitCode, RefusedByPolicy
from platinum_tui.model.request import State
from platinum_tui.vault.tasks import claim_task, complete_task, find_task, list_tasks, release_task
from platinum_tui.verbs.call import Call

_ACTS = {"claim": claim_task, "release": release_task, "done": complete_task}


def run_tasks(call: Call) -> ExitCode:
    """List the tasks, or claim, release or complete one."""
    given = call.arguments
    with call.service() as service:
        house = service.house
        executing = {entry.file for entry in house.ledger.entries((State.APPROVED, State.EXECUTING))}
        tasks = list(list_tasks(house.vault, executing))
        if given.act == "list":
            _print(call, [(task.file, task.claimed_by, task.title) for task in tasks])
            return ExitCode.DONE
        if house.configuration.readonly:
            raise RefusedByPolicy("Nothing is moved in read-only mode.", remedy="Start it without --readonly.")
        task = find_task(tasks, given.id)
        now = _ACTS[given.act](house.vault, task.file)
        house.ledger.note_event(Happening(f"task_{given.act}", "person", details={"task": task.file}))
        service.trail.write()
    call.say(f"{task.title}: now {now or 'done'}")
    return ExitCode.DONE


def _print(call: Call, rows: list[tuple[str, str | None, str]]) -> None:
    if call.as_json:
        call.print_json({"tasks": [{"file": f, "claimed_by": by, "title": title} for f, by, title in rows]})
        return
    for file, claimed_by, title in rows:
        call.print_text(f"{file}  {f'claimed by {claimed_by}' if claimed_by else 'waiting'}  {title}")
    if not rows:
        call.say("No tasks.")
