"""What an import costs: nothing without a screen loads textual, and mcp waits for the first execution."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
ROOTS = (CHECKOUT / "app", CHECKOUT / "executors")
SCREEN = {"textual", "rich"}

IMPORT_EACH = """
import importlib, json, sys
found, loaded = {}, set()
for name in sys.argv[1:]:
    importlib.import_module(name)
    new = set(sys.modules) - loaded
    loaded |= new
    found[name] = sorted(module for module in new if "." not in module)
print(json.dumps(found))
"""
RUN = """
import sys
from platinum_tui.cli import main
try:
    code = main(sys.argv[1:])
except SystemExit as end:
    code = end.code
print("\\nloaded:", *sorted(module for module in sys.modules if "." not in module))
sys.exit(code)
"""
CONSOLE = """
import asyncio, sys
from platinum_tui.console.app import PlatinumApp
from platinum_tui.console.late_service import LateService
from platinum_tui.demo.stage import Stage
from platinum_tui.system.clock import SystemClock

async def look():
    clock = SystemClock()
    with Stage(clock) as stage:
        service = LateService(stage.build, clock)
        app = PlatinumApp(service, demo=True)
        async with app.run_test(size=(120, 36)) as pilot:
            while "Copperleaf" not in app.export_screenshot():
                await pilot.pause(0.05)
        service.stop()

asyncio.run(look())
print("\\nloaded:", *sorted(module for module in sys.modules if "." not in module))
"""


def _modules() -> list[str]:
    return sorted(
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        for root in ROOTS
        for path in root.rglob("*.py")
    )


WITH_A_SCREEN = ("platinum_tui.console", "platinum_tui.web")
HEADLESS = [name for name in _modules() if not name.startswith(WITH_A_SCREEN)]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "PLATINUM_VAULT": str(tmp_path / "vault"),
        "PLATINUM_PASSPHRASE": "correct horse",
        "PYTHONPATH": os.pathsep.join(map(str, ROOTS)),
    }


def _python(program: str, *arguments: str, environ: dict[str, str], code: int = 0) -> str:
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
    return done.stdout


def _loaded(output: str) -> set[str]:
    return set(output.rpartition("loaded:")[2].split())


def test_no_headless_module_brings_a_screen(environ):
    found = json.loads(_python(IMPORT_EACH, *HEADLESS, environ=environ))

    assert len(found) > 100
    assert {name: SCREEN & set(new) for name, new in found.items() if SCREEN & set(new)} == {}


def test_version_and_help_load_next_to_nothing(environ):
    heavy = SCREEN | {"asyncio", "mcp", "httpx", "cryptography", "keyring", "yaml", "sqlite3", "mistune", "watchdog"}

    assert not heavy & _loaded(_python(RUN, "--version", environ=environ))
    assert not heavy & _loaded(_python(RUN, "--help", environ=environ))


def test_work_without_a_screen_loads_none_and_no_mcp_without_an_execution(environ):
    _python(RUN, "init", environ=environ)
    draft = Path(environ["PLATINUM_VAULT"], "Pending_Approval", "cloud", "july.md")
    draft.write_text("---\nkind: email_send\nto: [ana@example.com]\nsubject: July\n---\nHello.\n")

    for arguments in (["list"], ["show", "july"], ["status"], ["--daemon", "--once"]):
        loaded = _loaded(_python(RUN, *arguments, environ=environ))

        assert "platinum_tui" in loaded
        assert not (SCREEN | {"mcp", "httpx"}) & loaded, arguments


def test_the_console_shows_its_requests_without_mcp(environ):
    loaded = _loaded(_python(CONSOLE, environ=environ))

    assert "textual" in loaded
    assert "mcp" not in loaded
