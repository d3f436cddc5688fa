"""Nothing that a file, a name or a reason holds reaches the terminal as a control character, by whatever command."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from tests.support.machine import mail_server, new_machine

from platinum_tui.cli import main

SAMPLES = Path(__file__).parents[1] / "samples" / "requests"
ACTING = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9\xaa-\xae]|[\xf8-\xff]")
"""C0 but the line end and the tabulator, DEL, C1, the separators and overrides of Unicode, and what is no UTF-8."""
LOUD = "\x1b[2J\x1b]0;t\x07\x9b31m\x7f\x08\r\u202e\u2028\x85"
REQUEST = """---
id: {id}
kind: email_send
to: ["ana@example.com"]
subject: "loud {escaped}"
reason: "because {escaped}"
---
body {loud}
"""


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    with mail_server() as (port, inbox):
        machine = new_machine(tmp_path_factory.mktemp("crowd"), port, inbox)
    machine.run("init")
    folder = machine.vault / "Pending_Approval"
    for sample in SAMPLES.glob("*/*"):
        if ACTING.search(sample.read_bytes()):
            shutil.copy(sample, folder / sample.name)
    escaped = LOUD.encode("unicode_escape").decode().replace("\\x1b", "\\e")
    (folder / "loud.md").write_text(REQUEST.format(id="loud", escaped=escaped, loud=LOUD))
    (folder / f"name{LOUD}.md").write_text(REQUEST.format(id="named", escaped="", loud=""))
    Path(os.fsdecode(os.fsencode(folder) + b"/no\xffutf8.md")).write_text(REQUEST.format(id="x", escaped="", loud=""))
    (folder / "id.md").write_text(REQUEST.format(id=f'"{escaped}"', escaped="", loud=""))
    (folder / "task.md").write_text(
        REQUEST.format(id="tasked", escaped="", loud=LOUD).replace("id:", f"{LOUD}: 1\nid:")
    )
    (machine.vault / "Needs_Action" / f"task{LOUD}.md").write_text(f"# {LOUD}\n")
    return machine


@pytest.fixture
def output(crowd, monkeypatch):
    """Runs a command in this process: every byte that it writes."""
    for name, value in crowd.environ.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> bytes:
        streams = io.BytesIO(), io.BytesIO()
        with monkeypatch.context() as replaced:
            replaced.setattr(sys, "stdout", io.TextIOWrapper(streams[0], "utf-8"))
            replaced.setattr(sys, "stderr", io.TextIOWrapper(streams[1], "utf-8", errors="backslashreplace"))
            with contextlib.suppress(SystemExit):
                main(arguments)
            sys.stdout.flush()
            sys.stderr.flush()
            return b"".join(stream.getvalue() for stream in streams)

    return run


@pytest.mark.parametrize(
    "command",
    [
        "list --state all", "list --state all --json", "status", "status --json", "doctor", "doctor --json", "tasks",
        "show loud", "show loud --raw", "show loud --json", "show named", "show named --json", "show tasked --raw",
        "config show", "approve loud --fingerprint \x1b[2J", "show \x1b[2J", "show \x9b", "edit \x1b[2J --split",
        "contacts add \x1b[2J --email a@example.com", "list --kind \x1b[2J", "serve \x1b[2J", "no-such-\x1b[2J",
    ],
)  # fmt: skip
def test_no_command_lets_foreign_text_act(output, command):
    said = output(*command.split(" "))
    assert said
    assert ACTING.findall(said) == []


def test_every_request_can_be_shown_and_none_acts(crowd, output):
    acting = {}
    for request in crowd.json("list")["requests"]:
        for flags in ((), ("--raw",)):
            found = ACTING.findall(output("show", request["file"], *flags))
            if found:
                acting[request["file"]] = found
    assert acting == {}


def test_reasons_and_the_log_cannot_act(output):
    for command in (
        ("reject", "loud", "--reason", f"no {LOUD}"),
        ("reject", "named", "--reason", "no"),
        ("freeze", "--reason", LOUD),
        ("thaw",),
    ):
        assert ACTING.findall(output(*command)) == []
    for command in (("audit", "show"), ("audit", "export"), ("audit", "export", "--format", "json"), ("show", "named")):
        said = output(*command)
        assert said
        assert ACTING.findall(said.replace(b"\r\n", b"\n")) == [], command  # CSV ends its lines so (RFC 4180)
