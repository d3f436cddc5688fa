"""Real mail servers on loopback: aiosmtpd that keeps a journal, Postfix's smtp-sink with its faults, Dovecot."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Journal:
    """What a mail server was handed; it is the judge of what happened."""

    envelopes: list[Envelope] = field(default_factory=list)
    refused_recipients: dict[str, str] = field(default_factory=dict)
    reply: str = "250 2.0.0 Ok: queued as 4XyZ"
    commands: list[str] = field(default_factory=list)

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802
        if address in self.refused_recipients:
            return self.refused_recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_RSET(self, server, session, envelope):  # noqa: N802
        self.commands.append("RSET")
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.commands.append("DATA")
        if self.reply.startswith("2"):
            self.envelopes.append(envelope)
        return self.reply


@contextmanager
def mail_server(journal: Journal | None = None, **options) -> Iterator[tuple[Journal, int]]:
    """An aiosmtpd on a free port of loopback: its journal and the port."""
    journal = journal or Journal()
    controller = Controller(journal, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield journal, controller.port
    finally:
        controller.stop()


def one_login(username: str, password: str):
    """An authenticator for aiosmtpd that knows one account."""

    def authenticate(server: SMTP, session, envelope, mechanism: str, data: LoginPassword) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (username.encode(), password.encode())
        return AuthResult(success=good, handled=False)

    return authenticate


def smtp_sink() -> str | None:
    """Where Postfix's smtp-sink is, or None."""
    return _daemon("smtp-sink")


def imap_server() -> str | None:
    """Where Dovecot is, or None."""
    return _daemon("dovecot")


def _daemon(name: str) -> str | None:
    """Where a daemon is; its folder is in root's PATH alone."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin")


@contextmanager
def sink(*flags: str) -> Iterator[int]:
    """A smtp-sink with fault flags; its port."""
    port = free_port()
    program = smtp_sink()
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    process = subprocess.Popen([program, *user, *flags, f"127.0.0.1:{port}", "10"], stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


@contextmanager
def dovecot(username: str, password: str) -> Iterator[int]:
    """A Dovecot with one account and a Sent folder marked as such; its IMAP port.

    It keeps its mail as nobody, in a folder that nobody can reach: root's mail is not served.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)
        (home / "mail").mkdir()
        if os.getuid() == 0:
            shutil.chown(home / "mail", "nobody", "nogroup")
        with _running_dovecot(home, username, password) as port:
            yield port


@contextmanager
def _running_dovecot(home: Path, username: str, password: str) -> Iterator[int]:
    port = free_port()
    config = home / "dovecot.conf"
    config.write_text(_DOVECOT.format(home=home, port=port, username=username, password=password))
    process = subprocess.Popen([imap_server(), "-F", "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


_DOVECOT = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
first_valid_uid = 1
mail_location = maildir:{home}/mail
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password} user={username}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={home}/mail
}}
namespace inbox {{
  inbox = yes
  mailbox "Sent Items" {{
    auto = create
    special_use = \\Sent
  }}
}}
"""


@dataclass(frozen=True)
class Certificate:
    """A certificate for 127.0.0.1 and localhost that signs itself."""

    certificate: Path
    key: Path


def make_certificate(root: Path) -> Certificate:
    """Writes a certificate and its key below `root`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    made = Certificate(root / "certificate.pem", root / "key.pem")
    made.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    made.key.write_bytes(key.private_bytes(pem, pkcs8, serialization.NoEncryption()))
    return made


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(port: int) -> None:
    """Until somebody listens there; five seconds at most."""
    for _ in range(500):
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise TimeoutError(port)
