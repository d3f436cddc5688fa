"""Whether WhatsApp is linked, and the code to scan where it is not: as data, for the console and the command line."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from platinum_tui.execution.servers import LocalServers
from platinum_tui.execution.tools import LOOK_UP_DEADLINE_S
from platinum_tui.model.action import JsonValue
from platinum_tui.model.errors import Failed
from platinum_tui.model.text import safe_line

SERVER = "whatsapp"
RISK = "Bridges are unofficial clients, against WhatsApp's terms: the number may be banned."


class Way(enum.StrEnum):
    """How messages go out."""

    CLOUD = "cloud"
    BRIDGE = "bridge"


class LinkState(enum.StrEnum):
    """Whether messages can go out."""

    LINKED = "linked"
    UNLINKED = "unlinked"
    EXPIRED = "expired"
    """It was linked, and the phone has ended that."""


@dataclass(frozen=True, slots=True)
class WhatsappLink:
    """The link as of now.

    Attributes:
        number: whose phone it is, safe to show; empty where the bridge does not say.
        code: the text of the QR code to scan (`model.qr_code` draws it); empty where there is none to scan.
        code_expires_at: until when the code is good; ask again then, and there is another.
        advice: what to do, or what to know; one sentence.
    """

    way: Way
    state: LinkState
    number: str = ""
    code: str = ""
    code_expires_at: datetime | None = None
    advice: str = ""

    def to_json(self) -> dict[str, JsonValue]:
        """As `servers --link --json` shows it."""
        return {
            "way": self.way.value,
            "state": self.state.value,
            "number": self.number,
            "code": self.code,
            "code_expires_at": self.code_expires_at.isoformat() if self.code_expires_at else None,
            "advice": self.advice,
        }


def whatsapp_link(servers: LocalServers) -> WhatsappLink:
    """Asks the server, starting it if need be; asking an unlinked bridge makes it begin to link.

    Raises:
        Failed: it is not configured, does not start, or its bridge does not answer.
    """
    content = servers.call(SERVER, "link_state", {}, deadline_s=LOOK_UP_DEADLINE_S).content
    error = content.get("error")
    if isinstance(error, Mapping):
        raise Failed(safe_line(str(error.get("message"))), remedy=safe_line(str(error.get("remedy"))))
    try:
        way, state = Way(str(content.get("way"))), LinkState(str(content.get("state")))
    except ValueError as fault:
        raise Failed("The WhatsApp server's answer makes no sense.") from fault
    code = str(content.get("qr") or "") if state is not LinkState.LINKED else ""
    return WhatsappLink(
        way,
        state,
        safe_line(str(content.get("number") or "")),
        code,
        _moment(content.get("expires_at")),
        _advice(way, state, code),
    )


def _advice(way: Way, state: LinkState, code: str) -> str:
    if way is Way.CLOUD:
        return "The Cloud API needs no link; `platinum-tui credentials check` tries its token."
    if state is LinkState.LINKED:
        return RISK
    if not code:
        return "The bridge gives no code yet; ask again in a moment."
    return f"On the phone: Settings, Linked devices, Link a device; then scan the code. {RISK}"


def _moment(value: JsonValue) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
