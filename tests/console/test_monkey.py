"""A monkey at the keyboard: whatever it presses, nothing is approved that was not on the screen, and nothing breaks."""

from __future__ import annotations

import random

import pytest
from tests.support.clock import ManualClock
from tests.support.morning import fill
from tests.support.office import Office, mail
from tests.support.reviewer import at_the_console

from platinum_tui.console.preview.page import Page
from platinum_tui.console.widgets.preview import Preview
from platinum_tui.system.console_actions import ACTIONS

KEYS = sorted({key for item in ACTIONS for key in item.key.split(",")} - {"ctrl+p"} | set("bnlv"))
SIZES = [(120, 36), (80, 24), (70, 18), (40, 10), (120, 14), (200, 60)]


async def _play(office: Office, clock: ManualClock, seed: int, presses: int) -> None:
    fill(office)
    dice = random.Random(seed)
    seen: set[str] = set()
    before = len(office.approved)
    async with at_the_console(office, clock, demo=True) as reviewer:
        for _ in range(presses):
            clock.advance(dice.choice([0.0, 0.1, 0.5, 3.0]))
            if dice.random() < 0.05:
                await reviewer.resizes(*dice.choice(SIZES))
            if dice.random() < 0.1:
                name = f"{dice.choice(['notes', 'new', 'newer'])}"
                office.put(name, fields=mail(subject=f"Number {dice.randrange(1000)}"), quiet=dice.random() < 0.5)
            if not reviewer.app.desk.too_small:
                seen.add(reviewer.app.desk.preview.page.fingerprint)
            key = dice.choice(KEYS)
            if key == "q":
                continue
            await reviewer.presses(key)
            assert reviewer.app.is_running
            assert not any("broke" in toast for toast in reviewer.toasts), reviewer.toasts
            assert {fingerprint for _, fingerprint in office.approved[before:]} <= seen


@pytest.mark.parametrize("seed", range(2))
async def test_a_monkey_approves_only_what_it_saw(office: Office, clock: ManualClock, seed: int) -> None:
    await _play(office, clock, seed, presses=150)


async def _hammer(office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, seed: int, presses: int) -> None:
    """Keys faster than the screen: up to two dozen before it rests, resizes and new requests among them.

    It may leave, too, by the palette; then the console is opened again.
    """
    fill(office)
    dice, shown = random.Random(seed), set[str]()
    show = Preview.show

    def remembered(preview: Preview, page: Page) -> None:
        shown.add(page.fingerprint)
        show(preview, page)

    monkeypatch.setattr(Preview, "show", remembered)
    before, left = len(office.approved), presses
    while left > 0:
        async with at_the_console(office, clock, demo=True) as reviewer:
            while left > 0 and reviewer.app.is_running:
                burst = [key for key in dice.choices(KEYS, k=dice.randrange(1, 25)) if key != "q"]
                for key in burst:
                    clock.advance(dice.choice([0.0, 0.1, 0.5, 3.0]))
                    await reviewer.hits(key)
                left -= len(burst)
                if dice.random() < 0.3:
                    name = dice.choice(["notes", "new", "newer"])
                    office.put(name, fields=mail(subject=f"Number {left}"), quiet=False)
                if dice.random() < 0.2 and reviewer.app.is_running:
                    await reviewer.resizes(*dice.choice(SIZES))
                await reviewer.rests()
                assert not any("broke" in toast for toast in reviewer.toasts), reviewer.toasts
                assert {fingerprint for _, fingerprint in office.approved[before:]} <= shown
            for key in ("escape", "escape", *dice.choices(KEYS, k=12), "q", *dice.choices(KEYS, k=12)):
                await reviewer.hits(key)
            await reviewer.is_gone()
            assert reviewer.app.return_code in {None, 0}


async def test_a_monkey_that_hammers_approves_only_what_it_saw(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _hammer(office, clock, monkeypatch, seed=3, presses=300)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 110))
async def test_a_patient_monkey_approves_only_what_it_saw(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    await _hammer(office, clock, monkeypatch, seed, presses=10_000)
