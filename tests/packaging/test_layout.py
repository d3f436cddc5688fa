"""How the project lies on the disk."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
LONGEST_FILE = 400
MACHINE_WORDS = re.compile(
    "|".join(("/" + "work/", "/" + "root/", r"\.\./" + "shared", "pypi" + r"\.org", "pythonhosted" + r"\.org"))
)
"""What only one machine has, or only a registry; put together here, so that this file does not hold it."""


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Every file that git knows or would add, samples left out: their bytes are someone else's."""
    command = ["git", "-C", str(CHECKOUT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
    paths = [CHECKOUT / name for name in listed if name and not name.startswith("tests/samples/")]
    return [path for path in paths if path.is_file()]


def test_the_source_roots_are_folders_and_no_packages():
    for root in ("app", "executors"):
        assert (CHECKOUT / root).is_dir()
        assert not (CHECKOUT / root / "__init__.py").exists()


def test_a_file_is_one_idea_and_stays_short(files):
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in files if path.suffix in {".py", ".tcss"}}

    assert [f"{path.name}: {count}" for path, count in lines.items() if count > LONGEST_FILE] == []


def test_no_file_names_one_machine_or_a_registry(files):
    found = []
    for path in files:
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(CHECKOUT)}: {match.group()}" for match in MACHINE_WORDS.finditer(text)]

    assert found == []
