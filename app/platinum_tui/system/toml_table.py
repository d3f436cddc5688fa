"""One table of a TOML file, read key by key: every value is checked, and what nobody asked for is an error."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from platinum_tui.model.errors import ConfigurationError

T = TypeVar("T")
Parser = Callable[[Any], T]


@dataclass(frozen=True)
class Table:
    """A table and what was found wrong in it; tables below it share the list of problems and the origins.

    Attributes:
        values: the table as `tomllib` gives it.
        file: the file, for messages.
        path: the dotted name of the table; empty for the whole file.
        problems: everything that is wrong, in the order of reading.
        origins: for each dotted key that was read, whether its value is the file's or the default.
    """

    values: Mapping[str, Any]
    file: Path
    path: str = ""
    problems: list[ConfigurationError] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)
    _asked: list[str] = field(default_factory=list)

    def take(self, key: str, parse: Parser[T], default: T, expected: str) -> T:
        """The value of one key.

        Args:
            key: its name in this table.
            parse: makes the value of what TOML holds, or raises ValueError.
            default: what counts where the key is missing or wrong.
            expected: what to write, with an example, for the message.
        """
        self.origins[self.name_of(key)] = "file" if key in self.values else "default"
        return self._take(key, parse, default, expected)

    def below(self, key: str) -> Table:
        """The table of that name below this one; empty where there is none."""
        return self._child(key, self._take(key, _mapping, {}, f"a table: [{self.name_of(key)}]"))

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Every table below this one, with its name: for tables whose names the user chooses."""
        for key in self.values:
            yield key, self.below(key)

    def known(self, key: str) -> None:
        """Marks a key as looked at, so that `end` does not report it."""
        self._asked.append(key)

    def end(self, synonyms: Mapping[str, str] = MappingProxyType({})) -> None:
        """Reports each key that nobody asked for, with the one that means the same, else the nearest one."""
        for key in self.values:
            if key not in self._asked:
                same = [synonyms[key.lower()]] if key.lower() in synonyms else []
                nearest = same or difflib.get_close_matches(key, self._asked, n=1, cutoff=0.0)
                hint = f"Did you mean {self.name_of(nearest[0])}?" if nearest else "Remove it."
                self.report(f"{self.name_of(key)} is not a setting.", remedy=hint)

    def report(self, message: str, *, remedy: str) -> None:
        """Notes a problem; the message is completed with the file's name."""
        self.problems.append(ConfigurationError(f"{self.file}: {message}", remedy=remedy))

    def name_of(self, key: str) -> str:
        """The key's dotted name in the file."""
        return f"{self.path}.{key}" if self.path else key

    def _take(self, key: str, parse: Parser[T], default: T, expected: str) -> T:
        self._asked.append(key)
        if key not in self.values:
            return default
        try:
            return parse(self.values[key])
        except ValueError as error:
            why = f" ({error})" if str(error) else ""
            self.report(f"{self.name_of(key)} is not what it must be{why}.", remedy=f"Write {expected}.")
            return default

    def _child(self, key: str, values: Mapping[str, Any]) -> Table:
        return Table(values, self.file, self.name_of(key), self.problems, self.origins)


def text(value: object) -> str:
    """A text that is not empty and holds no control character."""
    if not isinstance(value, str):
        raise ValueError(f"found {_type_name(value)}, not a text")
    if not value.strip() or any(not char.isprintable() for char in value):
        raise ValueError("it is empty or holds a character that cannot be seen")
    return value


def count(value: object) -> int:
    """A whole number from 1."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"found {_type_name(value)}, not a whole number")
    if value < 1:
        raise ValueError("it must be 1 or more")
    return value


def texts(value: object) -> tuple[str, ...]:
    """A list of texts, at least one."""
    if not isinstance(value, list) or not value:
        raise ValueError(f"found {_type_name(value)}, not a list of texts")
    return tuple(text(item) for item in value)


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"found {_type_name(value)}, not a table")
    return value


def _type_name(value: object) -> str:
    names = {str: "a text", bool: "true or false", int: "a whole number", float: "a number", list: "a list"}
    return names.get(type(value), "a table" if isinstance(value, dict) else "a date or time")
