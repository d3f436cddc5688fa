"""`sync`, one pull, claim and push pass beside a daemon or without one; and `take-over`, for a machine that is gone."""

from __future__ import annotations

from platinum_tui.model.errors import ExitCode, RefusedByPolicy
from platinum_tui.model.request import State
from platinum_tui.verbs.call import Call
from platinum_tui.workers.exchange import why_not_synced


def sync(call: Call) -> ExitCode:
    """Bring in what others did, and send out what was done here."""
    with call.service() as service:
        if service.readonly:
            raise RefusedByPolicy("Nothing is synced in read-only mode.", remedy="Start it without --readonly.")
        why_not = why_not_synced(service.house)
        if why_not:
            call.report({"synced": False, "why_not": why_not}, f"Nothing was synced: {why_not}.")
            return ExitCode.DONE
        report = service.sync()
    received, committed = (f"{count} file{'' if count == 1 else 's'}" for count in (report.received, report.committed))
    form = {"received": report.received, "committed": report.committed, "conflicts": len(report.conflicts)}
    words = f"{received} came in, {committed} committed here; all is pushed."
    call.report({"synced": True, "why_not": None, **form}, words)
    return ExitCode.DONE


def take_over(call: Call) -> ExitCode:
    """Make a request ours that another machine claimed and will never execute; a person knows that, nobody else."""
    given = call.arguments
    with call.service() as service:
        standing = service.take_over(given.id, given.machine)
    if call.as_json:
        call.print_json({"id": standing.request.id, "state": standing.state})
    if standing.state is State.UNKNOWN:
        call.say(f"It is unknown: {standing.why}")
        return ExitCode.NEEDS_PERSON
    call.say(f"The claim is this machine's now. Should {given.machine} come back, it will see that and leave it.")
    return ExitCode.DONE
