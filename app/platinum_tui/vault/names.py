"""The names of files: what a taken name becomes, what lies beside a request, what no request is called."""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

REQUEST_SUFFIXES = (".md", ".json")
_SUFFIX_SPELLINGS = frozenset(
    "".join(letters)
    for suffix in REQUEST_SUFFIXES
    for letters in itertools.product(*zip(suffix, suffix.upper(), strict=True))
)
"""Every suffix of a request, in any case: files that differ in nothing else share their sidecars."""
_LONGEST = 255
"""Bytes of a file name on every common file system."""
_MOST_NAMES = 20
"""How many names one file is thought to have been given: so many of its id never lie in one folder."""
_DECISION, _RECEIPT = ".decision.json", ".receipt.json"
_UNFINISHED = ("~", ".tmp", ".part", ".swp", ".crdownload")
"""What editors, downloads and sync tools put behind the name of a file that they are still writing."""
_FOREIGN_SUFFIX = re.compile(r"(?<=.)\.[A-Za-z0-9]{1,10}$")
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_SYNC_TOOL = r"""
    \.sync-conflict-                # Syncthing, and what our own sync keeps
    | conflicted[ ]copy             # Dropbox, Obsidian, Nextcloud
    | _conflict-\d{8}               # ownCloud
    """
_SECOND_VERSION = re.compile(_SYNC_TOOL, re.VERBOSE | re.IGNORECASE)
_CONFLICT = re.compile(
    rf"""{_SYNC_TOOL}
    | [ ]\(\d+\)(\.[A-Za-z0-9]+)?$  # browsers and cloud drives: ` (1).md`
    | ~(HEAD)?$                     # editors and git
    """,
    re.VERBOSE | re.IGNORECASE,
)


def free_name(folder: Path, name: str, request_id: str) -> str:
    """A name that is free in a folder: the name itself, else with `.<id>` before its suffix, else counted on.

    A name counts as taken, too, if a request of the same stem and another suffix lies there, for both would claim one
    receipt; and if a decision or a receipt does, for it would pass for this one's. The answer may be stale when it is
    used; moves that never replace make that harmless.

    Args:
        folder: where the file shall lie.
        name: the name it would like.
        request_id: what tells it apart; made safe for a name here.
    """
    names = (each for each in names_for(name, request_id) if not is_taken(folder, each))
    return next(each for each in names if not _has_beside(folder, each))


def names_for(name: str, request_id: str) -> Iterator[str]:
    """The names that a file may get, the one that it would like first; there is no end to them."""
    stem, suffix = split(name)
    if not suffix and (found := _FOREIGN_SUFFIX.search(name)):
        stem, suffix = name[: found.start()], found[0]
    tag = file_safe(request_id)
    tags = itertools.chain(["", f".{tag}"], (f".{tag}.{count}" for count in itertools.count(2)))
    return (_fit(stem, each + suffix) for each in tags)


def is_name_for(name: str, wanted: str, request_id: str) -> bool:
    """Whether a name is one that a file may have got because it would like another one, or that one itself."""
    return name in itertools.islice(names_for(wanted, request_id), _MOST_NAMES)


def is_taken(folder: Path, name: str) -> bool:
    """Whether a name is taken in a folder; a request's also by one of the same stem and another suffix."""
    stem, suffix = split(name)
    place = f"{folder}/{stem}"
    return any(_exists(place + each) for each in (_SUFFIX_SPELLINGS if suffix else ("",)))


def _has_beside(folder: Path, name: str) -> bool:
    """Whether a decision or a receipt lies where a request's would."""
    return split(name)[1] != "" and any(_exists(f"{folder}/{beside(name)}") for beside in (decision_name, receipt_name))


def _exists(path: str) -> bool:
    """As `os.path.lexists`; where the system can be asked so, without an exception for each name that is free."""
    if os.access in os.supports_follow_symlinks:
        return os.access(path, os.F_OK, follow_symlinks=False)
    return os.path.lexists(path)


def file_safe(request_id: str) -> str:
    """An id as part of a file name: letters, digits, `_` and `-`, at most 64 of them."""
    return _UNSAFE.sub("_", request_id)[:64] or "_"


def may_be_request(file: str) -> bool:
    """Whether a file's name, or its path, ends as a request's does."""
    return file[-5:].lower().endswith(REQUEST_SUFFIXES)


def split(name: str) -> tuple[str, str]:
    """A request's file name as stem and suffix (`.md`, `.json`); any other name is all stem."""
    stem, dot, suffix = name.rpartition(".")
    return (stem, dot + suffix) if stem and (dot + suffix).lower() in REQUEST_SUFFIXES else (name, "")


def decision_name(name: str) -> str:
    """What the envelope beside a request is called: `NAME.decision.json`, NAME without the request's suffix."""
    return _fit(split(name)[0], _DECISION)


def receipt_name(name: str) -> str:
    """What the receipt beside an archived request is called: `NAME.receipt.json`."""
    return _fit(split(name)[0], _RECEIPT)


def is_machinery(name: str) -> bool:
    """Whether a file is ours or a program's, not an agent's: envelopes, receipts, hidden and half-written files."""
    return name.startswith(".") or is_sidecar(name) or name.lower().endswith(_UNFINISHED)


def is_sidecar(name: str) -> bool:
    """Whether a file is called like an envelope or a receipt."""
    return name.lower().endswith((_DECISION, _RECEIPT))


def conflict_copy(name: str) -> bool:
    """Whether a sync tool, an editor or a download made this name from another one."""
    return _CONFLICT.search(name) is not None


def second_version(name: str) -> bool:
    """Whether a sync tool made this name, and nobody else, to keep one of two versions of a file."""
    return _SECOND_VERSION.search(name) is not None


def conflict_name(name: str, mark: str) -> str:
    """The name under which the other version of a file is kept; `conflict_copy` recognises it."""
    stem, suffix = split(name)
    return _fit(stem, f".sync-conflict-{file_safe(mark)}{suffix}")


def folded(name: str) -> str:
    """What two names share that some file system takes for one: NFKC, without case (UAX #15, #31)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def portable(path: str) -> str:
    """A path that every ledger, log and other system can hold; nearly all are returned as they are.

    Bytes that are not UTF-8, and backslashes, which elsewhere stand between folders, become U+FFFD: nothing lies there.
    """
    if path.isascii() and "\\" not in path:
        return path
    return os.fsencode(path).decode("utf-8", "replace").replace("\\", "\ufffd")


def _fit(stem: str, ending: str) -> str:
    """Stem and ending, the stem cut where both are too long for a file system; cut stems stay apart by a hash."""
    data = os.fsencode(stem)
    if len(data) + len(ending) <= _LONGEST:
        return stem + ending
    mark = "~" + hashlib.sha256(data).hexdigest()[:8]
    kept = data[: _LONGEST - len(ending) - len(mark)].decode("utf-8", "ignore")
    return kept + mark + ending
