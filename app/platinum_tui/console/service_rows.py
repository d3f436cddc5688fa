"""Servers of the user's own, credentials and the WhatsApp session as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from platinum_tui.console.premises import CREDENTIALS, WHATSAPP
from platinum_tui.console.premises_rows import of_server
from platinum_tui.console.rows import Row
from platinum_tui.console.symbols import Symbols

if TYPE_CHECKING:
    from platinum_tui.execution.whatsapp_link import WhatsappLink
    from platinum_tui.system.credential_list import CredentialEntry
    from platinum_tui.system.health import Finding
    from platinum_tui.system.tool_lists import ToolList

_LINKS: Mapping[str, tuple[str, str, str]] = {
    "linked": ("done", "linked", ""),
    "unlinked": ("held", "waiting", "for its code"),
    "expired": ("expired", "expired", "{retry} links it again"),
}
"""State, word and what is said beside it, by the link's state."""


def of_own_server(name: str, lacks: Sequence[Finding], listed: ToolList | None) -> Row:
    """A server of the user's own, with how many tools it listed and when."""
    if listed is None:
        return replace(of_server(name, lacks), target="tools not listed yet")
    many = len(listed.tools)
    return replace(of_server(name, lacks), target=f"{many} tool{'' if many == 1 else 's'}", since=listed.listed_at)


def of_credentials(entries: Sequence[CredentialEntry]) -> Row:
    """All credentials: how many are kept, and how many are missing."""
    kept = sum(entry.standing in ("kept", "unused") for entry in entries)
    missing = sum(entry.standing == "missing" for entry in entries)
    state, word = ("failed", "lacks") if missing else ("done", "ready")
    return Row(
        CREDENTIALS, state, word, "keyring", "Credentials", f"{kept} kept", note=f"{missing} missing" if missing else ""
    )


def of_whatsapp(link: WhatsappLink | None, configured: bool, symbols: Symbols) -> Row:
    """Whether WhatsApp is linked, as it was when it was last asked."""
    if link is not None:
        state, word, about = _LINKS[link.state]
    elif configured:
        state, word, about = "snoozed", "not asked", "{retry} asks"
    else:
        state, word, about = "snoozed", "off", ""
    number = link.number if link is not None else ""
    return Row(WHATSAPP, state, word, "session", "WhatsApp", number or symbols.say(about))
