"""Servers and their couriers: what a death on the way means, and what is left in the memory of who executes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from platinum_tui.execution.connection import Connection, NeverSent, NoAnswer
from platinum_tui.execution.servers import LocalServers

SERVER = """
import os, sys, time
from mcp.server import MCPServer

server = MCPServer("story")

@server.tool()
def note(words: str) -> dict[str, str]:
    open(sys.argv[1], "a").write(words + "\\n")
    return {"noted": words}

@server.tool()
def linger(words: str) -> dict[str, str]:
    open(sys.argv[1], "a").write(words + "\\n")
    time.sleep(60)
    return {}

@server.tool()
def die() -> dict[str, str]:
    os._exit(1)

server.run("stdio")
"""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes.txt"


@pytest.fixture
def connect(tmp_path: Path, notes: Path) -> Iterator[Callable[[], Connection]]:
    program = tmp_path / "server.py"
    program.write_text(SERVER)
    opened: list[Connection] = []

    def connect() -> Connection:
        opened.append(Connection("story", {"command": sys.executable, "args": [str(program), str(notes)]}))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


def wait_until(holds: Callable[[], object], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.02)


def courier_of(connection: Connection) -> int:
    return connection._courier.pid


def test_calls_are_answered_one_after_the_other(connect, notes):
    connection = connect()
    answers = [connection.call("note", {"words": f"{n} ü\n"}, None, 30) for n in range(3)]
    assert [answer.content for answer in answers] == [{"noted": f"{n} ü\n"} for n in range(3)]
    wrong = connection.call("note", {}, None, 30)
    assert wrong.is_error
    assert wrong.text
    long = connection.call("note", {"words": "x" * 3_000_000}, None, 30)
    assert len(long.content["noted"]) == 3_000_000


def test_a_courier_that_died_before_the_call_has_sent_nothing(connect, notes):
    connection = connect()
    os.kill(courier_of(connection), signal.SIGKILL)
    connection._courier.wait()
    assert not connection.alive
    with pytest.raises(NeverSent):
        connection.call("note", {"words": "x"}, None, 30)
    assert not notes.exists()


def test_a_courier_that_dies_after_the_call_was_sent_leaves_it_unknown(connect, notes):
    connection = connect()
    killer = subprocess.Popen(
        ["sh", "-c", f"while ! test -s {notes}; do sleep 0.05; done; kill -9 {courier_of(connection)}"]
    )
    with pytest.raises(NoAnswer):
        connection.call("linger", {"words": "sent"}, None, 60)
    killer.wait()
    assert notes.read_text() == "sent\n"


def test_a_server_that_dies_in_the_middle_of_a_call_leaves_it_unknown(connect):
    with pytest.raises(NoAnswer):
        connect().call("die", {}, None, 60)


def test_a_server_that_does_not_answer_in_time_leaves_it_unknown(connect, notes):
    connection = connect()
    with pytest.raises(NoAnswer):
        connection.call("linger", {"words": "sent"}, None, 1)
    assert notes.read_text() == "sent\n"


def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_one(connect, notes, monkeypatch):
    monkeypatch.setattr("platinum_tui.execution.connection._GRACE_S", 0.0)
    connection = connect()
    os.kill(courier_of(connection), signal.SIGSTOP)
    with pytest.raises(NoAnswer):
        connection.call("note", {"words": "first"}, None, 1)
    os.kill(courier_of(connection), signal.SIGCONT)
    with pytest.raises(NeverSent):
        connection.call("note", {"words": "second"}, None, 30)


def test_what_does_not_start_was_never_asked():
    with pytest.raises(NeverSent, match="does not start"):
        Connection("story", {"command": "/nonexistent/server", "args": []})
    with pytest.raises(NeverSent, match="does not start"):
        Connection("story", {"command": sys.executable, "args": ["-c", "print('no MCP')"]})


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"command": "false", "args": []}, "it ended before it answered."),
        ({"command": sys.executable, "args": ["-c", "print('no MCP')"]}, "it ended before it answered."),
        ({"command": "/nonexistent/server", "args": []}, "there is no program /nonexistent/server."),
        ({"command": "/etc/passwd", "args": []}, "/etc/passwd may not be run."),
        ({"url": "http://127.0.0.1:9/mcp"}, "nothing answers at its address."),
    ],
)
def test_why_it_does_not_start_is_said_in_words(where, said):
    with pytest.raises(NeverSent) as refusal:
        Connection("story", where)
    assert refusal.value.message == f"The server story does not start: {said}"


def test_when_it_is_closed_neither_courier_nor_server_stays(connect):
    connection = connect()
    children = Path(f"/proc/{courier_of(connection)}/task/{courier_of(connection)}/children")
    if not children.exists():
        pytest.skip("needs /proc")
    (server,) = children.read_text().split()
    assert connection.idle_s < 30
    connection.close()
    assert not connection.alive
    wait_until(lambda: not Path(f"/proc/{server}").exists())


def test_a_failure_that_is_told_late_leaves_the_server_that_was_started_since_to_be_stopped(
    home, tmp_path, notes, monkeypatch
):
    """Two threads use one server, its courier dies, and who was in the middle of a call hears of that last."""
    begun, may_hear = threading.Event(), threading.Event()

    class HeardLate(Connection):
        def call(self, *asked):
            begun.set()
            try:
                return super().call(*asked)
            except (NeverSent, NoAnswer):
                may_hear.wait()
                raise

    def one_call() -> None:
        with contextlib.suppress(NeverSent, NoAnswer):
            servers.call("story", "linger", {"words": "rent"}, deadline_s=30)

    monkeypatch.setattr("platinum_tui.execution.servers.Connection", HeardLate)
    program = tmp_path / "server.py"
    program.write_text(SERVER)
    home.configure(f"[servers.story]\ncommand = {json.dumps([sys.executable, str(program), str(notes)])}\n")
    servers = LocalServers(home.house)
    servers.ready("story")
    first = servers._connections["story"]
    caller = threading.Thread(target=one_call)
    caller.start()
    begun.wait()
    os.kill(courier_of(first), signal.SIGKILL)
    first._courier.wait()
    servers.ready("story")
    second = servers._connections["story"]
    may_hear.set()
    caller.join()

    assert servers._connections == {"story": second}
    assert second.alive
    servers.close()
    assert not second.alive


def test_whoever_executes_loads_neither_the_sdk_nor_asyncio():
    code = (
        "import sys; from platinum_tui.execution.connection import Connection;"
        "import platinum_tui.service;"
        "print(sorted({'mcp', 'asyncio', 'pydantic', 'httpx'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
