"""What can be said on the command line, read off the parser: for completions and for the documentation."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """An option or an argument.

    Attributes:
        flags: how an option is spelled, longest first; empty for an argument.
        value: the name of its value; empty where it takes none.
        choices: the only values allowed, where there are such.
        help: one line.
    """

    flags: tuple[str, ...]
    value: str
    choices: tuple[str, ...]
    help: str


@dataclass(frozen=True, slots=True)
class Command:
    """One command, or the program itself, whose path is empty.

    Attributes:
        path: the words that lead to it.
        help: one line.
        usage: as argparse writes it.
        own: its own options and arguments, without those that every command takes.
        shared: the options that every command takes.
        commands: the commands below it.
    """

    path: tuple[str, ...]
    help: str
    usage: str
    own: tuple[Word, ...]
    shared: tuple[Word, ...]
    commands: tuple[Command, ...]

    @property
    def options(self) -> tuple[Word, ...]:
        """Everything that begins with a dash."""
        return tuple(word for word in (*self.own, *self.shared) if word.flags)

    def all(self) -> Iterator[Command]:
        """This command and every one below it."""
        yield self
        for command in self.commands:
            yield from command.all()


def read(parser: argparse.ArgumentParser) -> Command:
    """The whole grammar of a parser."""
    everywhere = {flag for action in parser._actions for flag in action.option_strings}  # noqa: SLF001 - argparse has no other door
    everywhere -= {"--daemon", "--once", "--demo"}
    return _command(parser, (), parser.description or "", everywhere)


def _command(parser: argparse.ArgumentParser, path: tuple[str, ...], text: str, everywhere: set[str]) -> Command:
    own: list[Word] = []
    shared: list[Word] = []
    below: list[Command] = []
    for action in parser._actions:  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name, child in action.choices.items():
                below.append(_command(child, (*path, name), child.description or "", everywhere))
        elif everywhere.intersection(action.option_strings):
            shared.append(_word(action))
        else:
            own.append(_word(action))
    usage = " ".join(parser.format_usage().removeprefix("usage: ").split())
    return Command(path, text, usage, tuple(own), tuple(shared), tuple(below))


def _word(action: argparse.Action) -> Word:
    metavar = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    return Word(
        flags=tuple(sorted(action.option_strings, key=len, reverse=True)),
        value="" if action.nargs == 0 else metavar,
        choices=tuple(str(choice) for choice in action.choices or ()),
        help=(action.help or "").replace("%%", "%"),
    )
