"""The front end without a screen: the same workers, stopped cleanly by SIGTERM or Ctrl-C."""

from __future__ import annotations

import signal
import sys
import threading
import time

from platinum_tui.model.errors import ExitCode
from platinum_tui.model.event import Event, Moved, Notice
from platinum_tui.model.request import State
from platinum_tui.model.text import safe, safe_line
from platinum_tui.service import Service

_FOR_A_PERSON = (State.UNKNOWN, State.HELD)


def run(service: Service, *, once: bool) -> ExitCode:
    """Run the workers until told to stop, or for one full pass.

    Returns:
        `NEEDS_PERSON` where one pass left something unknown or held, else `DONE`.

    Raises:
        Locked: another instance executes on this vault.
    """
    service.subscribe(_narrate)
    stopping = threading.Event()

    def finish(_number: int, _frame: object) -> None:
        service.finish()
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, finish)
    if once:
        return _run_once(service)
    service.require_writable()
    service.lock.acquire()
    service.start()
    stopping.wait()
    service.stop()
    return ExitCode.DONE


def _run_once(service: Service) -> ExitCode:
    try:
        service.run_once(wait=time.sleep)
        left = service.desk.standings(_FOR_A_PERSON)
        for standing in left:
            print(safe_line(f"{standing.state}: {standing.request.id}: {standing.why}"), file=sys.stderr)  # noqa: T201
    finally:
        service.stop()
    return ExitCode.NEEDS_PERSON if left else ExitCode.DONE


def _narrate(event: Event) -> None:
    match event:
        case Moved(request_id=name, state=state, why=why):
            print(safe_line(f"{name}: {state}{f': {why}' if why else ''}"), file=sys.stderr, flush=True)  # noqa: T201
        case Notice(message=message):
            print(safe(message), file=sys.stderr, flush=True)  # noqa: T201
        case _:
            return
