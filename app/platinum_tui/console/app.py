"""The console: a Textual application around the desk."""

from __future__ import annotations

import gc
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.events import Event as TextualEvent
from textual.events import Key, Paste
from textual.message import Message
from textual.notifications import Notify
from textual.worker import Worker as Work
from textual.worker import WorkerState as WorkState

from platinum_tui.console.background import in_background
from platinum_tui.console.door import Service
from platinum_tui.console.frames import after_frame
from platinum_tui.console.hangup import leave_with_the_terminal
from platinum_tui.console.screens.desk import Desk
from platinum_tui.console.styles import style_sheets
from platinum_tui.console.symbols import ASCII, UNICODE
from platinum_tui.console.themes import DARK, THEMES
from platinum_tui.console.toast import Toast
from platinum_tui.model.text import safe_line
from platinum_tui.system.key_map import KeyMap

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.command import Provider
    from textual.driver import Driver
    from textual.notifications import SeverityLevel

    from platinum_tui.console.calling import Calling
    from platinum_tui.console.first_page import FirstPage, Keeper
    from platinum_tui.model.errors import PlatinumError
    from platinum_tui.model.event import Event
    from platinum_tui.system.console_settings import ConsoleSettings


_LOOK_EVERY = 1.0
"""Seconds between two looks at whether somebody is to be called."""
TRY_AGAIN_S = 5.0
"""Seconds until a service that did not start is started again."""


def commands() -> type[Provider]:
    """The palette's commands; loaded when it is opened first."""
    from platinum_tui.console.palette import Commands

    return Commands


class Heard(Message):
    """An event of the service, brought to the screen's turn."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class PlatinumApp(App[int]):
    """The full-screen console; its result is the exit code.

    Args:
        service: everything behind the console; started once the first frame stands.
        ascii: signs that every terminal and locale can show.
        demo: show the local sink's section, and say so.
        vault: where this is, for the header.
        first: what is listed in the first frame, verified; None where the list begins empty.
        keeper: keeps the first page for the next start.
    """

    TITLE = "platinum"
    CSS_PATH: ClassVar = [str(sheet) for sheet in style_sheets()]
    COMMANDS: ClassVar = {commands}
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        service: Service,
        *,
        ascii: bool = False,  # noqa: A002
        demo: bool = False,
        vault: str = "",
        first: FirstPage | None = None,
        keeper: Keeper | None = None,
        settings: ConsoleSettings | None = None,
    ) -> None:
        super().__init__()
        self.service = service
        self._ascii = ascii
        self._settings = settings
        keys = settings.keys if settings else {}
        symbols = replace(ASCII if ascii else UNICODE, keys=KeyMap(keys))
        self.desk = Desk(service, symbols, vault, demo)
        self.set_keymap(dict(keys))
        if keeper:
            from platinum_tui.console.page_keeping import PageKeeping

            self.desk.stock.keeping = PageKeeping(self.desk, keeper, first)
        for theme in THEMES:
            self.register_theme(theme)
        self.set_reactive(PlatinumApp.theme, DARK.name)  # no watcher: nothing is painted yet that it would paint anew
        self.stylesheet.set_variables(self.get_css_variables())

    @cached_property
    def settings(self) -> ConsoleSettings:
        """How the console meets its reviewer."""
        from platinum_tui.system.console_settings import ConsoleSettings

        return self._settings or ConsoleSettings()

    @cached_property
    def calling(self) -> Calling:
        """Calls somebody who looks elsewhere."""
        from platinum_tui.console.calling import Calling

        return Calling(self, self.settings)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,  # noqa: ARG002 - as Textual has it
    ) -> None:
        """A toast; its text is never markup, whatever is asked for."""
        lasting = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
        self.post_message(Notify(Toast(message, title, severity, lasting)))

    def get_driver_class(self) -> type[Driver]:
        """Ours for a terminal; Textual's for anything else."""
        from textual.drivers.linux_driver import LinuxDriver

        usual = super().get_driver_class()
        if usual is not LinuxDriver:
            return usual
        from platinum_tui.console.terminal_driver import TerminalDriver

        return TerminalDriver

    async def on_event(self, event: TextualEvent) -> None:
        """A key at the desk is done here: nobody there waits for it, and its way around would cost as much as its work.

        What is typed while a line or a dialog opens waits for it.
        """
        if not isinstance(event, (Key, Paste)) or event.is_forwarded:
            await super().on_event(event)
        elif self.desk.typed_ahead.holds(event):
            return
        elif (
            isinstance(event, Key)
            and self.screen is self.desk
            and self.focused in {self.desk.list, self.desk.preview, None}
        ):
            self.app_focus = True
            if not await self._check_bindings(event.key, priority=True):
                await self._check_bindings(event.key)
        else:
            await super().on_event(event)

    def write_sequence(self, sequence: str) -> None:
        """Send the terminal something that is not drawn."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(sequence)

    def exit(self, result: int | None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Leave; keys that come after this do nothing."""
        self.desk.gate.shut = True
        super().exit(result, return_code, message)

    def let_go(self) -> None:
        """End the thread that reads keys: where the terminal is gone, the driver does not come to that."""
        done = getattr(self._driver, "exit_event", None)
        if done is not None:
            done.set()

    def get_default_screen(self) -> Desk:
        """The desk is there from the first frame on."""
        return self.desk

    def on_mount(self) -> None:
        """The first frame first; then the service and what is slow to load."""
        self.set_class(self._ascii, "-ascii")
        after_frame(self, self._begin)

    def on_heard(self, message: Heard) -> None:
        """Something happened behind the door; what comes while the screen closes has nobody to be told to."""
        if self.desk.is_running:
            self.desk.hear(message.event)

    def on_worker_state_changed(self, event: Work.StateChanged) -> None:
        """A work of ours broke: say so, and go on."""
        if event.state is WorkState.ERROR and event.worker.error is not None:
            self.log.error(event.worker.error)
            self.notify(
                f"{type(event.worker.error).__name__}: {safe_line(str(event.worker.error))}",
                title="Something broke: look at what stands here now",
                severity="error",
                markup=False,
            )

    def _bring(self, event: Event) -> None:
        """Called from the service's threads."""
        self.post_message(Heard(event))

    def _begin(self) -> None:
        self.desk.stock.show_known(then=self._listen)

    def _listen(self) -> None:
        def listen() -> None:
            self.service.subscribe(self._bring)

        in_background(self.desk, listen, lambda _: self._start(), self.desk.complain, group="start")

    def _start(self) -> None:
        """Start the service; where that fails, what is in its way may be gone a moment later."""

        def failed(error: PlatinumError) -> None:
            self.desk.stock.hindered(error)
            self.set_timer(TRY_AGAIN_S, self._start)

        in_background(self.desk, self.service.start, self._started, failed, group="start")

    def _started(self, _: None) -> None:
        self.desk.refresh_requests()
        self._spare_what_is_loaded()
        self.set_interval(_LOOK_EVERY, self.calling.look)
        leave_with_the_terminal(self)
        in_background(self.desk, self.service.workers, self.desk.know_workers, self.desk.complain, group="workers")

    def _spare_what_is_loaded(self) -> None:
        """Look for no garbage in what is loaded by now: that would cost a key 50 ms every now and then."""
        if not self.is_headless:  # then the process is not the console's own
            gc.freeze()
