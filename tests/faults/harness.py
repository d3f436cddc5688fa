"""Runs of the real program in processes of their own, that can be watched, killed and failed at any system call."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platinum_tui import service as service_module
from platinum_tui.execution.connection import Answer, NoAnswer
from platinum_tui.execution.servers import LocalServers
from platinum_tui.model.errors import PlatinumError
from platinum_tui.review.house import House
from platinum_tui.service import Service as Program

from . import services
from .scene import Scene

Work = Callable[[Scene, Program], None]


class ForkedServers(LocalServers):
    """The scene's service in a process of its own at the other end of a socket; it outlives the executor's death."""

    scene: Scene

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._peer: socket.socket | None = None
        self.pid = 0

    def ready(self, server: str) -> None:
        """It is forked with the call; no other is started."""

    def call(
        self,
        server: str,
        tool: str,
        arguments: Mapping[str, Any],
        *,
        meta: Mapping[str, Any] | None = None,
        deadline_s: float,
    ) -> Answer:
        peer = self._peer or self.start()
        try:
            peer.sendall(json.dumps({"tool": tool, "arguments": dict(arguments), "meta": meta}).encode() + b"\n")
            answered = _line(peer)
        except OSError:
            answered = b""
        if not answered:
            self._peer = None
            raise NoAnswer("The service ended in the middle of the call.")
        said = json.loads(answered)
        return Answer(said["is_error"], said["content"], "")

    def start(self) -> socket.socket:
        """Fork the service; it inherits its socket and the scene's `alive` pipe, nothing else."""
        ours, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            self._serve(theirs)
        theirs.close()
        self._peer = ours
        return ours

    def close(self) -> None:
        if self._peer:
            self._peer.close()
            os.waitpid(self.pid, 0)
            self._peer = None

    def _serve(self, peer: socket.socket) -> None:
        try:
            kept = sorted({peer.fileno(), ALIVE})
            for low, high in zip([3, *(fd + 1 for fd in kept)], [*kept, 4096], strict=True):
                os.closerange(low, high)
            house, scene = self._house, self.scene
            journal = services.Journal(scene.journal)
            _, server = services.served(scene.service, journal, house.configuration, house.vault_id, house.clock)
            while line := _line(peer):
                reply = json.dumps(services.answer(server, json.loads(line))).encode() + b"\n"
                with contextlib.suppress(OSError):
                    peer.sendall(reply)
        finally:
            os._exit(0)


LONGEST_RUN_S = 10
ALIVE = 199
"""The descriptor that every process of a run holds: when nobody does any more, the run is over."""


@dataclass(frozen=True)
class Ended:
    """How a run ended: its exit status as `os.waitpid` gives it, and what strace wrote."""

    status: int
    trace: str

    @property
    def killed(self) -> bool:
        return os.WIFSIGNALED(self.status)

    @property
    def clean(self) -> bool:
        return os.WIFEXITED(self.status) and os.WEXITSTATUS(self.status) == 0


def run(
    scene: Scene,
    number: int,
    work: Work,
    *,
    strace: tuple[str, ...] = (),
    on_service: bool = False,
    mutate: Callable[[], None] = lambda: None,
) -> Ended:
    """One run of the program in a child process, under strace from right before the work on if it is asked for.

    Args:
        scene: the machine.
        number: the how-manieth run it is: each is a minute later.
        work: what the program does.
        strace: its options.
        on_service: whether it is the service's process that strace looks at.
        mutate: plants a bug, in the child only.
    """
    alive, held = os.pipe()
    ready, told = os.pipe()
    waits, go = os.pipe()
    child = os.fork()
    if child == 0:
        _child(scene, number, work, mutate, held, told, waits)
    os.close(held), os.close(told), os.close(waits)
    pid = int(_all(ready) or child)
    trace = scene.root / "trace"
    tracer = _traced(pid if on_service else child, strace, trace) if strace else None
    with contextlib.suppress(BrokenPipeError):
        os.write(go, b"g")
    os.close(go)
    _, status = os.waitpid(child, 0)
    _all(alive)
    if tracer:
        tracer.wait(10)
    return Ended(status, trace.read_text(errors="replace") if strace else "")


def _child(scene: Scene, number: int, work: Work, mutate: Callable[[], None], held: int, told: int, waits: int) -> None:
    code = 70
    try:
        os.dup2(held, ALIVE)
        os.close(held)
        quiet = os.open(os.devnull, os.O_RDWR)
        if not os.environ.get("FAULTS_LOUD"):
            os.dup2(quiet, 1), os.dup2(quiet, 2)
        ForkedServers.scene = scene
        service_module.LocalServers = ForkedServers  # type: ignore[misc]
        mutate()
        program = Program(scene.open(number))
        servers = program.servers
        signal.alarm(LONGEST_RUN_S)
        servers.start()
        os.write(told, str(servers.pid).encode())
        os.close(told)
        os.read(waits, 1)
        work(scene, program)
        code = 0
    except (PlatinumError, OSError) as error:
        if os.environ.get("FAULTS_LOUD"):
            import traceback

            traceback.print_exc()
        code = 1 if isinstance(error, PlatinumError) else 2
    except BaseException:
        import traceback

        (scene.root / "crash.txt").write_text(traceback.format_exc())
        raise
    finally:
        os._exit(code)


def _traced(pid: int, options: tuple[str, ...], output: Path) -> subprocess.Popen[bytes]:
    tracer = subprocess.Popen(
        ["strace", "-qq", "-y", "-s", "64", "-o", str(output), *options, "-p", str(pid)],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    status = Path(f"/proc/{pid}/status")
    for _ in range(2000):
        if "TracerPid:\t0\n" not in status.read_text():
            return tracer
        time.sleep(0.001)
    tracer.send_signal(signal.SIGKILL)
    raise TimeoutError("strace does not attach")


def _line(peer: socket.socket) -> bytes:
    received = b""
    while not received.endswith(b"\n"):
        piece = peer.recv(65536)
        if not piece:
            return b""
        received += piece
    return received


def _all(descriptor: int) -> bytes:
    received = b""
    try:
        while piece := os.read(descriptor, 4096):
            received += piece
    finally:
        os.close(descriptor)
    return received
