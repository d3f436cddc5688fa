"""Pictures of the console, for the eye; what they say is asserted in the other stories."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support.clock import ManualClock
from tests.support.morning import fill
from tests.support.office import Office
from tests.support.reviewer import Reviewer
from textual.pilot import Pilot

from platinum_tui.console.app import PlatinumApp
from platinum_tui.console.first_run import FirstRun
from platinum_tui.model.sections import Order, Section
from platinum_tui.review.founding import FirstSteps
from platinum_tui.system.console_settings import ConsoleSettings, View
from platinum_tui.system.health import Finding, Severity
from platinum_tui.system.options import Options

SIZES = {"120x36": (120, 36), "80x24": (80, 24)}
THEMES = {"dark": "platinum-dark", "light": "platinum-light"}
READ = ("ctrl+d",) * 5
"""Keys that bring the end of a page on screen: high risk is not approved before."""
DROP = (*("j",) * 6, "E", "j", "space")
"""Keys that drop a recipient of the notes, up to the last question."""
FINDINGS = (
    Finding("clock", Severity.WARNING, "This machine's clock says 2024-01-01 00:00 UTC.", "Set the clock."),
    Finding(
        "credential_missing",
        Severity.ERROR,
        "The server email needs the credential email.password (what the mail server asks for beside the user name).",
        "Run `platinum-tui credentials set email.password`; it comes from: your mail provider.",
    ),
)
VIEWS = {
    "invoices": View(filter="kind:invoice !risk:low", order=Order.RISK),
    "what failed": View(section=Section.ATTENTION, filter="state:failed"),
}
Compare = Callable[..., bool]


def _story(app: PlatinumApp, clock: ManualClock, theme: str, *keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    async def run(pilot: Pilot[Any]) -> None:
        app.theme = theme
        reviewer = Reviewer(app, pilot, clock)
        await reviewer.looks()
        for key in keys:
            await reviewer.presses(key)
            await reviewer.looks()
        await reviewer.waits(0)  # the ages on the picture are those of its own moment

    return run


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("scene", "keys"),
    {
        "desk": (),
        "approved": (*READ, "a", "a", "n", "a", "y"),
        "high_risk": ("j", *READ, "a"),
        "reason": ("x",),
        "reading": ("enter",),
        "attention": ("2",),
        "tasks": ("7",),
        "services": ("8", "j"),
        "figures": ("I",),
        "by_risk": ("S",),
        "by_kind": ("S", "S"),
        "drop": DROP,
        "links": ("l",),
        "help": ("question_mark",),
        "doctor": ("H",),
        "views": ("v",),
    }.items(),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_picture(
    snap_compare: Compare,
    tmp_path: Path,
    clock: ManualClock,
    size: str,
    theme: str,
    scene: str,
    keys: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = Office(tmp_path, clock)
    fill(office)
    monkeypatch.setattr(office, "findings", lambda: FINDINGS)
    app = PlatinumApp(office, demo=True, vault="~/AI_Employee_Vault", settings=ConsoleSettings(views=VIEWS))
    story = _story(app, clock, THEMES[theme], *keys)
    assert snap_compare(app, terminal_size=SIZES[size], run_before=story)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("scene", "keys"),
    {"desk": (), "by_kind": ("S", "S"), "doctor": ("H",), "views": ("v",), "drop": DROP}.items(),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_picture_without_colours(
    snap_compare: Compare,
    office: Office,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    size: str,
    scene: str,
    keys: tuple[str, ...],
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    fill(office)
    monkeypatch.setattr(office, "findings", lambda: FINDINGS)
    app = PlatinumApp(office, demo=True, vault="~/AI_Employee_Vault", settings=ConsoleSettings(views=VIEWS))
    assert snap_compare(app, terminal_size=SIZES[size], run_before=_story(app, clock, THEMES["dark"], *keys))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", [*THEMES, "no_color"])
@pytest.mark.parametrize(("scene", "keys"), [("card", ()), ("first_question", ("i",))], ids=["card", "first_question"])
def test_picture_of_the_first_run(
    snap_compare: Compare,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: str,
    theme: str,
    scene: str,
    keys: tuple[str, ...],
) -> None:
    if theme == "no_color":
        monkeypatch.setenv("NO_COLOR", "1")
    steps = FirstSteps(Options(), {"HOME": str(tmp_path)})
    app = FirstRun(steps, None, Path("/home/jo/.config/platinum-tui/config.toml"))

    async def run(pilot: Pilot[Any]) -> None:
        app.theme = THEMES.get(theme, THEMES["dark"])
        await pilot.press(*keys)

    assert snap_compare(app, terminal_size=SIZES[size], run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_picture_in_ascii(snap_compare: Compare, office: Office, clock: ManualClock, size: str) -> None:
    fill(office)
    app = PlatinumApp(office, ascii=True, demo=True, vault="~/AI_Employee_Vault")
    story = _story(app, clock, THEMES["dark"], *READ, "a")
    assert snap_compare(app, terminal_size=SIZES[size], run_before=story)
