"""Approved mails, and servers that die while they send them."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from tests.support.vault_house import Home

from platinum_tui.execution.connection import NoAnswer


def approved(home: Home, *names: str) -> None:
    """Mails that are due."""
    for name in names:
        home.draft(name, body=f"It is paid, {name}.")
    home.look()
    for name in names:
        home.approve(name)
    home.clock.advance(10)


def dies(home: Home, *, acts: bool = True) -> Mapping[str, object]:
    """The answer of a server that dies, after its mark or before."""
    approval = home.servers.calls[-1][2]["platinum/approval"]
    if acts:
        home.house.spent.act(json.loads(base64.b64decode(approval["payload"]))["nonce"], approval["attempt"])
    raise NoAnswer("It died.")


def attempts(home: Home) -> list[int]:
    """The numbers of the attempts that were made, in their order."""
    return [meta["platinum/approval"]["attempt"] for tool, _, meta in home.servers.calls if tool == "send_email"]
