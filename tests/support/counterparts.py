"""Real services to test against, where they are installed: each with how to get it. No test downloads anything.

They lie in one folder, `PLATINUM_TEST_COUNTERPARTS` or `~/.cache/platinum-tui-tests`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from tests.support.mail_servers import free_port

FOLDER = Path(os.environ.get("PLATINUM_TEST_COUNTERPARTS") or Path.home() / ".cache/platinum-tui-tests")
MISSING = "counterpart missing: "
"""How every skip of this kind begins; the summary counts them by what follows."""


@dataclass(frozen=True)
class Counterpart:
    """One real service.

    Attributes:
        name: as the summary names it.
        files: what must be there, below the folder.
        how: the command that gets it.
    """

    name: str
    files: tuple[str, ...]
    how: str

    def path(self, place: int = 0) -> Path:
        return FOLDER / self.files[place]

    def require(self) -> None:
        """Skips the story, by name, where it is not installed."""
        if not all((FOLDER / file).exists() for file in self.files):
            pytest.skip(f"{MISSING}{self.name}; get it with: {self.how}")

    @property
    def needed(self) -> pytest.MarkDecorator:
        there = all((FOLDER / file).exists() for file in self.files)
        return pytest.mark.skipif(not there, reason=f"{MISSING}{self.name}; get it with: {self.how}")


def _npm(packages: str) -> str:
    return f"npm install --prefix {FOLDER} {packages}"


EVERYTHING = Counterpart(
    "MCP server-everything",
    ("node_modules/.bin/mcp-server-everything",),
    _npm("@modelcontextprotocol/server-everything"),
)
INSPECTOR = Counterpart("MCP inspector", ("node_modules/.bin/mcp-inspector",), _npm("@modelcontextprotocol/inspector"))
BLUESKY = Counterpart(
    "Bluesky PDS",
    ("node_modules/@atproto/dev-env", "node_modules/@atproto/pds"),
    _npm("@atproto/pds @atproto/dev-env"),
)
LOCALSTRIPE = Counterpart(
    "localstripe",
    ("venv/bin/localstripe",),
    f"python3 -m venv {FOLDER}/venv && {FOLDER}/venv/bin/pip install localstripe",
)
PRISM = Counterpart(
    "Prism with PayPal's OpenAPI",
    (
        "node_modules/.bin/prism",
        "paypal/openapi/payments_payouts_batch_v1.json",
        "paypal/openapi/payments_payment_v2.json",
    ),
    f"{_npm('@stoplight/prism-cli')} && git clone https://github.com/paypal/paypal-rest-api-specifications "
    f"{FOLDER}/paypal",
)


@contextmanager
def running(
    command: list[str], ready: Callable[[], bool], environ: Mapping[str, str] | None = None, deadline_s: float = 60
) -> Iterator[None]:
    """A service in a process group of its own, from when it answers until the story ends."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdout=said, stderr=said, stdin=subprocess.DEVNULL, env=environ, process_group=0
        )
        try:
            end = time.monotonic() + deadline_s
            while not ready():
                if process.poll() is not None or time.monotonic() > end:
                    said.seek(0)
                    pytest.fail(f"{command[0]} does not run: {said.read()[-2000:].decode(errors='replace')}")
                time.sleep(0.05)
            yield
        finally:
            with_group = os.getpgid(process.pid) if process.poll() is None else None
            if with_group:
                os.killpg(with_group, 15)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait(10)


def answers(url: str) -> bool:
    """Whether anything answers at an address of loopback."""
    try:
        httpx.get(url, timeout=1.0)
    except httpx.HTTPError:
        return False
    return True


def node_environ() -> dict[str, str]:
    """What a Node program sees: its packages, and no more."""
    names = ("PATH", "LANG", "TMPDIR")
    return {
        **{name: os.environ[name] for name in names if name in os.environ},
        "HOME": str(FOLDER),
        "NODE_PATH": str(FOLDER / "node_modules"),
    }


@contextmanager
def prism(specification: Path) -> Iterator[str]:
    """A vendor's OpenAPI as a server that checks every request against it: its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [str(PRISM.path()), "mock", "-h", "127.0.0.1", "-p", str(port), str(specification)]
    with running(command, lambda: answers(url), node_environ()):
        yield url


@contextmanager
def localstripe() -> Iterator[str]:
    """A Stripe that keeps what it did in memory; it knows no idempotency keys. It listens on every interface."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running([str(LOCALSTRIPE.path()), "--port", str(port), "--from-scratch"], lambda: answers(url)):
        yield url


@contextmanager
def bluesky() -> Iterator[str]:
    """A real PDS with its own directory of identities, in a folder that goes with it: its address."""
    port, folder = free_port(), tempfile.mkdtemp(prefix="platinum-pds-")
    url = f"http://127.0.0.1:{port}"
    script = Path(__file__).parent / "bluesky_pds.cjs"
    node = shutil.which("node") or "node"
    environ = {**node_environ(), "TMPDIR": folder}
    try:
        with running([node, str(script), str(port), str(free_port())], lambda: answers(f"{url}/xrpc/_health"), environ):
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)
