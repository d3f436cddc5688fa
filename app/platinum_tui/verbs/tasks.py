"""`tasks`: what lies in Needs_Action and In_Progress; claiming, giving back and completing it."""

from __future__ import annotations

from collections.abc import Sequence

from platinum_tui.model.errors import ExitCode, UsageError
from platinum_tui.vault.tasks import Task
from platinum_tui.verbs.call import Call


def run_tasks(call: Call) -> ExitCode:
    """List the tasks, or claim, release or complete one."""
    given = call.arguments
    with call.service() as service:
        if given.act == "list":
            _print(call, service.tasks())
            return ExitCode.DONE
        if not given.id:
            raise UsageError("No task is named.", remedy="`platinum-tui tasks` lists them; give the name of one.")
        acts = {"claim": service.claim_task, "release": service.release_task, "done": service.complete_task}
        task = acts[given.act](given.id)
    if call.as_json:
        call.print_json({"task": {"file": task.file, "title": task.title}})
    call.say(f"{task.title}: now {task.file}")
    return ExitCode.DONE


def _print(call: Call, tasks: Sequence[Task]) -> None:
    if call.as_json:
        rows = [{"file": task.file, "claimed_by": task.claimed_by, "title": task.title} for task in tasks]
        call.print_json({"tasks": rows})
        return
    for task in tasks:
        claimed = f"claimed by {task.claimed_by}" if task.claimed_by else "waiting"
        call.print_text(f"{task.file}  {claimed}  {task.title}")
    if not tasks:
        call.say("No tasks.")
