"""The live filter: words, `field:value`, and `!` for not; fast enough for every key at any length."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import filterfalse
from typing import TYPE_CHECKING

from platinum_tui.console.symbols import KIND_WORDS, state_word

if TYPE_CHECKING:
    from platinum_tui.model.standing import Standing
    from platinum_tui.review.roll import Roll

_GAP = ".{0,2}?"
"""What may stand between two letters of a slip: enough for a letter left out, too little for noise."""
_TERM = re.compile(r'!?(?:[\w-]+:)?(?:"[^"]*"?|\S+)')
_PORTION = 500

FIELDS: dict[str, Callable[[Standing], str]] = {
    "state": lambda s: f"{s.state.value} {state_word(s.state)}",
    "kind": lambda s: f"{s.request.kind or 'none'} {KIND_WORDS[s.request.kind]}",
    "to": lambda s: s.target,
    "target": lambda s: s.target,
    "title": lambda s: s.title,
    "risk": lambda s: s.risk.level.value,
    "file": lambda s: s.file,
    "id": lambda s: s.request.id,
    "fp": lambda s: s.request.fingerprint,
    "amount": lambda s: str(s.request.fields.get("amount", "")),
    "currency": lambda s: str(s.request.fields.get("currency", "")),
    "task": lambda s: s.request.task or "",
    "reason": lambda s: s.request.reason or "",
    "problem": lambda s: " ".join(p.code.value for p in s.request.problems),
    "warning": lambda s: " ".join(w.code.value for w in s.request.warnings),
    "text": lambda s: s.request.text,
}
"""What `field:value` can look at; the value is found anywhere in it, whatever its case."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter as typed; the empty one lets everything through."""

    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.text.strip())


@dataclass(frozen=True)
class Searchable:
    """Some requests of a roll, with the texts that were looked at, kept for the next key."""

    roll: Roll | None
    places: Sequence[int]
    _texts: dict[str, dict[int, str]] = field(default_factory=dict, repr=False)
    _held: dict[str, frozenset[int]] = field(default_factory=dict, repr=False)
    _within: dict[int, tuple[frozenset[int], Sequence[int], Sequence[int]]] = field(default_factory=dict, repr=False)

    def expect_words(self) -> None:
        """Have in memory what the first letter of a word asks for: nearly all hold it."""
        if self.roll is not None:
            self._held_of(0, self.roll.holding("", ()), self.places)

    def find(self, wanted: Filter) -> Sequence[int]:
        """The places of those that pass every term, in their order."""
        places, terms = self.places, _TERM.findall(wanted.text)
        for number, term in enumerate(terms):
            places = self._pass(number, term, places)
        for term in self._held.keys() - set(terms):
            del self._held[term]
        return places

    def _pass(self, number: int, term: str, places: Sequence[int]) -> Sequence[int]:
        inverted, bare = term.startswith("!"), term.removeprefix("!")
        name, colon, value = bare.partition(":")
        if colon and name.lower() in FIELDS:
            texts, wanted = self._texts_of(name.lower()), _folded(value)
            return [place for place in places if (wanted in texts[place]) is not inverted]
        if self.roll is None:
            return ()
        if term not in self._held:
            wanted = _folded(bare)
            held = self.roll.holding(wanted, _kinds(lambda word: wanted in word))
            self._held[term] = held if inverted or not held.isdisjoint(places) else self._slips(self.roll, wanted)
        held = self._held[term]
        if inverted:
            return list(filterfalse(held.__contains__, places))
        return self._held_of(number, held, places)

    def _held_of(self, number: int, held: frozenset[int], places: Sequence[int]) -> Sequence[int]:
        """Those places that are held; what the same term came to for the last key is not worked out again."""
        before, among, within = self._within.get(number, (None, None, ()))
        if before is not held or among is not places:
            within = places if held.issuperset(places) else list(filter(held.__contains__, places))
            self._within[number] = held, places, within
        return within

    @staticmethod
    def _slips(roll: Roll, wanted: str) -> frozenset[int]:
        """Where nothing holds the word: what holds its letters in order, with small gaps."""
        search = re.compile(_GAP.join(map(re.escape, wanted))).search
        alike = {place for place, words in roll.resembling(wanted) if search(words)}
        return roll.holding(None, _kinds(lambda word: search(word) is not None)).union(alike)

    def _texts_of(self, name: str) -> dict[int, str]:
        """What a field says in each request, in folded case; nothing for what is not read yet."""
        if name not in self._texts:
            folded = (text.casefold() for text in self._read(name))
            self._texts[name] = dict(zip(self.places, folded, strict=True))
        return self._texts[name]

    def _read(self, name: str) -> Iterator[str]:
        read = FIELDS[name]
        for start in range(0, len(self.places), _PORTION):
            some = self.places[start : start + _PORTION]
            made = self.roll.at(some) if self.roll else {}
            yield from (read(made[place]) if place in made else "" for place in some)


def _kinds(test: Callable[[str], bool]) -> set[str | None]:
    """The kinds whose words pass a test."""
    return {kind for kind, word in KIND_WORDS.items() if test(word)}


def _folded(value: str) -> str:
    return value.strip('"').casefold()
