"""What the audit log's files show, before it is judged: whole records, broken lines, and where they lie."""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from platinum_tui.system.audit import AuditRecord, Tail

_RECORD_START = re.compile(rb'\{"seq":(\d{1,19}),"timestamp":"')


@dataclass(frozen=True, slots=True)
class Link:
    """What is needed of a whole record to judge the chain."""

    seq: int
    prev_hash: str
    hash: str

    def follows(self, before: Link | Tail | None) -> bool:
        """Whether the record was written right after another."""
        return before is not None and self.seq == before.seq + 1 and self.prev_hash == before.hash


@dataclass
class BrokenLines:
    """Lines that follow each other and are no records.

    Attributes:
        lines: how many.
        numbers: the records that begin in them, by what they still say of themselves.
        cut_short: whether the last of them ends in the middle, as after a crash or a cut.
    """

    lines: int = 0
    numbers: list[int] = field(default_factory=list)
    cut_short: bool = False

    def add(self, other: BrokenLines) -> None:
        """Counts lines that lie elsewhere together with these."""
        self.lines += other.lines
        self.numbers += other.numbers
        self.cut_short = self.cut_short or other.cut_short

    def records_for(self, missing: int) -> int:
        """How many records they most likely were, where `missing` are missing.

        One changed byte can join two lines or split one, so the lines alone do not tell.
        """
        if not self.lines:
            return 0
        least = max(1, len(self.numbers))
        return min(max(missing, least), max(self.lines, least))


@dataclass
class Evidence:
    """The log as read: whole records in the order of the files, and broken lines by how many records lie before."""

    links: list[Link] = field(default_factory=list)
    broken: dict[int, BrokenLines] = field(default_factory=dict)


def gather(lines: Iterable[bytes]) -> Evidence:
    """Reads the lines of a log."""
    evidence = Evidence()
    for line in lines:
        try:
            record = AuditRecord.from_line(line)
        except ValueError:
            broken = evidence.broken.setdefault(len(evidence.links), BrokenLines())
            if not line.endswith(b"\n") and not _begins_with_an_object(line):
                broken.cut_short = True
                continue
            broken.lines += 1
            broken.numbers += (int(number) for number in _RECORD_START.findall(line))
        else:
            evidence.links.append(Link(record.seq, record.prev_hash, record.hash))
    return evidence


def in_order(links: Sequence[Link]) -> list[int]:
    """The positions of the longest run of records whose numbers rise: they stand where they belong."""
    ends: list[int] = []
    end_positions: list[int] = []
    previous: list[int] = []
    for position, link in enumerate(links):
        length = bisect.bisect_left(ends, link.seq)
        previous.append(end_positions[length - 1] if length else -1)
        ends[length : length + 1] = [link.seq]
        end_positions[length : length + 1] = [position]
    run: list[int] = []
    position = end_positions[-1] if end_positions else -1
    while position >= 0:
        run.append(position)
        position = previous[position]
    return run[::-1]


def _begins_with_an_object(line: bytes) -> bool:
    try:
        json.JSONDecoder().raw_decode(line.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return False
    return True
