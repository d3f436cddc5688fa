"""A service that keeps silent: before the point of no return it was a no, after it nobody knows."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.support.decisions import Signer, decide

from platinum_executors.attempt import Attempt
from platinum_executors.refusal import Refused, Unknown
from platinum_executors.smtp import Deadlines, SmtpAccount, deliver
from platinum_executors.web import WebService
from platinum_tui.model.action import EmailSend, Kind
from platinum_tui.model.canonical import fields_of
from platinum_tui.model.mail import compose

MAIL = EmailSend(to=("ana@example.com",), subject="s", body="b")
SHORT = Deadlines(connect=0.3, command=0.3, final_reply=0.3)
GREETING = b"220 mail.example ESMTP\r\n"
REPLIES = (b"250 mail.example\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n")
"""To EHLO, MAIL, RCPT and DATA."""


@contextmanager
def mute_after(said: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server on loopback that does what `said` does, and then holds the line without a word."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            return  # The story ended before anybody was connected.
        with connection:
            said(connection)
            over.wait(10)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        listener.close()
        thread.join(10)


def smtp_until(step: int) -> Callable[[socket.socket], None]:
    def said(connection: socket.socket) -> None:
        if step < 0:
            return
        connection.sendall(GREETING)
        for reply in REPLIES[:step]:
            connection.recv(4096)
            connection.sendall(reply)

    return said


def attempt_at(action: EmailSend) -> Attempt[Any]:
    decision = decide(Kind.EMAIL_SEND, fields_of(action), Signer())
    return Attempt(action, decision, lambda: None)


@pytest.mark.parametrize(
    ("step", "error", "crossed"),
    [(-1, Refused, False), (0, Refused, False), (1, Refused, False), (3, Refused, False), (4, Unknown, True)],
)
def test_a_mail_server_that_falls_silent(step, error, crossed):
    mail = compose(MAIL, sender="me@example.net", message_id="<a.b@c>", date=datetime.now(UTC))
    attempt = attempt_at(MAIL)
    with mute_after(smtp_until(step)) as port:
        account = SmtpAccount(host="127.0.0.1", port=port, security="none")
        with pytest.raises(error) as raised:
            deliver(account, mail, attempt.cross, SHORT)

    assert attempt.crossed is crossed
    assert raised.value.reason == ("no_reply" if crossed else "no_connection")
    assert getattr(raised.value, "retriable", None) is (None if crossed else True)


@pytest.mark.parametrize("reply", [b"rubbish\r\n", b"354 what\r\n", b"\xff\xfe\r\n"])
def test_a_mail_server_that_talks_rubbish_about_the_message(reply):
    def said(connection: socket.socket) -> None:
        smtp_until(4)(connection)
        received = b""
        while not received.endswith(b"\r\n.\r\n"):
            received += connection.recv(4096)
        connection.sendall(reply)

    mail = compose(MAIL, sender="me@example.net", message_id="<a.b@c>", date=datetime.now(UTC))
    with mute_after(said) as port, pytest.raises(Unknown):
        deliver(SmtpAccount(host="127.0.0.1", port=port, security="none"), mail, lambda: None, SHORT)


def test_a_web_service_that_falls_silent():
    attempt = attempt_at(MAIL)
    with mute_after(lambda _: None) as port:
        service = WebService("The service", f"http://127.0.0.1:{port}", timeout=0.3)
        with pytest.raises(Unknown) as raised:
            service.act(attempt, "POST", "/", json={})

    assert (raised.value.reason, attempt.crossed) == ("no_reply", True)


def test_a_look_at_a_web_service_that_falls_silent():
    with mute_after(lambda _: None) as port, pytest.raises(Refused) as raised:
        WebService("The service", f"http://127.0.0.1:{port}", timeout=0.3).ask("GET", "/")

    assert (raised.value.reason, raised.value.retriable) == ("no_connection", True)


def test_a_decision_that_cannot_be_burnt_sends_no_byte():
    seen: list[bytes] = []

    def refuse() -> None:
        raise Refused("decision_used", "used")

    decision = attempt_at(MAIL).decision
    with mute_after(lambda connection: seen.append(connection.recv(10))) as port:
        service = WebService("The service", f"http://127.0.0.1:{port}", timeout=0.3)
        with pytest.raises(Refused):
            service.act(Attempt(MAIL, decision, refuse), "POST", "/", json={})

    assert b"".join(seen) == b""


def test_plain_text_mail_goes_to_this_machine_only():
    mail = compose(MAIL, sender="me@example.net", message_id="<a.b@c>", date=datetime.now(UTC))
    with pytest.raises(Refused) as raised:
        deliver(SmtpAccount(host="mail.example.net", port=25, security="none"), mail, lambda: None, SHORT)

    assert raised.value.reason == "not_encrypted"
