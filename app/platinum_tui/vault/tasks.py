"""Tasks: what lies in Needs_Action/ and In_Progress/. A claim is a move that never replaces."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from platinum_tui.model.errors import Ambiguous, Failed, NotFound
from platinum_tui.model.text import safe_line
from platinum_tui.vault.folders import Folder, Vault
from platinum_tui.vault.names import REQUEST_SUFFIXES, free_name, is_machinery, portable, split
from platinum_tui.vault.placing import move_in_vault
from platinum_tui.vault.reading import Reason, Unreadable, probe_in_vault, read_in_vault

TITLE_LENGTH = 120
_LOOKED_AT = 4096
"""Bytes of a task in which its title is looked for."""
_REMEDY = "`platinum-tui tasks` lists the tasks and where they lie."


@dataclass(frozen=True, slots=True)
class Task:
    """One task.

    Attributes:
        file: the vault-relative path, with `/`.
        domain: the sub-folder of Needs_Action/, or of the claimer's folder, that it lies in; empty at the top.
        claimed_by: the machine or agent in whose folder it lies; None while it waits.
        title: its first heading, or its file's name; safe text in one line.
    """

    file: str
    domain: str
    claimed_by: str | None
    title: str

    @property
    def name(self) -> str:
        """The file's name."""
        return self.file.rpartition("/")[2]

    @property
    def obstacle(self) -> Reason | None:
        """Why it is shown and nothing else; None where it can be read and moved."""
        return Reason.BAD_NAME if portable(self.file) != self.file else None


def list_tasks(vault: Vault, requests: Collection[str] = ()) -> Iterator[Task]:
    """Every task, by path: those that wait, ours, and those of other agents, which are shown and never touched.

    Args:
        vault: where they lie.
        requests: vault-relative paths in this machine's folder that are requests in execution, not tasks.
    """
    for file, domain in _files(vault, Folder.NEEDS_ACTION):
        yield Task(file, domain, None, _title(vault, file))
    for file, below in _files(vault, Folder.IN_PROGRESS):
        claimer, _, domain = below.partition("/")
        if claimer and file not in requests:
            yield Task(file, domain, claimer, _title(vault, file))


def find_task(tasks: Collection[Task], name: str) -> Task:
    """The task of that path, file name with or without suffix, or unique beginning of a file name.

    Raises:
        NotFound: there is none.
        Ambiguous: there are several.
    """
    for fits in (
        lambda task: name == task.file,
        lambda task: name in {task.name, split(task.name)[0]},
        lambda task: task.name.startswith(name),
    ):
        found = [task for task in tasks if fits(task)]
        if len(found) == 1:
            return found[0]
        if found:
            raise Ambiguous(
                "More than one task has a name that begins like this.",
                remedy=f"Give one of these paths: {', '.join(safe_line(task.file) for task in found)}.",
            )
    raise NotFound(f"No such task: {safe_line(name)}.", remedy=_REMEDY)


def claim_task(vault: Vault, file: str) -> str:
    """Move a waiting task into this machine's folder, under the same domain. Of several claimers one succeeds.

    Returns:
        The vault-relative path where it lies now.

    Raises:
        NotFound: it does not wait there, or another was first.
        Failed: a task of that name is already claimed.
    """
    below = _below(vault, file, Folder.NEEDS_ACTION)
    return _move(vault, file, f"{_ours(vault)}/{below}")


def release_task(vault: Vault, file: str, back_to: str | None = None) -> str:
    """Move a task that this machine has claimed back to where it waited.

    Args:
        vault: where it lies.
        file: its vault-relative path now.
        back_to: the path in Needs_Action/ where it came from; by default its domain's folder there.

    Returns:
        The vault-relative path where it lies now.

    Raises:
        NotFound: this machine has not claimed it.
        Failed: a task of that name waits there already.
    """
    below = _below(vault, file, _ours(vault))
    if back_to is not None:
        below = _below(vault, back_to, Folder.NEEDS_ACTION, must_exist=False)
    return _move(vault, file, f"{Folder.NEEDS_ACTION}/{below}")


def complete_task(vault: Vault, file: str) -> str | None:
    """Move a task to Done/, from where it was named or from where this machine has claimed it meanwhile.

    Args:
        vault: where it lies.
        file: its path as a request gives it: untrusted.

    Returns:
        The vault-relative path in Done/; None where there is no such task of ours or of nobody, or it is done already.

    Raises:
        Unreadable: the machine does not let us see whether it is there.
        Failed: it cannot be moved.
    """
    for candidate in _whereabouts(vault, file):
        done = free_name(vault.folder(Folder.DONE), candidate.rpartition("/")[2], _tag(candidate))
        try:
            return _move(vault, candidate, f"{Folder.DONE}/{done}")
        except NotFound:
            continue
    return None


def claimed_place(vault: Vault, file: str) -> str | None:
    """Where a task lies, as a request names it, if this machine has claimed it; None where it has not."""
    ours = f"{_ours(vault)}/"
    return next((place for place in _whereabouts(vault, file) if place.startswith(ours)), None)


def _whereabouts(vault: Vault, file: str) -> Iterator[str]:
    waiting, ours = f"{Folder.NEEDS_ACTION}/", f"{_ours(vault)}/"
    claimed = [ours + file.removeprefix(waiting), ours + file.rpartition("/")[2]] if file.startswith(waiting) else []
    for candidate in dict.fromkeys([file, *claimed]):
        if candidate.startswith((waiting, ours)) and _is_task(vault, candidate):
            yield candidate


def _below(vault: Vault, file: str, folder: str, *, must_exist: bool = True) -> str:
    """A task's path below a folder that it must lie in."""
    below = file.removeprefix(f"{folder}/")
    inside = below != file and below and ".." not in file.split("/")
    if not inside or (must_exist and not _is_task(vault, file)):
        raise NotFound(f"No such task: {safe_line(file)}.", remedy=_REMEDY)
    return below


def _is_task(vault: Vault, file: str) -> bool:
    """Whether a task lies at a path; raises `Unreadable` where the machine does not let us see."""
    try:
        probe_in_vault(vault, file)
    except ValueError:
        return False
    except Unreadable as error:
        error.raise_if_denied()
        return False
    return not is_machinery(file.rpartition("/")[2])


def _move(vault: Vault, file: str, target: str) -> str:
    try:
        move_in_vault(vault, file, target)
    except FileNotFoundError:
        raise NotFound(f"The task is no longer there: {safe_line(file)}.", remedy=_REMEDY) from None
    except FileExistsError:
        raise Failed(
            f"The name is taken: {safe_line(target)}.", remedy="Complete or rename the other task, then try again."
        ) from None
    except OSError as error:
        raise Failed(f"The task cannot be moved: {error.strerror}.") from error
    return target


def _ours(vault: Vault) -> str:
    return f"{Folder.IN_PROGRESS}/{vault.machine}"


def _tag(file: str) -> str:
    return hashlib.sha256(os.fsencode(file)).hexdigest()[:8]


def _files(vault: Vault, folder: Folder) -> Iterator[tuple[str, str]]:
    """The task files below a folder, by path: (vault-relative path, sub-folder)."""
    top = vault.folder(folder)
    if top.is_symlink():
        return
    for at, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        below = vault.relative(vault.root / at).removeprefix(folder).lstrip("/")
        for name in sorted(names):
            if name.lower().endswith(REQUEST_SUFFIXES) and not is_machinery(name):
                yield "/".join(part for part in (folder.value, below, name) if part), below


def _title(vault: Vault, file: str) -> str:
    title = file.rpartition("/")[2]
    try:
        text = read_in_vault(vault, file).data[:_LOOKED_AT].decode("utf-8", "replace")
    except (Unreadable, ValueError):
        text = ""
    for line in text.splitlines():
        if line.startswith("# ") and line[2:].strip():
            title = line[2:]
            break
    return safe_line(title)[:TITLE_LENGTH]
