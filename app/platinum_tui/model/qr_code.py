"""A QR code (ISO/IEC 18004) as lines of text, two rows of it in each line."""

from __future__ import annotations

import enum
from itertools import zip_longest

QUIET_ZONE = 2
"""Light modules around the code; the standard asks for four, phones are content with two, and terminals are small."""
LONGEST = 2000
"""Characters that a code holds at most here; a terminal could not show more."""


class Ground(enum.Enum):
    """What the lines are shown on."""

    DARK = "dark"
    """Light letters on a dark ground: light modules are drawn."""
    LIGHT = "light"
    """Dark letters on a light ground: dark modules are drawn."""


def qr_lines(text: str, ground: Ground, *, ascii_only: bool = False) -> tuple[str, ...]:
    """The code of a text, drawn in half blocks, or in pairs of `#` where there is nothing but ASCII.

    Raises:
        ValueError: the text is empty or too long for a code that could be scanned from a terminal.
    """
    import segno

    if not text or len(text) > LONGEST:
        raise ValueError("this cannot be shown as a code")
    light = ground is Ground.DARK
    rows = [
        [bool(module) is not light for module in row]
        for row in segno.make(text, error="l", micro=False).matrix_iter(border=QUIET_ZONE)
    ]
    if ascii_only:
        return tuple("".join("##" if drawn else "  " for drawn in row) for row in rows)
    empty = [light] * len(rows[0])
    pairs = zip_longest(rows[::2], rows[1::2], fillvalue=empty)
    return tuple("".join(_BLOCKS[above, below] for above, below in zip(*pair, strict=True)) for pair in pairs)


_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
