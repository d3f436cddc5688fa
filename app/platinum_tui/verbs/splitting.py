"""`edit --split`: a file that asks for several actions becomes one request for each."""

from __future__ import annotations

from platinum_tui.model.errors import ExitCode
from platinum_tui.verbs.call import Call


def split_request(call: Call) -> ExitCode:
    """Write the separate requests, and withdraw the file that they come from."""
    with call.service() as service:
        files = service.split(call.arguments.id)
    if not call.as_json:
        call.print_text("\n".join(files))
    call.report({"files": list(files)}, f"Split into {len(files)} requests; each waits for its own decision.")
    return ExitCode.DONE
