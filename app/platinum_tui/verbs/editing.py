"""`edit`: a new version of a request, in the person's own editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from platinum_tui.ledger.happening import Happening
from platinum_tui.model.errors import ExitCode, Failed, NotApprovable, RefusedByPolicy, StaleFingerprint, UsageError
from platinum_tui.model.request import State
from platinum_tui.model.standing import Standing
from platinum_tui.service import Service
from platinum_tui.vault.moves import replace_file
from platinum_tui.vault.reading import read_in_vault
from platinum_tui.verbs.call import Call

_EDITABLE = frozenset({State.PENDING, State.HELD, State.SNOOZED, State.EXPIRED})


def edit(call: Call) -> ExitCode:
    """Open a request in $VISUAL or $EDITOR; what is saved is its new version, with a new fingerprint."""
    editor = call.environ.get("VISUAL") or call.environ.get("EDITOR")
    if not editor or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("Editing needs a terminal and $EDITOR.", remedy="Set EDITOR, or change the file in the vault.")
    with call.service() as service:
        standing = _editable(service, call.arguments.id)
        before = read_in_vault(service.house.vault, standing.file).data
        after = _edited(shlex.split(editor), standing.file, before)
        if after == before:
            call.say("Nothing was changed.")
            return ExitCode.DONE
        if read_in_vault(service.house.vault, standing.file).data != before:
            raise StaleFingerprint("The file was changed by somebody else meanwhile; nothing was written.")
        replace_file(service.house.vault.path(standing.file), after)
        service.house.ledger.note_event(Happening("edited", "person", details={"request": standing.request.id}))
        service.trail.write()
        edited = service.desk.find(standing.file)
    call.say(
        f"{edited.title}: the fingerprint is {edited.request.fingerprint} now, not {standing.request.fingerprint}."
    )
    return ExitCode.DONE


def _editable(service: Service, name: str) -> Standing:
    if service.readonly:
        raise RefusedByPolicy("Nothing is written in read-only mode.", remedy="Start it without --readonly.")
    standing = service.desk.find(name)
    if standing.state not in _EDITABLE:
        raise NotApprovable(f"It is {standing.state}; only a request that waits for a decision can be edited.")
    return standing


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
