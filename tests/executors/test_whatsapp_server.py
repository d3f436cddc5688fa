"""A WhatsApp message leaves once, in the approved words; accepted is never called delivered.

The contract: developers.facebook.com/docs/whatsapp/cloud-api (guides/send-messages, support/error-codes) and
/docs/whatsapp/business-management-api/message-templates.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from tests.support.calling import Caller
from tests.support.contract_server import GARBAGE, LOST, Answer, Call, contract_server
from tests.support.mail_servers import free_port

from platinum_executors.refusal import Refused
from platinum_executors.whatsapp import WHATSAPP, bridge
from platinum_executors.whatsapp.cloud import parameters
from platinum_tui.model.action import WhatsappMessage

MESSAGE = WhatsappMessage(to="+12025550142", body="Good morning, your parcel is ready.")
REMINDER = WhatsappMessage(
    to="+12025550131", body="Your appointment is on Friday at 14:00.", template="reminder", language="en_GB"
)
SEND = "/v25.0/1055/messages"
BRIDGE = Path(__file__).resolve().parents[1] / "support/whatsapp_bridge.py"


class CloudApi:
    def __init__(self) -> None:
        self.sent: list[dict] = []
        self.body = "Your appointment is on {{1}} at {{2}}."

    def __call__(self, call: Call) -> Answer:
        if call.headers.get("authorization") != "Bearer t0ken":
            return Answer({"error": {"message": "Error validating access token", "code": 190}}, 401)
        if call.path == SEND:
            self.sent.append(call.json)
            number = call.json["to"]
            return Answer(
                {
                    "messaging_product": "whatsapp",
                    "contacts": [{"input": number, "wa_id": number}],
                    "messages": [{"id": f"wamid.{len(self.sent)}"}],
                }
            )
        if call.path == "/v25.0/88/message_templates":
            parts = [{"type": "BODY", "text": self.body}, {"type": "FOOTER", "text": "The clinic"}]
            return Answer(
                {"data": [{"name": "reminder", "language": "en_GB", "status": "APPROVED", "components": parts}]}
            )
        return Answer({"id": "1055", "display_phone_number": "+1 202-555-0100"})


@pytest.fixture
def api():
    with contract_server(CloudApi()) as contract:
        yield contract


@pytest.fixture
def caller(api, tmp_path) -> Caller:
    settings = {"phone_number_id": "1055", "business_account_id": "88", "api_url": api.url}
    return Caller(WHATSAPP, tmp_path, settings, {"token": "t0ken"})


def test_an_approved_message_is_accepted_once(caller, api):
    approved = caller.decide(MESSAGE)
    first = caller.call("send_message", MESSAGE, approved)
    second = caller.call("send_message", MESSAGE, approved)

    assert first["evidence"] == {"message_id": "wamid.1", "to": "+12025550142", "status": "accepted"}
    assert second["code"] == "decision_used"
    [sent] = api.answer.sent
    assert (sent["to"], sent["type"], sent["text"]["body"]) == ("12025550142", "text", MESSAGE.body)
    assert sent["biz_opaque_callback_data"] == caller.marker(MESSAGE)
    assert caller.check()["ok"]
    assert caller.find(caller.marker(MESSAGE))["outcome"] == "cannot_tell"


def test_a_template_is_filled_so_that_it_says_what_was_approved(caller, api):
    assert caller.do("send_message", REMINDER)["outcome"] == "done"

    [sent] = api.answer.sent
    assert sent["template"]["language"] == {"code": "en_GB"}
    assert sent["template"]["components"] == [
        {"type": "body", "parameters": [{"type": "text", "text": "Friday"}, {"type": "text", "text": "14:00"}]}
    ]


@pytest.mark.parametrize(
    ("template", "body", "code"),
    [
        ("reminder", "Pay at once.", "template_differs"),
        ("unknown", REMINDER.body, "template_missing"),
    ],
)
def test_a_template_that_says_something_else_is_not_sent(caller, api, template, body, code):
    action = WhatsappMessage(to=MESSAGE.to, body=body, template=template, language="en_GB")

    assert caller.do("send_message", action)["code"] == code
    assert (api.answer.sent, caller.burnt) == ([], 0)


def test_parameters_by_name_and_twice():
    assert parameters("Hi {{who}}, see you.", "Hi Ana, see you.") == [
        {"type": "text", "parameter_name": "who", "text": "Ana"}
    ]
    assert parameters("{{2}} and {{1}}", "b and a") == [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    with pytest.raises(Refused):
        parameters("{{1}} or {{1}}", "yes or no")


def refusal(number: int) -> Answer:
    return Answer({"error": {"message": f"(#{number}) words", "code": number, "error_data": {"details": "…"}}}, 400)


@pytest.mark.parametrize(
    ("fault", "outcome", "code"),
    [
        (refusal(131047), "refused", "window_closed"),
        (refusal(131026), "refused", "undeliverable"),
        (refusal(130429), "refused", "rate_limited"),
        (refusal(131056), "refused", "rate_limited"),
        (refusal(132001), "refused", "template_missing"),
        (refusal(190), "refused", "credential_expired"),
        (refusal(10), "refused", "not_allowed"),
        (refusal(131009), "refused", "refused_by_service"),
        (Answer({}, 429), "refused", "rate_limited"),
        (refusal(131000), "unknown", "service_error"),
        (Answer(b"<html>", 502), "unknown", "server_error"),
        (LOST, "unknown", "no_reply"),
        (GARBAGE, "unknown", "malformed_answer"),
    ],
)
def test_each_failure_has_its_outcome(caller, api, fault, outcome, code):
    api.faults[SEND] = fault
    result = caller.do("send_message", MESSAGE)

    assert (result["outcome"], result["code"]) == (outcome, code)
    assert caller.burnt == 1
    assert len(api.calls(SEND)) == 1


def test_before_the_first_byte_nothing_is_burnt(caller, api):
    approved, reachable = caller.decide(MESSAGE), caller.settings
    caller.settings = {**reachable, "api_url": f"http://127.0.0.1:{free_port()}"}
    first = caller.call("send_message", MESSAGE, approved)
    caller.settings = reachable

    assert (first["code"], first["retriable"]) == ("no_connection", True)
    assert caller.call("send_message", MESSAGE, approved)["outcome"] == "done"


def test_a_name_instead_of_a_number_is_refused(caller, api):
    assert caller.do("send_message", WhatsappMessage(to="Lena", body="Hi"))["code"] == "invalid_number"


def test_a_wrong_token_is_found_by_the_check(caller):
    caller.secrets["token"] = "wr0ng"

    assert [finding["code"] for finding in caller.check()["findings"]] == ["credential_expired"]


@pytest.fixture(autouse=True)
def no_bridge_is_left():
    yield
    while bridge._running:
        bridge._running.pop().child.stop()


def bridged(root: Path, mode: str) -> Caller:
    return Caller(WHATSAPP, root, {"bridge_command": (sys.executable, str(BRIDGE), mode, str(root / "journal"))})


def sent_by_bridge(root: Path) -> list[dict]:
    journal = root / "journal"
    return [json.loads(line) for line in journal.read_text().splitlines()] if journal.exists() else []


@pytest.mark.parametrize(
    ("mode", "outcome", "code", "sent"),
    [
        ("good", "done", None, 1),
        ("unlinked", "refused", "not_linked", 0),
        ("refuse", "refused", "refused_by_bridge", 0),
        ("die", "unknown", "no_reply", 1),
        ("mumble", "unknown", "malformed_answer", 1),
    ],
)
def test_a_bridge_of_ones_own(tmp_path, monkeypatch, mode, outcome, code, sent):
    monkeypatch.setenv("PLATINUM_PASSPHRASE", "secret")
    caller = bridged(tmp_path, mode)
    result = caller.do("send_message", MESSAGE)

    assert (result["outcome"], result.get("code")) == (outcome, code)
    assert len(sent_by_bridge(tmp_path)) == sent
    assert all("PLATINUM_PASSPHRASE" not in message["environ"] for message in sent_by_bridge(tmp_path))
    shown = caller.server.call("link_state", {}, None)[0]
    assert shown["state"] == ("unlinked" if mode == "unlinked" else "linked")
    assert shown["qr"] == ("2@abc" if mode == "unlinked" else None)
    assert caller.check()["ok"] is (mode != "unlinked")


@pytest.mark.parametrize(
    ("modes", "outcome", "code"),
    [
        ("good+refuse", "refused", "refused_by_bridge"),
        ("refuse+good", "done", None),
        ("good+die", "unknown", "no_reply"),
        ("refuse+die", "unknown", "no_reply"),
        ("mumble+good", "done", None),
    ],
)
def test_what_a_bridge_says_of_an_earlier_message_is_no_answer_to_this_one(tmp_path, modes, outcome, code):
    caller = bridged(tmp_path, modes)
    caller.do("send_message", MESSAGE, request="first")
    result = caller.do("send_message", MESSAGE, request="second")

    assert (result["outcome"], result.get("code")) == (outcome, code)


def test_a_bridge_that_speaks_of_other_messages_alone_is_not_heard_for_ever(tmp_path, monkeypatch):
    chatter = "import itertools, json\nfor n in itertools.count(10**9): print(json.dumps({'id': n, 'result': {}}))"
    monkeypatch.setattr(bridge, "DEADLINE", 0.3)
    caller = Caller(WHATSAPP, tmp_path, {"bridge_command": (sys.executable, "-c", chatter)})

    assert caller.do("send_message", MESSAGE)["code"] == "no_connection"


def test_a_bridge_that_writes_in_another_encoding_is_understood(tmp_path, monkeypatch):
    script = (
        "import json, sys\n"
        "for line in sys.stdin:\n"
        "    answer = {'id': json.loads(line)['id'], 'result': {'state': 'linked', 'number': 'José'}}\n"
        "    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode('latin-1') + b'\\n')\n"
        "    sys.stdout.buffer.flush()\n"
    )
    monkeypatch.setattr(bridge, "DEADLINE", 5.0)
    caller = Caller(WHATSAPP, tmp_path, {"bridge_command": (sys.executable, "-c", script)})

    assert caller.check() == {"ok": True, "findings": []}


def test_a_bridge_on_loopback_http_that_answers_another_call_may_have_sent(tmp_path):
    def answer(call: Call) -> Answer:
        if call.json["method"] == "status":
            return Answer({"jsonrpc": "2.0", "id": call.json["id"], "result": {"state": "linked"}})
        return Answer({"jsonrpc": "2.0", "id": call.json["id"] - 1, "error": {"message": "not on WhatsApp"}})

    with contract_server(answer) as service:
        result = Caller(WHATSAPP, tmp_path, {"bridge_url": service.url}).do("send_message", MESSAGE)

    assert (result["outcome"], result["code"]) == ("unknown", "malformed_answer")


def test_a_bridge_on_loopback_http(tmp_path):
    sent = []

    def answer(call: Call) -> Answer:
        if call.json["method"] == "status":
            return Answer({"jsonrpc": "2.0", "id": call.json["id"], "result": {"state": "linked"}})
        sent.append(call.json["params"])
        return Answer({"jsonrpc": "2.0", "id": call.json["id"], "result": {"id": "m1"}})

    with contract_server(answer) as service:
        caller = Caller(WHATSAPP, tmp_path, {"bridge_url": service.url})
        assert caller.do("send_message", MESSAGE)["evidence"]["message_id"] == "m1"
    assert sent == [{"to": MESSAGE.to, "body": MESSAGE.body, "key": caller.marker(MESSAGE)}]


@pytest.mark.parametrize("mode", ["good", "stubborn"])
async def test_a_bridge_dies_with_its_server(household, tmp_path, mode):
    command = [sys.executable, str(BRIDGE), mode, str(tmp_path / "journal")]
    household.configure("whatsapp", {"bridge_command": command})
    with suppress(Exception):
        async with household.serve("whatsapp") as client:
            await client.call_tool("link_state", {})
            bridge, server = map(int, (tmp_path / "pids").read_text().split())
            os.kill(server, signal.SIGKILL)
    assert await gone(bridge)


async def test_a_bridge_that_hears_nothing_is_stopped_at_the_end(household, tmp_path):
    household.configure("whatsapp", {"bridge_command": [sys.executable, str(BRIDGE), "stubborn", str(tmp_path / "j")]})
    async with household.serve("whatsapp") as client:
        await client.call_tool("link_state", {})
        bridge = int((tmp_path / "pids").read_text().split()[0])
    assert await gone(bridge)


def test_another_bridge_takes_the_place_of_the_first(tmp_path):
    bridged(tmp_path, "stubborn").check()
    first = int((tmp_path / "pids").read_text().split()[0])
    assert bridged(tmp_path, "good").check()["ok"]

    assert not Path(f"/proc/{first}").exists()


async def gone(process: int) -> bool:
    """Whether a process ends within five seconds."""
    for _ in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{process}/stat").exists() and " Z " in Path(f"/proc/{process}/stat").read_text():
            return True
        await asyncio.sleep(0.05)
    return False
