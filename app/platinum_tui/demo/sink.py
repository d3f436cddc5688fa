"""A mail server on loopback, inside the process: it accepts everything and keeps it."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Sequence
from typing import Any

from platinum_tui.model.event import SentMail
from platinum_tui.model.text import safe_line
from platinum_tui.system.clock import Clock

HOST = "127.0.0.1"


class MailSink:
    """The demo's mail server.

    Args:
        clock: says when a mail arrived.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._mails: list[SentMail] = []
        self._controller: Any = None
        self.port = 0

    def start(self) -> None:
        """Listen on a free port of the loopback interface."""
        from aiosmtpd.controller import Controller

        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port = probe.getsockname()[1]
        self._controller = Controller(self, hostname=HOST, port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Stop listening."""
        if self._controller is not None:
            self._controller.stop()

    def mails(self) -> Sequence[SentMail]:
        """What arrived, oldest first."""
        return tuple(self._mails)

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one mail."""
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = message.get_body(("plain",))
        self._mails.append(
            SentMail(
                sender=envelope.mail_from,
                recipients=tuple(envelope.rcpt_tos),
                subject=safe_line(str(message["Subject"])),
                text=body.get_content() if body else "",
                received_at=self._clock.now(),
            )
        )
        return "250 kept by the demo"
