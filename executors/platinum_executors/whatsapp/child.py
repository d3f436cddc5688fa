"""A program that speaks in lines on stdio and lives no longer than this process, however this process ends."""

from __future__ import annotations

import atexit
import contextlib
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence

_VARIABLES = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_RUNTIME_DIR")
"""What the program sees of the environment: no credential."""
_PATIENCE_S = 1.0
"""Seconds that it has to end by itself once its stdin is closed."""
_LAUNCHER = """\
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
if os.getppid() == int(sys.argv[1]):
    os.execvp(sys.argv[2], sys.argv[2:])
"""
"""Asks Linux for SIGKILL at the parent's death (prctl(2), PR_SET_PDEATHSIG), which an exec leaves in force."""


class Child:
    """A running program, in a process group of its own.

    The signal at the parent's death is bound to the thread that started the program: that is the thread which reads
    its lines, and it lives as long as they come.

    Attributes:
        lines: what the program says; an empty text once it says no more.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self.lines: queue.Queue[str] = queue.Queue()
        self._over = threading.Event()
        started: queue.Queue[subprocess.Popen[str] | OSError] = queue.Queue()
        threading.Thread(target=self._live, args=(command, started), daemon=True).start()
        outcome = started.get()
        if isinstance(outcome, OSError):
            raise outcome
        self._process = outcome
        atexit.register(self.stop)

    @property
    def alive(self) -> bool:
        """Whether it runs and can still answer."""
        return not self._over.is_set() and self._process.poll() is None

    def say(self, line: str) -> None:
        """Writes one line.

        Raises:
            OSError: it does not listen any more.
        """
        if self._process.stdin is None:
            raise BrokenPipeError
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def stop(self) -> None:
        """Ends it, and whatever it started; a second time is nothing."""
        atexit.unregister(self.stop)
        with contextlib.suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _live(self, command: Sequence[str], started: queue.Queue[subprocess.Popen[str] | OSError]) -> None:
        environment = {name: os.environ[name] for name in _VARIABLES if name in os.environ}
        try:
            process = subprocess.Popen(
                _launched(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
                text=True,
                encoding="utf-8",
                errors="replace",
                process_group=0,
            )
        except OSError as error:
            started.put(error)
            return
        started.put(process)
        for line in process.stdout or ():
            self.lines.put(line)
        self._over.set()
        self.lines.put("")


def _launched(command: Sequence[str]) -> list[str]:
    if shutil.which(command[0]) is None:
        raise FileNotFoundError(2, "there is no such program", command[0])
    if sys.platform != "linux":
        return list(command)
    return [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(os.getpid()), *command]
