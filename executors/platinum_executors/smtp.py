"""One mail over SMTP, to all of its recipients or to none (RFC 5321), with the final dot as the point of no return."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from platinum_executors.refusal import Refused, Unknown
from platinum_tui.model.mail import Composed
from platinum_tui.system.server_settings import is_loopback

_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_DEFAULT_PORTS = {"tls": 465, "starttls": 587, "none": 25}


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long each phase may take, in seconds (RFC 5321, 4.5.3.2: ten minutes for the reply to the final dot)."""

    connect: float = 20.0
    command: float = 60.0
    final_reply: float = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpAccount:
    """Where mail is handed in, and as whom.

    Attributes:
        security: `tls`, `starttls` or `none`; the last on a loopback host only.
        username: empty for no AUTH.
        password, oauth_token: the credential, never shown; a token is used with XOAUTH2.
    """

    host: str
    port: int = 0
    security: str = "tls"
    username: str = ""
    password: str = field(default="", repr=False)
    oauth_token: str = field(default="", repr=False)


def deliver(account: SmtpAccount, mail: Composed, cross: Callable[[], None], deadlines: Deadlines | None = None) -> str:
    """Hands a mail in.

    Args:
        account: where.
        mail: what.
        cross: called after the text was sent and before the final dot.
        deadlines: how long each phase may take.

    Returns:
        The server's reply to the final dot.

    Raises:
        Refused: nothing was sent; `retriable` where the cause may pass.
        Unknown: the dot left and no reply came.
    """
    deadlines = deadlines or Deadlines()
    with _connected(account, deadlines) as smtp:
        with _nothing_sent():
            _offer(smtp, mail)
            smtp.send(_LEADING_DOT.sub(b"..", mail.data))
        cross()
        return _finish(smtp, deadlines.final_reply)


def probe(account: SmtpAccount, deadlines: Deadlines | None = None) -> None:
    """Connects, encrypts and authenticates, and does nothing more.

    Raises:
        Refused: what does not work.
    """
    with _connected(account, deadlines or Deadlines()):
        pass


@contextmanager
def _connected(account: SmtpAccount, deadlines: Deadlines) -> Iterator[smtplib.SMTP]:
    with _nothing_sent():
        smtp = _connect(account, deadlines)
    try:
        with _nothing_sent():
            _authenticate(smtp, account)
        yield smtp
    except BaseException:
        # No QUIT: in the middle of a message it would be text.
        smtp.close()
        raise
    _leave(smtp)


def _connect(account: SmtpAccount, deadlines: Deadlines) -> smtplib.SMTP:
    if account.security == "none" and not is_loopback(account.host):
        raise Refused("not_encrypted", f"{account.host} is not this machine: mail is not sent there unencrypted.")
    port = account.port or _DEFAULT_PORTS[account.security]
    # An address literal: the machine's own name is nobody's business, and looking it up may hang.
    if account.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            account.host, port, "[127.0.0.1]", timeout=deadlines.connect, context=ssl.create_default_context()
        )
    else:
        smtp = smtplib.SMTP(account.host, port, "[127.0.0.1]", timeout=deadlines.connect)
    if account.security == "starttls":
        smtp.starttls(context=ssl.create_default_context())
    if smtp.sock:
        smtp.sock.settimeout(deadlines.command)
    smtp.ehlo_or_helo_if_needed()
    return smtp


def _authenticate(smtp: smtplib.SMTP, account: SmtpAccount) -> None:
    if not account.username:
        return
    if account.oauth_token:
        words = f"user={account.username}\x01auth=Bearer {account.oauth_token}\x01\x01"
        # A refusal comes as a challenge that wants an empty answer before the 535.
        smtp.auth("XOAUTH2", lambda challenge=None: words if challenge is None else "")
    elif account.password:
        smtp.login(account.username, account.password)
    else:
        raise Refused("credential_missing", "A credential is missing: platinum-tui credentials set email.password")


def _offer(smtp: smtplib.SMTP, mail: Composed) -> None:
    options = _mail_options(smtp, mail)
    code, reply = smtp.mail(mail.sender, options)
    if code != 250:
        raise _refusal("sender_refused", f"The server refuses the sender {mail.sender}", [(code, reply)])
    refused = {}
    for recipient in mail.recipients:
        code, reply = smtp.rcpt(recipient)
        if code not in (250, 251):
            refused[recipient] = (code, reply)
    if refused:
        smtp.rset()
        names = ", ".join(refused)
        raise _refusal("recipient_refused", f"Nobody got it: the server refuses {names}", list(refused.values()))
    code, reply = smtp.docmd("DATA")
    if code != 354:
        raise _refusal("data_refused", "The server takes no message now", [(code, reply)])


def _mail_options(smtp: smtplib.SMTP, mail: Composed) -> list[str]:
    options = []
    if smtp.has_extn("size"):
        limit = smtp.esmtp_features["size"]
        if limit.isdigit() and 0 < int(limit) < len(mail.data):
            raise Refused("message_too_large", f"The server takes {limit} bytes; the message has {len(mail.data)}.")
        options.append(f"SIZE={len(mail.data)}")
    if not mail.data.isascii():
        if not smtp.has_extn("8bitmime"):
            raise Refused("no_8bitmime", "The server takes no 8-bit text (8BITMIME), and the approved bytes have some.")
        options.append("BODY=8BITMIME")
    return options


def _finish(smtp: smtplib.SMTP, deadline: float) -> str:
    try:
        if smtp.sock:
            smtp.sock.settimeout(deadline)
        smtp.send(b".\r\n")
        code, reply = smtp.getreply()
    except OSError as error:
        raise Unknown("no_reply", "The whole message left, and no reply came back.") from error
    if 200 <= code < 300:
        return _text(code, reply)
    if 400 <= code < 600:
        raise _refusal("message_refused", "The server refuses the message", [(code, reply)], final=True)
    raise Unknown("strange_reply", f"The reply to the message makes no sense: {_text(code, reply)}")


@contextmanager
def _nothing_sent() -> Iterator[None]:
    """Before the final dot every failure is a refusal: a server must drop what was not ended by it."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise _refusal("auth_refused", "The server refuses the login", [(error.smtp_code, error.smtp_error)]) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Refused("not_supported", f"The server cannot do what is configured: {error}") from error
    except smtplib.SMTPResponseException as error:
        raise _refusal("not_ready", "The server is not ready", [(error.smtp_code, error.smtp_error)]) from error
    except ssl.SSLCertVerificationError as error:
        raise Refused("certificate", f"The server's certificate is not trusted: {error.verify_message}.") from error
    except OSError as error:
        raise Refused("no_connection", f"The mail server cannot be reached: {error}.", retriable=True) from error


def _refusal(reason: str, message: str, replies: list[tuple[int, bytes | str]], *, final: bool = False) -> Refused:
    said = "; ".join(_text(code, reply) for code, reply in replies)
    return Refused(reason, f"{message}: {said}", retriable=not final and all(400 <= code < 500 for code, _ in replies))


def _text(code: int, reply: bytes | str) -> str:
    return f"{code} {reply.decode('utf-8', 'replace') if isinstance(reply, bytes) else reply}"


def _leave(smtp: smtplib.SMTP) -> None:
    try:
        if smtp.sock:
            smtp.sock.settimeout(5)
        smtp.quit()
    except OSError:
        smtp.close()
