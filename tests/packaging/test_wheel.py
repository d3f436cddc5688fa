"""The wheel: built from this checkout, installed alone, it runs the demo."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.support.pseudo_terminal import PseudoTerminal

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run("-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=CHECKOUT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which the wheel's packages are found first, and nothing of the checkout."""
    target = tmp_path_factory.mktemp("installed")
    _run("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target), str(wheel), cwd=target)
    return {"PATH": os.environ["PATH"], "HOME": str(target), "LANG": "C.UTF-8", "PYTHONPATH": str(target)}


def test_it_holds_the_packages_the_styles_and_the_demo_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())

    tops = {name.partition("/")[0] for name in names}
    parts = {top for top in tops if not top.endswith((".dist-info", ".data"))}
    assert parts == {"platinum_tui", "platinum_executors"}
    (manual,) = (name for name in names if ".data/" in name)
    assert manual.endswith(".data/data/share/man/man1/platinum-tui.1")
    assert {f"platinum_tui/styles/{sheet.name}" for sheet in (CHECKOUT / "styles").glob("*.tcss")} <= names
    requests = (CHECKOUT / "app/platinum_tui/demo/requests").glob("*.md")
    assert {f"platinum_tui/demo/requests/{request.name}" for request in requests} <= names


def test_installed_alone_it_tells_its_version(installed):
    where = "import platinum_tui, platinum_executors as e; print(platinum_tui.__file__, e.__file__)"
    found = _run("-c", where, cwd=Path(installed["HOME"]), environ=installed)
    told = _run("-m", "platinum_tui.cli", "--version", cwd=Path(installed["HOME"]), environ=installed)

    assert all(path.startswith(installed["HOME"]) for path in found.split())
    assert told.startswith("platinum-tui ")


def test_installed_alone_every_command_and_server_it_announces_can_be_loaded(installed):
    announced = """
from importlib.metadata import distribution
for point in distribution("platinum-tui").entry_points:
    assert callable(point.load())
    print(point.name)
"""
    names = _run("-c", announced, cwd=Path(installed["HOME"]), environ=installed).split()

    assert set(names) == {"platinum-tui", "email", "odoo", "social", "whatsapp", "payments"}


def test_installed_alone_it_runs_the_demo_and_leaves_nothing_behind(installed, tmp_path):
    own, temporary = tmp_path / "own-vault", tmp_path / "temporary"
    temporary.mkdir()
    environ = {**installed, "PLATINUM_VAULT": str(own), "TMPDIR": str(temporary)}

    with PseudoTerminal([sys.executable, "-m", "platinum_tui.cli", "--demo"], environ) as terminal:
        terminal.wait_for("Re: When do the last two crates")
        terminal.type("q")

        assert terminal.wait_for_end() == 0

    assert not own.exists()
    assert list(temporary.iterdir()) == []


def _run(*arguments: str, cwd: Path, environ: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environ, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, (done.stdout, done.stderr)
    return done.stdout
