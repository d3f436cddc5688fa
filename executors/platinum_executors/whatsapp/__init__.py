"""The WhatsApp server: `send_message` by the Cloud API, or by a bridge of the user's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from platinum_executors.attempt import Attempt
from platinum_executors.family import ActingTool, Answer, Family, Finding, Lookup, Promise, Surroundings, View
from platinum_executors.refusal import Refused
from platinum_executors.serving import serve_family
from platinum_executors.whatsapp import bridge, cloud
from platinum_tui.model.action import JsonValue, Kind, WhatsappMessage
from platinum_tui.model.receipt import Outcome, Result
from platinum_tui.system.configuration import Configuration

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def serve(configuration: Configuration, environ: Mapping[str, str]) -> None:
    """Serves WhatsApp on stdio until the client leaves."""
    serve_family(WHATSAPP, configuration, environ)


def send_message(here: Surroundings, attempt: Attempt[WhatsappMessage]) -> Result:
    """Sends one approved message. `done` means accepted: only WhatsApp's webhooks tell of delivery."""
    if not _E164.fullmatch(attempt.action.to):
        raise Refused("invalid_number", "The recipient is not a number with its country code.")
    send = cloud.send if _by_cloud(here) else bridge.send
    return Result(Outcome.DONE, send(here, attempt))


def find(_: Surroundings, __: str) -> Lookup:
    """WhatsApp tells what became of a message by webhook alone."""
    return Lookup(Answer.CANNOT_TELL, {"reason": "WhatsApp cannot be asked: look into the chat on the phone."})


def check(here: Surroundings) -> Sequence[Finding]:
    """Whether the token is good, or the bridge linked."""
    try:
        if _by_cloud(here):
            cloud.probe(here)
            return []
        state = bridge.link_state(here)["state"]
    except Refused as refused:
        return [Finding.of(refused, "whatsapp")]
    if state == "linked":
        return []
    return [Finding("not_linked", f"The bridge is {state}.", "Scan the code that the console shows with the phone.")]


def link_state(here: Surroundings) -> Mapping[str, JsonValue]:
    """What a panel shows: the way in use, and a bridge's link and code."""
    if _by_cloud(here):
        return {"way": "cloud", "state": "linked", "qr": None, "number": None, "expires_at": None}
    return {"way": "bridge", **bridge.link_state(here)}


def _by_cloud(here: Surroundings) -> bool:
    settings = here.settings
    return bool(settings.text("phone_number_id")) or not (
        settings.command("bridge_command") or settings.text("bridge_url")
    )


WHATSAPP = Family(
    name="whatsapp",
    tools=(
        ActingTool(
            name="send_message",
            kind=Kind.WHATSAPP_MESSAGE,
            description="Send one approved WhatsApp message.",
            promise=Promise(absence_is_proof=False),
            act=send_message,
        ),
    ),
    find=find,
    check=check,
    views=(
        View(
            name="link_state",
            description="Whether a bridge is linked to a phone, and the code to scan where it is not.",
            show=link_state,
        ),
    ),
)
