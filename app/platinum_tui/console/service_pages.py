"""Servers of the user's own, credentials and the WhatsApp session as pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from platinum_tui.console.premises import CREDENTIALS, WHATSAPP
from platinum_tui.console.premises_pages import of_server
from platinum_tui.console.preview.page import Block, Page, blank, heading, line, plain_blocks
from platinum_tui.console.rows import age
from platinum_tui.console.symbols import Symbols
from platinum_tui.model.text import safe, safe_line

if TYPE_CHECKING:
    from platinum_tui.execution.whatsapp_link import WhatsappLink
    from platinum_tui.system.credential_list import CredentialEntry
    from platinum_tui.system.health import Finding
    from platinum_tui.system.tool_lists import KnownTool, ToolList

_STANDINGS: Mapping[str, tuple[str, str, str]] = {
    "kept": ("done", "state-done", "kept in the keyring"),
    "missing": ("rejected", "error", "missing"),
    "optional": ("snoozed", "muted", "not kept, and not needed"),
    "unused": ("snoozed", "muted", "kept in the keyring; no server asks for it"),
}
"""The state whose sign it has, its style and its words, by a credential's standing."""
_CODE_COLOURS = "#ffffff on #000000"
"""In every theme: a phone reads light modules as light ones."""
_LINK = "platinum-tui servers --link"
_HOW_TO_BRIDGE = (
    "A bridge is used where [servers.whatsapp] names its bridge_command or bridge_url, and no phone_number_id."
)


def of_own_server(
    name: str, lacks: Sequence[Finding], listed: ToolList | None, now: datetime, symbols: Symbols
) -> Page:
    """A server of the user's own with the tools that it listed, in its own words."""

    def blocks() -> Iterator[Block]:
        yield from of_server(name, lacks, symbols).blocks
        yield blank()
        if listed is None:
            yield heading("tools", "nobody asked it yet")
        else:
            yield heading("tools", f"{len(listed.tools)}, listed {_since(listed.listed_at, now)}; its own words")
        yield Block(line((symbols.key("retry"), "key"), (" starts it and lists them anew", "muted")))
        for tool in listed.tools.values() if listed else ():
            yield blank()
            yield Block(line((safe_line(tool.name), "strong"), (f"({_arguments(tool)})", "muted")))
            yield from plain_blocks(safe(tool.description).strip() or "It says nothing about it.", gutter=gutter)

    gutter = (symbols.edge, "exact-bar")
    return Page(f"server {name}", tuple(blocks()))


def of_credentials(entries: Sequence[CredentialEntry], symbols: Symbols) -> Page:
    """Every credential: what it is for, where to get it, how it is with it. Never a value."""

    def blocks() -> Iterator[Block]:
        yield Block(line(("Credentials", "title"), ("  values are never shown", "muted")))
        if not entries:
            yield blank()
            yield Block(line("No server asks for one, and none is kept."))
        for entry in entries:
            sign, look, words = _STANDINGS[entry.standing]
            name = safe_line(entry.name)
            yield blank()
            yield Block(line((f"{symbols.states[sign]} ", look), (name, "strong"), (f"  {words}", look)))
            if entry.purpose:
                yield Block(line(safe_line(entry.purpose)), label="for")
                yield Block(line(safe_line(entry.origin)), label="from")
            yield Block(line((f"platinum-tui credentials set {name}", "key")), label="set it")

    return Page(CREDENTIALS, tuple(blocks()))


def of_whatsapp(link: WhatsappLink | None, configured: bool, now: datetime, symbols: Symbols) -> Page:
    """Whether WhatsApp is linked, and the code to scan where it is not.

    Args:
        link: as last asked; None where nobody asked yet.
        configured: whether there is a server for WhatsApp.
        now: an aware moment.
        symbols: which signs to use.
    """
    from platinum_tui.execution.whatsapp_link import RISK, LinkState, Way

    def blocks() -> Iterator[Block]:
        yield Block(line(("WhatsApp", "title"), (f"  {link.way.value}" if link else "", "muted")))
        if link is None:
            said = "Not asked yet whether it is linked." if configured else "Off: no server for WhatsApp is configured."
            yield Block(line(said))
        elif link.state is LinkState.LINKED:
            yield Block(line((f"{symbols.states['done']} linked", "state-done"), f"  {link.number}".rstrip()))
        else:
            word = (
                "waiting for its code to be scanned"
                if link.state is LinkState.UNLINKED
                else "expired: the phone ended it"
            )
            yield Block(line((f"{symbols.states['held']} {word}", "warning")))
            yield from _code(link, now, symbols)
        yield blank()
        if link is not None:
            yield Block(line(link.advice))
        if configured:
            asks = " asks for the link, and for another code where it is not linked"
            yield Block(line((symbols.key("retry"), "key"), (asks, "muted")))
        if link is None or link.way is Way.CLOUD:
            yield Block(line((f"{_HOW_TO_BRIDGE} {RISK}", "muted")))

    return Page(WHATSAPP, tuple(blocks()))


def _code(link: WhatsappLink, now: datetime, symbols: Symbols) -> Iterator[Block]:
    """The code, as long as it is good, and how long that is."""
    from platinum_tui.model.qr_code import Ground, qr_lines

    until = link.code_expires_at
    if not link.code:
        return
    if until is not None and until <= now:
        yield Block(line((symbols.say("This code is over; {retry} asks for the next."), "warning")))
        return
    holds = (
        f"good for {age(until - now)} more, until {until.astimezone():%H:%M:%S}" if until else "good for a short time"
    )
    yield Block(line((holds, "muted")))
    try:
        rows = qr_lines(link.code, Ground.DARK, ascii_only=symbols.plain)
    except ValueError:
        yield Block(line(("The bridge's code cannot be drawn.", "error")))
        return
    shows = symbols.say("{open} shows it over the full width.")
    room = f"The code takes {len(rows[0])} columns and {len(rows)} lines: {shows}"
    instead = line((f"{room} If that is too small, make the letters smaller, or run ", "warning"), (_LINK, "key"))
    yield Block(Content.styled("\n".join(rows), _CODE_COLOURS), where_cut=instead)


def _arguments(tool: KnownTool) -> str:
    properties = tool.schema.get("properties")
    return ", ".join(safe_line(name) for name in properties) if isinstance(properties, Mapping) else ""


def _since(moment: datetime, now: datetime) -> str:
    span = age(now - moment)
    return "just now" if span == "now" else f"{span} ago"
