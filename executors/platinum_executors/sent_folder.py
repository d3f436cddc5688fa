"""The Sent folder over IMAP (RFC 3501): where a mail's copy is filed, and where it is looked up."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from platinum_executors.mailbox_name import modified_utf7
from platinum_executors.refusal import Refused
from platinum_tui.system.server_settings import is_loopback

TIMEOUT = 20.0
_DEFAULT_PORTS = {"tls": 993, "starttls": 143, "none": 143}
_SPECIAL_SENT = re.compile(rb'\([^)]*\\Sent\b[^)]*\) (?:"[^"]*"|NIL) (?P<name>.+)$', re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[\x21-\x7e]+>")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapAccount:
    r"""Where sent mail is kept.

    Attributes:
        folder: its name, or what the server writes for it; empty for the one marked `\Sent` (RFC 6154), else `Sent`.
    """

    host: str
    port: int = 0
    security: str = "tls"
    username: str = ""
    password: str = field(default="", repr=False)
    folder: str = ""


class SentFolder:
    """The Sent folder of one account; each call is a connection of its own."""

    def __init__(self, account: ImapAccount) -> None:
        self._account = account

    def find(self, message_id: str) -> list[str]:
        """The UIDs of the mails with that Message-ID.

        Raises:
            Refused: the folder cannot be searched.
        """
        with self._opened() as (imap, folder):
            return _search(imap, folder, message_id)

    def file(self, message_id: str, data: bytes) -> str:
        """Puts a copy there unless one is (some services file their own), and says which in a word.

        Raises:
            Refused: it cannot be filed.
        """
        with self._opened() as (imap, folder):
            if _search(imap, folder, message_id):
                return "already there"
            status, _ = imap.append(folder, r"(\Seen)", "", data)
            if status != "OK":
                raise Refused("imap", "The Sent folder takes no copy.")
            return "filed"

    def probe(self) -> None:
        """Logs in and finds the folder.

        Raises:
            Refused: what does not work.
        """
        with self._opened() as (imap, folder):
            _select(imap, folder)

    @contextmanager
    def _opened(self) -> Iterator[tuple[imaplib.IMAP4, str]]:
        try:
            imap = self._connect()
            try:
                _log_in(imap, self._account)
                yield imap, _named(self._account.folder) if self._account.folder else _sent_folder(imap)
            finally:
                # The work is done or has failed by now: how the server takes leave says nothing about it.
                with suppress(OSError, imaplib.IMAP4.error):
                    imap.logout()
        except UnicodeError as error:
            # Its text quotes what could not be written, which may be a credential.
            raise Refused("imap", "The Sent folder cannot be used: it has letters that IMAP does not carry.") from error
        except (OSError, imaplib.IMAP4.error) as error:
            raise Refused("imap", f"The Sent folder cannot be used: {error}") from error

    def _connect(self) -> imaplib.IMAP4:
        account = self._account
        if account.security == "none" and not is_loopback(account.host):
            raise Refused("not_encrypted", f"{account.host} is not this machine: nothing goes there unencrypted.")
        port = account.port or _DEFAULT_PORTS[account.security]
        if account.security == "tls":
            return imaplib.IMAP4_SSL(account.host, port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT)
        imap = imaplib.IMAP4(account.host, port, timeout=TIMEOUT)
        if account.security == "starttls":
            imap.starttls(ssl.create_default_context())
        return imap


def _log_in(imap: imaplib.IMAP4, account: ImapAccount) -> None:
    if not account.username:
        return
    if f"{account.username}{account.password}".isascii():
        imap.login(account.username, account.password)
        return
    # LOGIN takes ASCII alone; PLAIN takes UTF-8 (RFC 4616).
    words = f"\0{account.username}\0{account.password}".encode()
    imap.authenticate("PLAIN", lambda _: words)


def _named(folder: str) -> str:
    """A configured folder in IMAP's own spelling, in which it may be configured, too."""
    return _quoted(folder if folder.isascii() else modified_utf7(folder))


def _sent_folder(imap: imaplib.IMAP4) -> str:
    _, rows = imap.list()
    for row in rows or []:
        match = _SPECIAL_SENT.search(row) if isinstance(row, bytes) else None
        if match:
            return match["name"].decode("ascii", "replace")
    return _quoted("Sent")


def _search(imap: imaplib.IMAP4, folder: str, message_id: str) -> list[str]:
    if not _MESSAGE_ID.fullmatch(message_id):
        raise Refused("not_a_message_id", "That is not a Message-ID.")
    _select(imap, folder)
    status, rows = imap.uid("SEARCH", "HEADER", "Message-ID", _quoted(message_id))
    if status != "OK":
        raise Refused("imap", "The Sent folder cannot be searched.")
    return [uid.decode() for row in rows if isinstance(row, bytes) for uid in row.split()]


def _select(imap: imaplib.IMAP4, folder: str) -> None:
    status, _ = imap.select(folder, readonly=True)
    if status != "OK":
        raise Refused("imap", f"There is no folder {folder}.")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
