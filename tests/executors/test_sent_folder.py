"""A mail that went out is done, whatever its copy meets; the Sent folder and its password may have any letters."""

from __future__ import annotations

import imaplib
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.support.calling import Caller
from tests.support.counterparts import MISSING
from tests.support.mail_servers import dovecot, imap_server, mail_server

from platinum_executors.email import EMAIL
from platinum_executors.mailbox_name import modified_utf7
from platinum_tui.model.action import EmailSend

MAIL = EmailSend(to=("ana@example.com",), subject="July", body="Hello")
needs_dovecot = pytest.mark.skipif(
    not imap_server(), reason=f"{MISSING}Dovecot; get it with: apt-get install dovecot-imapd"
)


def caller(root: Path, port: int, imap_port: int, password: str = "s3cret", **more: str) -> Caller:
    smtp = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "sender": "desk@example.net"}
    imap = {"imap_host": "127.0.0.1", "imap_port": imap_port, "imap_security": "none", "imap_username": "me"}
    return Caller(EMAIL, root, {**smtp, **imap, **more}, {"imap_password": password})


@needs_dovecot
@pytest.mark.parametrize(
    ("folder", "on_the_wire"),
    [
        ("Envoyés", "Envoy&AOk-s"),
        ("Envoy&AOk-s", "Envoy&AOk-s"),
        ("送信済み & more 💌", "&kAFP4W4IMH8- &- more &2D3cjA-"),
    ],
)
def test_a_copy_is_filed_in_a_folder_of_any_name_and_found_there(tmp_path, folder, on_the_wire):
    with mail_server() as (_, port), dovecot("me", "s3cret") as imap_port:
        with imaplib.IMAP4("127.0.0.1", imap_port) as imap:
            imap.login("me", "s3cret")
            assert imap.create(f'"{on_the_wire}"')[0] == "OK"
        desk = caller(tmp_path, port, imap_port, sent_folder=folder)
        result = desk.do("send_email", MAIL)
        found = desk.find(result["evidence"]["message_id"])
        checked = desk.check()

    assert (result["outcome"], result["evidence"]["sent_copy"], found["outcome"]) == ("done", "filed", "found")
    assert checked == {"ok": True, "findings": []}


@needs_dovecot
def test_a_password_may_have_any_letters(tmp_path):
    with mail_server() as (_, port), dovecot("me", "contraseña") as imap_port:
        desk = caller(tmp_path, port, imap_port, password="contraseña")
        result, checked = desk.do("send_email", MAIL), desk.check()

    assert (result["outcome"], result["evidence"]["sent_copy"]) == ("done", "filed")
    assert checked["ok"]


@pytest.mark.parametrize(
    "said",
    [
        {b"LOGIN": b"tag NO [AUTHENTICATIONFAILED] no\r\n"},
        {b"AUTHENTICATE": b"tag BAD there is no such command\r\n"},
        {b"LIST": b'* LIST (\\Sent) "/" "Envoy\xc3\xa9s"\r\ntag OK done\r\n'},
        {b"LIST": b'* LIST (\\Sent) "/" {99999999999999999999}\r\ntag OK done\r\n'},
        {b"UID": b"* SEARCH \xff\xfe\r\ntag OK done\r\n"},
        {b"UID": b"what?\r\n"},
        {b"EXAMINE": b"tag NO there is no such mailbox\r\n"},
        {b"APPEND": b"tag NO [OVERQUOTA] full\r\n"},
        {b"APPEND": b""},
        {b"LOGOUT": b"* BYE\r\n* \xff\r\n"},
    ],
)
@pytest.mark.parametrize("password", ["s3cret", "contraseña"])
def test_a_mail_that_went_out_is_done_whatever_becomes_of_its_copy(tmp_path, said, password):
    with mail_server() as (journal, port), odd_imap(said) as imap_port:
        desk = caller(tmp_path, port, imap_port, password=password)
        result = desk.do("send_email", MAIL)
        found, checked = desk.find("<never@example.net>"), desk.check()

    assert (result["outcome"], len(journal.envelopes)) == ("done", 1)
    assert result["evidence"]["sent_copy"].split(":")[0] in ("filed", "not filed")
    assert "LOGOUT" not in result["evidence"]["sent_copy"]
    assert found["outcome"] in ("cannot_tell", "absent")
    assert "ñ" not in f"{result}{found}{checked}"


@pytest.mark.parametrize(
    ("name", "on_the_wire"),
    [
        # RFC 3501, 5.1.3
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
        ("台北日本語", "&U,BTF2XlZyyKng-"),
        ("☺!", "&Jjo-!"),
        ("R&D", "R&-D"),
        ("&&", "&-&-"),
        # RFC 2152, with "&" for "+"
        ("A≢Α.", "A&ImIDkQ-."),
        ("Hi Mom -☺-!", "Hi Mom -&Jjo--!"),
        # beyond the first plane: two 16-bit units; no other character for what is printable ASCII
        ("💌", "&2D3cjA-"),
        (" !~", " !~"),
        ("a\tb\x7f", "a&AAk-b&AH8-"),
        ("", ""),
    ],
)
def test_a_folders_name_is_written_as_imap_writes_it(name, on_the_wire):
    assert modified_utf7(name) == on_the_wire


@contextmanager
def odd_imap(said: dict[bytes, bytes]) -> Iterator[int]:
    """An IMAP server on loopback that agrees to everything, but says to some commands what it is told to say.

    Args:
        said: its whole answer by command, `tag` for the tag; it hangs up where that is empty.
    """

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            for line in self.rfile:
                tag, command = line.split()[:2]
                answer = said.get(command, self.usual(command, line))
                if not answer:
                    return
                self.wfile.write(answer.replace(b"tag ", tag + b" "))

        def usual(self, command: bytes, line: bytes) -> bytes:
            if command in (b"APPEND", b"AUTHENTICATE") and command not in said:
                self.wfile.write(b"+ \r\n")
                self.rfile.read(int(line.rstrip(b"}\r\n").rpartition(b"{")[2]) + 2 if command == b"APPEND" else 0)
                if command == b"AUTHENTICATE":
                    self.rfile.readline()
            more: dict[bytes, bytes] = {
                b"CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n",
                b"UID": b"* SEARCH\r\n",
                b"LOGOUT": b"* BYE\r\n",
            }
            return more.get(command, b"") + b"tag OK done\r\n"

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
