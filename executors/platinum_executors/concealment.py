"""Credentials that were given out, by their value: a service that repeats one in its answer tells nobody."""

from __future__ import annotations

from collections.abc import Mapping

from platinum_tui.model.action import JsonValue

COVER = "[credential]"
SHORTEST = 6
"""Characters; what is shorter stands in too many words to be looked for."""
_OWN_WORDS = frozenset({"outcome", "code", "retriable", "ok"})
"""Entries of an answer whose values are the program's own words, even where a password is one of them."""


class Concealment:
    """The secrets of one process."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()

    def learn(self, secret: str | None) -> None:
        """Keeps a secret from being told."""
        if secret and len(secret) >= SHORTEST:
            self._secrets.add(secret)

    def cover(self, value: JsonValue) -> JsonValue:
        """A JSON value in whose texts every known secret is covered."""
        match value:
            case str():
                return self._covered(value)
            case list() | tuple():
                return [self.cover(item) for item in value]
            case Mapping():
                return {key: item if key in _OWN_WORDS else self.cover(item) for key, item in value.items()}
            case _:
                return value

    def _covered(self, text: str) -> str:
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, COVER)
            # A text that was cut short may end in the beginning of one.
            for length in range(len(secret) - 1, SHORTEST - 1, -1):
                if text.endswith(secret[:length]):
                    text = text[:-length] + COVER
                    break
        return text
