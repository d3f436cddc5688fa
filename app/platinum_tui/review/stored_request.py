"""A request as the index keeps it: one JSON array, compressed, and the same request back."""

from __future__ import annotations

import json
import zlib
from datetime import datetime
from typing import Any

from platinum_tui.model.action import Kind
from platinum_tui.model.request import (
    Problem,
    ProblemCode,
    Request,
    RequestWarning,
    Source,
    SourceKind,
    WarningCode,
)

_LEVEL = 1
"""Text and fields say the same twice: the fastest compression finds that."""


def store(request: Request) -> bytes:
    """The request, compressed. Its JSON is ASCII: surrogates that stand for undecodable bytes keep their escapes."""
    text = json.dumps(
        (
            request.id,
            request.file,
            request.sha256,
            request.kind,
            dict(request.fields),
            {name: (source.source, source.line) for name, source in request.sources.items()},
            [(problem.code, problem.message, problem.field) for problem in request.problems],
            [(warning.code, warning.message) for warning in request.warnings],
            request.text,
            request.declared_id,
            _instant(request.created_at),
            _instant(request.expires_at),
            request.task,
            request.reason,
            request.revises,
        ),
        separators=(",", ":"),
    )
    return zlib.compress(text.encode("ascii"), _LEVEL)


def restore(data: bytes) -> Request:
    """The request that was stored.

    Raises:
        ValueError: the bytes are none that `store` wrote.
    """
    try:
        return _restored(*json.loads(zlib.decompress(data)))
    except (TypeError, RecursionError, zlib.error) as error:
        raise ValueError("not a stored request") from error


def _restored(
    id_: str,
    file: str,
    sha256: str,
    kind: str | None,
    fields: dict[str, Any],
    sources: dict[str, tuple[str, int | None]],
    problems: list[tuple[str, str, str | None]],
    warnings: list[tuple[str, str]],
    text: str,
    declared_id: str | None,
    created_at: str | None,
    expires_at: str | None,
    task: str | None,
    reason: str | None,
    revises: str | None,
) -> Request:
    return Request(
        id=id_,
        file=file,
        sha256=sha256,
        kind=Kind(kind) if kind else None,
        fields=fields,
        sources={name: Source(SourceKind(source), line) for name, (source, line) in sources.items()},
        problems=tuple(Problem(ProblemCode(code), message, field) for code, message, field in problems),
        warnings=tuple(RequestWarning(WarningCode(code), message) for code, message in warnings),
        text=text,
        declared_id=declared_id,
        created_at=_time(created_at),
        expires_at=_time(expires_at),
        task=task,
        reason=reason,
        revises=revises,
    )


def _instant(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
