"""`completions`: what a shell needs to complete the command line, written from the parser.

Only words of the program itself are completed. Names from the vault are not: some shells evaluate what they are given
to choose from, and what lies in the vault was written by others.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from string import Template

from platinum_tui.model.errors import ExitCode
from platinum_tui.verbs.call import Call
from platinum_tui.verbs.grammar import Command, Word, read

_BASH = Template("""\
# Completions of platinum-tui for bash: eval "$$(platinum-tui completions bash)"
_platinum_tui() {
    local word path="" words=""
    local current="$${COMP_WORDS[COMP_CWORD]}" before="$${COMP_WORDS[COMP_CWORD-1]}"
    for word in "$${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "$${path:+$$path }$$word" in
            $paths) path="$${path:+$$path }$$word" ;;
        esac
    done
    case "$$before" in
$values
        *)
            case "$$path" in
$words
            esac ;;
    esac
    COMPREPLY=($$(compgen -W "$$words" -- "$$current"))
}
complete -o default -F _platinum_tui platinum-tui
""")
_ZSH = Template("""\
#compdef platinum-tui
# Completions of platinum-tui for zsh: platinum-tui completions zsh > a file _platinum-tui in a folder of $$fpath
_platinum_tui() {
    local word place=""
    local -a found
    for word in "$${(@)words[2,CURRENT-1]}"; do
        case "$${place:+$$place }$$word" in
            $paths) place="$${place:+$$place }$$word" ;;
        esac
    done
    case "$$words[CURRENT-1]" in
$values
        *)
            case "$$place" in
$words
            esac ;;
    esac
    _describe 'platinum-tui' found
}
if [ "$$funcstack[1]" = "_platinum-tui" ]; then _platinum_tui "$$@"; else compdef _platinum_tui platinum-tui; fi
""")
_FISH = Template("""\
# Completions of platinum-tui for fish: platinum-tui completions fish | source
function __platinum_tui_at
    set -l place ""
    for word in (commandline -opc)[2..]
        set -l further (string trim -- "$$place $$word")
        switch "$$further"
            case $paths
                set place "$$further"
        end
    end
    test "$$place" = "$$argv"
end
complete -c platinum-tui -f
$lines
""")


def print_completions(call: Call) -> ExitCode:
    """The script of one shell, to stdout."""
    script = SHELLS[call.arguments.shell](read(call.arguments.grammar()))
    if call.as_json:
        call.print_json({"shell": call.arguments.shell, "script": script})
    else:
        print(script, end="")  # noqa: T201 - quoted for its shell already
    return ExitCode.DONE


def bash(program: Command) -> str:
    """The script for bash."""
    words = {" ".join(command.path): _names(command) for command in program.all()}
    return _BASH.substitute(
        paths=_patterns(program),
        values="\n".join(f"        {flag}) words={_quoted(names)} ;;" for flag, names in _values(program).items()),
        words="\n".join(
            f"                {_quoted([path])}) words={_quoted(names)} ;;" for path, names in words.items()
        ),
    )


def zsh(program: Command) -> str:
    """The script for zsh, with a line of help for each word."""

    def described(command: Command) -> str:
        pairs = [*((below.path[-1], below.help) for below in command.commands), *_choices(command)]
        pairs += [(word.flags[0], word.help) for word in command.options]
        return " ".join(shlex.quote(f"{name}:{text}") for name, text in pairs)

    values = _values(program).items()
    return _ZSH.substitute(
        paths=_patterns(program),
        values="\n".join(f"        {flag}) found=({' '.join(names)}) ;;" for flag, names in values),
        words="\n".join(
            f"                {_quoted([' '.join(command.path)])}) found=({described(command)}) ;;"
            for command in program.all()
        ),
    )


def fish(program: Command) -> str:
    """The script for fish."""
    lines = []
    for command in program.all():
        at = f"complete -c platinum-tui -n '__platinum_tui_at {' '.join(command.path)}'"
        lines += [f"{at} -a {below.path[-1]} -d {_fish(below.help)}" for below in command.commands]
        lines += [f"{at} -a {name}" for name, _ in _choices(command)]
        lines += [f"{at} {_fish_option(word)} -d {_fish(word.help)}" for word in command.options]
    return _FISH.substitute(paths=_quoted_each(program), lines="\n".join(lines))


SHELLS: Mapping[str, Callable[[Command], str]] = {"bash": bash, "zsh": zsh, "fish": fish}
"""The shells that are spoken, each with what writes its script."""


def _names(command: Command) -> list[str]:
    flags = [flag for word in command.options for flag in word.flags]
    return [*(below.path[-1] for below in command.commands), *(name for name, _ in _choices(command)), *flags]


def _choices(command: Command) -> list[tuple[str, str]]:
    return [(choice, word.help) for word in command.own if not word.flags for choice in word.choices]


def _values(program: Command) -> dict[str, list[str]]:
    """For each option that takes a value: what it may be; nothing where that is open."""
    options = [word for command in program.all() for word in command.options if word.value]
    return {flag: list(word.choices) for word in options for flag in word.flags}


def _patterns(program: Command) -> str:
    return "|".join(_quoted([" ".join(command.path)]) for command in program.all() if command.path)


def _quoted_each(program: Command) -> str:
    return " ".join(f"'{' '.join(command.path)}'" for command in program.all() if command.path)


def _quoted(names: list[str]) -> str:
    return shlex.quote(" ".join(names))


def _fish_option(word: Word) -> str:
    spelled = " ".join(f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in word.flags)
    if word.choices:
        return f"{spelled} -x -a '{' '.join(word.choices)}'"
    return f"{spelled} -r -F" if word.value else spelled


def _fish(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
