"""Stories of reviewers with keys of their own: what is bound is what the screen says, and deciding stays as careful."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office, mail
from tests.support.reviewer import at_the_console
from textual.keys import _character_to_key

from platinum_tui.model.action import Kind
from platinum_tui.model.request import State
from platinum_tui.system.configuration import load
from platinum_tui.system.console_actions import ACTIONS, DESK
from platinum_tui.system.console_settings import ConsoleSettings
from platinum_tui.system.key_map import KeyMap
from platinum_tui.system.key_names import named, shown
from platinum_tui.system.options import Options

PAYMENT = {"payee": "Nord", "amount": "1840.00", "currency": "EUR", "account": "DE89370400440532013000"}


def _settings(tmp_path: Path, keys: str) -> ConsoleSettings:
    """What the console is given where a file says so."""
    file = tmp_path / "config.toml"
    file.write_text(f"[console.keys]\n{keys}", "utf-8")
    return load(Options(config=str(file)), {"HOME": str(tmp_path)}).console


def _refused(tmp_path: Path, keys: str) -> str:
    """What the program says to a file, once it has ended with the code of a wrong configuration."""
    file = tmp_path / "config.toml"
    file.write_text(f"[console.keys]\n{keys}", "utf-8")
    command = [sys.executable, "-m", "platinum_tui.cli", "--config", str(file), "config", "validate"]
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)}
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    return ended.stderr


async def test_a_key_of_ones_own_approves_and_the_usual_one_does_not(
    office: Office, clock: ManualClock, tmp_path: Path
) -> None:
    office.put("first")
    settings = _settings(tmp_path, 'approve = "Ctrl+Y"\n')
    async with at_the_console(office, clock, settings=settings) as reviewer:
        assert "Ctrl+Y approve" in reviewer.bar("footer")
        await reviewer.presses("a")
        assert office.approved == []
        await reviewer.presses("ctrl+y")
        assert len(office.approved) == 1


async def test_two_keys_change_places(office: Office, clock: ManualClock, tmp_path: Path) -> None:
    office.put("first")
    office.put("second")
    settings = _settings(tmp_path, 'approve = "x"\nreject = "a"\n')
    async with at_the_console(office, clock, settings=settings) as reviewer:
        await reviewer.presses("a")
        assert office.approved == []
        assert "because" in reviewer.screen
        await reviewer.presses("escape")
        clock.advance(1)
        await reviewer.presses("x")
        assert len(office.approved) == 1


async def test_help_palette_and_sentences_say_the_keys_in_force(
    office: Office, clock: ManualClock, tmp_path: Path
) -> None:
    settings = _settings(
        tmp_path, 'help = "F1"\nfreeze = "%"\nnext = ["n", "Down"]\nundo = "Ctrl+U"\nscroll_up = "K"\n'
    )
    office.put("first")
    async with at_the_console(office, clock, settings=settings) as reviewer:
        await reviewer.presses("f1")
        assert "%" in reviewer.screen
        assert "n Down" in reviewer.screen
        await reviewer.presses("f1")
        assert "n Down" not in reviewer.screen, "the key that opened the help puts it away"
        await reviewer.presses("a")
        assert "Ctrl+U to undo" in " ".join(reviewer.toasts)
        assert "Ctrl+U undo" in reviewer.flight
        await reviewer.presses("8")
        assert "% stops them" in reviewer.screen
        await reviewer.presses("%")
        assert office.frozen
        assert "% allows it again" in " ".join(reviewer.toasts)
        await reviewer.presses(":")
        await reviewer.types("freeze")
        assert "freeze  (%)" in reviewer.screen


async def test_what_is_told_later_says_the_keys_in_force_too(
    office: Office, clock: ManualClock, tmp_path: Path
) -> None:
    for name in ("first", "second"):
        office.put(name, fields=mail(subject=name))
    settings = _settings(tmp_path, 'undo = "m"\nsettle = "p"\nreject = "h"\n')
    async with at_the_console(office, clock, settings=settings) as reviewer:
        await reviewer.presses("w")
        assert "stays open. h" in reviewer.screen
        await reviewer.presses("escape", "j", "k", "*")
        await reviewer.looks()
        await reviewer.presses("a")
        clock.advance(1)
        await reviewer.presses("y")
        assert any("m to undo the last" in toast for toast in reviewer.toasts)
        office.become("first", State.UNKNOWN, "nobody knows")
        await reviewer.rests()
        assert any("nobody knows. p settles it" in toast for toast in reviewer.toasts)


async def test_a_key_of_ones_own_is_as_dead_after_a_change(office: Office, clock: ManualClock, tmp_path: Path) -> None:
    office.put("first")
    async with at_the_console(office, clock, settings=_settings(tmp_path, 'approve = "p"\n')) as reviewer:
        office.put("first", fields=mail(subject="Another one"))
        await reviewer.rests()
        await reviewer.presses("p")
        assert office.approved == []
        assert "It changed a moment ago" in " ".join(reviewer.toasts)


async def test_high_risk_still_asks(office: Office, clock: ManualClock, tmp_path: Path) -> None:
    office.put("bill", Kind.PAYMENT, PAYMENT)
    async with at_the_console(office, clock, settings=_settings(tmp_path, 'approve = "p"\n')) as reviewer:
        await reviewer.presses("p", "p", "p", "enter", "space")
        assert office.approved == []


async def test_every_key_that_was_bound_anew_does_what_it_says(office: Office, clock: ManualClock) -> None:
    free = [f"{letter}" for letter in "éèàçùâêîôûäëïöüñåøæßþðłšžćčďęěğıķľńňőřśťůűźż"]
    actions = [item for item in ACTIONS if item.scope in DESK]
    settings = ConsoleSettings(keys={item.id: free[place] for place, item in enumerate(actions) if place < len(free)})
    office.put("first")
    async with at_the_console(office, clock, settings=settings) as reviewer:
        done: list[str] = []
        reviewer.app.desk._does = {item.id: lambda item=item: done.append(item.id) for item in actions}
        for action_id, key in settings.keys.items():
            clock.advance(1)
            await reviewer.presses(key)
            assert done[-1:] == [action_id], key
        before = len(done)
        await reviewer.presses(*(key for item in actions if item.id in settings.keys for key in item.key.split(",")))
        assert len(done) == before, "the usual keys do nothing"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ('aprove = "p"', "console.keys.aprove is not a setting.\nDid you mean console.keys.approve?"),
        ('approve = "j"', "console.keys.approve takes j, which next (next request) has.\nChoose another key"),
        ('reject = "p"\napprove = "p"', "console.keys.reject takes p, which approve ("),
        ('approve = "Enter"', "console.keys.approve is not what it must be (Enter never decides)."),
        ('reject = "space"', "console.keys.reject is not what it must be (Space never decides)."),
        ('freeze = "y"', "console.keys.freeze is not what it must be (y answers dialogs)."),
        ('settle = "Ctrl+M"', "(Ctrl+M is Enter to the terminal)."),
        ('next = "Meta+X"', "(there is no key Meta+X)."),
        ("next = 4", "(found a whole number, not a text)."),
        ('confirm = "p"', "console.keys.confirm cannot be bound.\nRemove it: dialogs and the line to type in keep"),
    ],
)
def test_a_map_that_cannot_be_is_refused_with_a_sentence(tmp_path: Path, keys: str, said: str) -> None:
    assert said in _refused(tmp_path, keys)


def test_the_console_does_not_open_with_a_wrong_map(tmp_path: Path) -> None:
    from tests.support.pseudo_terminal import PseudoTerminal

    file = tmp_path / "config.toml"
    file.write_text('[console.keys]\napprove = "Enter"\n', "utf-8")
    command = [sys.executable, "-m", "platinum_tui.cli", "--config", str(file), "--vault", str(tmp_path / "vault")]
    with PseudoTerminal(
        command, {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)}
    ) as it:
        it.wait_for("Write a key or a list of keys")
        assert "Enter never decides" in it.text.replace("\n", ""), "whatever the length of the file's path"
        assert it.wait_for_end() == 2


def test_a_key_is_called_as_textual_calls_it_and_read_back_as_it_is_written() -> None:
    for character in map(chr, range(0x21, 0x7F)):
        assert named(character) == _character_to_key(character)
        assert shown(named(character)) == character
    for written in ("Ctrl+D", "Shift+Tab", "PgDn", "F5", "Space", "Esc", "ñ", "€"):
        assert shown(named(written)) == written
    for item in KeyMap().actions:
        assert [named(key) for key in item.keys] == item.key.split(",")
