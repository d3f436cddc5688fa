"""A request: a file in which an agent asks for one action, the source of every field, and all that is wrong with it."""

from __future__ import annotations

import dataclasses
import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from platinum_tui.model.action import Action, JsonValue, Kind
from platinum_tui.model.canonical import build_action, digest_of, fingerprint_of


class State(enum.StrEnum):
    """Where a request stands."""

    PENDING = "pending"
    HELD = "held"
    SNOOZED = "snoozed"
    APPROVED = "approved"
    EXECUTING = "executing"
    DONE = "done"
    REJECTED = "rejected"
    CHANGES_REQUESTED = "changes_requested"
    EXPIRED = "expired"
    FAILED = "failed"
    UNKNOWN = "unknown"
    QUARANTINED = "quarantined"


class ProblemCode(enum.StrEnum):
    """Why a request cannot be approved."""

    MISSING_FIELD = "missing_field"
    INVALID_VALUE = "invalid_value"
    DISAGREEING_SOURCES = "disagreeing_sources"
    UNRESOLVED_RECIPIENT = "unresolved_recipient"
    UNKNOWN_KIND = "unknown_kind"
    MULTIPLE_ACTIONS = "multiple_actions"
    PLACEHOLDER = "placeholder"
    TOO_LONG = "too_long"
    NOT_A_REQUEST = "not_a_request"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    EXPIRED = "expired"
    CONFLICT = "conflict"


class WarningCode(enum.StrEnum):
    """What a reviewer should know; it raises the risk and forbids nothing."""

    DEGRADED_YAML = "degraded_yaml"
    NAIVE_TIME = "naive_time"
    BAD_TIME = "bad_time"
    FUTURE_CREATED = "future_created"
    INFERRED_KIND = "inferred_kind"
    RECIPIENT_FROM_SENDER = "recipient_from_sender"
    RECIPIENT_ONLY_IN_QUOTE = "recipient_only_in_quote"
    DERIVED_VALUE = "derived_value"
    AMOUNT_REFORMATTED = "amount_reformatted"
    AMOUNT_MISMATCH = "amount_mismatch"
    AMBIGUOUS_CURRENCY = "ambiguous_currency"
    ACCOUNT_CHANGED = "account_changed"
    HIDDEN_CONTENT = "hidden_content"
    CONTROL_CHARACTERS = "control_characters"
    BIDI = "bidi"
    MIXED_SCRIPT = "mixed_script"
    LOOKALIKE_DOMAIN = "lookalike_domain"
    MISLEADING_NAME = "misleading_name"
    LINK_MISMATCH = "link_mismatch"
    REMOTE_CONTENT = "remote_content"
    SECRET_IN_BODY = "secret_in_body"  # noqa: S105
    MANY_RECIPIENTS = "many_recipients"
    IGNORED_INSTRUCTION = "ignored_instruction"
    FIRST_TIME_RECIPIENT = "first_time_recipient"
    UNUSUAL_AMOUNT = "unusual_amount"
    POSSIBLE_DUPLICATE = "possible_duplicate"


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason against approval."""

    code: ProblemCode
    message: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class RequestWarning:
    """One thing a reviewer should know."""

    code: WarningCode
    message: str


class SourceKind(enum.StrEnum):
    """What part of a file a field was read from."""

    FRONT_MATTER = "front matter"
    JSON = "JSON"
    LABEL = "label"
    SECTION = "section"
    BODY = "body"
    NAME = "file name"
    CONTACTS = "contact book"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a field came from; lines count from 1."""

    source: SourceKind
    line: int | None = None


class RiskLevel(enum.StrEnum):
    """How much a decision may cost."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class RiskReason:
    """One reason for a level."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Risk:
    """A level with its reasons."""

    level: RiskLevel
    reasons: tuple[RiskReason, ...] = ()


@dataclass(frozen=True)
class Request:
    """One file of a request folder, read. It may ask for nothing that can be done: then `problems` says why.

    Attributes:
        id: the file's own id, or one derived from its path and bytes.
        file: the vault-relative path, with `/`.
        sha256: the hash of the file's bytes, 64 hex digits.
        kind: what it asks for; None where no kind of ours comes out.
        fields: the action's fields as JSON, typed and normalised, as far as they could be read.
        sources: where each field came from.
        text: the file's text as read (not made safe), for the raw view; empty where it is no text.
        declared_id: the id that the file itself gives, if it does.
        created_at, expires_at: aware times.
        task: the vault-relative path of the task it belongs to.
        reason: why the agent asks.
        revises: what the file calls its earlier version: an id, a file's name or path, or the task that asked for it.
    """

    id: str
    file: str
    sha256: str
    kind: Kind | None = None
    fields: Mapping[str, JsonValue] = dataclasses.field(default_factory=dict)
    sources: Mapping[str, Source] = dataclasses.field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    warnings: tuple[RequestWarning, ...] = ()
    text: str = ""
    declared_id: str | None = None
    created_at: datetime | None = None
    expires_at: datetime | None = None
    task: str | None = None
    reason: str | None = None
    revises: str | None = None

    @cached_property
    def action(self) -> Action | None:
        """The typed action; None while there is a problem."""
        return build_action(self.kind, self.fields) if self.kind and not self.problems else None

    @cached_property
    def digest(self) -> str:
        """What a decision on this request is bound to: 64 hex digits."""
        return digest_of(self.kind, self.fields, self.sha256)

    @property
    def fingerprint(self) -> str:
        """The digest's head, `abcd-ef01-2345`."""
        return fingerprint_of(self.digest)


def derive_id(file: str, data: bytes) -> str:
    """The id of a file that gives none: from its path and its bytes at first sight."""
    return "req-" + hashlib.sha256(file.encode() + b"\0" + data).hexdigest()[:16]
