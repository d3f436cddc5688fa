"""An approved mail leaves once, to all recipients or none; what the mail server's journal says is what is reported."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import email
import email.policy
import hashlib
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult
from tests.support.calling import Caller
from tests.support.counterparts import MISSING
from tests.support.decisions import Signer, approval, decide, renewed
from tests.support.mail_servers import (
    Journal,
    dovecot,
    free_port,
    imap_server,
    mail_server,
    make_certificate,
    one_login,
    sink,
    smtp_sink,
)

from platinum_executors.email import EMAIL
from platinum_tui.model.action import EmailReply, EmailSend
from platinum_tui.model.decision import Verdict
from platinum_tui.model.mail import message_id

MAIL = EmailSend(to=("Ana <ana@example.com>",), subject="July", body="Hello\n.a line with a dot\nbye", bcc=("b@x.com",))
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
SENDER = "Desk <desk@example.net>"
needs_sink = pytest.mark.skipif(
    not smtp_sink(), reason=f"{MISSING}Postfix's smtp-sink; get it with: apt-get install postfix"
)
needs_dovecot = pytest.mark.skipif(
    not imap_server(), reason=f"{MISSING}Dovecot; get it with: apt-get install dovecot-imapd"
)


def plain(port: int, **more) -> dict:
    return {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "sender": SENDER, **more}


async def test_an_approved_mail_arrives_as_it_was_approved(household):
    decided_at = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
    with mail_server() as (journal, port):
        household.configure("email", plain(port))
        async with household.serve("email") as client:
            result = await household.do(client, "send_email", MAIL, decided_at=decided_at)

    [envelope] = journal.envelopes
    received = email.message_from_bytes(envelope.content, policy=email.policy.SMTP)
    assert result["outcome"] == "done"
    assert result["evidence"]["reply"] == journal.reply
    assert result["evidence"]["recipients"] == ["ana@example.com", "b@x.com"]
    assert result["evidence"]["message_id"] == received["Message-ID"]
    assert (envelope.mail_from, envelope.rcpt_tos) == ("desk@example.net", ["ana@example.com", "b@x.com"])
    assert received["Bcc"] is None
    assert received["Date"].datetime == decided_at
    assert received.get_content().splitlines() == MAIL.body.splitlines()


async def test_the_message_id_is_the_same_for_every_approval_of_one_request(household):
    decision = household.decide(MAIL)
    with mail_server() as (journal, port):
        household.configure("email", plain(port))
        async with household.serve("email") as client:
            for attempt in (decision, renewed(decision)):
                meta = {"platinum/approval": approval(attempt, household.signer)}
                await household.call(client, "send_email", household.approve(MAIL)[0], meta)

    first, second = (email.message_from_bytes(envelope.content) for envelope in journal.envelopes)
    expected = message_id(decision.vault, decision.request, decision.digest, SENDER)
    assert first["Message-ID"] == second["Message-ID"] == expected


async def test_a_reply_names_what_it_answers(household):
    reply = EmailReply(to=("ana@example.com",), subject=None, body="Yes", in_reply_to="<q@example.com>")
    with mail_server() as (journal, port):
        household.configure("email", plain(port))
        async with household.serve("email") as client:
            assert (await household.do(client, "reply_email", reply))["outcome"] == "done"

    received = email.message_from_bytes(journal.envelopes[0].content)
    assert received["In-Reply-To"] == received["References"] == "<q@example.com>"


async def test_an_attachment_goes_along_byte_for_byte(household):
    data = bytes(range(256)) * 8
    (household.vault / "Invoices").mkdir()
    (household.vault / "Invoices/a.bin").write_bytes(data)
    mail = dataclasses.replace(
        MAIL, attachments=("Invoices/a.bin",), attachments_sha256=(hashlib.sha256(data).hexdigest(),)
    )
    with mail_server() as (journal, port):
        household.configure("email", plain(port))
        async with household.serve("email") as client:
            assert (await household.do(client, "send_email", mail))["outcome"] == "done"

    [part] = email.message_from_bytes(journal.envelopes[0].content, policy=email.policy.SMTP).iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("a.bin", data)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("a.txt", "attachment_changed"),
        ("link", "attachment_missing"),
        ("folder/outside", "attachment_missing"),
        ("gone", "attachment_missing"),
        ("../outside", "attachment_missing"),
    ],
)
def test_a_file_that_is_not_the_approved_one_stops_the_mail(tmp_path, path, code):
    vault = tmp_path / "vault"
    vault.mkdir()
    (tmp_path / "outside").write_text("secret")
    (vault / "a.txt").write_text("changed since")
    (vault / "link").symlink_to(tmp_path / "outside")
    (vault / "folder").symlink_to(tmp_path)
    mail = dataclasses.replace(MAIL, attachments=(path,), attachments_sha256=(hashlib.sha256(b"secret").hexdigest(),))
    with mail_server() as (journal, port):
        caller = Caller(EMAIL, vault, plain(port))
        result = caller.do("send_email", mail)

    assert (result["outcome"], result["code"]) == ("refused", code)
    assert journal.envelopes == []
    assert caller.burnt == 0


async def test_each_invalid_decision_is_refused_by_the_server_itself(household):
    fields, _ = household.approve(MAIL)
    good = household.decide(MAIL)
    signer = household.signer
    other = {**fields, "to": ["mallory@example.com"]}
    calls = {
        "decision_missing": None,
        "decision_invalid": approval(household.decide(MAIL, verdict=Verdict.REJECT), signer),
        "decision_untrusted": approval(good, Signer("stranger")),
        "decision_expired": approval(household.decide(MAIL, lasts=timedelta(0)), signer),
        "decision_other_vault": approval(household.decide(MAIL, vault="f" * 32), signer),
        "decision_mismatch": approval(decide(MAIL.kind, other, signer, vault=household.vault_id), signer),
        "decision_used": approval(good, signer),
    }
    with mail_server() as (journal, port):
        household.configure("email", plain(port))
        async with household.serve("email") as client:
            done = await household.call(client, "send_email", fields, {"platinum/approval": approval(good, signer)})
            assert done["outcome"] == "done"
            for code, value in calls.items():
                meta = {"platinum/approval": value} if value else None
                result = await household.call(client, "send_email", fields, meta)
                assert (result["outcome"], result["code"], result["retriable"]) == ("refused", code, False)

    assert len(journal.envelopes) == 1
    assert household.burnt == [good.nonce]


async def test_eight_calls_at_once_with_one_decision_send_one_mail(household):
    fields, meta = household.approve(MAIL)
    with mail_server() as (journal, port):
        household.configure("email", plain(port))
        async with household.serve("email") as client:
            calls = [household.call(client, "send_email", fields, meta) for _ in range(8)]
            results = await asyncio.gather(*calls)

    assert sorted(result["outcome"] for result in results) == ["done"] + ["refused"] * 7
    assert len(journal.envelopes) == 1


async def test_one_refused_recipient_means_nobody_gets_it(household):
    mail = dataclasses.replace(MAIL, cc=("gone@example.com",))
    with mail_server() as (journal, port):
        journal.refused_recipients["gone@example.com"] = "550 5.1.1 no such user"
        household.configure("email", plain(port))
        async with household.serve("email") as client:
            result = await household.do(client, "send_email", mail)

    assert (result["outcome"], result["code"], result["retriable"]) == ("refused", "recipient_refused", False)
    assert "gone@example.com" in result["message"]
    assert "550 5.1.1 no such user" in result["message"]
    assert journal.commands == ["RSET"]
    assert household.burnt == []


async def test_a_greylisted_recipient_may_be_tried_again_with_the_same_decision(household):
    fields, meta = household.approve(MAIL)
    with mail_server() as (journal, port):
        household.configure("email", plain(port))
        async with household.serve("email") as client:
            journal.refused_recipients["b@x.com"] = "451 4.7.1 greylisted"
            first = await household.call(client, "send_email", fields, meta)
            journal.refused_recipients.clear()
            second = await household.call(client, "send_email", fields, meta)

    assert (first["code"], first["retriable"]) == ("recipient_refused", True)
    assert second["outcome"] == "done"
    assert len(journal.envelopes) == 1


@pytest.mark.parametrize("reply", ["550 5.7.1 spam", "451 4.3.0 try later"])
def test_a_no_to_the_whole_message_is_final(tmp_path, reply):
    with mail_server() as (journal, port):
        journal.reply = reply
        result = Caller(EMAIL, tmp_path, plain(port)).do("send_email", MAIL)

    assert (result["outcome"], result["code"], result["retriable"]) == ("refused", "message_refused", False)
    assert reply in result["message"]
    assert journal.envelopes == []


async def test_a_server_that_is_away_may_be_tried_again(household):
    household.configure("email", plain(free_port()))
    async with household.serve("email") as client:
        result = await household.do(client, "send_email", MAIL)

    assert (result["outcome"], result["code"], result["retriable"]) == ("refused", "no_connection", True)
    assert household.burnt == []


@needs_sink
@pytest.mark.parametrize(
    ("flags", "outcome", "code", "retriable"),
    [
        ((), "done", None, None),
        (("-f", "RCPT"), "refused", "recipient_refused", False),
        (("-r", "RCPT"), "refused", "recipient_refused", True),
        (("-f", "MAIL"), "refused", "sender_refused", False),
        (("-r", "DATA"), "refused", "data_refused", True),
        (("-f", "DATA"), "refused", "data_refused", False),
        (("-q", "DATA"), "refused", "no_connection", True),
        (("-Q", "DATA"), "refused", "data_refused", True),
        (("-q", "EHLO"), "refused", "no_connection", True),
        (("-f", "."), "refused", "message_refused", False),
        (("-r", "."), "refused", "message_refused", False),
        (("-q", "."), "unknown", "no_reply", None),
    ],
)
def test_each_fault_of_a_real_server_has_its_outcome(tmp_path, flags, outcome, code, retriable):
    with sink(*flags) as port:
        caller = Caller(EMAIL, tmp_path, plain(port))
        result = caller.do("send_email", MAIL)

    assert (result["outcome"], result.get("code"), result.get("retriable")) == (outcome, code, retriable)
    assert caller.burnt == (0 if code not in (None, "message_refused", "no_reply") else 1)


@needs_sink
async def test_a_lost_reply_is_unknown_and_never_sent_again(household):
    fields, meta = household.approve(MAIL)
    with sink("-q", ".") as port:
        household.configure("email", plain(port))
        async with household.serve("email") as client:
            first = await household.call(client, "send_email", fields, meta)
            second = await household.call(client, "send_email", fields, meta)

    assert first["outcome"] == "unknown"
    assert first["evidence"]["message_id"].endswith("@example.net>")
    assert first["evidence"]["recipients"] == ["ana@example.com", "b@x.com"]
    assert second["code"] == "decision_used"


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_mail_goes_encrypted_and_authenticated(household, tmp_path, security):
    made = make_certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(made.certificate, made.key)
    encryption = {"ssl_context": context} if security == "tls" else {"tls_context": context, "require_starttls": True}
    login = {"authenticator": one_login("me", "s3cret"), "auth_required": True, "auth_require_tls": security != "tls"}
    settings = {"smtp_host": "localhost", "smtp_security": security, "sender": SENDER, "username": "me"}
    with mail_server(**encryption, **login) as (journal, port):
        household.configure("email", {**settings, "smtp_port": port}, {"password": "s3cret"})
        trusted = {"SSL_CERT_FILE": str(made.certificate)}
        async with household.serve("email", trusted) as client:
            assert (await client.call_tool("check", {})).structured_content == {"ok": True, "findings": []}
            assert (await household.do(client, "send_email", MAIL))["outcome"] == "done"
        async with household.serve("email") as client:
            strange = await household.do(client, "send_email", MAIL)
        household.configure("email", {**settings, "smtp_port": port}, {"password": "wr0ng"})
        async with household.serve("email", trusted) as client:
            refused = await household.do(client, "send_email", MAIL)
            checked = (await client.call_tool("check", {})).structured_content

    assert (strange["code"], strange["retriable"]) == ("certificate", False)
    assert (refused["code"], refused["retriable"]) == ("auth_refused", False)
    assert [finding["code"] for finding in checked["findings"]] == ["auth_refused"]
    assert "wr0ng" not in str(refused) + str(checked)
    assert len(journal.envelopes) == 1


async def test_without_a_password_nothing_is_tried(household):
    with mail_server() as (_, port):
        household.configure("email", plain(port, username="me"))
        async with household.serve("email") as client:
            result = await household.do(client, "send_email", MAIL)

    assert result["code"] == "credential_missing"


@needs_dovecot
async def test_a_sent_mail_is_filed_once_and_found_by_its_message_id(household):
    with mail_server() as (_, port), dovecot("me", "s3cret") as imap_port:
        imap = {"imap_host": "127.0.0.1", "imap_port": imap_port, "imap_security": "none", "imap_username": "me"}
        household.configure("email", plain(port, **imap), {"imap_password": "s3cret"})
        async with household.serve("email") as client:
            first = await household.do(client, "send_email", MAIL)
            marker = first["evidence"]["message_id"]
            again = await household.do(client, "send_email", MAIL)
            found = (await client.call_tool("find", {"marker": marker})).structured_content
            absent = (await client.call_tool("find", {"marker": "<never@example.net>"})).structured_content
            checked = (await client.call_tool("check", {})).structured_content

    assert [first["evidence"]["sent_copy"], again["evidence"]["sent_copy"]] == ["filed", "already there"]
    assert (found["outcome"], len(found["evidence"]["sent_folder_uids"])) == ("found", 1)
    assert absent["outcome"] == "absent"
    assert checked == {"ok": True, "findings": []}


async def test_a_copy_that_cannot_be_filed_changes_nothing(household):
    with mail_server() as (journal, port):
        imap = {"imap_host": "127.0.0.1", "imap_port": free_port(), "imap_security": "none"}
        household.configure("email", plain(port, **imap))
        async with household.serve("email") as client:
            result = await household.do(client, "send_email", MAIL)
            found = (await client.call_tool("find", {"marker": "<a@b>"})).structured_content

    assert result["outcome"] == "done"
    assert result["evidence"]["sent_copy"].startswith("not filed: ")
    assert found["outcome"] == "cannot_tell"
    assert len(journal.envelopes) == 1


async def test_the_server_says_what_it_promises(household):
    household.configure("email", plain(25))
    async with household.serve("email") as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        described = (await client.call_tool("describe", {})).structured_content

    assert set(tools) == {"send_email", "reply_email", "find", "check", "describe"}
    assert described["tools"]["send_email"]["promise"]["absence_is_proof"] is False
    assert tools["find"].annotations.read_only_hint is True
    assert tools["send_email"].annotations.destructive_hint is True


async def test_a_token_logs_in_where_there_is_one(household):
    class Xoauth2(Journal):
        async def auth_XOAUTH2(self, server, words):  # noqa: N802
            login = base64.b64decode(words[1])
            return AuthResult(success=login == b"user=me\x01auth=Bearer t0ken\x01\x01", handled=False)

    with mail_server(Xoauth2(), auth_required=True, auth_require_tls=False) as (journal, port):
        household.configure("email", plain(port, username="me"), {"oauth_token": "t0ken", "password": "unused"})
        async with household.serve("email") as client:
            sent = await household.do(client, "send_email", MAIL)
        household.configure("email", plain(port, username="me"), {"oauth_token": "expired"})
        async with household.serve("email") as client:
            refused = await household.do(client, "send_email", MAIL)

    assert sent["outcome"] == "done"
    assert (refused["code"], refused["retriable"]) == ("auth_refused", False)
    assert "expired" not in str(refused)
    assert len(journal.envelopes) == 1


def command_lines() -> Iterator[bytes]:
    """What every process of this machine was started with."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # It has ended since.
            yield path.read_bytes()


async def test_secrets_stay_in_the_keyring(household, tmp_path):
    canary = "canary-5f1d9c"
    with mail_server(authenticator=one_login("me", "other"), auth_require_tls=False) as (_, port):
        household.configure("email", plain(port, username="me"), {"password": canary})
        with (tmp_path / "stderr").open("w") as log:
            async with household.serve("email", errlog=log) as client:
                answers = [await household.do(client, "send_email", MAIL)]
                answers.append((await client.call_tool("check", {})).structured_content)
                commands = list(command_lines())

    assert answers[0]["code"] == "auth_refused"
    assert canary not in str(answers)
    assert not [command for command in commands if canary.encode() in command]
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not [data for data in written if canary.encode() in data]
