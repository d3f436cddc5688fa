"""No text of a request can write a header, an address or a text of the mail other than its own."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime

import pytest

from platinum_tui.model.action import EmailReply, EmailSend
from platinum_tui.model.mail import AttachedFile, compose

WHEN = datetime(2026, 1, 15, 12, tzinfo=UTC)
INJECTED = "=?utf-8?q?Hi=0D=0ABcc:_victim@evil.example?="
DISGUISED = "=?utf-8?b?YW5hQGV4YW1wbGUuY29t?= <b@evil.example>"


def send(**fields):
    return EmailSend(**{"to": ("ana@example.com",), "subject": "July", "body": "Hello", **fields})


def composed(action, attachments=()):
    return compose(action, sender="me@example.com", message_id="<1@example.com>", date=WHEN, attachments=attachments)


@pytest.mark.parametrize(
    "action",
    [
        send(subject=INJECTED),
        send(to=(DISGUISED,)),
        send(cc=(f'"{INJECTED}" <c@example.com>',)),
        send(reply_to=(DISGUISED,)),
        send(subject="Hi\r\nBcc: victim@evil.example"),
        EmailReply(to=("ana@example.com",), subject="Re", body="x", in_reply_to="<1@x.org>", thread=f"<{INJECTED}@x>"),
        EmailReply(to=("ana@example.com",), subject="Re", body="x", in_reply_to=f"<{INJECTED}@x>"),
    ],
)
def test_an_encoded_word_is_refused_before_anything_is_composed(action):
    with pytest.raises(ValueError, match=r"encoded|line|control|header"):
        composed(action)


def test_an_attached_files_name_writes_no_header():
    action = send(attachments=("a.pdf",), attachments_sha256=("0" * 64,))
    with pytest.raises(ValueError, match=r"encoded|header"):
        composed(action, [AttachedFile(f"{INJECTED}.pdf", b"x")])


@pytest.mark.parametrize(
    "subject", ["July", "Größe & Maß", "a =? b", "x" * 300, "two  spaces", "日本語の件名" * 20, "=?=?= almost"]
)
def test_an_ordinary_subject_arrives_as_it_was_written(subject):
    mail = composed(send(subject=subject, to=("Ana Rüiz <ana@example.com>", "b@example.org"), bcc=("c@example.org",)))

    message = email.message_from_bytes(mail.data, policy=email.policy.default)

    assert message["Subject"] == subject
    assert [address.addr_spec for address in message["To"].addresses] == ["ana@example.com", "b@example.org"]
    assert mail.recipients == ("ana@example.com", "b@example.org", "c@example.org")
    assert message["Bcc"] is None
