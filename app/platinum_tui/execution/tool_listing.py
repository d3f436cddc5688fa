"""The tools of the user's own servers, asked of the servers themselves and kept for whoever reviews a call."""

from __future__ import annotations

from collections.abc import Mapping

from platinum_tui.execution.servers import LocalServers
from platinum_tui.intake.tool_arguments import fault_of_arguments
from platinum_tui.model.action import JsonValue
from platinum_tui.model.errors import Failed, NotFound
from platinum_tui.model.receipt import Outcome, Result
from platinum_tui.model.text import safe_line
from platinum_tui.review.house import House
from platinum_tui.system.tool_lists import KnownTool, ToolList


class ToolListing:
    """Asks servers for their tools.

    Args:
        house: knows what was listed before.
        servers: the running servers.
    """

    def __init__(self, house: House, servers: LocalServers) -> None:
        self._house = house
        self._servers = servers

    def refresh(self, server: str) -> ToolList:
        """The tools that a server of the user's has now; kept from here on.

        Raises:
            NotFound: no such server is configured.
            NeverSent: it does not start, or does not list them.
            Failed: the list cannot be kept.
        """
        own = self._house.configuration.own_server(server)
        if own is None:
            raise NotFound(f"No server of yours is called {safe_line(server)}.", remedy="`platinum-tui servers`")
        try:
            return self._house.tool_lists.keep(own, self._servers.tools(server), self._house.clock.now())
        except (OSError, ValueError) as error:
            raise Failed(f"The tools of {safe_line(server)} cannot be kept: {error}.") from error

    def refusal(self, server: str, tool: str, arguments: Mapping[str, JsonValue]) -> Result | None:
        """Why a call that was approved must not go out; None where the tool is the one that was looked at.

        A server that was never listed is listed now; one that was keeps the list that the reviewer's check went by.

        Raises:
            NeverSent, Failed: as in `refresh`.
        """
        known = self._house.tool_lists.known(server)
        current = self._current(server) if known else self.refresh(server).tools
        name, found = safe_line(f"{server}: {tool}"), current.get(tool)
        if found is None:
            return Result(Outcome.REFUSED, code="no_such_tool", message=f"The server has no such tool ({name}).")
        before = known.tools.get(tool) if known else found
        if before is None or before.schema_sha256 != found.schema_sha256:
            message = f"The tool takes other arguments than when it was listed ({name}): list it anew, then approve."
            return Result(Outcome.REFUSED, code="tool_changed", message=message)
        fault = fault_of_arguments(found.schema, arguments)
        return Result(Outcome.REFUSED, code="invalid_arguments", message=f"{name} {fault}.") if fault else None

    def _current(self, server: str) -> Mapping[str, KnownTool]:
        return {tool.name: tool for tool in map(KnownTool.listed, self._servers.tools(server))}
