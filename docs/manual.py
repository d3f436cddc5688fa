"""The manual page, platinum-tui(1): from the parser and the registry of keys, in the macros of man(7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from platinum_tui import __version__
from platinum_tui.system.console_actions import ACTIONS, Scope
from platinum_tui.verbs.grammar import Command, Word

_ENVIRONMENT = {
    "PLATINUM_VAULT": "the vault, where no --vault is given",
    "PLATINUM_CONFIG": "the configuration file, where no --config is given",
    "PLATINUM_STATE_DIR": "ledger, keys and locks, where no --state-dir is given",
    "PLATINUM_PASSPHRASE": "opens the encrypted file that stands in for a keyring",
    "PLATINUM_PASSPHRASE_FILE": "the file that holds that passphrase",
    "EDITOR, PAGER": "what a request is edited and read in",
    "NO_COLOR": "draw no colours",
}
_FILES = {
    "~/.config/platinum-tui/config.toml": "the configuration; platinum-tui config path tells where it is",
    "~/.local/state/platinum-tui/": "ledger, public keys and locks",
}


def manual(program: Command, usage: Callable[[Command], str], exit_codes: Mapping[int, str]) -> str:
    """The page.

    Args:
        program: the whole grammar.
        usage: how a command is called.
        exit_codes: what each code means.
    """
    return "\n".join([*_front(program), *_commands(program, usage), *_keys(), *_rest(exit_codes), ""])


def _front(program: Command) -> Iterator[str]:
    yield r".\" Made by `python -m docs.make`; edit what it is made from."
    yield f'.TH PLATINUM\\-TUI 1 "" "platinum\\-tui {__version__}" "User Commands"'
    yield from (".SH NAME", f"platinum\\-tui \\- {_text(program.help[0].lower() + program.help[1:].rstrip('.'))}")
    yield from (".SH SYNOPSIS", ".B platinum\\-tui", "[\\fIoptions\\fR] [\\fIcommand\\fR ...]")
    yield from (".SH DESCRIPTION", "Alone it opens the full\\-screen console, with its workers inside.")
    yield "AI employees write what they want done into a vault, as files. A person sees exactly what would happen and"
    yield "decides; this machine then does it, once, through local MCP servers, with credentials from the keyring."
    yield ".PP"
    yield "ID is a request's id, its file's name with or without suffix, or a unique beginning of either."
    yield "Data goes to stdout, talk to stderr; without a terminal nothing ever asks."
    yield ".SH OPTIONS"
    yield from _words(word for word in program.own if word.flags)
    yield from (".PP", "Before or after every command; with \\-\\-json errors go to stdout, too:")
    yield from _words(program.shared)


def _commands(program: Command, usage: Callable[[Command], str]) -> Iterator[str]:
    yield ".SH COMMANDS"
    for command in program.all():
        if command.path and not command.commands:
            yield from (".TP", f".B {_text(usage(command).removeprefix('platinum-tui '))}", _text(command.help))
            told = [word for word in command.own if word.flags and word.help and "--help" not in word.flags]
            if told:
                yield from (".RS", *_words(told), ".RE")


def _keys() -> Iterator[str]:
    yield from (".SH KEYS", "Enter never decides. [console.keys] in the configuration binds other keys.")
    for scope in Scope:
        yield f".SS {_text(scope.value)}"
        for item in ACTIONS:
            if item.scope is scope:
                yield from (".TP", f".B {_text(' '.join(item.keys))}", _text(item.help))


def _rest(exit_codes: Mapping[int, str]) -> Iterator[str]:
    yield ".SH EXIT STATUS"
    for code, means in exit_codes.items():
        yield from (".TP", f".B {int(code)}", _text(means))
    for title, table in (("ENVIRONMENT", _ENVIRONMENT), ("FILES", _FILES)):
        yield f".SH {title}"
        for name, means in table.items():
            yield from (".TP", f".B {_text(name)}", _text(means))


def _words(words: Iterable[Word]) -> Iterator[str]:
    for word in words:
        spelled = ", ".join(" ".join(filter(None, [flag, word.value])) for flag in word.flags) or word.value
        yield from (".TP", f".B {_text(spelled)}", _text(word.help))


def _text(text: str) -> str:
    """A text in which nothing is a request or an escape: hyphens stay hyphens that can be copied."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...")
    return f"\\&{escaped}" if escaped[:1] in {".", "'"} else escaped
