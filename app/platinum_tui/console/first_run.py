"""The card that stands where the console would, as long as there is no vault, and the first steps from there."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from platinum_tui.console.preview.page import line
from platinum_tui.console.start import knows_unicode
from platinum_tui.console.styles import style_sheets
from platinum_tui.console.themes import DARK, THEMES
from platinum_tui.console.widgets.looks import LOOKS
from platinum_tui.model.text import safe_line

if TYPE_CHECKING:
    from platinum_tui.console.guide import Asking, Question
    from platinum_tui.review.founding import FirstSteps

_USUAL = "~/AI_Employee_Vault"
_SAID = 2
"""The last things that were made stay on screen, above the question."""


class Ground(Screen[None]):
    """What the card stands on: here its text finds its looks."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(LOOKS)


class FirstRun(App[Path]):
    """Says what is missing, and makes it step by step where that is wanted; its result is the new vault.

    Args:
        steps: does what was answered; None where nothing may be made.
        vault: the folder that was named, which is no vault; None where none was named.
        config_file: where the configuration was looked for.
        ascii: signs that every terminal and locale can show.
    """

    TITLE = "platinum"
    CSS_PATH: ClassVar = [str(sheet) for sheet in style_sheets()]
    BINDINGS: ClassVar = [
        Binding("escape", "leave", "leave", show=False),
        Binding("q,enter", "put_away", "leave", show=False),
        Binding("i", "begin", "begin", show=False),
    ]
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        steps: FirstSteps | None,
        vault: Path | None,
        config_file: Path,
        *,
        ascii: bool = False,  # noqa: A002
    ) -> None:
        super().__init__()
        self._steps = steps
        self._vault = vault
        self._config_file = config_file
        self._ascii = ascii
        self._asking: Asking | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name

    def get_default_screen(self) -> Ground:
        """There from the first frame on."""
        return Ground()

    def compose(self) -> ComposeResult:
        """One card in the middle."""
        with Vertical(id="first-run", classes="-plain" if self._ascii else ""):
            yield Static(self.card, id="first-run-text")

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
            *self._offered(),
            line(("This makes one, with its configuration and your signing key:", "")),
            line((f"  platinum-tui init {safe_line(folder)}", "key")),
            line(""),
            line(("This shows it first, on sample requests; nothing leaves the machine:", "")),
            line(("  platinum-tui --demo", "key")),
            line(""),
            line(("q", "key"), (" leaves; nothing was made", "muted")),
        ]
        return Content("\n").join(rows)

    def _offered(self) -> list[Content]:
        if self._steps is None:
            return []
        return [line(("i", "key"), " makes one here, step by step, with your mail and a test message"), line("")]

    async def action_begin(self) -> None:
        """The first question."""
        if self._steps is None or self._asking is not None:
            return
        from platinum_tui.console.guide import first_steps

        self._asking = first_steps(self._steps, str(self._vault) if self._vault else _USUAL)
        await self.query_one("#first-run").mount(Input(id="first-run-input", compact=True))
        self._ask(next(self._asking))

    def action_put_away(self) -> None:
        """Leave the card; the line to type in takes these keys itself."""
        if self._asking is None:
            self.action_leave()

    def action_leave(self) -> None:
        """Leave; what was made stays."""
        self.exit(None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """An answer: do it in a thread, then ask on."""
        event.input.disabled = True
        answer = event.value if event.input.password else event.value.strip()
        self.run_worker(lambda: self._answer(answer), thread=True, exit_on_error=True)

    def _answer(self, answer: str) -> None:
        """Called in a thread: keys and keyrings take their time."""
        if self._asking is None:
            return
        try:
            question = self._asking.send(answer)
        except StopIteration:
            self.call_from_thread(self.exit, self._steps.vault if self._steps else None)
        else:
            self.call_from_thread(self._ask, question)

    def _ask(self, question: Question) -> None:
        said = self._steps.said if self._steps else []
        rows = [
            line(("The first steps", "title"), ("   Esc leaves; what was made stays", "muted")),
            line(""),
            *(line((safe_line(text), "muted")) for text in said[-_SAID:]),
            *([line("")] if said else []),
            line((safe_line(question.text), "strong")),
            line((question.help, "muted")),
            *([line((safe_line(question.wrong), "error"))] if question.wrong else []),
        ]
        self.query_one("#first-run-text", Static).update(Content("\n").join(rows))
        field = self.query_one(Input)
        field.password = question.secret
        field.value = question.usual
        field.disabled = False
        field.focus()


def show_first_run(
    steps: FirstSteps | None,
    vault: Path | None,
    config_file: Path,
    *,
    ascii: bool = False,  # noqa: A002
) -> Path | None:
    """Show the card until the reader leaves it; gives the vault that was made."""
    return FirstRun(steps, vault, config_file, ascii=ascii or not knows_unicode(os.environ)).run()
