"""Front matter, strictly: plain mappings, texts and lists; no alias, anchor, tag, merge, or second meaning of a key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import frontmatter as library
import yaml
from frontmatter.default_handlers import BaseHandler

from platinum_tui.intake.recovery import recover
from platinum_tui.intake.values import Raw, Scalar, folded

MAX_KEYS = 200
MAX_DEPTH = 8
MAX_ITEMS = 2000
"""Items of all lists together."""
_RULE = re.compile(r"---[ \t]*")
_LINE_ENDS_OF_YAML_ONLY = re.compile("[\r\x85\u2028\u2029]")
_LOST_AS_COMMENT = re.compile(r"[ \t]+#[^\s#]")


@dataclass
class FrontMatter:
    """The mapping at a file's head.

    Attributes:
        values: raw values by folded key.
        lines: the line of each key, from 1.
        degraded: it is no valid YAML; what stood on one line was recovered.
        lost: folded keys whose value could not be recovered.
        disagreeing: folded keys given more than once with different values.
        body_line: the number of the first line after it.
    """

    values: dict[str, Raw] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    degraded: bool = False
    lost: set[str] = field(default_factory=set)
    disagreeing: set[str] = field(default_factory=set)
    body_line: int = 1


def read_front_matter(lines: list[str]) -> FrontMatter:
    """The front matter of a file's lines; empty where the first line that is not blank is no `---`.

    Raises:
        ValueError: it is not closed, is no mapping, or uses what is refused. The message is a sentence.
    """
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if not _RULE.fullmatch(lines[first]):
        return FrontMatter()
    last = next((at for at in range(first + 1, len(lines)) if _RULE.fullmatch(lines[at])), None)
    if last is None:
        raise ValueError("The front matter has no closing `---`: where the body begins would be a guess.")
    found = FrontMatter(body_line=last + 2)
    block = lines[first + 1 : last]
    try:
        if "..." in block:
            raise ValueError("The front matter ends twice: a line of it is `...`.")
        if any(_LINE_ENDS_OF_YAML_ONLY.search(line) for line in block):
            raise yaml.YAMLError("a line end that only YAML sees")
        library.parse("---\n" + "\n".join(block) + "\n---", handler=_Strict(found, block, first + 2))
    except yaml.YAMLError:
        _recover_into(found, block, first + 2)
    return found


def _recover_into(found: FrontMatter, block: list[str], first_line: int) -> None:
    found.values.clear()
    found.disagreeing.clear()
    found.degraded = True
    for count, (number, key, value) in enumerate(recover(block, first_line)):
        if count >= MAX_KEYS:
            raise ValueError("The front matter has more than 200 keys.")
        name = folded(key)
        if value is None:
            found.lost.add(name)
            continue
        if name in found.values and found.values[name] != value:
            found.disagreeing.add(name)
        found.values[name] = value
        found.lines.setdefault(name, number)
    if not found.values and not found.lost:
        raise ValueError("The front matter is no mapping of keys to values.")
    for name in found.lost | found.disagreeing:
        found.values.pop(name, None)


class _Strict(BaseHandler):
    """python-frontmatter's door to our reading of YAML events (libyaml through `CSafeLoader`)."""

    FM_BOUNDARY = re.compile(r"^---$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "---"

    def __init__(self, found: FrontMatter, block: list[str], first_line: int) -> None:
        super().__init__()
        self._found, self._block, self._first_line = found, block, first_line
        self._keys = self._listed = 0

    def split(self, text: str) -> tuple[str, str]:
        """The block alone; the body is cut by our own splitter, which keeps it exactly."""
        return text[4:-4], ""

    def load(self, fm: str, **_: object) -> dict[str, object]:
        """The mapping, put into `found` with lines and doubts.

        Raises:
            ValueError: it is no mapping or uses what is refused.
            yaml.YAMLError: it is no YAML.
        """
        events = iter(yaml.parse(fm, Loader=yaml.CSafeLoader))
        next(events)
        if isinstance(next(events), yaml.StreamEndEvent):
            return {}
        opening = next(events)
        _refuse_marks(opening)
        if isinstance(opening, yaml.ScalarEvent) and not opening.value and opening.implicit[0]:
            return {}
        if not isinstance(opening, yaml.MappingStartEvent):
            raise ValueError("The front matter is no mapping of keys to values.")
        for key, line, value in self._pairs(events, 1):
            self._take(key, self._first_line + line, value)
        next(events)
        if not isinstance(next(events), yaml.StreamEndEvent):
            raise ValueError("The front matter holds more than one document.")
        return dict(self._found.values)

    def _take(self, key: str, line: int, value: Raw) -> None:
        name, found = folded(key), self._found
        if name in found.lines:
            found.degraded = True
            if found.values.get(name) != value:
                found.disagreeing.add(name)
                found.values.pop(name, None)
            return
        found.lines[name] = line
        found.values[name] = value

    def _pairs(self, events: Iterator[yaml.Event], depth: int) -> Iterator[tuple[str, int, Raw]]:
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            _refuse_marks(event)
            if not isinstance(event, yaml.ScalarEvent) or event.value == "<<":
                raise ValueError("The front matter has a key that is no plain text.")
            self._keys += 1
            if self._keys > MAX_KEYS:
                raise ValueError("The front matter has more than 200 keys.")
            yield event.value, _mark(event.start_mark).line, self._value(next(events), events, depth + 1)

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Raw:
        _refuse_marks(event)
        if depth > MAX_DEPTH + 1:
            raise ValueError("The front matter is nested more than eight levels deep.")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return list(self._items(events, depth))
        mapping: dict[str, Raw] = {}
        for key, _, value in self._pairs(events, depth):
            if key in mapping and mapping[key] != value:
                raise ValueError(f"The front matter gives {key!r} two values in one mapping.")
            mapping[key] = value
        return mapping

    def _items(self, events: Iterator[yaml.Event], depth: int) -> Iterator[Raw]:
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            self._listed += 1
            if self._listed > MAX_ITEMS:
                raise ValueError("The front matter lists more than 2000 items.")
            yield self._value(event, events, depth + 1)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        plain = event.style in (None, "")
        start, end = _mark(event.start_mark), _mark(event.end_mark)
        if plain and event.value and start.line == end.line:
            line = self._block[end.line]
            if _LOST_AS_COMMENT.match(line, end.column):
                self._found.degraded = True
                return Scalar(line[start.column :].strip())
        return Scalar(event.value, plain=plain)


def _mark(mark: Any) -> yaml.Mark:
    """The place of an event; libyaml gives one for each, the types do not say so."""
    return mark  # type: ignore[no-any-return]


def _refuse_marks(event: yaml.Event) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise ValueError("The front matter uses an anchor or alias: what you read would not be what is used.")
    if getattr(event, "tag", None):
        raise ValueError("The front matter uses a YAML tag.")
