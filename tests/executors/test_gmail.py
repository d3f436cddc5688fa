"""Mail by the Gmail API: the same bytes, the same promises.

The contract: developers.google.com/gmail/api/guides/sending, /reference/rest/v1/users.messages/{send,list},
developers.google.com/identity/protocols/oauth2/web-server#offline (refresh).
"""

from __future__ import annotations

import base64
import email
import email.policy

import pytest
from tests.support.calling import Caller
from tests.support.contract_server import GARBAGE, LOST, Answer, Call, contract_server
from tests.support.mail_servers import free_port

from platinum_executors.email import EMAIL
from platinum_tui.model.action import EmailSend
from platinum_tui.system.configuration import load
from platinum_tui.system.options import Options

MAIL = EmailSend(to=("ana@example.com",), subject="Grüße", body="Hallo", bcc=("B <b@example.com>", "c@example.com"))
SEND = "/gmail/v1/users/me/messages/send"


class Gmail:
    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.received: list[bytes] = []

    def __call__(self, call: Call) -> Answer:
        if call.path == "/token":
            good = call.form["refresh_token"] == "r3fresh" and call.form["grant_type"] == "refresh_token"
            return (
                Answer({"access_token": "acc3ss", "expires_in": 3599})
                if good
                else Answer({"error": "invalid_grant"}, 400)
            )
        if call.headers.get("authorization") != "Bearer acc3ss":
            return Answer({"error": {"code": 401, "status": "UNAUTHENTICATED"}}, 401)
        if call.path == SEND:
            self.sent.append(base64.urlsafe_b64decode(call.json["raw"]))
            return Answer({"id": "18c", "threadId": "18c", "labelIds": ["SENT"]})
        wanted = call.query["q"].removeprefix("rfc822msgid:").encode()
        mail = self.sent if call.query.get("labelIds") == "SENT" else [*self.sent, *self.received]
        hits = [{"id": "18c", "threadId": "18c"} for data in mail if wanted in data]
        return Answer({"messages": hits, "resultSizeEstimate": len(hits)} if hits else {"resultSizeEstimate": 0})


@pytest.fixture
def gmail():
    with contract_server(Gmail()) as contract:
        yield contract


@pytest.fixture
def caller(gmail, tmp_path):
    settings = {"transport": "gmail", "sender": "me@example.net", "gmail_client_id": "id"}
    settings |= {"gmail_api_url": gmail.url, "gmail_token_url": f"{gmail.url}/token"}
    return Caller(EMAIL, tmp_path, settings, {"gmail_refresh_token": "r3fresh", "gmail_client_secret": "s3cret"})


def test_an_approved_mail_is_sent_and_found(caller, gmail):
    result = caller.do("send_email", MAIL)

    [data] = gmail.answer.sent
    received = email.message_from_bytes(data, policy=email.policy.SMTP)
    assert result["outcome"] == "done"
    assert result["evidence"]["gmail_id"] == "18c"
    assert received["Bcc"] == "b@example.com, c@example.com"
    assert (received["Subject"], received.get_content().strip()) == ("Grüße", "Hallo")
    assert received["Message-ID"] == result["evidence"]["message_id"]
    assert caller.find(result["evidence"]["message_id"])["outcome"] == "found"
    assert caller.find("<other@example.net>")["outcome"] == "absent"
    assert caller.check()["ok"]


def test_a_mail_that_came_in_under_the_same_message_id_was_not_sent(caller, gmail):
    """Who knows the parts of a Message-ID can write to us under it."""
    gmail.faults[SEND] = Answer({}, 500)
    message_id = caller.do("send_email", MAIL)["evidence"]["message_id"]
    gmail.answer.received.append(f"From: eve@example.com\r\nMessage-ID: {message_id}\r\n\r\nHello".encode())

    assert caller.find(message_id)["outcome"] == "absent"


LIMIT = {"error": {"code": 403, "errors": [{"domain": "usageLimits", "reason": "rateLimitExceeded"}]}}


@pytest.mark.parametrize(
    ("path", "fault", "outcome", "code", "retriable"),
    [
        ("/token", Answer({"error": "invalid_grant"}, 400), "refused", "credential_expired", False),
        ("/token", Answer({}, 503), "refused", "refused_by_service", True),
        ("/token", GARBAGE, "refused", "malformed_answer", True),
        ("/token", LOST, "refused", "no_connection", True),
        (SEND, Answer({}, 401), "refused", "credential_refused", False),
        (SEND, Answer(LIMIT, 403), "refused", "rate_limited", False),
        (SEND, Answer({}, 429), "refused", "rate_limited", False),
        (SEND, Answer({"error": {"message": "Invalid To header"}}, 400), "refused", "refused_by_service", False),
        (SEND, Answer({}, 500), "unknown", "server_error", None),
        (SEND, Answer({}, 302, {"location": "https://evil.example/"}), "unknown", "server_error", None),
        (SEND, LOST, "unknown", "no_reply", None),
        (SEND, GARBAGE, "unknown", "malformed_answer", None),
    ],
)
def test_each_failure_has_its_outcome(caller, gmail, path, fault, outcome, code, retriable):
    gmail.faults[path] = fault
    result = caller.do("send_email", MAIL)

    assert (result["outcome"], result["code"], result.get("retriable")) == (outcome, code, retriable)
    assert caller.burnt == (1 if path == SEND else 0)
    assert len(gmail.calls(SEND)) <= 1


def test_an_unreachable_service_leaves_the_decision_good(caller, gmail):
    approved = caller.decide(MAIL)
    away = {**caller.settings, "gmail_api_url": f"http://127.0.0.1:{free_port()}"}
    caller.settings, reachable = away, caller.settings
    first = caller.call("send_email", MAIL, approved)
    caller.settings = reachable

    assert (first["outcome"], first["code"], first["retriable"]) == ("refused", "no_connection", True)
    assert caller.call("send_email", MAIL, approved)["outcome"] == "done"
    assert caller.call("send_email", MAIL, approved)["code"] == "decision_used"
    assert len(gmail.answer.sent) == 1


def test_a_missing_credential_is_named(caller):
    caller.secrets.clear()

    assert "email.gmail_client_secret" in caller.do("send_email", MAIL)["message"]
    assert not caller.check()["ok"]


def test_its_settings_may_stand_in_the_configuration(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text('[servers.email]\ntransport = "gmail"\ngmail_token_url = "http://127.0.0.1:1/token"\n')
    settings = load(Options(config=str(file)), {"HOME": str(tmp_path)}).family("email")

    assert settings.text("gmail_token_url") == "http://127.0.0.1:1/token"
