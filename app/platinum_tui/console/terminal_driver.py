"""The console's way from and to a terminal, with fewer threads on it than Textual's own."""

from __future__ import annotations

import sys

from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from platinum_tui.console.output import Output


class TerminalDriver(LinuxDriver):
    """Textual's driver, but for how what was typed reaches the application and what is painted reaches the terminal."""

    _output: Output | None = None

    def start_application_mode(self) -> None:
        """Take the terminal; Textual's own writer is started beside ours, and gets nothing."""
        self._output = Output(sys.__stderr__ or sys.stderr)
        self._output.start()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def write(self, data: str) -> None:
        """Write to the terminal; never waits for it."""
        if self._output is not None:
            self._output.write(data)

    def close(self) -> None:
        """Let the terminal go, once all is written."""
        super().close()
        if self._output is not None:
            self._output.stop()

    def send_message(self, message: Message) -> None:
        """Bring what was typed to the application; called by the thread that reads."""
        self._app.post_message(message)
