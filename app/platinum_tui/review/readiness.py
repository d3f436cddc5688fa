"""Whether what a request asks for could be done here at all."""

from __future__ import annotations

from platinum_tui.model.standing import Standing
from platinum_tui.model.text import safe_line
from platinum_tui.model.tool import tool_for
from platinum_tui.system.configuration import Configuration


def unready(standing: Standing, configuration: Configuration) -> str:
    """What would refuse a request that still may be approved, in a sentence; empty where nothing would."""
    request = standing.request
    if request.kind is None or not standing.approvable:
        return ""
    server = tool_for(request.kind, request.fields).server
    if server in configuration.servers:
        return ""
    name = safe_line(server)
    return f"Approved now, it would be refused: [servers.{name}] is not in this machine's configuration; add it first."
