"""`serve` and `servers`: the local MCP servers, one run on stdio, or all by name."""

from __future__ import annotations

import os
from importlib.metadata import entry_points

from platinum_tui.model.errors import ExitCode, NotFound
from platinum_tui.verbs.call import Call

GROUP = "platinum_tui.executors"
"""The entry points under which servers register; they are listed without being imported."""


def serve(call: Call) -> ExitCode:
    """Run one server on stdio until its client closes the stream."""
    found = entry_points(group=GROUP, name=call.arguments.name)
    if not found:
        known = ", ".join(sorted(point.name for point in entry_points(group=GROUP)))
        raise NotFound(f"There is no server {call.arguments.name}.", remedy=f"There are: {known}.")
    next(iter(found)).load()(call.configuration(), dict(os.environ))
    return ExitCode.DONE


def list_servers(call: Call) -> ExitCode:
    """The built-in servers and the user's own, and which are configured."""
    configuration = call.configuration()
    names = sorted({point.name for point in entry_points(group=GROUP)} | set(configuration.servers))
    built_in = {point.name for point in entry_points(group=GROUP)}
    rows = [{"name": n, "built_in": n in built_in, "configured": n in configuration.servers} for n in names]
    if call.as_json:
        call.print_json({"servers": rows})
    else:
        for row in rows:
            kind = "built in" if row["built_in"] else "your own"
            call.print_text(f"{row['name']}  {kind}{'' if row['configured'] else ', not configured'}")
    return ExitCode.DONE
