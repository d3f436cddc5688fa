"""One call of the command line: its arguments, its environment, where its output goes, and how it meets the vault."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from platinum_tui.model.text import safe

if TYPE_CHECKING:
    from platinum_tui.model.action import JsonValue
    from platinum_tui.model.errors import PlatinumError
    from platinum_tui.review.desk import Desk
    from platinum_tui.review.house import House
    from platinum_tui.service import Service
    from platinum_tui.system.configuration import Configuration
    from platinum_tui.system.options import Options


@dataclass(frozen=True)
class Call:
    """What a verb is given.

    Attributes:
        arguments: as parsed.
        environ: the environment.
    """

    arguments: argparse.Namespace
    environ: Mapping[str, str]

    @property
    def as_json(self) -> bool:
        """Whether the caller wants JSON."""
        return bool(getattr(self.arguments, "json", False))

    @property
    def options(self) -> Options:
        """The global options."""
        from platinum_tui.system.options import Options

        given = self.arguments
        return Options(
            vault=getattr(given, "vault", None),
            config=getattr(given, "config", None),
            state_dir=getattr(given, "state_dir", None),
            readonly=getattr(given, "readonly", False),
            ascii=getattr(given, "ascii", False),
        )

    def require_writable(self) -> None:
        """Hold the promise of `--readonly`, where no service does; raises RefusedByPolicy."""
        from platinum_tui.model.errors import RefusedByPolicy

        if self.options.readonly:
            raise RefusedByPolicy("Nothing is written in read-only mode.", remedy="Start it without --readonly.")

    def configuration(self) -> Configuration:
        """The configuration in force; raises ConfigurationError."""
        from platinum_tui.system.configuration import load

        return load(self.options, self.environ)

    @contextmanager
    def service(self) -> Iterator[Service]:
        """The service of the configured vault, its workers at rest; closed at the end, with the servers it started."""
        from platinum_tui.service import Service

        with self._house() as house:
            service = Service(house)
            service.subscribe(_narrate)
            try:
                yield service
            finally:
                service.servers.close()

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """The desk of the configured vault alone, for looking: no worker, server or dashboard is loaded for it."""
        from platinum_tui.review.desk import Desk

        with self._house() as house:
            yield Desk(house)

    @contextmanager
    def _house(self) -> Iterator[House]:
        from platinum_tui.review.house import House

        house = House.open(self.configuration(), environ=self.environ)
        try:
            yield house
        finally:
            house.ledger.close()

    def print_json(self, value: JsonValue) -> None:
        """One JSON document to stdout."""
        print(json.dumps(value, indent=2))  # noqa: T201

    def print_text(self, text: str) -> None:
        """Text to stdout, made safe for a terminal."""
        encoding = sys.stdout.encoding or "utf-8"
        print(safe(text).encode(encoding, "backslashreplace").decode(encoding))  # noqa: T201

    def say(self, text: str) -> None:
        """Talk, to stderr."""
        print(safe(text), file=sys.stderr)  # noqa: T201

    def report(self, form: JsonValue, words: str) -> None:
        """What was done: as JSON to stdout where that was asked for, else in words to stderr."""
        if self.as_json:
            self.print_json(form)
        else:
            self.say(words)

    def print_error(self, error: PlatinumError) -> None:
        """An error with its remedy: to stdout as JSON where that was asked for, else to stderr."""
        if self.as_json:
            self.print_json({"error": error.to_json()})
        else:
            self.say(f"platinum-tui: {error.message}\n{error.remedy}")


def _narrate(event: object) -> None:
    from platinum_tui.model.event import Notice

    if isinstance(event, Notice):
        print(safe(event.message), file=sys.stderr)  # noqa: T201
