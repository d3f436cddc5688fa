"""The live filter: words found with small gaps, `field:value`, and `!` for not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from platinum_tui.console.symbols import KIND_WORDS, STATE_WORDS
from platinum_tui.model.standing import Standing

_GAP = ".{0,2}?"
"""What may stand between two letters of a word: enough for a slip, too little for noise."""
_TERM = re.compile(r'!?(?:[\w-]+:)?(?:"[^"]*"?|\S+)')
Test = Callable[[Standing], bool]

FIELDS: dict[str, Callable[[Standing], str]] = {
    "state": lambda s: f"{s.state.value} {STATE_WORDS[s.state]}",
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

    def apply(self, standings: Sequence[Standing]) -> Sequence[Standing]:
        """Those that pass every term, in their order."""
        tests = [_test(term) for term in _TERM.findall(self.text)]
        for test in tests:
            standings = [standing for standing in standings if test(standing)]
        return standings


def _test(term: str) -> Test:
    inverted, term = term.startswith("!"), term.removeprefix("!")
    name, colon, value = term.partition(":")
    if colon and name.lower() in FIELDS:
        field, wanted = FIELDS[name.lower()], value.strip('"').casefold()

        def found(standing: Standing) -> bool:
            return wanted in field(standing).casefold()
    else:
        search = re.compile(_GAP.join(map(re.escape, term.strip('"').casefold()))).search

        def found(standing: Standing) -> bool:
            return search(_haystack(standing)) is not None

    return (lambda standing: not found(standing)) if inverted else found


@lru_cache(maxsize=200_000)
def _haystack_of(title: str, target: str, file: str, kind: str) -> str:
    return "\n".join((title, target, kind, file)).casefold()


def _haystack(standing: Standing) -> str:
    return _haystack_of(standing.title, standing.target, standing.file, KIND_WORDS[standing.request.kind])
