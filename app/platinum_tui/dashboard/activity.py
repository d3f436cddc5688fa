"""One line in Dashboard.md for each executed action, under `## Recent Activity`, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from platinum_tui.dashboard.document import RECENT_ACTIVITY, Document, Edit
from platinum_tui.dashboard.file import rewrite
from platinum_tui.dashboard.line import inert, line_of
from platinum_tui.dashboard.place import insertions, lines_in
from platinum_tui.vault.folders import Vault


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


def record_activity(text: str, line: ActivityLine) -> str:
    """Dashboard.md with the line of an action: once, however often it is recorded.

    A line that reports another outcome of the same action gives way to the new one. The heading is made if missing.

    Args:
        text: the whole file.
        line: the action.

    Returns:
        The whole file; the same where the line stands already.

    Raises:
        Failed: the text has no place for a heading.
    """
    document, section = Document(text).with_section(RECENT_ACTIVITY)
    standing = lines_in(document, section)
    outcome = f"Z · {inert(line.outcome)} · "
    earlier = [each for each in standing if each.text.rstrip().endswith(line.tail)]
    if any(outcome in each.text for each in earlier) or (line.tail in text and not earlier):
        return text
    edits = insertions(document, section, standing, [(line.time.replace(microsecond=0), line.text)])
    return document.edited([*edits, *(Edit(each.start, each.end, "") for each in earlier if each.owned)]).text


def write_activity(vault: Vault, line: ActivityLine) -> None:
    """Record an action in the vault's Dashboard.md: atomic, durable, and no edit made meanwhile is lost.

    Raises:
        Unreadable: Dashboard.md is no plain file of a bearable size.
        Failed: the machine does not let us write it.
    """
    rewrite(vault, lambda text: record_activity(text, line))
