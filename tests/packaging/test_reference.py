"""The reference pages say what the program does now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


def test_no_reference_page_is_stale():
    command = [sys.executable, "-m", "docs.make", "--check"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, f"stale: {done.stdout.split()}; `python -m docs.make` makes them anew\n{done.stderr}"
