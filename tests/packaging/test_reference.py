"""The reference pages say what the program does now."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


def test_no_reference_page_is_stale():
    command = [sys.executable, "-m", "docs.make", "--check"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, f"stale: {done.stdout.split()}; `python -m docs.make` makes them anew\n{done.stderr}"


def test_the_manual_page_is_read_by_man_without_a_complaint_and_says_what_the_parser_says():
    if shutil.which("groff") is None:
        pytest.skip("needs groff (apt-get install groff-base)")
    command = ["groff", "-man", "-Tascii", "-ww", "-P-cbou", str(CHECKOUT / "docs/platinum-tui.1")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert (done.returncode, done.stderr) == (0, "")
    said = " ".join(done.stdout.split())
    assert "platinum-tui - the console between what AI employees want to do" in said
    assert "--state-dir DIR ledger, keys and locks" in said
    assert "credentials set SERVER.NAME keep one" in said
    assert "approve --fingerprint FP [--note TEXT] ID approve what the fingerprint names" in said
    assert "Approve what is shown; high risk asks first" in said
    assert "wrong usage or configuration" in said


def test_every_page_that_is_named_is_there():
    texts = [*CHECKOUT.glob("app/**/*.py"), *CHECKOUT.glob("executors/**/*.py"), *CHECKOUT.glob("docs/**/*.md")]
    texts += [CHECKOUT / "README.md", CHECKOUT / "CHANGELOG.md", CHECKOUT / "pyproject.toml"]
    named = {(page, text.name) for text in texts for page in re.findall(r"docs/[\w/-]+\.md", text.read_text("utf-8"))}

    assert len(named) > 5
    assert [(page, text) for page, text in sorted(named) if not (CHECKOUT / page).exists()] == []
