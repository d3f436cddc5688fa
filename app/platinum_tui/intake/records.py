"""What lies in a request folder and asks for nothing: records of what was done, messages that came in."""

from __future__ import annotations

import re

from platinum_tui.intake.bodies import says_done
from platinum_tui.intake.headings import Role
from platinum_tui.intake.sources import Sources
from platinum_tui.intake.values import is_false, is_nothing
from platinum_tui.intake.vocabulary import FIELDS
from platinum_tui.model.action import Kind

_DONE_KEYS = (
    "executed_at", "published_at", "posted_at", "sent_at", "tweet_id", "tweet_url", "post_url",
    "completed_date", "completed_at",
    "posted", "published", "executed", "execution_status", "sent_message_id",
)  # fmt: skip
_DONE_LABELS = frozenset(
    f"{word}{at}"
    for word in ("executed", "processed", "posted", "published", "sent", "paid")
    for at in ("", " at", " on")
)
_DAY = re.compile(r"[`*_ ]*20\d\d-\d\d-\d\d")
_RECEIVED_KEYS = ("received", "received_at", "gmail_id", "email_date")
_DRAFT_KEYS = ("draft_reply", "draft_body", "reply_text", "draft_response")
_OURSELVES = frozenset({"dashboard", "me", "ai employee"})
_MESSAGES = frozenset({Kind.EMAIL_SEND, Kind.EMAIL_REPLY, Kind.WHATSAPP_MESSAGE})


def is_record(sources: Sources) -> bool:
    """Whether the file says that the thing is already done: a key with a value, a label with a day, a note at the end.

    A status line says nothing.
    """
    head = sources.head
    dated = any(label.name in _DONE_LABELS and _DAY.match(label.value) for label in sources.document.labels)
    return (
        dated
        or says_done(sources.document)
        or any(key in head and not is_nothing(head[key]) and not is_false(head[key]) for key in _DONE_KEYS)
    )


def came_in(sources: Sources) -> bool:
    """Whether a file that only names a channel is a message that came in: it has a sender and no draft of ours."""
    head = sources.head
    received = any(not is_nothing(head.get(key)) for key in _RECEIVED_KEYS) or any(
        label.name in ("received", "received at") and label.value for label in sources.document.labels
    )
    sent = not is_nothing(head.get("from")) and str(head.get("from")).casefold() not in _OURSELVES
    drafted = any(body.role is Role.DRAFT and body.text.strip() for body in sources.bodies)
    return (received or sent) and not drafted and all(is_nothing(head.get(key)) for key in _DRAFT_KEYS)


def addressed(sources: Sources, kind: Kind | None) -> bool:
    """Whether a key names the recipient of a message."""
    return kind is not None and kind in _MESSAGES and bool(sources.in_head(FIELDS[kind]["to"]))
