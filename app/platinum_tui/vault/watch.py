"""The doorbell: something changed in the vault, look again. It tells where; what is there is found out by looking."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from platinum_tui.vault.folders import Folder, Vault

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent, FileSystemEventHandler
    from watchdog.observers.api import BaseObserver, ObservedWatch

WINDOW = 0.05
"""Seconds in which further events are folded into one more ring."""
_LONGEST_STOP = 2.0
_MOST = 100
"""Files that are named in one ring; where it was more of them, none is."""
_WATCHED = (
    Folder.PENDING,
    Folder.APPROVED,
    Folder.REJECTED,
    Folder.NEEDS_ATTENTION,
    Folder.QUARANTINE,
    Folder.IN_PROGRESS,
    Folder.NEEDS_ACTION,
    Folder.UPDATES,
    Folder.SIGNALS,
)


class Doorbell:
    """Rings when files come, go or change in the vault's folders: at once, then at most once in `WINDOW` seconds.

    It rings, too, when one of some single files elsewhere comes or goes.

    It rings in a thread of its own, and once when watching has begun. In a burst the system drops events, and some
    file systems send none: a periodic scan has to stand behind it.

    Args:
        vault: whose folders are watched.
        ring: is given the vault-relative paths of the files; None where it may be any of them.
        window_closed: is called when further events are folded no more: for whom a ring is not urgent.
        marks: the single files; their folders are there.

    Attributes:
        reason: why it does not watch; None while it does.
    """

    def __init__(
        self,
        vault: Vault,
        ring: Callable[[frozenset[str] | None], None],
        window_closed: Callable[[], None],
        marks: Iterable[Path] = (),
    ) -> None:
        self._vault = vault
        self._ring = ring
        self._window_closed = window_closed
        self._marks = frozenset(marks)
        self._touched = _Touched(vault.root)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="doorbell", daemon=True)
        self.reason: str | None = "watching has not begun"

    @property
    def alive(self) -> bool:
        """Whether changes ring; if not, `reason` says why, and the periodic scan does the work."""
        return self.reason is None and self._thread.is_alive()

    def start(self) -> None:
        """Begin to watch; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End it, once and for all. No ring begins after this returned."""
        self._stopped.set()
        self._touched.somewhere()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(_LONGEST_STOP)

    def _run(self) -> None:
        overflow = _Overflow(self._touched)
        log = logging.getLogger("watchdog.observers")
        log.addHandler(overflow)
        try:
            self._watch()
            self.reason = "watching has ended"
        except OSError as error:
            self.reason = f"the system gives no events: {error.strerror or error}"
        finally:
            log.removeHandler(overflow)

    def _watch(self) -> None:
        """Watch until it is stopped. A flood ends a watch: watchdog would be busy with it long after it is over."""
        from watchdog.observers import Observer

        while not self._stopped.is_set():
            observer = Observer()
            folders = _Watches(observer, self._vault, self._touched)
            _watch_marks(observer, self._marks, self._touched)
            try:
                observer.start()
                self._touched.somewhere()
                self._listen(folders)
            finally:
                observer.stop()

    def _listen(self, folders: _Watches) -> None:
        """Ring for what comes, until it comes in a flood; the watch after it begins with a look at everything."""
        while self._touched.wait() and not self._stopped.is_set():
            files, flood = self._touched.take()
            if flood:
                self.reason = "a flood of changes: watching begins anew"  # until then, nobody relies on what is told
                return
            watched_all = not folders.renew()
            self.reason = None
            self._ring(files if watched_all else None)
            if not self._stopped.wait(WINDOW):
                self._window_closed()


class _Touched:
    """Which files were touched since it was asked last.

    Args:
        root: the vault's.
    """

    def __init__(self, root: Path) -> None:
        self._below = f"{root}{os.sep}"
        self._lock = threading.Lock()
        self._any = threading.Event()
        self._files: set[str] = set()
        self._anywhere = False

    def file(self, path: str) -> None:
        """A file of that path was touched."""
        if not path.startswith(self._below):
            self.somewhere()
            return
        with self._lock:
            if len(self._files) <= _MOST:
                self._files.add(path[len(self._below) :].replace(os.sep, "/"))
            self._any.set()

    def somewhere(self) -> None:
        """Files were touched, and nobody knows which."""
        with self._lock:
            self._anywhere = True
            self._any.set()

    def wait(self) -> bool:
        """Wait until any was touched."""
        return self._any.wait()

    def take(self) -> _Touches:
        """What was touched, once."""
        with self._lock:
            self._any.clear()
            files, self._files = frozenset(self._files), set()
            anywhere, self._anywhere = self._anywhere, False
        flood = len(files) > _MOST
        return _Touches(None if anywhere or flood else files, flood)


class _Touches(NamedTuple):
    """What was touched in one window."""

    files: frozenset[str] | None
    """None where it may be any."""
    flood: bool
    """Whether it was more files than can be told."""


class _Watches:
    """What is watched now: each request folder with all below it, and the root for folders that come and go."""

    def __init__(self, observer: BaseObserver, vault: Vault, touched: _Touched) -> None:
        self._observer = observer
        self._root = vault.root
        self._paths = (vault.root, *(vault.folder(folder) for folder in _WATCHED))
        self._handler = _handler(touched)
        self._watched: dict[Path, tuple[int, ObservedWatch]] = {}

    def renew(self) -> bool:
        """Watch each folder that is not the one watched so far: git removes empty ones and makes them anew.

        Returns:
            Whether there was any.

        Raises:
            OSError: the system's limit of watches is reached.
        """
        renewed = False
        for path in self._paths:
            inode = path.stat(follow_symlinks=False).st_ino if path.is_dir() else None
            known, watch = self._watched.get(path, (None, None))
            if known == inode:
                continue
            renewed = True
            if watch is not None:
                self._observer.unschedule(watch)
                del self._watched[path]
            if inode is not None:
                self._watched[path] = inode, self._schedule(path)
        return renewed

    def _schedule(self, path: Path) -> ObservedWatch:
        from watchdog import events

        # Linux tells when a writer closes the file, once; elsewhere each write is an event. Opening never is one:
        # our own reading would ring.
        written = events.FileClosedEvent if sys.platform == "linux" else events.FileModifiedEvent
        folders: list[type[FileSystemEvent]] = [events.DirCreatedEvent, events.DirMovedEvent, events.DirDeletedEvent]
        files: list[type[FileSystemEvent]] = [
            events.FileCreatedEvent,
            events.FileMovedEvent,
            events.FileDeletedEvent,
            written,
        ]
        if path == self._root:
            return self._observer.schedule(self._handler, str(path), event_filter=folders)
        return self._observer.schedule(self._handler, str(path), recursive=True, event_filter=[*folders, *files])


def _watch_marks(observer: BaseObserver, marks: Collection[Path], touched: _Touched) -> None:
    """Watch files that come and go, and nothing else in their folders."""
    from watchdog import events

    class Mark(events.FileSystemEventHandler):
        def dispatch(self, event: FileSystemEvent) -> None:
            if any(Path(os.fsdecode(path)) in marks for path in (event.src_path, event.dest_path) if path):
                touched.somewhere()

    comes_or_goes = [events.FileCreatedEvent, events.FileMovedEvent, events.FileDeletedEvent]
    for folder in {mark.parent for mark in marks}:
        observer.schedule(Mark(), str(folder), event_filter=comes_or_goes)


def _handler(touched: _Touched) -> FileSystemEventHandler:
    from watchdog.events import FileSystemEventHandler

    class Touch(FileSystemEventHandler):
        def dispatch(self, event: FileSystemEvent) -> None:
            if event.is_directory:
                touched.somewhere()
                return
            for path in (event.src_path, event.dest_path):
                if path:
                    touched.file(os.fsdecode(path))

    return Touch()


class _Overflow(logging.Handler):
    """Hears the log record that is the only sign of lost events."""

    def __init__(self, touched: _Touched) -> None:
        super().__init__(logging.WARNING)
        self._touched = touched

    def emit(self, _record: logging.LogRecord) -> None:
        """Look again, everywhere."""
        self._touched.somewhere()
