"""The files of a clone as they lie on the disk: read without following links, changed without losing an edit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from platinum_tui.model.errors import UsageError
from platinum_tui.model.event import Progress, Told, unheard
from platinum_tui.vault.folders import Vault
from platinum_tui.vault.git import BlobReader, Change, Leaf, Repository
from platinum_tui.vault.merge import other_place
from platinum_tui.vault.moves import fsync_directory, publish_file, rename
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

    def apply(self, changes: Mapping[str, Change], mark: str, told: Told = unheard) -> list[str]:
        """Make the disk hold what a merge says, removals first. May be repeated after a crash.

        Args:
            changes: by path, from our last commit to the merge.
            mark: marks the names under which edits of this very moment are kept.
            told: is told how far it has come.

        Returns:
            The paths that could not be written because a link or a file stands in their way.
        """
        refused = []
        touched: set[Path] = set()
        with self._repository.blobs() as blobs:
            removals_first = sorted(changes.items(), key=lambda item: item[1].new is not None)
            for number, (path, change) in enumerate(removals_first):
                told(Progress("writing", number, len(changes)))
                try:
                    touched |= self._change(path, change, mark, blobs)
                except (UsageError, FileExistsError, NotADirectoryError):
                    refused.append(path)
        for folder in touched:
            fsync_directory(folder)
        return refused

    def _change(self, path: str, change: Change, mark: str, blobs: BlobReader) -> set[Path]:
        """Make one path hold what it should; gives the folders whose names changed."""
        old = change.old if change.old and change.old.is_file else None
        new = change.new if change.new and change.new.is_file else None
        place = self._vault.path(path)
        aside = place.with_name("." + conflict_name(place.name, mark))
        self._settle(aside, old)
        found = self.leaf(path)
        if found and old and found.oid == old.oid and new != old:
            rename(place, aside)
            self._settle(aside, old)
            found = None
        if new is None or (found and found.oid == new.oid):
            return {place.parent} if place.parent.exists() else set()
        if found is not None:  # edited in this moment: the edit stays, their version lies elsewhere
            place = self._vault.path(other_place(path, mark))
        if place.parent != self._vault.root:
            self._vault.make(self._vault.relative(place.parent))
        publish_file(place, blobs.read(new.oid))
        return {place.parent, aside.parent}

    def _settle(self, aside: Path, old: Leaf | None) -> None:
        """Remove what was moved out of the way, if it is what our last commit holds; else show it under a free name."""
        if not os.path.lexists(aside):
            return
        found = self.leaf(self._vault.relative(aside))
        if found and old and found.oid == old.oid:
            aside.unlink()
        else:
            rename(aside, aside.parent / free_name(aside.parent, aside.name.lstrip("."), "edited"))
