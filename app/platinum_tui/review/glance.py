"""A glance: the head of a file, line by line, for something to show before it is read. Nothing is decided on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby

from platinum_tui.model.action import Kind
from platinum_tui.model.summary import TITLE_LENGTH, title_of
from platinum_tui.model.text import safe_line
from platinum_tui.review.index_rows import NEVER, STATE_OF, FileRow
from platinum_tui.vault.folders import Vault
from platinum_tui.vault.names import may_be_request
from platinum_tui.vault.reading import heads_in_vault
from platinum_tui.vault.scan import Entry

HEAD = 1024
"""Bytes of a file that are looked at."""
_SCALAR = re.compile(r"^([a-z_]{2,12}):[ \t]*([^\r\n]{1,300})", re.MULTILINE)
_KINDS = frozenset(kind.value for kind in Kind)


def glance(vault: Vault, entries: Sequence[Entry]) -> Iterator[FileRow]:
    """Rows of files that were not read yet: they have no bytes' hash, no id of their own, and hold for no time."""
    readable = [entry for entry in entries if not entry.obstacle]
    for folder, some in groupby(readable, key=lambda entry: entry.file.rpartition("/")[0]):
        found = list(some)
        names = [entry.file[len(folder) + 1 :] for entry in found]
        for entry, head in zip(found, heads_in_vault(vault, folder, names, HEAD), strict=True):
            yield _row(entry, head)


def _row(entry: Entry, head: bytes) -> FileRow:
    text = head.decode("utf-8", "replace")
    reads = text.startswith("---") and may_be_request(entry.file)
    said = dict(_SCALAR.findall(text.partition("\n---")[0])) if reads else {}
    said = {name: value.strip("'\"") for name, value in said.items()}
    kind = said.get("kind", "")
    title = said.get("subject") or said.get("title") or ""
    return FileRow(
        file=entry.file,
        folder=entry.folder,
        identity=b"",
        era="",
        since=0.0,
        until=0.0,
        looks=None,
        sha256=None,
        id=entry.file,
        declared=True,
        state=STATE_OF[entry.folder],
        kind=kind if kind in _KINDS else None,
        title=safe_line(title)[:TITLE_LENGTH] or title_of(Kind(kind) if kind in _KINDS else None, said, entry.file),
        target=safe_line(said.get("to") or said.get("recipient") or said.get("platform") or ""),
        created=_seconds(said.get("created_at") or said.get("created") or ""),
    )


def _seconds(text: str) -> float:
    try:
        time = datetime.fromisoformat(text.strip("'\" "))
    except ValueError:
        return NEVER
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
