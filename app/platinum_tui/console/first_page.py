"""The first page as the last start painted it, kept so that the next one can show it before the program is loaded.

It is shown only where every row on it is right still: see `Proof`. Loads neither textual nor the configuration.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from platinum_tui.review.proof import Proof

_FORMAT = 1
_TELLING = ("TERM", "COLORTERM", "NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG", "TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM")
"""What of the environment decides how a row is painted."""


class FirstPage(NamedTuple):
    """Rows at the top of the list of what waits.

    Attributes:
        format: which of these attributes there are.
        terminal: what it was painted for, as from `terminal`.
        proof: what the rows rest on.
        rows: each row's id, state, word, kind, title, target, amount, risk, seconds since the epoch and note.
        left, top: the cell in which the first line begins.
        lines: the lines of the list with their colours, the first row selected, without ages.
        ground: the colour behind it, as an escape sequence.
    """

    format: int
    terminal: Sequence[str | int]
    proof: Proof
    rows: Sequence[Sequence[str | float | None]]
    left: int
    top: int
    lines: Sequence[str]
    ground: str


class Keeper:
    """Where the first page of one vault is kept.

    Args:
        state_root: the state directory.
        named: what names configuration and vault: pages of different ones lie side by side.
        environ: the environment.
        ascii: whether only ASCII signs are drawn.
    """

    def __init__(self, state_root: Path, named: Sequence[str], environ: Mapping[str, str], *, ascii: bool) -> None:  # noqa: A002
        self._path = state_root / "first_pages" / f"{crc32(repr(named).encode()):08x}.json"
        self._told = [str(ascii), *(environ.get(name, "") for name in _TELLING)]
        self._kept: FirstPage | None = None

    def terminal(self, size: os.terminal_size) -> list[str | int]:
        """What decides how a page is painted, and where."""
        return [*size, *self._told]

    def find(self, size: os.terminal_size, now: float) -> FirstPage | None:
        """The page for a terminal of that size, if there is one and each of its rows is right now (Unix time)."""
        try:
            with self._path.open(encoding="ascii") as file:
                format_, terminal, proof, *rest = json.load(file)
            page = FirstPage(format_, terminal, Proof(*proof), *rest)
            right = format_ == _FORMAT and terminal == self.terminal(size) and page.proof.holds(now)
        except (OSError, ValueError, TypeError):
            return None
        return page if right else None

    def keep(self, page: FirstPage) -> None:
        """Keep a page for the next start; where the disk does not take it, there is none."""
        if page == self._kept:
            return
        from platinum_tui.system.private_file import write_private

        try:
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            write_private(self._path, json.dumps(page).encode())
            self._kept = page
        except OSError:
            return


def page(terminal: Sequence[str | int], proof: Proof, **painted: object) -> FirstPage:
    """A page of this format; the rest as in `FirstPage`."""
    return FirstPage(_FORMAT, terminal, proof, **painted)  # type: ignore[arg-type]
