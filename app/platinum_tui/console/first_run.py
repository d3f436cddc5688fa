"""The card that stands where the console would, as long as there is no vault: where it looked, and what to type."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from platinum_tui.console.preview.page import line
from platinum_tui.console.start import knows_unicode
from platinum_tui.console.styles import style_sheets
from platinum_tui.console.themes import DARK, THEMES
from platinum_tui.console.widgets.looks import LOOKS
from platinum_tui.model.errors import ExitCode
from platinum_tui.model.text import safe_line

_USUAL = "~/AI_Employee_Vault"


class FirstRun(App[int]):
    """Says what is missing; its result is the exit code of a configuration that cannot be used.

    Args:
        vault: the folder that was named, which is no vault; None where none was named.
        config_file: where the configuration was looked for.
        ascii: signs that every terminal and locale can show.
    """

    CSS_PATH: ClassVar = [str(sheet) for sheet in style_sheets()]
    BINDINGS: ClassVar = [Binding("q,escape,enter", "leave", "leave", show=False)]
    COMPONENT_CLASSES: ClassVar[set[str]] = set(LOOKS)
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, vault: Path | None, config_file: Path, *, ascii: bool = False) -> None:  # noqa: A002
        super().__init__()
        self._vault = vault
        self._config_file = config_file
        self._ascii = ascii
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        """One card in the middle."""
        yield Static(self.card, id="first-run", classes="-plain" if self._ascii else "")

    @property
    def card(self) -> Content:
        """What it says."""
        folder = shlex.quote(str(self._vault)) if self._vault else _USUAL
        if self._vault:
            looked = line(("looked at  ", "muted"), safe_line(str(self._vault)))
            found = "That folder is no vault: it has no Pending_Approval folder."
        else:
            looked = line(("looked in  ", "muted"), safe_line(str(self._config_file)))
            found = "No vault is named there, nor by --vault or PLATINUM_VAULT."
        rows = [
            line(("There is no vault here yet", "title")),
            line(""),
            looked,
            line((found, "muted")),
            line(""),
            line(("This makes one, with its configuration and your signing key:", "")),
            line((f"  platinum-tui init {safe_line(folder)}", "key")),
            line(""),
            line(("This shows it first, on sample requests; nothing leaves the machine:", "")),
            line(("  platinum-tui --demo", "key")),
            line(""),
            line(("q", "key"), (" leaves; nothing was made", "muted")),
        ]
        return Content("\n").join(rows)

    def action_leave(self) -> None:
        """Leave with the code of a configuration that cannot be used."""
        self.exit(int(ExitCode.USAGE))


def show_first_run(vault: Path | None, config_file: Path, *, ascii: bool = False) -> int:  # noqa: A002
    """Show the card until the reader leaves it; returns the exit code."""
    app = FirstRun(vault, config_file, ascii=ascii or not knows_unicode(os.environ))
    app.run()
    return int(ExitCode.USAGE)
