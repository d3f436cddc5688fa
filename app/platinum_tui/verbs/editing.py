"""`edit`: a new version of a request, in the person's own editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from platinum_tui.model.errors import ExitCode, Failed, UsageError
from platinum_tui.verbs.call import Call


def edit(call: Call) -> ExitCode:
    """Open a request in $VISUAL or $EDITOR; what is saved is its new version, with a new fingerprint."""
    editor = call.environ.get("VISUAL") or call.environ.get("EDITOR")
    if not editor or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("Editing needs a terminal and $EDITOR.", remedy="Set EDITOR, or change the file in the vault.")
    with call.service() as service:
        draft = service.draft(call.arguments.id)
        after = _edited(shlex.split(editor), draft.file, draft.data)
        if after == draft.data:
            call.say("Nothing was changed.")
            return ExitCode.DONE
        edited = service.revise(draft, after)
    call.say(f"{edited.title}: the fingerprint is {edited.request.fingerprint} now, not {draft.fingerprint}.")
    return ExitCode.DONE


def _edited(editor: list[str], file: str, data: bytes) -> bytes:
    with tempfile.TemporaryDirectory(prefix="platinum-edit-") as folder:
        copy = Path(folder) / file.rpartition("/")[2]
        copy.write_bytes(data)
        environ = {name: value for name, value in os.environ.items() if not name.startswith("PLATINUM_PASSPHRASE")}
        try:
            subprocess.run([*editor, str(copy)], check=True, env=environ)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Failed(
                f"The editor {editor[0]} did not end well.", remedy="Nothing was changed; try again."
            ) from error
        return copy.read_bytes()
