"""One line in Dashboard.md for each executed action, under `## Recent Activity`, newest first."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from datetime import datetime

from platinum_tui.dashboard.document import RECENT_ACTIVITY, Document, Edit
from platinum_tui.dashboard.file import rewrite
from platinum_tui.dashboard.line import FINGERPRINT, inert, line_of
from platinum_tui.dashboard.place import Standing, insertions, lines_in
from platinum_tui.vault.folders import Vault

_TAIL = re.compile(rf" · request [^·\r\n]* · {FINGERPRINT}")
"""What the line of an action ends with, wherever it stands by now."""


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """What the dashboard says about one executed action.

    Attributes:
        time: when it was executed; aware.
        kind: the action's kind.
        target: whom or what it reached; foreign text.
        outcome: what it came to (`done`, `failed`, `unknown`).
        fingerprint: of the digest, `abcd-ef01-2345`.
        request_id: the request.
    """

    time: datetime
    kind: str
    target: str
    outcome: str
    fingerprint: str
    request_id: str

    @property
    def text(self) -> str:
        """The line, without its line end."""
        words = [inert(self.outcome), inert(self.kind), inert(self.target), f"request {inert(self.request_id)}"]
        return line_of(self.time, words, self.fingerprint)

    @property
    def tail(self) -> str:
        """What the line of this action ends with, whatever the action came to."""
        return f" · request {inert(self.request_id)} · {self.fingerprint}"


def record_activity(text: str, *lines: ActivityLine) -> str:
    """Dashboard.md with the lines of actions: each once, however often it is recorded.

    A line that reports another outcome of the same action gives way to the new one. The heading is made if missing.

    Args:
        text: the whole file.
        lines: the actions, each once.

    Returns:
        The whole file; the same where every line stands already.

    Raises:
        Failed: the text has no place for a heading.
    """
    known = set(_TAIL.findall(text))
    document, section = Document(text).with_section(RECENT_ACTIVITY)
    standing = lines_in(document, section)
    fresh, replaced = list[ActivityLine](), list[Standing]()
    by_fingerprint: dict[str, list[Standing]] = {}
    for each in standing:
        by_fingerprint.setdefault(each.reference, []).append(each)
    for line in lines:
        outcome = f"Z · {inert(line.outcome)} · "
        alike = by_fingerprint.get(line.fingerprint, [])
        earlier = [each for each in alike if each.text.rstrip().endswith(line.tail)]
        if any(outcome in each.text for each in earlier) or (line.tail in known and not earlier):
            continue
        fresh.append(line)
        replaced += [each for each in earlier if each.owned]
    if not fresh:
        return text
    last_first = [(line.time.replace(microsecond=0), line.text) for line in reversed(fresh)]
    newest_first = sorted(last_first, key=operator.itemgetter(0), reverse=True)
    edits = insertions(document, section, standing, newest_first)
    return document.edited([*edits, *(Edit(each.start, each.end, "") for each in replaced)]).text


def write_activity(vault: Vault, *lines: ActivityLine) -> None:
    """Record actions in the vault's Dashboard.md, in one write: atomic, durable, and no edit made meanwhile is lost.

    Raises:
        Unreadable: Dashboard.md is no plain file of a bearable size.
        Failed: the machine does not let us write it.
    """
    rewrite(vault, lambda text: record_activity(text, *lines))
