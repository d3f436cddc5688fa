"""`contacts`: what a name in a chat resolves to."""

from __future__ import annotations

from platinum_tui.model.errors import ExitCode
from platinum_tui.model.text import safe_line
from platinum_tui.verbs.call import Call


def add_contact(call: Call) -> ExitCode:
    """Remember a person's number or address in the configuration file; everything else in it stays as it is."""
    given = call.arguments
    with call.service() as service:
        contact = service.remember_contact(given.name, given.whatsapp or "", given.email or "")
    reached = " and ".join(part for part in (contact.whatsapp, contact.email) if part)
    form = {"name": contact.name, "whatsapp": contact.whatsapp, "email": contact.email}
    call.report(form, f"{safe_line(contact.name)} is {safe_line(reached)} from now on.")
    return ExitCode.DONE
