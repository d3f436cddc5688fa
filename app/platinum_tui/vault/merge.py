"""What a pull changes, file by file: nobody's bytes are lost, and no file is mixed from two."""

from __future__ import annotations

import enum
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from platinum_tui.vault.folders import Folder
from platinum_tui.vault.git import Change, Leaf
from platinum_tui.vault.names import conflict_name

_QUEUE = {
    folder.value
    for folder in (
        Folder.PENDING,
        Folder.APPROVED,
        Folder.REJECTED,
        Folder.NEEDS_ATTENTION,
        Folder.QUARANTINE,
        Folder.IN_PROGRESS,
    )
}


class Clash(enum.StrEnum):
    """How two machines changed one file."""

    BOTH_CHANGED = "changed here and there: ours stays, theirs lies beside it"
    GONE_HERE = "moved or removed here, changed there: theirs lies where it was"
    GONE_THERE = "changed here, moved or removed there: ours stays"
    IN_THE_WAY = "a folder there is a file here, or the other way round: theirs lies beside it"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One file that two machines changed, each its own way. Both versions are kept.

    Attributes:
        file: the vault-relative path.
        clash: how it was changed.
        other: where their version lies, if not there; queue folders' lie in Needs_Attention/.
    """

    file: str
    clash: Clash
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a merge makes of our tree.

    Attributes:
        changes: what paths hold afterwards that they do not hold in ours; None: nothing.
        conflicts: what a person, or the ledger, has to settle.
        refused: paths that no vault may hold; they are left out.
        doubled: the same bytes moved to one folder here and to another there: (ours, theirs).
    """

    changes: Mapping[str, Leaf | None]
    conflicts: tuple[Conflict, ...] = ()
    refused: tuple[str, ...] = ()
    doubled: tuple[tuple[str, str], ...] = ()


def plan_merge(
    ours: Mapping[str, Change],
    theirs: Mapping[str, Change],
    mark: str,
    *,
    edited: Callable[[str, Change], bool],
    combined: Callable[[str, Change, Change], Leaf | None],
) -> Plan:
    """Settle two sets of changes to one base.

    Args:
        ours: what we changed, by path.
        theirs: what they changed, by path.
        mark: what the names of their versions are marked with.
        edited: whether a file of ours that only they changed has been edited since our last commit.
        combined: a version that holds what both wrote, for files where that makes sense; None for others.
    """
    changes: dict[str, Leaf | None] = {}
    conflicts: list[Conflict] = []
    refused: list[str] = []
    in_the_way = _Obstacles(ours)

    def set_aside(path: str, clash: Clash, leaf: Leaf) -> None:
        other = other_place(path, mark)
        changes[other] = leaf
        conflicts.append(Conflict(path, clash, other))

    for path, change in sorted(theirs.items()):
        new, mine = change.new, ours.get(path)
        if new is not None and not _acceptable(path):
            refused.append(path)
        elif mine is None:
            if new is not None and path in in_the_way:
                set_aside(path, Clash.IN_THE_WAY, new)
            elif not edited(path, change):
                changes[path] = new
            elif new is not None:
                set_aside(path, Clash.BOTH_CHANGED, new)
            else:
                conflicts.append(Conflict(path, Clash.GONE_THERE))
        elif mine.new == new:
            continue
        elif new is None:
            conflicts.append(Conflict(path, Clash.GONE_THERE))
        elif mine.new is None:
            changes[path] = new
            conflicts.append(Conflict(path, Clash.GONE_HERE))
        elif both := combined(path, mine, change):
            changes[path] = both
        else:
            set_aside(path, Clash.BOTH_CHANGED, new)
    return Plan(changes, tuple(conflicts), tuple(refused), tuple(_doubled(ours, theirs)))


def without_repeats(both: bytes, ours: bytes, theirs: bytes) -> bytes:
    """A union of two versions in which no list item stands more often than in the one that has it more often.

    Both add the line of one event, each at its own place: a union by lines alone has it twice.
    """
    left = Counter(ours.splitlines(keepends=True)) | Counter(theirs.splitlines(keepends=True))
    kept = []
    for line in both.splitlines(keepends=True):
        left[line] -= 1
        if left[line] >= 0 or not line.startswith(b"- "):
            kept.append(line)
    return b"".join(kept)


def other_place(path: str, mark: str) -> str:
    """Where their version of a file goes that cannot lie at its path: for the queue's folders in Needs_Attention/."""
    folder, _, name = path.rpartition("/")
    apart = hashlib.sha256(os.fsencode(path)).hexdigest()[:4]
    place = Folder.NEEDS_ATTENTION.value if path.split("/")[0] in _QUEUE else folder
    return f"{place}/{conflict_name(name, f'{mark}-{apart}')}".lstrip("/")


class _Obstacles:
    """Paths that cannot be a file because of what we added: a folder of ours, or below a file of ours."""

    def __init__(self, ours: Mapping[str, Change]) -> None:
        self._files = {path for path, change in ours.items() if change.new is not None}
        self._folders = {above for path in self._files for above in _above(path)}

    def __contains__(self, path: str) -> bool:
        return path in self._folders or any(above in self._files for above in _above(path))


def _above(path: str) -> Iterable[str]:
    return (parent.as_posix() for parent in PurePosixPath(path).parents)


def _acceptable(path: str) -> bool:
    """Whether git and the vault may hold a path: no climbing, no backslash, nothing that any disk takes for `.git`."""
    parts = path.split("/")
    if "\\" in path or any(part in {"", ".", ".."} for part in parts):
        return False
    bare = ("".join(c for c in part.casefold() if c.isascii()).rstrip(" .").split(":")[0] for part in parts)
    return not any(part == ".git" or part.startswith("git~") for part in bare)


def _doubled(ours: Mapping[str, Change], theirs: Mapping[str, Change]) -> Iterable[tuple[str, str]]:
    mine = {oid: path for path, oid in _arrivals(ours)}
    for path, oid in _arrivals(theirs):
        if oid in mine and mine[oid] != path:
            yield mine[oid], path


def _arrivals(changes: Mapping[str, Change]) -> Iterable[tuple[str, str]]:
    for path, change in changes.items():
        if change.old is None and change.new is not None and path.split("/")[0] in _QUEUE:
            yield path, change.new.oid
