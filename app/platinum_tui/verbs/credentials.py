"""`credentials`: secrets into the keyring, never through the command line's arguments, never shown."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from platinum_tui.model.errors import ExitCode, UsageError
from platinum_tui.system.credentials import Credentials, check_name, open_credentials
from platinum_tui.verbs.call import Call


def set_credential(call: Call) -> ExitCode:
    """Ask for a secret on a terminal, else read one line from stdin, and keep it."""
    from platinum_tui.system.credential_list import hint_for

    call.require_writable()
    name = check_name(call.arguments.name)
    value = getpass.getpass(f"{name}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not value:
        raise UsageError(f"No value was given for {name}.", remedy="Type it, or send it as one line to stdin.")
    credentials = _open(call)
    credentials.set(name, value)
    hint = hint_for(name, call.configuration())
    words = [f"{name} is kept in {credentials.place}.", *([hint] if hint else [])]
    call.report({"name": name, "place": credentials.place, "hint": hint}, " ".join(words))
    return ExitCode.DONE


def list_credentials(call: Call) -> ExitCode:
    """What is kept and what is missing, each with its purpose and origin; values are never shown."""
    from platinum_tui.system.credential_list import Standing, credential_entries

    names = _open(call).names()
    entries = credential_entries(call.configuration(), names)
    if call.as_json:
        kept = [entry.name for entry in entries if entry.standing in (Standing.KEPT, Standing.UNUSED)]
        call.print_json({"credentials": kept, "entries": [entry.to_json() for entry in entries]})
        return ExitCode.DONE
    for entry in entries:
        about = f"{entry.purpose}; from: {entry.origin}" if entry.purpose else "no built-in server asks for it"
        call.print_text(f"{entry.name:<32}  {entry.standing:<8}  {about}")
    if not entries:
        call.say("Nothing is kept yet; `platinum-tui credentials set SERVER.NAME` keeps one.")
    return ExitCode.DONE


def remove_credential(call: Call) -> ExitCode:
    """Forget a secret."""
    call.require_writable()
    name = check_name(call.arguments.name)
    credentials = _open(call)
    was_there = name in credentials.names()
    credentials.remove(name)
    words = f"{name} {'is removed from' if was_there else 'was not in'} {credentials.place}."
    call.report({"name": name, "removed": was_there}, words)
    return ExitCode.DONE


def import_credentials(call: Call) -> ExitCode:
    """Keep every `EMAIL_PASSWORD=…` line of a file as `email.password`: all of them, or none where one is wrong."""
    from platinum_tui.system.credential_list import hint_for

    call.require_writable()
    file = call.arguments.file
    found, credentials = _credentials_in(file), _open(call)
    for name, value in found.items():
        credentials.set(name, value)
    hints = [hint for name in found if (hint := hint_for(name, call.configuration()))]
    words = f"Kept {', '.join(found)}. Delete {file} now." if found else "The file holds no credentials."
    call.report({"kept": list(found), "hints": hints}, " ".join([words, *hints]))
    return ExitCode.DONE


def check_credentials(call: Call) -> ExitCode:
    """Ask each configured server whether its credentials work, without a side effect."""
    from platinum_tui.execution.tools import LOOK_UP_DEADLINE_S
    from platinum_tui.model.errors import PlatinumError
    from platinum_tui.system.server_families import FAMILIES

    results = {}
    with call.service() as service:
        for name in sorted(set(service.house.configuration.servers) & set(FAMILIES)):
            try:
                results[name] = dict(service.servers.call(name, "check", {}, deadline_s=LOOK_UP_DEADLINE_S).content)
            except PlatinumError as error:
                results[name] = {"ok": False, "findings": [error.to_json()]}
    if call.as_json:
        call.print_json({"servers": results})
    else:
        for name, result in results.items():
            call.print_text(f"{name}: {'works' if result.get('ok') else 'does not work'}")
            for finding in result.get("findings", ()):
                call.print_text(f"  {finding['message']}\n  {finding['remedy']}")
    return ExitCode.DONE if all(result.get("ok") for result in results.values()) else ExitCode.FAILED


def _open(call: Call) -> Credentials:
    return open_credentials(call.configuration().state_dir, call.environ)


def _credentials_in(file: str) -> dict[str, str]:
    try:
        text = Path(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(
            f"{file} cannot be read: {why}.", remedy="Name a text file of EMAIL_PASSWORD=… lines."
        ) from error
    found = {}
    for line in text.splitlines():
        key, equals, value = line.strip().removeprefix("export ").partition("=")
        server, underscore, name = key.strip().lower().partition("_")
        if equals and underscore and server and name and not line.lstrip().startswith("#") and value.strip():
            found[check_name(f"{server}.{name}")] = _unquoted(value.strip())
    return found


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
