"""What a person calls a request, told apart from what the program calls it."""

from __future__ import annotations


class Spoken(str):
    """A person's word for a request: its id as well as the name or path of its file, or how one of them begins.

    Any other text is an id, or a path, that the program has from a listing: an id means nothing else then.
    """

    __slots__ = ()
