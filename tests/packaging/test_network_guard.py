"""The guard over the tests themselves: a test that leaves loopback fails, however it does it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
SWALLOWED = """
def test_{name}():
    import contextlib, os, socket, subprocess, sys
    with contextlib.suppress(OSError):
        {line}
"""
LEAVING = {
    "connects": "socket.create_connection(('192.0.2.1', 9), timeout=0.1)",
    "looks_up": "socket.getaddrinfo('leaving.example', 443)",
    "sends": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
    "has_a_child": "subprocess.run([sys.executable, '-c', 'import socket; socket.gethostbyname(\"a.b\")'], env={})",
    "stays": "socket.create_connection(('127.0.0.1', 1), timeout=0.1)",
}


@pytest.fixture(scope="module", params=[(), ("-n", "2")], ids=["one process", "workers"])
def report(request, tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "conftest.py").write_text((CHECKOUT / "tests/conftest.py").read_text())
    tests = "".join(SWALLOWED.format(name=name, line=line) for name, line in LEAVING.items())
    (folder / "test_leaving.py").write_text(tests)
    # -E keeps the guard of this very run out of the other one.
    command = [
        sys.executable,
        "-E",
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-rA",
        f"--rootdir={folder}",
        str(folder),
    ]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=120).stdout


@pytest.mark.parametrize("name", LEAVING)
def test_whoever_leaves_loopback_fails(report, name):
    [fate] = re.findall(rf"^(PASSED|FAILED) \S+::test_{name}\b", report, re.MULTILINE)

    assert fate == ("PASSED" if name == "stays" else "FAILED")
