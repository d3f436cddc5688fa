"""The live filter: words, `field:value`, and `!` for not; fast enough for every key at any length."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from platinum_tui.console.symbols import KIND_WORDS, state_word

if TYPE_CHECKING:
    from platinum_tui.model.standing import Standing
    from platinum_tui.review.roll import Roll

_GAP = ".{0,2}?"
"""What may stand between two letters of a slip: enough for a letter left out, too little for noise."""
_TERM = re.compile(r'!?(?:[\w-]+:)?(?:"[^"]*"?|\S+)')
_PORTION = 500
_ANYWHERE = ""
"""The name of what a word without a field is looked for in."""

FIELDS: dict[str, Callable[[Standing], str]] = {
    _ANYWHERE: lambda s: "\n".join((s.title, s.target, KIND_WORDS[s.request.kind], s.file)),
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
    _texts: dict[str, list[str]] = field(default_factory=dict, repr=False)

    def texts(self, name: str = _ANYWHERE) -> list[str]:
        """What a field says in each request, in lower case; nothing for what is not read yet."""
        if name not in self._texts:
            self._texts[name] = [text.casefold() for text in self._read(name)]
        return self._texts[name]

    def _read(self, name: str) -> Iterator[str]:
        if self.roll is None:
            return
        if name == _ANYWHERE:
            for title, target, kind, file in self.roll.words(self.places):
                yield f"{title}\n{target}\n{KIND_WORDS[kind]}\n{file}"
            return
        read = FIELDS[name]
        for start in range(0, len(self.places), _PORTION):
            some = self.places[start : start + _PORTION]
            made = self.roll.at(some)
            yield from (read(made[place]) if place in made else "" for place in some)

    def find(self, wanted: Filter) -> Sequence[int]:
        """The places of those that pass every term, in their order."""
        places: Sequence[int] = range(len(self.places))
        for term in _TERM.findall(wanted.text):
            places = self._pass(term, places)
        return [self.places[index] for index in places]

    def _pass(self, term: str, places: Sequence[int]) -> Sequence[int]:
        inverted, term = term.startswith("!"), term.removeprefix("!")
        name, colon, value = term.partition(":")
        named = bool(colon) and name.lower() in FIELDS
        texts = self.texts(name.lower() if named else _ANYWHERE)
        wanted = (value if named else term).strip('"').casefold()
        if inverted:
            return [place for place in places if wanted not in texts[place]]
        found = [place for place in places if wanted in texts[place]]
        return found if found or named else self._slips(wanted, places, texts)

    @staticmethod
    def _slips(wanted: str, places: Sequence[int], texts: Sequence[str]) -> Sequence[int]:
        """Where no text holds the word: those that hold its letters in order, with small gaps."""
        search: Callable[[str], Any] = re.compile(_GAP.join(map(re.escape, wanted))).search
        return [place for place in places if search(texts[place])]
