"""The verbs that decide: each is bound to one request, and says how it stands afterwards."""

from __future__ import annotations

from collections.abc import Callable

from platinum_tui.model.errors import ExitCode
from platinum_tui.model.request import State
from platinum_tui.model.standing import Standing
from platinum_tui.model.text import safe_line
from platinum_tui.service import Service
from platinum_tui.verbs.call import Call
from platinum_tui.verbs.when import parse_when

_WORDS = {
    State.APPROVED: "approved",
    State.REJECTED: "rejected",
    State.CHANGES_REQUESTED: "sent back for changes",
    State.SNOOZED: "snoozed",
    State.PENDING: "pending again",
    State.DONE: "done",
    State.FAILED: "failed; it may be approved anew",
}


def approve(call: Call) -> ExitCode:
    """Approve what the fingerprint names."""
    given = call.arguments
    return _decide(call, lambda service: service.approve(given.id, given.fingerprint, given.note or ""))


def reject(call: Call) -> ExitCode:
    """Reject, with a reason."""
    return _decide(call, lambda service: service.reject(call.arguments.id, call.arguments.reason))


def request_changes(call: Call) -> ExitCode:
    """Send back to the author, with what should change."""
    return _decide(call, lambda service: service.request_changes(call.arguments.id, call.arguments.reason))


def snooze(call: Call) -> ExitCode:
    """Hide until a time."""
    return _decide(
        call,
        lambda service: service.snooze(call.arguments.id, parse_when(call.arguments.until, service.clock.now())),
    )


def undo(call: Call) -> ExitCode:
    """Take a decision back."""
    return _decide(call, lambda service: service.undo(call.arguments.id))


def withdraw(call: Call) -> ExitCode:
    """Take a request out of the queue in its author's name."""
    return _decide(call, lambda service: service.withdraw(call.arguments.id))


def resolve(call: Call) -> ExitCode:
    """Settle an unknown outcome."""
    given = call.arguments
    return _decide(call, lambda service: service.resolve(given.id, given.happened, given.evidence or ""))


def freeze(call: Call) -> ExitCode:
    """Stop every execution."""
    with call.service() as service:
        service.freeze(call.arguments.reason or "")
        why = service.switch.reason
    call.report({"frozen": why}, "Frozen: nothing is executed until `platinum-tui thaw`.")
    return ExitCode.DONE


def thaw(call: Call) -> ExitCode:
    """Allow executions again; ends with 5 where a file in the vault keeps everything frozen."""
    with call.service() as service:
        service.thaw()
    call.report({"frozen": None}, "Thawed: what is approved and due is executed.")
    return ExitCode.DONE


def _decide(call: Call, decide: Callable[[Service], Standing]) -> ExitCode:
    with call.service() as service:
        standing = decide(service)
        form = service.desk.form_of(standing) if call.as_json else {}
        due, waits = standing.undo_until, standing.state is State.APPROVED and service.frozen
    if call.as_json:
        call.print_json(form)
        return ExitCode.DONE
    words = _WORDS.get(standing.state, standing.state.value)
    until = f"; `platinum-tui undo {safe_line(standing.request.id)}` until {due:%H:%M:%S} UTC" if due else ""
    why = f": {standing.why}" if standing.state is State.HELD else ""
    frozen = "; everything is frozen: it goes out after `platinum-tui thaw`" if waits else ""
    call.say(f"{standing.title} ({standing.request.fingerprint}): {words}{why}{until}{frozen}")
    return ExitCode.DONE
