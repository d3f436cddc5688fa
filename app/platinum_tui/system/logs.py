"""The services' logs: rotated files of one JSON object a line, with known fields only and never a secret."""

from __future__ import annotations

import base64
import enum
import json
import logging
import threading
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from urllib.parse import quote, quote_plus

from platinum_tui.model.errors import Failed
from platinum_tui.model.text import safe_line
from platinum_tui.system.plain_file import open_plain

MAX_BYTES = 1_000_000
BACKUPS = 5
SHORTEST_SECRET = 8
"""Shorter values would black out ordinary words."""
HIDDEN = "[secret]"
LONGEST_VALUE = 500

FIELDS = frozenset(
    {
        "request_id",
        "fingerprint",
        "kind",
        "file",
        "folder",
        "state",
        "worker",
        "server",
        "tool",
        "outcome",
        "code",
        "error",
        "count",
        "seconds",
        "attempt",
        "machine",
        "reason",
        "version",
        "signer",
        "branch",
    }
)
"""What may be logged beside the event; everything else is left out, so that no body gets in by accident."""


class LogName(enum.StrEnum):
    """The logs, by file name without `.log`."""

    ORCHESTRATOR = "platinum_local_orchestrator"
    EXECUTOR = "approval_executor"
    DASHBOARD = "dashboard_merger"


class Redactor:
    """Blacks out secrets, as they are, in base64, and as in an address; it is fed with live values."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._forms: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Learns secrets; those that are shorter than `SHORTEST_SECRET` are not looked for."""
        with self._lock:
            forms = {form for secret in secrets if len(secret) >= SHORTEST_SECRET for form in _forms_of(secret)}
            self._forms = tuple(sorted({*self._forms, *forms}, key=len, reverse=True))

    def redact(self, text: str) -> str:
        """The text with every known secret hidden."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, HIDDEN)
        return text


class Log:
    """One rotated file of events."""

    def __init__(self, folder: Path, name: LogName, redactor: Redactor) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handler = _PlainFileHandler(
                folder / f"{name}.log", maxBytes=MAX_BYTES, backupCount=BACKUPS, encoding="utf-8"
            )
        except OSError as error:
            raise Failed(f"The log {folder / name}.log cannot be written: {error.strerror}.") from error
        handler.setFormatter(_JsonLines(redactor))
        # Not registered by name: the root logger and its handlers never see these records.
        self._logger = logging.Logger(name.value, logging.INFO)
        self._logger.addHandler(handler)
        self._handler = handler

    def info(self, event: str, **fields: object) -> None:
        """Notes an event, in a word or a few, with fields of `FIELDS`."""
        self._logger.info(event, extra={"fields": fields})

    def error(self, event: str, **fields: object) -> None:
        """Notes a failure."""
        self._logger.error(event, extra={"fields": fields})

    def close(self) -> None:
        """Closes the file."""
        self._handler.close()


class _PlainFileHandler(RotatingFileHandler):
    """Writes to plain files alone, since others can plant links in the vault; a full disk stops no work."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=open_plain)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Drops the record: the library would write a traceback over the screen."""


class _JsonLines(logging.Formatter):
    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        fields: Mapping[str, object] = getattr(record, "fields", {})
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {
            "time": time.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "event": self._clean(str(record.msg)),
            **{name: self._value(value) for name, value in fields.items() if name in FIELDS},
        }
        return json.dumps(line, ensure_ascii=False)

    def _value(self, value: object) -> object:
        clean = self._clean(str(value))
        is_plain = value is None or isinstance(value, int | float | bool)
        return value if is_plain and clean == str(value) else clean

    def _clean(self, text: str) -> str:
        # Value by value and before anything is cut: a piece of a secret would not be found, and a line stays JSON.
        return safe_line(self._redactor.redact(text))[:LONGEST_VALUE]


def _forms_of(secret: str) -> Iterable[str]:
    data = secret.encode()
    yield from {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    yield from {quote(secret), quote(secret, safe=""), quote_plus(secret), data.hex()}
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        # Inside longer base64 the same bytes have three spellings, by where they begin; the ends depend on neighbours.
        for lead in range(3):
            encoded = encode(b"\0" * lead + data).decode().rstrip("=")
            yield encoded[(lead * 8 + 5) // 6 : len(encoded) - (1 if (lead + len(data)) % 3 else 0)]
