"""Where the style sheets lie: in the checkout while one works on it, inside the package once it is installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_PLACES = (_PACKAGE.parent.parent / "styles", _PACKAGE / "styles")


def style_sheets() -> list[Path]:
    """The program's `.tcss` files, in the order in which they apply (by name).

    Raises:
        FileNotFoundError: the installation lacks them.
    """
    for place in _PLACES:
        if sheets := sorted(place.glob("*.tcss")):
            return sheets
    raise FileNotFoundError(f"no style sheets in {' or '.join(str(place) for place in _PLACES)}")
