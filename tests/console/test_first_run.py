"""Stories of somebody who has no vault yet: a card says where it looked and what to type, and nothing is made."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from tests.support.mail_servers import mail_server
from tests.support.pseudo_terminal import PseudoTerminal
from textual.pilot import Pilot
from textual.widgets import Input

from platinum_tui.console.first_run import FirstRun
from platinum_tui.console.guard import PAUSE
from platinum_tui.review.founding import TEST_FILE, FirstSteps
from platinum_tui.system.options import Options


def _screen(app: FirstRun) -> str:
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_no_vault_is_named(size: tuple[int, int]) -> None:
    app = FirstRun(None, None, Path("/home/jo/.config/platinum-tui/config.toml"))
    async with app.run_test(size=size) as pilot:
        shown = _screen(app)
        assert "There is no vault here yet" in shown
        assert "/home/jo/.config/platinum-tui/config.toml" in shown
        assert "platinum-tui init ~/AI_Employee_Vault" in shown
        assert "platinum-tui --demo" in shown
        await pilot.press("q")
    assert app.return_value is None


async def test_the_folder_that_is_no_vault_is_named_in_the_command_as_a_shell_takes_it() -> None:
    app = FirstRun(None, Path("/home/jo/My \x1b[31mVault"), Path("config.toml"))
    async with app.run_test(size=(80, 24)):
        shown = _screen(app)
        assert "platinum-tui init '/home/jo/My" in shown
        assert "has no Pending_Approval folder" in shown
        assert "\x1b" not in shown


def _steps(tmp_path: Path) -> FirstSteps:
    return FirstSteps(Options(), {"HOME": str(tmp_path), "PLATINUM_PASSPHRASE": "correct horse battery staple"})


async def _answers(app: FirstRun, pilot: Pilot[Path], text: str | None = None) -> str:
    """Type an answer in place of the usual one, or take that; gives the screen once the next question stands."""
    if text is not None:
        app.query_one(Input).value = text
    await pilot.press("enter")
    await app.workers.wait_for_complete()
    await pilot.pause()
    return " ".join(_screen(app).split())


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_step_by_step_to_a_vault_with_mail_and_a_message_to_oneself(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    vault = tmp_path / "vault"
    app = FirstRun(_steps(tmp_path), vault, tmp_path / "config.toml")
    async with app.run_test(size=size) as pilot:
        assert "i makes one here, step by step" in _screen(app)
        await pilot.press("i")
        assert "Which folder becomes the vault?" in _screen(app)
        assert "Your own mail address?" in await _answers(app, pilot)
        assert (vault / "Pending_Approval").is_dir()
        assert "server for outgoing mail?" in await _answers(app, pilot, "me@example.com")
        assert app.query_one(Input).value == "smtp.example.com"
        assert "Its port?" in await _answers(app, pilot)
        assert "Your user name there?" in await _answers(app, pilot)
        assert "Your password there?" in await _answers(app, pilot)
        shown = await _answers(app, pilot, "hunter22")
        assert "Put a test message to me@example.com into the queue?" in shown
        assert "kept email.password in the program's own encrypted file" in shown
        assert "hunter22" not in shown
        await _answers(app, pilot)
    assert app.return_value == vault
    configuration = (tmp_path / ".config/platinum-tui/config.toml").read_text()
    assert 'smtp_host = "smtp.example.com"' in configuration
    assert 'smtp_security = "starttls"' in configuration
    assert "hunter22" not in configuration
    assert "# Secrets never stand here" in configuration, "comments stay"
    assert "me@example.com" in (vault / "Pending_Approval" / TEST_FILE).read_text()


async def test_what_is_no_address_and_no_port_is_asked_for_again_at_once(tmp_path: Path) -> None:
    app = FirstRun(_steps(tmp_path), tmp_path / "vault", tmp_path / "config.toml")
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("i")
        await _answers(app, pilot)
        for wrong in ("notanaddress", "@example.com", "me@", "me@exa mple.com"):
            shown = await _answers(app, pilot, wrong)
            assert "This is no mail address." in shown
            assert "Your own mail address?" in shown
        await _answers(app, pilot, "me@example.com")
        await _answers(app, pilot, "smtp.example.com")
        for wrong in ("many", "99999", "0", "587 "):
            shown = await _answers(app, pilot, wrong)
            assert ("This is no port." in shown) is (wrong != "587 ")
        assert "Your user name there?" in shown
        assert "\n[servers.email]" not in (tmp_path / ".config/platinum-tui/config.toml").read_text()


async def test_a_host_with_a_port_is_asked_for_again_at_once(tmp_path: Path) -> None:
    app = FirstRun(_steps(tmp_path), tmp_path / "vault", tmp_path / "config.toml")
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("i")
        await _answers(app, pilot)
        await _answers(app, pilot, "me@example.com")
        shown = (await _answers(app, pilot, "127.0.0.1:2525")).replace(" │ │ ", " ")
        assert "server for outgoing mail?" in shown
        assert "its port is asked for next" in shown
        assert app.query_one(Input).value == "127.0.0.1:2525"
        assert "Its port?" in await _answers(app, pilot, "127.0.0.1")


async def test_a_folder_that_cannot_be_made_is_asked_for_again_and_escape_leaves(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    app = FirstRun(_steps(tmp_path), tmp_path / "file" / "vault", tmp_path / "config.toml")
    async with app.run_test() as pilot:
        await pilot.press("i")
        shown = await _answers(app, pilot)
        assert "Which folder becomes the vault?" in shown
        assert "file" in app.query_one(Input).value
        await pilot.press("escape")
    assert app.return_value is None


async def test_a_mail_server_that_is_configured_is_not_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[servers.email]\nsmtp_host = "smtp.example.com"\nsender = "jo@example.com"\n')
    environ = {"HOME": str(tmp_path), "PLATINUM_PASSPHRASE": "correct horse battery staple"}
    app = FirstRun(FirstSteps(Options(config=str(file)), environ), tmp_path / "vault", file)
    async with app.run_test() as pilot:
        await pilot.press("i")
        assert "Put a test message to jo@example.com into the queue?" in await _answers(app, pilot)
        await _answers(app, pilot, "no")
    assert app.return_value == tmp_path / "vault"
    assert not (tmp_path / "vault" / "Pending_Approval" / TEST_FILE).exists()


async def test_without_a_keyring_it_says_what_to_set(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    app = FirstRun(FirstSteps(Options(), environ), tmp_path / "vault", tmp_path / "config.toml")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("i")
        shown = await _answers(app, pilot)
        assert "PLATINUM_PASSPHRASE" in shown
        assert "a passphrase that you choose yourself" in shown.replace(" │ │ ", " ")
        assert "Which folder becomes the vault?" in shown
    assert not (tmp_path / "vault").exists()


async def test_read_only_makes_nothing(tmp_path: Path) -> None:
    app = FirstRun(None, tmp_path / "vault", tmp_path / "config.toml")
    async with app.run_test() as pilot:
        await pilot.press("i")
        assert "step by step" not in _screen(app)
        assert not app.query(Input)


def test_in_a_terminal_from_nothing_to_an_approved_message_to_oneself(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "platinum_tui.cli"]
    environ = {
        "HOME": str(tmp_path),
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": ":".join(sys.path),
        "PLATINUM_PASSPHRASE": "correct horse battery staple",
    }
    with mail_server() as (journal, port), PseudoTerminal(command, environ) as terminal:
        terminal.wait_for("There is no vault here yet")
        terminal.type("i")
        terminal.wait_for("Which folder becomes the vault?")
        terminal.type("\r")
        terminal.wait_for("Your own mail address?")
        terminal.type("me@example.com\r")
        terminal.wait_for("server for outgoing mail?")
        terminal.type("127.0.0.1\r")
        terminal.wait_for("Its port?")
        terminal.type(f"{port}\r")
        terminal.wait_for("Your user name there?")
        terminal.type("\x7f\r")
        terminal.wait_for("Put a test message")
        terminal.type("\r")
        terminal.wait_for("a approve")
        terminal.wait_for("platinum-tui sends for you")
        time.sleep(PAUSE)
        terminal.type("a")
        terminal.wait_for("goes out in")
        terminal.wait_for("5 History 1", within=60)
        assert [envelope.rcpt_tos for envelope in journal.envelopes] == [["me@example.com"]]


def test_in_a_terminal_the_card_stands_and_q_leaves_with_2(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "platinum_tui.cli", "--vault", str(tmp_path / "nowhere")]
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)}
    with PseudoTerminal(command, environ) as terminal:
        terminal.wait_for("There is no vault here yet")
        terminal.type("q")
        assert terminal.wait_for_end() == 2
    assert not (tmp_path / "nowhere").exists()
