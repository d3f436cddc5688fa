"""What was merged, remembered in the state directory: the second of two safeguards against merging twice."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Merged(Protocol):
    """What was merged before."""

    def holds(self, content_id: str) -> bool:
        """Whether a content was merged."""

    def add(self, content_id: str) -> None:
        """Remember a content; called when Dashboard.md is on the disk."""


class MergedJournal:
    """One file in the state directory, a content id a line, appended.

    It is not synced to the disk line by line: what a power cut takes from its end still stands in Dashboard.md.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = set(path.read_text("ascii", "replace").splitlines()) if path.exists() else set[str]()

    def holds(self, content_id: str) -> bool:
        """Whether a content was merged."""
        return content_id in self._known

    def add(self, content_id: str) -> None:
        """Remember a content."""
        if content_id not in self._known:
            with self._path.open("a", encoding="ascii") as file:
                file.write(f"{content_id}\n")
            self._known.add(content_id)
