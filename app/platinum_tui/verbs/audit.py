"""`audit`: the proof of the log, reading it, taking it elsewhere, and the end of its old days."""

from __future__ import annotations

import sys
from datetime import timedelta

from platinum_tui.model.errors import ExitCode
from platinum_tui.verbs.call import Call


def verify_audit(call: Call) -> ExitCode:
    """Every change to the log; ends with 5 where there is one."""
    from platinum_tui.system.audit_checkpoints import read_checkpoints
    from platinum_tui.system.audit_verify import verify

    with call.service() as service:
        house, trail = service.house, service.trail
        checkpoints = read_checkpoints(trail.folder, house.vault_id, (key.public_key for key in house.known_keys()))
        findings = verify(trail.folder, house.vault_id, trail.tail, checkpoints)
    if call.as_json:
        call.print_json({"ok": not findings, "findings": [finding.to_json() for finding in findings]})
    else:
        for finding in findings:
            call.print_text(f"{finding.code} at {finding.seq}: {finding.message}")
        if not findings:
            call.say("The audit log is whole.")
    return ExitCode.NEEDS_PERSON if findings else ExitCode.DONE


def show_audit(call: Call) -> ExitCode:
    """The events, oldest first, a line each: when, what, by whom, which request, and how it came out."""
    from platinum_tui.system.audit_files import rows

    with call.service() as service:
        if call.as_json:
            call.print_json({"events": list(rows(service.trail.folder))})
            return ExitCode.DONE
        for row in rows(service.trail.folder):
            named = row["parameters"] if isinstance(row["parameters"], dict) else {}
            what = (row["action_type"], row["target"], row["request_id"], named.get("fingerprint"), row["result"])
            parts = (row["timestamp"], row["event"], row["actor"], *what)
            call.print_text("  ".join(str(part) for part in parts if part))
    return ExitCode.DONE


def expire_audit(call: Call) -> ExitCode:
    """Delete the days of this machine's log that are old enough; `audit verify` knows that they went so."""
    from platinum_tui.review.log_expiry import expire_log

    call.require_writable()
    keep = timedelta(days=call.arguments.days)
    with call.service() as service:
        service.lock.acquire()
        try:
            days = expire_log(service.house, service.trail, service.witness, keep)
        finally:
            service.lock.release()
    if call.as_json:
        call.print_json({"deleted": [day.isoformat() for day in days]})
    elif days:
        call.say(f"{len(days)} day{'' if len(days) == 1 else 's'} of the log, up to {days[-1]}, are deleted.")
    else:
        call.say(f"No whole day of the log is older than {keep.days} days.")
    return ExitCode.DONE


def export_audit(call: Call) -> ExitCode:
    """The whole log to stdout, as CSV or JSON; with `--json`, as JSON."""
    from platinum_tui.system.audit_files import export_csv, export_json, rows

    export = export_json if (call.arguments.format or ("json" if call.as_json else "csv")) == "json" else export_csv
    with call.service() as service:
        export(rows(service.trail.folder), sys.stdout)
    return ExitCode.DONE
