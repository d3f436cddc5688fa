"""One pass of the sync: commit what changed here, fetch, merge file by file, push; try again if another was first."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from platinum_tui.model.event import Progress, Told, unheard
from platinum_tui.vault.dashboard_lock import dashboard_lock
from platinum_tui.vault.folders import Vault
from platinum_tui.vault.git import Change, Leaf, Repository
from platinum_tui.vault.git_environment import GitFailed
from platinum_tui.vault.merge import Conflict, Plan, plan_merge, without_repeats
from platinum_tui.vault.reading import Reason, Unreadable, read_in_vault
from platinum_tui.vault.secrets import secret_inside
from platinum_tui.vault.travel import DASHBOARD, SINGLE_FILES, TOP_FOLDERS, travels
from platinum_tui.vault.worktree import FILE_MODE, OBSTACLE, WorkTree

OWN = "refs/platinum/own"
"""A tree of what this machine itself committed from its disk, by path. It never leaves the clone."""
MERGING = "refs/platinum/merging"
"""Their commit, while a merge with it is being written to the disk."""
LARGEST_FILE = 50 * 1024 * 1024
"""Bytes; a larger file is not committed: common hosts refuse it, and with it every later push."""
_BATCH = 64 * 1024 * 1024
_ATTEMPTS = 5


class LeftOut(NamedTuple):
    """A file that was not committed: its vault-relative path, and why, as the end of a sentence about it."""

    file: str
    why: str


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one pass did.

    Attributes:
        committed: how many files changed here and were committed.
        received: how many files changed because others changed them.
        pushed: whether the remote holds all of ours now.
        conflicts: files that two machines changed.
        doubled: the same bytes at two places, because two machines moved one file: (ours, theirs).
        refused: paths from the remote that were not written.
        left_out: files here that were not committed, each with the reason.
    """

    committed: int = 0
    received: int = 0
    pushed: bool = False
    conflicts: tuple[Conflict, ...] = ()
    doubled: tuple[tuple[str, str], ...] = ()
    refused: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def __add__(self, later: SyncReport) -> SyncReport:
        return SyncReport(
            self.committed + later.committed,
            self.received + later.received,
            later.pushed,
            self.conflicts + later.conflicts,
            self.doubled + later.doubled,
            self.refused + later.refused,
            later.left_out or self.left_out,
        )


class Sync:
    """A vault's clone and its remote. Only one at a time may run on a vault; make one for each pass.

    Args:
        vault: the vault.
        repository: its clone.
        told: is told what the pass is doing.

    Raises:
        GitFailed: no branch is checked out, there is no remote, or a merge by hand is under way.
    """

    def __init__(self, vault: Vault, repository: Repository, told: Told = unheard) -> None:
        remote = repository.remote
        if remote is None:
            raise GitFailed("The vault's clone has no remote.", remedy="Add one with `git remote add origin …`.")
        self._vault = vault
        self._told = told
        self._git = repository
        self._files = WorkTree(vault, repository)
        self._remote = remote
        self._branch = repository.branch
        self._followed = repository.followed
        self._tracking = f"refs/remotes/{remote}/{self._followed.removeprefix('refs/heads/')}"

    def run(self) -> SyncReport:
        """One whole pass.

        Raises:
            GitFailed: the remote does not answer, git refuses something, or another pass is under way; nothing is
                lost, try again later.
        """
        with self._alone():
            report = self.commit_own_changes()
            for _attempt in range(_ATTEMPTS):
                report += self.pull()
                if self.push():
                    return report + SyncReport(pushed=True)
        return report

    def recover(self) -> SyncReport:
        """Finish the merge that a crash interrupted. It comes first: a half-written merge is no change of ours."""
        upstream = self._git.resolve(MERGING)
        if upstream is None:
            return SyncReport()
        uncommitted = [path for path, _ in self._candidates(self._git.resolve("HEAD"))]
        return self._integrate(upstream, uncommitted)

    def commit_own_changes(self) -> SyncReport:
        """Commit what changed in the vault's own folders on this disk. Logs, state and links are never committed."""
        recovered = self.recover()
        head = self._git.resolve("HEAD")
        changes: dict[str, Leaf | None] = {}
        left_out: list[LeftOut] = []
        batch = _Batch(self._git)
        self._told(Progress("looking for changes"))
        candidates = list(self._candidates(head))
        for number, (path, before) in enumerate(candidates):
            self._told(Progress("committing", number, len(candidates)))
            try:
                data = read_in_vault(self._vault, path, LARGEST_FILE).data
            except Unreadable as error:
                if error.reason is Reason.MISSING:
                    changes[path] = None
                else:
                    left_out.append(LeftOut(path, f"cannot be read: {error.reason}"))
                continue
            oid = self._git.blob_id([data], len(data))
            if before is not None and before.oid == oid:
                continue
            if (what := secret_inside(data)) and not self._git.holds(oid):  # a file that is moved is known already
                left_out.append(LeftOut(path, f"holds {what}"))
                continue
            changes[path] = Leaf(FILE_MODE, oid)
            batch.add(data)
        batch.flush()
        if not changes:
            return recovered + SyncReport(left_out=tuple(left_out))
        self._commit(head, changes)
        return recovered + SyncReport(committed=len(changes), left_out=tuple(left_out))

    def pull(self) -> SyncReport:
        """Fetch, and merge what others did into the branch and onto the disk. No file of ours is lost.

        What changed here since the last commit is committed first: what is merged is what lies on the disk. Meanwhile
        our own writers of Dashboard.md wait, for a moment in which it is not there must not look like an empty one.

        Raises:
            GitFailed: the remote does not answer.
        """
        recovered = self.recover()
        try:
            self._fetch()
        except GitFailed:
            if self._remote_is_empty():
                return recovered
            raise
        upstream = self._git.resolve(self._tracking)
        if upstream is None or self._is_merged(upstream):
            return recovered
        with dashboard_lock(self._vault):
            return recovered + self.commit_own_changes() + self._integrate(upstream)

    def push(self) -> bool:
        """Push the branch, never by force.

        Returns:
            Whether the remote holds it now; if not, another was first: pull again.

        Raises:
            GitFailed: the remote does not answer, or refuses for another reason.
        """
        head = self._git.resolve("HEAD")
        if head is None or head == self._git.resolve(self._tracking):
            return True
        self._told(Progress("pushing"))
        try:
            self._git.wire("push", "--porcelain", "--no-verify", "--", self._remote, f"{head}:{self._followed}")
        except GitFailed:
            known = self._git.resolve(self._tracking)
            self._fetch()
            now = self._git.resolve(self._tracking)
            if now == known:
                raise
            return now == head
        return True

    def arrived_by_sync(self, relative: str) -> bool:
        """Whether a file lies where it lies because a commit brought it that this machine did not make itself.

        A move by hand counts as approval only where this is False. In doubt it is True.
        """
        found = self._files.leaf(relative)
        if found is None or found is OBSTACLE:
            return True
        own = self._git.resolve(OWN)
        if own and self._holds(own, relative, found):
            return False
        # in this order: a merge is announced before its files appear and withdrawn after the branch holds them
        commits = [self._git.resolve(name) for name in (MERGING, "HEAD", self._tracking)]
        return any(self._holds(commit, relative, found) for commit in commits if commit)

    def _holds(self, tree: str, path: str, found: Leaf) -> bool:
        leaf = self._git.leaf(tree, path)
        return leaf is not None and leaf.oid == found.oid

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the clone's lock; the system lets it go when the process ends, however it ends."""
        with (self._git.git_dir / "platinum-sync.lock").open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise GitFailed("Another sync of this vault is under way.", remedy="Wait until it has ended.") from None
            yield

    # Committing

    def _candidates(self, head: str | None) -> Iterator[tuple[str, Leaf | None]]:
        """Paths of ours that may differ from the last commit, with what that holds."""
        places = ("--", *TOP_FOLDERS, *SINGLE_FILES)
        self._git.run("update-index", "-q", "--refresh", accept=(0, 1))
        tracked: dict[str, Leaf | None] = {}
        if head:
            listing = self._git.run("diff-index", "-z", "--raw", "--no-renames", "--no-abbrev", head, *places)
            tracked = {path: change.old for path, change in self._git.parse_changes(listing)}
        untracked = self._git.run("ls-files", "-z", "--others", "--exclude-standard", *places).split(b"\0")[:-1]
        for path in sorted({*tracked, *(os.fsdecode(name) for name in untracked)}):
            before = tracked.get(path)
            if travels(path) and (before is None or before.is_file):
                yield path, before

    def _commit(self, head: str | None, changes: Mapping[str, Leaf | None]) -> None:
        self._note_own(changes)
        tree = self._tree(head or self._git.empty_tree, changes)
        self._git.change_index(changes)
        count = f"{len(changes)} file" + ("s" if len(changes) > 1 else "")
        message = f"{count} from {self._vault.machine}\n"
        commit = self._git.write_commit(tree, [head] if head else [], message, self._who())
        self._git.update_ref(self._branch, commit, head)

    def _note_own(self, changes: Mapping[str, Leaf | None]) -> None:
        own = self._git.resolve(OWN)
        tree = self._tree(own or self._git.empty_tree, changes)
        if tree != own:
            self._git.update_ref(OWN, tree, own)

    def _tree(self, start: str, changes: Mapping[str, Leaf | None]) -> str:
        with tempfile.TemporaryDirectory(prefix="platinum-") as folder:
            return self._git.write_tree(start, changes, Path(folder) / "index")

    def _who(self) -> tuple[str, str]:
        return self._git.identity or ("platinum-tui", f"platinum-tui@{self._vault.machine}.invalid")

    # Receiving

    def _fetch(self) -> None:
        self._told(Progress("pulling"))
        branch = f"+{self._followed}:{self._tracking}"
        options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head")
        self._git.wire("fetch", *options, "--", self._remote, branch)

    def _remote_is_empty(self) -> bool:
        return not self._git.wire("ls-remote", "--quiet", "--", self._remote, self._followed).strip()

    def _integrate(self, upstream: str, uncommitted: Sequence[str] = ()) -> SyncReport:
        """Merge their commit: announce it, then write disk, index and branch. What a crash leaves out is repeated.

        Args:
            upstream: their commit.
            uncommitted: after a crash, the paths that hold something else than our last commit.
        """
        head = self._git.resolve("HEAD")
        if self._is_merged(upstream):
            self._git.delete_ref(MERGING)
            return SyncReport()
        mark = upstream[:8]
        base = (self._git.merge_base(head, upstream) if head else None) or self._git.empty_tree
        start = head or self._git.empty_tree
        plan = plan_merge(
            self._git.changes(base, start),
            self._git.changes(base, upstream),
            mark,
            edited=self._files.edited,
            combined=self._combined,
        )
        tree = self._tree(start, plan.changes)
        written = self._git.changes(start, tree)
        self._check(plan, written)
        merge = self._merge_commit(tree, head, upstream, base)
        self._git.update_ref(MERGING, upstream, self._git.resolve(MERGING))
        self._note_own(dict.fromkeys(plan.changes))
        refused = self._files.apply(written, mark, self._told, uncommitted)
        self._git.change_index(plan.changes)
        self._git.update_ref(self._branch, merge, head)
        self._git.delete_ref(MERGING)
        return SyncReport(
            received=len(written),
            conflicts=plan.conflicts,
            doubled=plan.doubled,
            refused=(*plan.refused, *refused),
        )

    def _is_merged(self, upstream: str) -> bool:
        head = self._git.resolve("HEAD")
        return head is not None and self._git.is_ancestor(upstream, head)

    def _check(self, plan: Plan, written: Mapping[str, Change]) -> None:
        """A merge may change what was planned and nothing else."""
        if any(path not in plan.changes or plan.changes[path] != change.new for path, change in written.items()):
            raise GitFailed("The merge would change files that nobody changed.", remedy="Merge by hand with git.")

    def _merge_commit(self, tree: str, head: str | None, upstream: str, base: str) -> str:
        if base == (head or self._git.empty_tree) and tree == self._git.resolve(f"{upstream}^{{tree}}"):
            return upstream
        parents = [head, upstream] if head else [upstream]
        return self._git.write_commit(tree, parents, f"Merge into {self._vault.machine}\n", self._who())

    def _combined(self, path: str, ours: Change, theirs: Change) -> Leaf | None:
        """Dashboard.md with the lines of both: it is a projection, and its counts are written anew anyway."""
        leaves = (ours.new, ours.old, theirs.new)
        if path != DASHBOARD or not all(leaf is None or leaf.is_file for leaf in leaves):
            return None
        texts = [self._git.run("cat-file", "blob", leaf.oid) if leaf else b"" for leaf in leaves]
        with tempfile.TemporaryDirectory(prefix="platinum-") as folder:
            files = [Path(folder) / name for name in ("ours", "base", "theirs")]
            for file, text in zip(files, texts, strict=True):
                file.write_bytes(text)
            try:
                both = self._git.run("merge-file", "-p", "--union", "--quiet", *map(str, files))
            except GitFailed:  # it has no lines: both are kept
                return None
        return Leaf(FILE_MODE, self._git.write_blob(without_repeats(both, texts[0], texts[2])))


class _Batch:
    """Files to store, some at a time: one git for many, without holding them all."""

    def __init__(self, repository: Repository) -> None:
        self._git = repository
        self._files: list[bytes] = []
        self._size = 0

    def add(self, data: bytes) -> None:
        self._files.append(data)
        self._size += len(data)
        if self._size > _BATCH:
            self.flush()

    def flush(self) -> None:
        if self._files:
            self._git.write_blobs(self._files)
        self._files, self._size = [], 0
