"""`audit`: the proof of the log, reading it, and taking it elsewhere. Nothing is written in the vault."""

from __future__ import annotations

import sys

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
    """The events, oldest first, a line each."""
    from platinum_tui.system.audit_files import rows

    with call.service() as service:
        for row in rows(service.trail.folder):
            parts = (row["timestamp"], row["event"], row["actor"], row["action_type"], row["target"], row["result"])
            call.print_text("  ".join(str(part) for part in parts if part))
    return ExitCode.DONE


def export_audit(call: Call) -> ExitCode:
    """The whole log to stdout, as CSV or JSON."""
    from platinum_tui.system.audit_files import export_csv, export_json, rows

    export = export_json if call.arguments.format == "json" else export_csv
    with call.service() as service:
        export(rows(service.trail.folder), sys.stdout)
    return ExitCode.DONE
