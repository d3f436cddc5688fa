"""Changes of the vault's files that become durable together: each folder they touch is opened once and synced once."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from types import TracebackType
from typing import Self

from platinum_tui.vault import moves
from platinum_tui.vault.folders import Folder, Obstructed, Vault
from platinum_tui.vault.names import free_name
from platinum_tui.vault.reading import FileBytes, Reason, Unreadable, read_at

_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
_ROOT = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_OBSTRUCTED = {errno.ENOTDIR, errno.ELOOP, errno.EMLINK}


class Changes:
    """Moves, writes and removals by vault-relative paths; below the root, no component may be a link.

    All are durable when the block ends: the folders that names came to are synced before those that names went from. A
    file's bytes are synced before it gets its name. What was done before an error stays, and is not synced.

    Every method raises `Obstructed` where a link, or something that is no folder, lies on the way; `FileNotFoundError`
    where a folder is missing; `OSError` where the machine refuses; and `ValueError` for a path that is none inside the
    vault.

    Args:
        vault: the vault.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._open: dict[tuple[str, ...], int] = {}
        self._gained: dict[int, None] = {}
        self._lost: dict[int, None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            for folder in {**self._gained, **self._lost} if kind is None else ():
                moves.sync_folder(folder)
        finally:
            for folder in self._open.values():
                os.close(folder)

    def folder(self, relative: str) -> int:
        """A descriptor of a folder, open until the block ends."""
        return self._folder(self._vault.parts(relative))

    def move(self, file: str, target: str) -> None:
        """Move a file so that no other is ever replaced; the target's folder is made if missing.

        Raises:
            FileExistsError: the target's name is taken.
            FileNotFoundError: the file is gone.
        """
        here, name = self._place(file)
        there, new_name = self._place(target, make=True)
        moves.rename_at(here, name, there, new_name)
        self._gained[there] = self._lost[here] = None

    def create(self, file: str, data: bytes) -> None:
        """Write a new file of ours, whole or not at all; a folder, link or pipe of its name is set aside.

        Raises:
            FileExistsError: a plain file of that name is there.
        """
        folder, name = self._place(file)
        if not _is_plain(folder, name):
            self.set_aside(file)
        moves.publish_at(folder, name, data)
        self._gained[folder] = None

    def replace(self, file: str, data: bytes) -> None:
        """Write a plain file of ours anew; whoever reads sees all of the old or all of the new."""
        folder, name = self._place(file)
        moves.put_at(folder, name, data)
        self._gained[folder] = None

    def remove(self, file: str) -> None:
        """Remove a file of ours, where there is one; a folder of its name is a stranger's and stays."""
        with contextlib.suppress(FileNotFoundError, IsADirectoryError):
            folder, name = self._place(file)
            if not stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
                os.unlink(name, dir_fd=folder)
                self._lost[folder] = None

    def set_aside(self, file: str) -> None:
        """Move whatever lies at a path to Quarantine/, under a free name."""
        name = file.rpartition("/")[2]
        while True:
            target = f"{Folder.QUARANTINE}/{free_name(self._vault.folder(Folder.QUARANTINE), name, 'planted')}"
            try:
                return self.move(file, target)
            except FileExistsError:
                continue
            except FileNotFoundError:
                return None

    def read(self, file: str) -> FileBytes:
        """A small file, as `reading.read_in_vault` reads it.

        Raises:
            Unreadable: with the reason.
        """
        try:
            folder, name = self._place(file)
        except Obstructed as error:
            raise Unreadable(Reason.SYMLINK) from error
        except FileNotFoundError as error:
            raise Unreadable(Reason.MISSING) from error
        except OSError as error:
            raise Unreadable(Reason.DENIED) from error
        return read_at(folder, name)

    def _place(self, file: str, *, make: bool = False) -> tuple[int, str]:
        """A file's folder, opened, and its name."""
        *folders, name = self._vault.parts(file)
        try:
            return self._folder(tuple(folders)), name
        except FileNotFoundError:
            if not make:
                raise
        self._vault.make("/".join(folders))
        return self._folder(tuple(folders)), name

    def _folder(self, parts: tuple[str, ...]) -> int:
        found = self._open.get(parts)
        if found is None:
            found = self._open[parts] = self._opened(parts)
        return found

    def _opened(self, parts: tuple[str, ...]) -> int:
        if not parts:
            return os.open(self._vault.root, _ROOT)
        try:
            return os.open(parts[-1], _FOLDER, dir_fd=self._folder(parts[:-1]))
        except OSError as error:
            if error.errno not in _OBSTRUCTED:
                raise
            path = self._vault.root.joinpath(*parts)
            raise Obstructed(self._vault.relative(path), path.is_symlink()) from error


def _is_plain(folder: int, name: str) -> bool:
    """Whether a name is free, or that of a plain file."""
    try:
        return stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return True
