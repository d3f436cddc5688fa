"""The reference pages: commands from the parser, settings from the tables that read the file, keys from the registry.

.venv/bin/python -m docs.make            writes them
.venv/bin/python -m docs.make --check    says which of them are stale; exit code 1 if any is
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
sys.path[:0] = [str(FOLDER.parent), str(FOLDER.parent / "app")]

from docs.manual import manual  # noqa: E402

from platinum_tui.console.key_table import key_table  # noqa: E402
from platinum_tui.model.action import Kind  # noqa: E402
from platinum_tui.model.errors import ExitCode  # noqa: E402
from platinum_tui.parser import build  # noqa: E402
from platinum_tui.system.configuration_reading import read_settings  # noqa: E402
from platinum_tui.system.configuration_text import default_text  # noqa: E402
from platinum_tui.system.durations import format_duration  # noqa: E402
from platinum_tui.system.policy import SIGNED_BY_DEFAULT, Level  # noqa: E402
from platinum_tui.system.server_families import FAMILIES  # noqa: E402
from platinum_tui.system.toml_table import Table  # noqa: E402
from platinum_tui.verbs.grammar import Command, Word, read  # noqa: E402

MADE = "<!-- Made by `python -m docs.make`; edit what it is made from. -->\n"
EXIT_CODES = {
    ExitCode.DONE: "done",
    ExitCode.FAILED: "failed",
    ExitCode.USAGE: "wrong usage or configuration",
    ExitCode.REFUSED: "refused: stale fingerprint, expired, policy, invalid request",
    ExitCode.NOT_FOUND: "no such request",
    ExitCode.NEEDS_PERSON: "a person is needed: `doctor`, `status` or `audit verify` found something, "
    "`--daemon --once` left something unknown or held, `take-over` made one unknown, a `FREEZE` file outlasts "
    "`thaw`, or `servers --link` shows a code to scan",
    ExitCode.LOCKED: "another instance executes on this vault; deciding still works",
}
LEVELS = {
    Level.MOVE: "decided here, or moved by hand into `Approved/` when these very bytes were seen pending on this "
    "machine and no sync brought the move",
    Level.CONFIRM: "decided in the console or by `approve`, with the fingerprint",
    Level.SIGNED: "that, with the reviewer's own key",
    Level.TWO_KEYS: "two distinct signers over the same bytes",
}
KIND, NAME, ACTION = "KIND", "NAME", "ACTION"


def commands() -> str:
    """The page of commands."""
    program = read(build())
    rows = [f"| `{_cell(_usage(command))}` | {command.help} |" for command in _leaves(program)]
    sections = [_section(command) for command in _leaves(program) if _told(command)]
    return "\n".join(
        [
            "# Commands",
            "",
            MADE,
            "`platinum-tui` alone opens the console. ID is a request's id, its file's name with or without suffix, or",
            "a unique beginning of either.",
            "Data goes to stdout, talk to stderr; without a terminal nothing ever asks.",
            "",
            *_words("Options of the program", [word for word in program.own if word.flags]),
            *_words("Options of every command, before or after it", list(program.shared)),
            "## Every command",
            "",
            "| command | does |",
            "|---|---|",
            *rows,
            "",
            *sections,
            "## Exit codes",
            "",
            "| code | means |",
            "|---|---|",
            *(f"| {int(code)} | {EXIT_CODES[code]} |" for code in ExitCode),
            "",
            'With `--json` an error goes to stdout as `{"error": {"code", "message", "remedy"}}`, with the same code.',
            "",
        ]
    )


def _leaves(program: Command) -> Iterator[Command]:
    return (command for command in program.all() if command.path and not command.commands)


def _usage(command: Command) -> str:
    """How the command is called, without what every command takes."""
    usage = command.usage.replace(" [-h]", "")
    for word in command.shared:
        usage = usage.replace(f" [{' '.join(filter(None, [word.flags[0], word.value]))}]", "")
    return usage


def _said(command: Command) -> list[Word]:
    return [word for word in command.own if "--help" not in word.flags]


def _told(command: Command) -> list[Word]:
    """The words of a command that need a line of their own."""
    return [word for word in _said(command) if word.help]


def _section(command: Command) -> str:
    return "\n".join(_words(f"`{' '.join(command.path)}`", _told(command), level="###"))


def _words(title: str, words: list[Word], level: str = "##") -> list[str]:
    def spelled(word: Word) -> str:
        return ", ".join(f"`{' '.join(filter(None, [flag, word.value]))}`" for flag in word.flags) or f"`{word.value}`"

    return [f"{level} {title}", "", *(f"- {spelled(word)}: {word.help}" for word in words), ""]


@dataclass(frozen=True)
class Recorder(Table):
    """A table that remembers which keys were asked for, with their defaults and what may be written."""

    asked_for: list[tuple[str, Any, str]] = field(default_factory=list)

    def take(self, key: str, parse: Callable[[Any], Any], default: Any, expected: str) -> Any:
        """As the table itself, and remembered."""
        self.asked_for.append((self.name_of(key), default, expected))
        return super().take(key, parse, default, expected)

    def _child(self, key: str, values: Any) -> Table:
        return Recorder(values, self.file, self.name_of(key), self.problems, self.origins, asked_for=self.asked_for)


def configuration() -> str:
    """The page of settings."""
    asked = {
        "contacts": {NAME: {}},
        "console": {"keys": {"approve": "a"}, "views": {NAME: {}}},
        "servers": {**{name: {} for name in FAMILIES}, NAME.lower(): {"command": ["x"]}},
    }
    table = Recorder(asked, Path("config.toml"))
    read_settings(table, Path)
    settings = {_general(key): (default, expected) for key, default, expected in table.asked_for}
    plain = {key: value for key, value in settings.items() if not key.startswith("servers.")}
    return "\n".join(
        [
            "# Configuration",
            "",
            MADE,
            "A TOML file; `platinum-tui config path` tells where, `config show` what holds and why, `config validate`",
            "what is wrong. A flag goes before an environment variable, that before the file, that before the default.",
            "An unknown key is an error that names the nearest one.",
            "What runs keeps what it read at its start, contacts apart: after a change, start console or daemon again.",
            "Secrets are never in the file: `platinum-tui credentials set SERVER.NAME` puts them into the keyring.",
            "",
            "| flag | variable | is |",
            "|---|---|---|",
            "| `--vault` | `PLATINUM_VAULT` | the vault |",
            "| `--config` | `PLATINUM_CONFIG` | the file |",
            "| `--state-dir` | `PLATINUM_STATE_DIR` | ledger, keys and locks |",
            "| | `PLATINUM_PASSPHRASE`, `PLATINUM_PASSPHRASE_FILE` | opens the file that stands in for a keyring |",
            "",
            "## What `init` writes",
            "",
            "```toml",
            default_text(Path("~/AI_Employee_Vault")).rstrip(),
            "```",
            "",
            "## Every setting",
            "",
            f"{ACTION} is a name in [keys.md](keys.md). {KIND} is one of {', '.join(f'`{kind}`' for kind in Kind)}.",
            "",
            "| key | default | what to write |",
            "|---|---|---|",
            *(f"| `{key}` | {_default(key, default)} | {_cell(text)} |" for key, (default, text) in plain.items()),
            "",
            "## What counts as approval",
            "",
            *(f"- `{level}`: {LEVELS[level]}" for level in Level),
            "",
            "## Servers",
            "",
            *(line for name in FAMILIES for line in _family(name)),
            "### A server of your own: `[servers.NAME]`",
            "",
            "| key | default | what to write |",
            "|---|---|---|",
            *(
                f"| `{key.rpartition('.')[2]}` | {_default(key, default)} | {_cell(text)} |"
                for key, (default, text) in settings.items()
                if key.startswith(f"servers.{NAME}.")
            ),
            "",
        ]
    )


def _general(key: str) -> str:
    parts = [KIND if part in set(Kind) else part for part in key.split(".")]
    if parts[:2] == ["console", "keys"]:
        parts[2:] = [ACTION]
    return ".".join(parts).replace(f"servers.{NAME.lower()}.", f"servers.{NAME}.")


def _default(key: str, default: Any) -> str:
    if key == f"approval.{KIND}":
        return f"`{Level.SIGNED}` for {', '.join(f'`{kind}`' for kind in Kind if kind in SIGNED_BY_DEFAULT)}"
    if default in (None, "", ()) or key == f"console.keys.{ACTION}":
        return ""
    return f"`{format_duration(default) if isinstance(default, timedelta) else default}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _family(name: str) -> list[str]:
    family = FAMILIES[name]
    needed = " or ".join(" and ".join(f"`{key}`" for key in keys) for keys in family.required)
    secrets = ", ".join(f"`{name}.{secret}` (with `{known.setting}`)" for secret, known in family.credentials.items())
    rows = []
    for key, setting in family.settings.items():
        expected = " or ".join(f'`"{choice}"`' for choice in setting.choices) or setting.shape.value
        rows.append(f"| `{key}` | {expected} |")
    return [
        f"### `[servers.{name}]`",
        "",
        f"Needs {needed}. Credentials: {secrets or 'none'}.",
        "",
        "| key | what to write |",
        "|---|---|",
        *rows,
        "",
    ]


def keys() -> str:
    """The page of keys."""
    return "\n".join(
        [
            "# Keys",
            "",
            MADE,
            "Enter never decides. Keys that decide are dead for 0.4 seconds after something changed under you, and",
            "high risk is approved only once whom it reaches and its end were on screen.",
            "",
            key_table(),
        ]
    )


def manual_page() -> str:
    """The page of man."""
    return manual(read(build()), _usage, EXIT_CODES)


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "configuration.md": configuration,
    "keys.md": keys,
    "platinum-tui.1": manual_page,
}


def main() -> int:
    """Write the pages, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    written = {name: make() for name, make in PAGES.items()}
    stale = [name for name, text in written.items() if not _holds(FOLDER / name, text)]
    for name in stale:
        print(name)
        if not check:
            (FOLDER / name).write_text(written[name], "utf-8")
    return int(check and bool(stale))


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
