"""`status`: the workers, the queues, the ledger, and whether a person is needed."""

from __future__ import annotations

from platinum_tui.model.action import JsonValue
from platinum_tui.model.errors import ExitCode
from platinum_tui.model.request import State
from platinum_tui.service import Service
from platinum_tui.vault.git_environment import GitFailed
from platinum_tui.verbs.call import Call
from platinum_tui.workers.exchange import why_not_synced

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
    counts = {state.value: count for state, count in service.desk.counts().items()}
    return {
        "workers": service.reported_workers(),
        "counts": dict(sorted(counts.items())),
        "sync": _sync(service),
        "ledger": {"path": str(service.house.ledger.path), "backend": "sqlite"},
        "executing": service.lock.is_taken(),
        "frozen": service.switch.reason,
    }


def _sync(service: Service) -> dict[str, JsonValue]:
    try:
        why_not = why_not_synced(service.house)
    except GitFailed as error:
        why_not = error.message
    last = {"last_run": None, "last_success": None, "last_error": None, **service.last_sync()}
    return {"mode": service.house.configuration.sync.mode.value, "off": why_not, **last}


def _sync_text(sync: dict[str, JsonValue]) -> str:
    if sync["off"]:
        return f"sync: off, {sync['off']}"
    trouble = f"\n  {sync['last_error']}" if sync["last_error"] else ""
    return f"sync: {sync['mode']}, last success {sync['last_success'] or 'never'}{trouble}"


def _text(report: dict[str, JsonValue]) -> str:
    lines = ["executing: " + ("yes" if report["executing"] else "no; start the console or `platinum-tui --daemon`")]
    if report["frozen"]:
        lines.append(f"frozen: {report['frozen']}")
    lines += [f"{state}: {count}" for state, count in report["counts"].items()] or ["no requests"]
    for name, worker in report["workers"].items():
        lines.append(f"{name}: {worker['state']}, last run {worker['last_run'] or 'never'}")
        if worker["last_error"]:
            lines.append(f"  {worker['last_error']}")
    lines.append(_sync_text(report["sync"]))
    lines.append(f"ledger: {report['ledger']['path']}")
    return "\n".join(lines)
