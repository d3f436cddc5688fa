"""Stories of somebody who has no vault yet: a card says where it looked and what to type, and nothing is made."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.support.pseudo_terminal import PseudoTerminal

from platinum_tui.console.first_run import FirstRun


def _screen(app: FirstRun) -> str:
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_no_vault_is_named(size: tuple[int, int]) -> None:
    app = FirstRun(None, Path("/home/jo/.config/platinum-tui/config.toml"))
    async with app.run_test(size=size) as pilot:
        shown = _screen(app)
        assert "There is no vault here yet" in shown
        assert "/home/jo/.config/platinum-tui/config.toml" in shown
        assert "platinum-tui init ~/AI_Employee_Vault" in shown
        assert "platinum-tui --demo" in shown
        await pilot.press("q")
    assert app.return_value == 2


async def test_the_folder_that_is_no_vault_is_named_in_the_command_as_a_shell_takes_it() -> None:
    app = FirstRun(Path("/home/jo/My \x1b[31mVault"), Path("config.toml"))
    async with app.run_test(size=(80, 24)):
        shown = _screen(app)
        assert "platinum-tui init '/home/jo/My" in shown
        assert "has no Pending_Approval folder" in shown
        assert "\x1b" not in shown


def test_in_a_terminal_the_card_stands_and_q_leaves_with_2(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "platinum_tui.cli", "--vault", str(tmp_path / "nowhere")]
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)}
    with PseudoTerminal(command, environ) as terminal:
        terminal.wait_for("There is no vault here yet")
        terminal.type("q")
        assert terminal.wait_for_end() == 2
    assert not (tmp_path / "nowhere").exists()
