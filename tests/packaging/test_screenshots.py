"""The pictures in `screenshots/` show the program as it is."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
README_PICTURE = CHECKOUT / "screenshots" / "console-120x36-dark.svg"


def test_no_picture_is_stale():
    if f"made with textual {version('textual')} " not in README_PICTURE.read_text("utf-8"):
        pytest.skip("the pictures were made with another version of textual, which may draw other bytes")

    command = [sys.executable, "-m", "screenshots.make", "--check"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=300)

    assert done.returncode == 0, (
        f"stale: {done.stdout.split()}; `python -m screenshots.make` makes them anew\n{done.stderr}"
    )
