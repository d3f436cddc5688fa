"""Stories of a reviewer who looks elsewhere, and of what the configuration says about the console."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.clock import ManualClock
from tests.support.office import Office, mail
from tests.support.reviewer import at_the_console

from platinum_tui.console.calling import COOL_DOWN_S
from platinum_tui.system.configuration import load, validate
from platinum_tui.system.console_settings import Call, ConsoleSettings
from platinum_tui.system.options import Options

SECRET = "the merger is off"


@pytest.mark.parametrize(
    ("call", "written"),
    [
        (Call.BELL, "\a"),
        (Call.OSC9, "\x1b]9;2 waiting, 0 need you\x1b\\"),
        (Call.OSC777, "\x1b]777;notify;platinum;2 waiting, 0 need you\x1b\\"),
        (Call.OFF, None),
    ],
)
async def test_who_looks_elsewhere_is_called_once_in_a_while(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, call: Call, written: str | None
) -> None:
    office.put("old", quiet=True)
    async with at_the_console(office, clock, settings=ConsoleSettings(call=call)) as reviewer:
        sent: list[str] = []
        app = reviewer.app
        monkeypatch.setattr(app, "write_sequence", sent.append)
        app.app_focus = False
        app.calling.look()
        assert sent == [], "what was there at the start calls nobody"
        office.put("new", fields=mail(subject=SECRET))
        await reviewer.rests()
        app.calling.look()
        assert sent == ([written] if written else [])
        assert SECRET not in "".join(sent)
        office.put("newer", fields=mail(subject="Newer"))
        await reviewer.rests()
        app.calling.look()
        assert len(sent) <= 1, "not twice in half a minute"
        clock.advance(COOL_DOWN_S)
        app.app_focus = True
        office.put("newest", fields=mail(subject="Newest"))
        await reviewer.rests()
        app.calling.look()
        assert len(sent) <= 1, "who looks at it is not called"


async def test_a_program_of_the_users_own_gets_numbers_only(office: Office, clock: ManualClock, tmp_path: Path) -> None:
    heard, program = tmp_path / "heard", tmp_path / "program"
    program.write_text(f'#!/bin/sh\necho "$@" > {heard}\n')
    program.chmod(0o700)
    settings = ConsoleSettings(call_command=(str(program), "-u"))
    async with at_the_console(office, clock, settings=settings) as reviewer:
        reviewer.app.app_focus = False
        reviewer.app.calling.look()
        office.put("new", fields=mail(subject=SECRET))
        await reviewer.rests()
        reviewer.app.calling.look()
        await reviewer.rests()
        assert heard.read_text() == "-u 1 waiting, 0 need you\n"


async def test_the_reasons_of_the_configuration_are_offered(office: Office, clock: ManualClock) -> None:
    office.put("first")
    async with at_the_console(office, clock, settings=ConsoleSettings(reasons=("Ask Kim",))) as reviewer:
        await reviewer.presses("x")
        assert "1 Ask Kim" in reviewer.screen
        await reviewer.presses("1", "enter")
        assert office.standing("first").why == "Ask Kim"


def test_the_configuration_says_it(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[console]\nreasons = ["Ask Kim"]\ncall = "osc9"\ncall_command = ["notify-send"]\n')
    options, environ = Options(config=str(file)), {"HOME": str(tmp_path)}
    assert load(options, environ).console == ConsoleSettings(("Ask Kim",), Call.OSC9, ("notify-send",))
    file.write_text('[console]\ncall = "shout"\nreasons = []\ncal = 1\n')
    assert len(validate(options, environ)) == 3
