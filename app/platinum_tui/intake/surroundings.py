"""What a file alone cannot tell: the time, the contact book, the user's servers, the files it may attach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from platinum_tui.intake.attachments import AttachmentLookup
from platinum_tui.model.action import JsonValue
from platinum_tui.model.contacts import ContactBook

ToolSchemas = Callable[[str], Mapping[str, Mapping[str, JsonValue]] | None]
"""Server to its tools' JSON schemas, by name; None where nobody has listed them yet."""


@dataclass(frozen=True)
class Surroundings:
    """All values; the reading does no I/O of its own.

    Attributes:
        now: an aware time.
        contacts: the contact book of the configuration.
        servers: names of the user's configured MCP servers; the built-in ones are not among them.
        attachment: facts about a vault-relative path.
        tools: what the tools of a configured server take.
    """

    now: datetime
    contacts: ContactBook
    servers: frozenset[str]
    attachment: AttachmentLookup
    tools: ToolSchemas = lambda _: None
