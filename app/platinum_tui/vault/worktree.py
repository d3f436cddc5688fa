"""The files of a clone as they lie on the disk: read without following links, changed without losing an edit."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from platinum_tui.model.errors import UsageError
from platinum_tui.model.event import Progress, Told, unheard
from platinum_tui.vault.folders import Vault
from platinum_tui.vault.git import BlobReader, Change, Leaf, Repository
from platinum_tui.vault.merge import other_place
from platinum_tui.vault.moves import exchange, fsync_directory, publish_file, rename
from platinum_tui.vault.names import conflict_name, free_name
from platinum_tui.vault.reading import Reason, Unreadable, stream_in_vault

FILE_MODE = "100644"
OBSTACLE = Leaf("000000", "")
"""What lies at a path where something is that is not read: a link, a folder, a pipe."""


class WorkTree:
    """The files of one vault, compared with and changed to what its clone holds."""

    def __init__(self, vault: Vault, repository: Repository) -> None:
        self._vault = vault
        self._repository = repository

    def leaf(self, path: str) -> Leaf | None:
        """What lies at a path, as git would name it: None for nothing, `OBSTACLE` for what is not read."""
        try:
            with stream_in_vault(self._vault, path) as (identity, chunks):
                return Leaf(FILE_MODE, self._repository.blob_id(chunks, identity.size))
        except Unreadable as error:
            return None if error.reason is Reason.MISSING else OBSTACLE

    def edited(self, path: str, change: Change) -> bool:
        """Whether a file that they changed holds something else than our last commit and their version."""
        found = self.leaf(path)
        if found is None:
            return False
        return not any(leaf and leaf.is_file and leaf.oid == found.oid for leaf in change)

    def apply(
        self, changes: Mapping[str, Change], mark: str, told: Told = unheard, uncommitted: Iterable[str] = ()
    ) -> list[str]:
        """Make the disk hold what a merge says, removals first. May be repeated after a crash.

        Args:
            changes: by path, from our last commit to the merge.
            mark: marks the names under which edits of this very moment are kept.
            told: is told how far it has come.
            uncommitted: after a crash, the paths that hold something else than our last commit.

        Returns:
            The paths that could not be written because a link or a file stands in their way.
        """
        refused = []
        touched = {place.parent for path, change in changes.items() if (place := self._settle(path, change, mark))}
        moved_on = self._moved_on(changes, uncommitted)
        missing = [(path, change) for path, change in changes.items() if path not in moved_on]
        with self._repository.blobs() as blobs:
            removals_first = sorted(missing, key=lambda item: item[1].new is not None)
            for number, (path, change) in enumerate(removals_first):
                told(Progress("writing", number, len(missing)))
                try:
                    touched |= self._change(path, change, mark, blobs)
                except (UsageError, FileExistsError, NotADirectoryError):
                    refused.append(path)
        for folder in touched:
            fsync_directory(folder)
        return refused

    def _moved_on(self, changes: Mapping[str, Change], uncommitted: Iterable[str]) -> set[str]:
        """The files that an interrupted merge has brought already, and that somebody has moved since.

        To write them again would undo that move. The same bytes at a place that the merge itself writes are no move.
        """
        leaves = [self.leaf(path) for path in uncommitted if path not in changes]
        elsewhere = {found.oid for found in leaves if found and found.is_file}
        return {
            path
            for path, change in changes.items()
            if change.new is not None and change.new.oid in elsewhere and self.leaf(path) is None
        }

    def _change(self, path: str, change: Change, mark: str, blobs: BlobReader) -> set[Path]:
        """Make one path hold what it should; gives the folders whose names changed."""
        old, new = _files(change)
        place, aside = self._vault.path(path), self._aside(path, mark)
        found = self.leaf(path)
        if found and old and found.oid == old.oid and new != old:
            with contextlib.suppress(FileNotFoundError):  # moved away in this moment
                if new is None or not self._exchange(place, aside, blobs.read(new.oid)):
                    rename(place, aside)
            self._settle(path, change, mark)
            found = self.leaf(path)
        if new is None or (found and found.oid == new.oid):
            return {place.parent} if place.parent.exists() else set()
        if found is not None:  # edited in this moment: the edit stays, their version lies elsewhere
            place = self._vault.path(other_place(path, mark))
        if place.parent != self._vault.root:
            self._vault.make(self._vault.relative(place.parent))
        publish_file(place, blobs.read(new.oid))
        return {place.parent, aside.parent}

    def _aside(self, path: str, mark: str) -> Path:
        """Where one version of a file lies for a moment, while the other one takes its place."""
        place = self._vault.path(path)
        return place.with_name("." + conflict_name(place.name, mark))

    def _exchange(self, place: Path, aside: Path, data: Iterable[bytes]) -> bool:
        """Put new bytes at a place that is never without a file, the old ones aside; whether that can be done."""
        publish_file(aside, data)
        if exchange(aside, place):
            return True
        aside.unlink()
        return False

    def _settle(self, path: str, change: Change, mark: str) -> Path | None:
        """Remove what was put out of the way, if it is one of our versions; else show it under a free name.

        Returns:
            Where it lay; None where there was nothing.
        """
        aside = self._aside(path, mark)
        if not os.path.lexists(aside):
            return None
        found = self.leaf(self._vault.relative(aside))
        if found and any(leaf and found.oid == leaf.oid for leaf in _files(change)):
            aside.unlink()
        else:
            rename(aside, aside.parent / free_name(aside.parent, aside.name.lstrip("."), "edited"))
        return aside


def _files(change: Change) -> tuple[Leaf | None, Leaf | None]:
    """The versions of a change, before and after, as far as they are plain files."""
    old, new = change
    return old if old and old.is_file else None, new if new and new.is_file else None
