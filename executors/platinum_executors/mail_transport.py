"""The ways that mail takes: SMTP with an optional IMAP Sent folder, or the Gmail API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from platinum_executors.attempt import Attempt
from platinum_executors.family import Answer, Lookup, Surroundings
from platinum_executors.refusal import Refused
from platinum_executors.sent_folder import ImapAccount, SentFolder
from platinum_executors.smtp import SmtpAccount, deliver, probe
from platinum_tui.model.action import JsonValue
from platinum_tui.model.mail import Composed


class MailTransport(Protocol):
    """One way to hand a mail in and to look it up afterwards."""

    def deliver(self, mail: Composed, attempt: Attempt[Any]) -> Mapping[str, JsonValue]:
        """Hands it in, crossing the attempt at the last moment; returns what proves it. Raises Refused, Unknown."""

    def file_copy(self, message_id: str, mail: Composed) -> str:
        """Files a copy where sent mail is kept, and says what came of it; never raises."""

    def find(self, message_id: str) -> Lookup:
        """Whether a mail with that Message-ID was sent. Raises Refused."""

    def probe(self) -> None:
        """Connects and logs in. Raises Refused."""


class SmtpTransport:
    """SMTP, with the Sent folder where one is configured."""

    def __init__(self, account: SmtpAccount, sent: SentFolder | None) -> None:
        self._account = account
        self._sent = sent

    def deliver(self, mail: Composed, attempt: Attempt[Any]) -> Mapping[str, JsonValue]:
        """Hands it in; the proof is the server's reply."""
        return {"reply": deliver(self._account, mail, attempt.cross)}

    def file_copy(self, message_id: str, mail: Composed) -> str:
        """Files a copy; a failure here changes nothing about the mail, which is sent."""
        if not self._sent:
            return "not configured"
        try:
            return self._sent.file(message_id, mail.data)
        except Refused as refused:
            return f"not filed: {refused.message}"
        except Exception as error:  # noqa: BLE001 — the mail is gone: whatever its copy meets, nothing may call that in doubt
            return f"not filed: {type(error).__name__}"

    def find(self, message_id: str) -> Lookup:
        """Searches the Sent folder."""
        if not self._sent:
            return Lookup(Answer.CANNOT_TELL, {"reason": "No Sent folder is configured (imap_host)."})
        uids = self._sent.find(message_id)
        return Lookup(Answer.FOUND, {"sent_folder_uids": list(uids)}) if uids else Lookup(Answer.ABSENT)

    def probe(self) -> None:
        """Logs in at both."""
        probe(self._account)
        if self._sent:
            self._sent.probe()


def open_transport(here: Surroundings) -> MailTransport:
    """The transport that the configuration names.

    Raises:
        ConfigurationError: a setting is missing.
    """
    settings = here.settings
    if settings.text("transport", "smtp") == "gmail":
        from platinum_executors.gmail import GmailTransport

        return GmailTransport(here)
    account = SmtpAccount(
        host=settings.required("smtp_host"),
        port=settings.number("smtp_port", 0),
        security=settings.text("smtp_security", "tls"),
        username=settings.text("username"),
        password=_secret(here, "email.password"),
        oauth_token=_secret(here, "email.oauth_token"),
    )
    return SmtpTransport(account, _sent_folder(here))


def _sent_folder(here: Surroundings) -> SentFolder | None:
    settings = here.settings
    if not settings.text("imap_host"):
        return None
    own_login = settings.text("imap_username")
    return SentFolder(
        ImapAccount(
            host=settings.text("imap_host"),
            port=settings.number("imap_port", 0),
            security=settings.text("imap_security", "tls"),
            username=own_login or settings.text("username"),
            password=here.secret("email.imap_password" if own_login else "email.password") or "",
            folder=settings.text("sent_folder"),
        )
    )


def _secret(here: Surroundings, name: str) -> str:
    # Without a user name there is no AUTH: then the keyring is not even opened.
    return (here.secret(name) or "") if here.settings.text("username") else ""
