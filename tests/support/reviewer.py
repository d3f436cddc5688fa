"""A reviewer at the console: presses keys, waits until the console is at rest, reads the screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from tests.support.clock import ManualClock
from textual.events import Key, Paste
from textual.keys import key_to_character
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from platinum_tui.console.app import PlatinumApp
from platinum_tui.console.guard import PAUSE

_ROUNDS = 200
"""Frames within which a start is over that nothing stops."""
_FRAME_S = 1 / 60
"""What waits for the next frame waits for that long at most, whatever the stories' clock says."""


class Reviewer:
    """What a person at the terminal can do and see."""

    def __init__(self, app: PlatinumApp, pilot: Pilot[Any], clock: ManualClock) -> None:
        self.app = app
        self.clock = clock
        self._pilot = pilot

    async def rests(self) -> None:
        """Until everything that was started is done and painted."""
        await self._hears()
        for _ in range(_ROUNDS):
            if not self._is_busy:
                return
            with suppress(WorkerCancelled):  # a later one took its place
                await self.app.workers.wait_for_complete()
            await self._hears()

    @property
    def _is_busy(self) -> bool:
        """Whether anything is under way, or waits for a frame, which a loaded machine paints late."""
        waits = self.app.is_running and self.app.desk._bars_wait
        return waits or any(not worker.is_finished for worker in self.app.workers)

    async def _hears(self) -> None:
        """Until what was posted so far is handled: the app's own queue first, for which the pilot does not wait."""
        handled = asyncio.Event()
        self.app.call_later(handled.set)
        while self.app.is_running and not handled.is_set():
            await asyncio.sleep(0)
        await self._pilot.pause()

    async def begins(self) -> None:
        """Until the service was looked at for the first time; a start that something stops never comes to that."""
        for _ in range(_ROUNDS):
            if not self.app.is_running or self.app.desk.snapshot.looked_at or self.toasts:
                return
            await asyncio.sleep(_FRAME_S)
            await self.rests()

    async def looks(self) -> None:
        """For as long as keys that decide stay dead after a change."""
        await self.rests()
        await self.rests()
        self.clock.advance(PAUSE)

    async def presses(self, *keys: str) -> None:
        """Keys one after the other, each with its consequences."""
        for key in keys:
            await self._pilot.press(key)
            await self.rests()

    async def hits(self, key: str) -> None:
        """One key, and on before anything has come of it."""
        event = Key(key, key_to_character(key))
        event.set_sender(self.app)
        self.app._driver.send_message(event)
        await asyncio.sleep(0)

    async def pastes(self, text: str) -> None:
        """A text at once, and on before anything has come of it."""
        event = Paste(text)
        event.set_sender(self.app)
        self.app._driver.send_message(event)
        await asyncio.sleep(0)

    async def is_gone(self) -> bool:
        """Whether the console goes away by what was hit; where it does not, it has come to rest."""
        for _ in range(_ROUNDS):
            if not self.app.is_running:
                return True
            await asyncio.sleep(0)
        await self.rests()
        return False

    async def types(self, text: str) -> None:
        """A text, letter by letter."""
        await self.presses(*("space" if letter == " " else letter for letter in text))

    async def waits(self, seconds: float) -> None:
        """Time passes, and the console notices."""
        self.clock.advance(seconds)
        self.app.desk.tick()
        await self.rests()

    async def resizes(self, width: int, height: int) -> None:
        """The terminal gets another size."""
        await self._pilot.resize_terminal(width, height)
        await self.rests()

    @property
    def screen(self) -> str:
        """Every character on the screen."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def toasts(self) -> list[str]:
        """What was said, oldest first: titles and messages."""
        return [" ".join(filter(None, (note.title, note.message))) for note in self.app._notifications]

    @property
    def selected(self) -> str | None:
        """The id of the selected request."""
        return self.app.desk.list.selected

    @property
    def page(self) -> str:
        """The text of the preview, to its end."""
        return self.app.desk.preview.text

    def bar(self, name: str) -> str:
        """The text of header, sections, workers or footer."""
        return self.app.desk._bar(name).text

    @property
    def flight(self) -> str:
        """What is under way, with its countdowns."""
        from platinum_tui.console.widgets.flight import Flight

        return self.app.desk.query_one(Flight).text


@asynccontextmanager
async def at_the_console(
    service: Any, clock: ManualClock, size: tuple[int, int] = (120, 36), **options: Any
) -> AsyncIterator[Reviewer]:
    """A reviewer at a console that has come to rest, past the first pause."""
    app = PlatinumApp(service, **options)
    async with app.run_test(size=size, notifications=True) as pilot:
        reviewer = Reviewer(app, pilot, clock)
        await reviewer.begins()
        await reviewer.looks()
        yield reviewer
