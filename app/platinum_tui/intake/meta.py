"""What a file says about itself: id, times, task, reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from platinum_tui.intake.draft import identifier
from platinum_tui.intake.findings import Findings
from platinum_tui.intake.hidden import has_bidi, has_control, has_invisible
from platinum_tui.intake.sources import Candidate, Sources
from platinum_tui.intake.times import Moment, read_time
from platinum_tui.intake.values import Raw, is_nothing
from platinum_tui.intake.vocabulary import CREATED, DEADLINES, EXPIRES, IDS, OTHER_IDS, REASON, REVISES
from platinum_tui.model.action import Kind
from platinum_tui.model.request import ProblemCode, SourceKind, WarningCode

_ID = re.compile(r"[\w][\w.+@=-]{0,127}")
_TASK = re.compile(r"(?:Needs_Action|In_Progress)/(?:[\w .,()+@=&'-]+/)*[\w .,()+@=&'\[\]-]+\.(?:md|json)")
_LONGEST_NAME = 300
_NEVER = re.compile(r"(?i)never|no expiry|does not expire|none")


@dataclass(frozen=True, slots=True)
class Meta:
    """What a file says about itself, as far as it can be used."""

    declared_id: str | None = None
    created_at: datetime | None = None
    expires_at: datetime | None = None
    task: str | None = None
    reason: str | None = None
    revises: str | None = None


def read_meta(sources: Sources, kind: Kind | None, now: datetime, findings: Findings) -> Meta:
    """Reads what a file says about itself; what cannot be used is a problem or a warning in `findings`."""
    created, created_by = _created(sources, kind, findings)
    expires = _expires(sources, kind, findings)
    if created and created.instant > now:
        said = (
            "By `date` the file was created in the future: a clock is wrong, or `date` means something else."
            if created_by == "date"
            else "The file says that it was created in the future; a clock is wrong."
        )
        findings.warn(WarningCode.FUTURE_CREATED, said)
    if expires and (expires.instant <= now or (created and expires.instant <= created.instant)):
        findings.problem(ProblemCode.EXPIRED, "The request has expired; ask for a new one.", "expires_at")
    if expires and created and (expires.instant - created.instant).total_seconds() < 1:
        findings.problem(ProblemCode.EXPIRED, "The request expires when it begins; ask for a new one.", "expires_at")
    if (created and created.naive) or (expires and expires.naive):
        findings.warn(WarningCode.NAIVE_TIME, "A time without a zone was read as UTC.")
    return Meta(
        declared_id=_id(sources, findings),
        created_at=created.instant if created else None,
        expires_at=expires.instant if expires else None,
        task=_task(sources, findings),
        reason=_reason(sources),
        revises=_revises(sources),
    )


def _id(sources: Sources, findings: Findings) -> str | None:
    given = [value for name in IDS if isinstance(value := sources.head.get(name), str) and not is_nothing(value)]
    if len({value.strip() for value in given}) > 1:
        findings.disagree("id")
        return None
    for name in (*IDS, *OTHER_IDS):
        value = sources.head.get(name)
        if not isinstance(value, str) or is_nothing(value):
            continue
        text = value.strip()
        if _ID.fullmatch(text) and ".." not in text and not has_invisible(text):
            return text
        if name != "id":
            continue
        if (
            has_control(text)
            or has_bidi(text)
            or has_invisible(text)
            or re.search(r"[/\\]|\.\.", text)
            or sources.canonical
        ):
            if has_control(text):
                findings.warn(
                    WarningCode.CONTROL_CHARACTERS, "Control characters stand in the text; they are shown, not obeyed."
                )
            findings.problem(
                ProblemCode.INVALID_VALUE, "The id cannot be a file's name; use letters, digits, dots and dashes.", "id"
            )
            return None
    return None


def _created(sources: Sources, kind: Kind | None, findings: Findings) -> tuple[Moment | None, str]:
    """The time of creation, and the key that gives it."""
    names = [name for name in CREATED if not (name == "date" and kind is Kind.ODOO_PAYMENT)]
    for name in names:
        value = sources.head.get(name)
        if not isinstance(value, str) or is_nothing(value):
            continue
        try:
            return read_time(identifier(value)), name
        except ValueError:
            said = f"`{name}` is taken for the time of creation; it cannot be read and was left empty."
            findings.warn(WarningCode.BAD_TIME, said)
    return None, ""


def _expires(sources: Sources, kind: Kind | None, findings: Findings) -> Moment | None:
    ends: list[Moment] = []
    expiries: set[datetime | None] = set()
    # in a mapping or below, a deadline is as often that of the matter itself
    given = [c for c in sources.in_head(("deadline",)) if c.value is sources.head.get("deadline")]
    for candidate in [*sources.in_head((*EXPIRES, *DEADLINES), kind), *given]:
        never = isinstance(candidate.value, str) and _NEVER.fullmatch(candidate.value.strip())
        end = None if never else _end(candidate.value)
        if end is None and not never:
            findings.problem(
                ProblemCode.INVALID_VALUE,
                "The end of the request cannot be read; write it like 2026-01-31T17:00:00Z.",
                "expires_at",
            )
            return None
        if end:
            ends.append(end)
        if candidate.key in EXPIRES:
            expiries.add(end.instant if end else None)
    if len(expiries) > 1:
        findings.disagree("expires_at")
        return None
    ends += [end for candidate in _labels(sources) if (end := _end(candidate.value))]
    return min(ends, key=lambda end: end.instant) if ends else None


def _labels(sources: Sources) -> list[Candidate]:
    return [c for c in sources.named((*EXPIRES, *DEADLINES)) if c.source.source is SourceKind.LABEL]


def _end(value: Raw) -> Moment | None:
    try:
        return read_time(identifier(value), end_of_day=True)
    except ValueError:
        return None


def _task(sources: Sources, findings: Findings) -> str | None:
    value = sources.head.get("task")
    if not isinstance(value, str) or is_nothing(value):
        return None
    text = value.strip()
    if _TASK.fullmatch(text) and ".." not in text.split("/"):
        return text
    if sources.canonical or "/" in text:
        findings.problem(ProblemCode.INVALID_VALUE, "The task is no file under Needs_Action/ or In_Progress/.", "task")
    return None


def _reason(sources: Sources) -> str | None:
    value = next((c.value for c in sources.named(REASON) if isinstance(c.value, str)), None)
    return str(value).strip() if value and not has_control(str(value).replace("\n", " ")) else None


def _revises(sources: Sources) -> str | None:
    """What the file calls its earlier version; a link between two versions, and nothing that is acted on."""
    named = (value.strip() for name in REVISES if isinstance(value := sources.head.get(name), str))
    usable = (text for text in named if text and not is_nothing(text) and not has_control(text))
    return next((text[:_LONGEST_NAME] for text in usable), None)
