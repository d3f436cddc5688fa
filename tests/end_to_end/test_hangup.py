"""A console whose terminal goes away."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.support.pseudo_terminal import PseudoTerminal

PATIENCE_S = 60.0


def test_a_console_ends_with_its_terminal_and_removes_the_demo(tmp_path: Path) -> None:
    environ = {
        **{name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
        "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path),
        "LANG": "C.UTF-8",
    }
    with PseudoTerminal([sys.executable, "-m", "platinum_tui.cli", "--demo"], environ) as terminal:
        terminal.wait_for("Pending", PATIENCE_S)
        assert list(tmp_path.glob("platinum-demo*"))
        terminal.hang_up()
        assert terminal.process.wait(PATIENCE_S) == 0
    assert not list(tmp_path.glob("platinum-demo*"))
