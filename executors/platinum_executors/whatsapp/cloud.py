"""Messages by WhatsApp's Cloud API.

Sources: developers.facebook.com/docs/whatsapp, cloud-api/guides/send-messages, cloud-api/support/error-codes,
business-management-api/message-templates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from platinum_executors import graph
from platinum_executors.attempt import Attempt
from platinum_executors.family import Surroundings
from platinum_executors.refusal import Refused
from platinum_executors.web import Reason, Reply, WebService, answered
from platinum_tui.model.action import JsonValue, WhatsappMessage

API_URL = "https://graph.facebook.com"
VERSION = "v25.0"
_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_REASONS: Mapping[int, tuple[str, str]] = {
    130429: ("rate_limited", "WhatsApp takes no more for now: too many messages in a short time."),
    131026: ("undeliverable", "WhatsApp cannot deliver to this number: it may not be on WhatsApp."),
    131030: ("undeliverable", "This number is not on the test account's list of recipients."),
    131031: ("account_locked", "WhatsApp has locked the business account."),
    131047: ("window_closed", "More than 24 hours since they last wrote: only a template may be sent now."),
    131048: ("rate_limited", "WhatsApp takes no more for now: too many messages were reported as spam."),
    131056: ("rate_limited", "Too many messages to this number in a short time."),
    132000: ("template_differs", "The template wants another number of parameters."),
    132001: ("template_missing", "There is no approved template of this name in this language."),
    132015: ("template_paused", "The template is paused because of its low quality."),
    133010: ("not_registered", "The sending number is not registered with the Cloud API."),
}
_UNCERTAIN = {131000, 131016}


def send(here: Surroundings, attempt: Attempt[WhatsappMessage]) -> Mapping[str, JsonValue]:
    """Sends a text, or the template whose words are the approved ones; accepted is not yet delivered."""
    service, action = _service(here), attempt.action
    message: dict[str, JsonValue] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": action.to.removeprefix("+"),
        "biz_opaque_callback_data": attempt.marker,
    }
    if action.template:
        message |= {"type": "template", "template": _template(here, service, action)}
    else:
        message |= {"type": "text", "text": {"preview_url": False, "body": action.body}}
    reply = service.act(attempt, "POST", f"/{_number(here)}/messages", json=message)
    wamid = answered("WhatsApp", reply.at("messages", 0, "id"), {"to": action.to})
    status = reply.at("messages", 0, "message_status") or "accepted"
    return {"message_id": wamid, "to": action.to, "status": status}


def probe(here: Surroundings) -> None:
    """Reads the sending number's own entry."""
    _service(here).ask("GET", f"/{_number(here)}", params={"fields": "display_phone_number,verified_name"})


def parameters(text: str, body: str) -> list[dict[str, JsonValue]]:
    """The parameters that make a template's text the approved body.

    Raises:
        Refused: there are none: with no parameters does the template say what was approved.
    """
    names = _PLACE.findall(text)
    pattern = "(.+?)".join(re.escape(piece) for piece in _PLACE.sub("\0", text).strip().split("\0"))
    match = re.fullmatch(pattern, body.strip(), re.DOTALL)
    if not match:
        raise Refused("template_differs", "The template does not say what was approved; its text is another.")
    values = dict(zip(names, match.groups(), strict=True))
    if any(values[name] != value for name, value in zip(names, match.groups(), strict=True)):
        raise Refused("template_differs", "The template says one parameter twice, and the approved text does not.")
    if all(name.isdigit() for name in names):
        return [{"type": "text", "text": values[name]} for name in sorted(values, key=int)]
    return [{"type": "text", "parameter_name": name, "text": value} for name, value in values.items()]


def _template(here: Surroundings, service: WebService, action: WhatsappMessage) -> JsonValue:
    account = here.settings.required("business_account_id")
    query = {"name": action.template, "fields": "name,language,status,components"}
    listed = service.ask("GET", f"/{account}/message_templates", params=query).at("data")
    language = action.language or "en_US"
    for template in listed if isinstance(listed, list) else []:
        if (template.get("name"), template.get("language")) == (action.template, language):
            filled = parameters(_words(template.get("components") or []), action.body)
            component = {"type": "body", "parameters": filled}
            return {
                "name": action.template,
                "language": {"code": language},
                **({"components": [component]} if filled else {}),
            }
    raise Refused("template_missing", f"There is no template {action.template} in {language}.")


def _words(components: list[Any]) -> str:
    """The text of a template that has nothing to fill in but its body."""
    others = [part for part in components if part.get("type") != "BODY"]
    if any(_PLACE.search(str(part)) or part.get("format", "TEXT") != "TEXT" for part in others):
        raise Refused("template_differs", "The template has more to fill in than its body, and that was not approved.")
    return str(next((part.get("text", "") for part in components if part.get("type") == "BODY"), ""))


def _number(here: Surroundings) -> str:
    return here.settings.required("phone_number_id")


def _service(here: Surroundings) -> WebService:
    url = f"{here.settings.text('api_url', API_URL)}/{here.settings.text('api_version', VERSION)}"
    headers = {"Authorization": f"Bearer {here.credential('whatsapp.token')}"}
    return WebService("WhatsApp", url, headers=headers, explain=_explain)


def _explain(reply: Reply) -> Reason | None:
    code = reply.at("error", "code")
    if code in _UNCERTAIN:
        return Reason("service_error", "WhatsApp's own error: it does not say what came of it.", certain=False)
    if isinstance(code, int) and code in _REASONS:
        return Reason(*_REASONS[code])
    return graph.explain(reply)
