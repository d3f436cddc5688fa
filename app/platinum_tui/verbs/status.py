"""`status`: the workers, the queues, the ledger, and whether a person is needed."""

from __future__ import annotations

from collections import Counter

from platinum_tui.model.action import JsonValue
from platinum_tui.model.errors import ExitCode
from platinum_tui.model.request import State
from platinum_tui.service import Service
from platinum_tui.verbs.call import Call

_FOR_A_PERSON = (State.UNKNOWN, State.HELD)


def show_status(call: Call) -> ExitCode:
    """How everything stands; ends with 5 where something is unknown or held."""
    with call.service() as service:
        report = _report(service)
    if call.as_json:
        call.print_json(report)
    else:
        call.print_text(_text(report))
    counts = report["counts"]
    return ExitCode.NEEDS_PERSON if any(counts.get(state) for state in _FOR_A_PERSON) else ExitCode.DONE


def _report(service: Service) -> dict[str, JsonValue]:
    counts = Counter(s.state.value for s in service.standings() if s.request.kind or s.state is not State.PENDING)
    return {
        "workers": service.reported_workers(),
        "counts": dict(sorted(counts.items())),
        "sync": {"mode": service.house.configuration.sync.mode.value},
        "ledger": {"path": str(service.house.ledger.path), "backend": "sqlite"},
        "executing": service.lock.is_taken(),
        "frozen": service.switch.reason,
    }


def _text(report: dict[str, JsonValue]) -> str:
    lines = ["executing: " + ("yes" if report["executing"] else "no; start the console or `platinum-tui --daemon`")]
    if report["frozen"]:
        lines.append(f"frozen: {report['frozen']}")
    lines += [f"{state}: {count}" for state, count in report["counts"].items()] or ["no requests"]
    for name, worker in report["workers"].items():
        lines.append(f"{name}: {worker['state']}, last run {worker['last_run'] or 'never'}")
        if worker["last_error"]:
            lines.append(f"  {worker['last_error']}")
    lines.append(f"ledger: {report['ledger']['path']}")
    return "\n".join(lines)
