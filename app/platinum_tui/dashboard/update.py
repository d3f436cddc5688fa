"""One update or signal: a report of another machine, read from a file's bytes. It can report, and nothing else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from platinum_tui.dashboard.line import inert, line_of
from platinum_tui.intake.decode import decode
from platinum_tui.intake.frontmatter import read_front_matter
from platinum_tui.intake.json_form import read_json
from platinum_tui.intake.values import Raw
from platinum_tui.model.canonical import canonical_json, fingerprint_of
from platinum_tui.model.request import Problem

_TIMES = ("timestamp", "generated_at", "time", "created_at", "created", "updated_at", "date")
_META = frozenset({*_TIMES, "agent", "type", "id", "section"})
_CLAIM = re.compile(r"approv|reject|decision|verdict|move_to", re.IGNORECASE)
_SKEW = timedelta(days=1)
"""How far ahead of this machine's clock a machine's time is still believed."""
IN_CONFLICT = "⚠ in conflict"
DEGRADED = "⚠ degraded YAML"
CLAIM = "⚠ a claim, it decides nothing"


class Malformed(ValueError):
    """A file is no update; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What one file reports. All strings are foreign text.

    Attributes:
        file: the vault-relative path.
        time: when it happened: as the file says, else the file's own time; aware.
        section: the heading that it asks for; empty where it names none.
        agent: who reports; `update` where the file does not say.
        type: what kind of report; `note` where the file does not say.
        text: what is reported.
        id: the update's own id; empty where it has none.
        content_id: SHA-256 over the normalised content, 64 hex digits: equal for two files that say the same.
        marks: what a reader must know about it.
    """

    file: str
    time: datetime
    section: str
    agent: str
    type: str
    text: str
    id: str
    content_id: str
    marks: tuple[str, ...] = ()

    @property
    def reference(self) -> str:
        """What its line ends with."""
        return reference_of(self.content_id)

    def line(self, *marks: str) -> str:
        """Its line, with more marks than its own."""
        said = f"{inert(self.type)}: {inert(self.text)}"
        known = f"id {inert(self.id)}" if self.id else ""
        return line_of(self.time, [inert(self.agent), said, known, *self.marks, *marks], self.reference)


def reference_of(content_id: str) -> str:
    """What the line of a content ends with."""
    return f"update {fingerprint_of(content_id)}"


def read_update(file: str, data: bytes, *, modified: datetime, now: datetime) -> Update:
    """Read an update from a file's bytes: Markdown with or without front matter, or one JSON object (`.json`).

    Args:
        file: the vault-relative path; its suffix says how it is read.
        data: the bytes.
        modified: the file's own time; counts where the file says none, or one that is not believable.
        now: this machine's time.

    Raises:
        Malformed: with the reason.
    """
    text = decode(data)
    if isinstance(text, Problem):
        raise Malformed(text.message)
    try:
        content = _read_json(text) if file.lower().endswith(".json") else _read_markdown(text)
    except ValueError as error:
        raise Malformed(str(error)) from error
    return _update(file, content, modified, now)


class _Content(NamedTuple):
    """What a file holds: raw values by key, the words below them, and whether its YAML was broken."""

    fields: Mapping[str, Raw]
    body: str = ""
    degraded: bool = False

    def field(self, name: str, absent: str = "") -> str:
        """A field that is one text, else what stands for it."""
        value = self.fields.get(name)
        return (value.strip() if isinstance(value, str) else "") or absent


def _read_json(text: str) -> _Content:
    found = read_json(text)
    _refuse_doubt(found.disagreeing)
    return _Content(found.values)


def _read_markdown(text: str) -> _Content:
    lines = text.split("\n")
    found = read_front_matter(lines)
    _refuse_doubt(found.disagreeing)
    return _Content(found.values, "\n".join(lines[found.body_line - 1 :]).strip(), found.degraded)


def _refuse_doubt(disagreeing: set[str]) -> None:
    if disagreeing:
        raise Malformed(f"It gives {min(disagreeing)!r} two values.")


def _update(file: str, content: _Content, modified: datetime, now: datetime) -> Update:
    said = content.fields.get("content", {k: v for k, v in content.fields.items() if k not in _META})
    words = (content.field("type"), *content.fields, *(said if isinstance(said, Mapping) else ()))
    claims = any(_CLAIM.search(word) for word in words)
    normalised = canonical_json({"fields": dict(content.fields), "body": content.body})
    return Update(
        file=file,
        time=_time(content, modified, now),
        section=content.field("section").lstrip("# "),
        agent=content.field("agent", "update"),
        type=content.field("type", "note"),
        text=content.body or _said(said) or "(empty)",
        id=content.field("id"),
        content_id=hashlib.sha256(normalised).hexdigest(),
        marks=tuple(mark for mark, holds in ((DEGRADED, content.degraded), (CLAIM, claims)) if holds),
    )


def _time(content: _Content, modified: datetime, now: datetime) -> datetime:
    """The first time that the fields name, UTC where it has no zone; none from the future is believed."""
    for name in _TIMES:
        try:
            time = datetime.fromisoformat(content.field(name))
            time = time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
        if time <= max(now, modified) + _SKEW:
            return time
    return modified


def _said(value: Raw) -> str:
    """A raw value in words: `key: value; key: value`, without its times."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_said(item)}" for key, item in value.items() if key not in _TIMES)
    return ", ".join(_said(item) for item in value) if isinstance(value, list) else str(value)
