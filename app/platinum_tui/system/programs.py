"""The user's own editor and pager, run on a copy; they do not see what opens the keyring."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from platinum_tui.model.errors import Failed, UsageError


def editor_of(environ: Mapping[str, str]) -> list[str]:
    """The command that VISUAL, else EDITOR, names.

    Raises:
        UsageError: neither names one, or what it says is no command.
    """
    named = _command("VISUAL" if environ.get("VISUAL") else "EDITOR", environ)
    if not named:
        raise UsageError("No editor is named.", remedy="Set EDITOR, or change the file in the vault.")
    return named


def pager_of(environ: Mapping[str, str]) -> list[str]:
    """The command that PAGER names, else `less`; raises UsageError where what it says is no command."""
    return _command("PAGER", environ) or ["less"]


def edited(editor: Sequence[str], name: str, data: bytes) -> bytes:
    """What becomes of some bytes in an editor, which gets them as a file of that name.

    Raises:
        Failed: the editor did not end well.
    """
    return _run(editor, name, data, "Nothing was changed; try again.")


def paged(pager: Sequence[str], name: str, text: str) -> None:
    """Show a text in a pager.

    Raises:
        Failed: the pager did not end well.
    """
    _run(pager, name, text.encode(), "Set PAGER to a program that shows a file.")


def _command(variable: str, environ: Mapping[str, str]) -> list[str]:
    try:
        return shlex.split(environ.get(variable, ""))
    except ValueError as error:
        reason = str(error).removeprefix("No ")
        raise UsageError(f"{variable} is no command: no {reason}.", remedy=f"Correct {variable}.") from error


def _run(program: Sequence[str], name: str, data: bytes, remedy: str) -> bytes:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PLATINUM_PASSPHRASE")}
    with tempfile.TemporaryDirectory(prefix="platinum-") as folder:
        copy = Path(folder) / name
        copy.write_bytes(data)
        try:
            subprocess.run([*program, str(copy)], check=True, env=environ)
            return copy.read_bytes()
        except (OSError, subprocess.CalledProcessError) as error:
            raise Failed(f"{program[0]} did not end well.", remedy=remedy) from error
