"""The proof of the audit log: every change to it is told, and what kind of change it was.

What it cannot prove: that nothing happened after the last anchor (the ledger's own tail or a signed checkpoint), and
anything at all against someone who holds the machine's key and the ledger.
"""

from __future__ import annotations

import bisect
import enum
import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from platinum_tui.model.action import JsonValue
from platinum_tui.system.audit import Tail, beginning
from platinum_tui.system.audit_checkpoints import Checkpoints, Purpose
from platinum_tui.system.audit_evidence import BrokenLines, Evidence, Link, gather, in_order
from platinum_tui.system.audit_files import lines


class Change(enum.StrEnum):
    """What was done to the log."""

    EDITED = "edited"
    INSERTED = "inserted"
    DELETED = "deleted"
    SWAPPED = "swapped"
    TRUNCATED = "truncated"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One change; `seq` is the number of the first record that it concerns, where there is one."""

    code: Change
    seq: int | None
    message: str

    def to_json(self) -> dict[str, JsonValue]:
        """The finding as `audit verify --json` shows it."""
        return {"code": self.code.value, "seq": self.seq, "message": self.message}


def verify(
    logs_folder: Path, vault_id: str, ledger_tail: Tail | None, checkpoints: Checkpoints
) -> tuple[AuditFinding, ...]:
    """Everything that was done to the log, by number; empty where it is as it was written.

    Args:
        logs_folder: where the log lies.
        vault_id: the vault's id, from which the chain begins.
        ledger_tail: the last record that the ledger knows to be in the files; None without a ledger.
        checkpoints: the machine's, as `read_checkpoints` gives them.

    Raises:
        Failed: a file cannot be read.
    """
    evidence = gather(lines(logs_folder))
    base = _base(evidence, beginning(vault_id), checkpoints)
    anchors = {c.seq: c.hash for c in checkpoints.valid if c.seq > base.seq}
    if ledger_tail and ledger_tail.seq > base.seq:
        anchors[ledger_tail.seq] = ledger_tail.hash
    chain, findings = _place(evidence, base, ledger_tail.seq if ledger_tail else None)
    findings += [*_check_links(chain, anchors), *_check_gaps(chain, _broken_after(evidence, chain), anchors)]
    findings += [
        AuditFinding(Change.EDITED, None, f"Line {number} of the checkpoints is not one that this machine signed.")
        for number in checkpoints.broken_lines
    ]
    return tuple(sorted(findings, key=lambda finding: (finding.seq or 0, finding.code)))


def _base(evidence: Evidence, start: Tail, checkpoints: Checkpoints) -> Tail:
    """What the first record should follow: the beginning, or the youngest expiry before it."""
    first = min((link.seq for link in evidence.links), default=0)
    expired = [c.tail for c in checkpoints.valid if c.purpose is Purpose.EXPIRED and (not first or c.seq < first)]
    return max(expired, key=lambda tail: tail.seq, default=start)


def _place(evidence: Evidence, base: Tail, last_known: int | None) -> tuple[list[Link], list[AuditFinding]]:
    """One record for each number, after the base, by number; and findings on those that are too many or misplaced."""
    links, findings = evidence.links, list[AuditFinding]()
    placed = in_order(links)
    placed_numbers = {links[position].seq for position in placed}
    candidates: dict[int, list[Link]] = defaultdict(list)
    for position in [*placed, *sorted(set(range(len(links))) - set(placed))]:
        candidates[links[position].seq].append(links[position])

    chosen: dict[int, Link] = {base.seq: Link(base.seq, "", base.hash)}
    for seq in sorted(candidates):
        before, after = chosen.get(seq - 1), candidates.get(seq + 1, [])
        same = candidates[seq]
        best = next((c for c in same if c.follows(before)), None)
        best = best or next((c for c in same if any(later.follows(c) for later in after)), None) or same[0]
        if seq not in placed_numbers and not _is_supported(best, before, after):
            findings.append(AuditFinding(Change.FOREIGN, seq, f"Record {seq} belongs to no place in this log."))
            continue
        if seq not in placed_numbers:
            findings.append(AuditFinding(Change.SWAPPED, seq, f"Record {seq} does not stand where it was written."))
        chosen[seq] = best
        same.remove(best)
        for extra in same:
            is_ours = extra.hash == best.hash or extra.follows(before)
            change = Change.INSERTED if is_ours else Change.FOREIGN
            findings.append(AuditFinding(change, seq, f"A second record {seq} was put into the log."))

    chain = [chosen[seq] for seq in sorted(chosen)]
    return _without_strangers(chain, last_known, findings), findings


def _is_supported(link: Link, before: Link | None, after: Sequence[Link]) -> bool:
    return link.follows(before) or any(later.follows(link) for later in after) or (before is None and not after)


def _without_strangers(chain: list[Link], last_known: int | None, findings: list[AuditFinding]) -> list[Link]:
    # The ledger writes record by record: what lies beyond its last one after a gap was not written by it.
    if last_known is None:
        return chain
    for at in range(1, len(chain)):
        if chain[at].seq > max(last_known, chain[at - 1].seq) and chain[at].seq != chain[at - 1].seq + 1:
            seq = chain[at].seq
            findings.append(AuditFinding(Change.FOREIGN, seq, f"The records from {seq} on belong to another log."))
            return chain[:at]
    return chain


def _check_links(chain: list[Link], anchors: Mapping[int, str]) -> Iterator[AuditFinding]:
    """Judges each place where two records stand side by side and do not belong together, then the anchors."""
    segments = _segments(chain)
    for index, segment in enumerate(segments):
        left = segments[index - 1] if index else None
        right = segments[index + 1] if index + 1 < len(segments) else None
        if left and not left.is_foreign and segment.touches(left):
            last = left.links[-1]
            if segment.is_anchored(anchors):
                yield AuditFinding(Change.EDITED, last.seq, f"Record {last.seq} was changed and sealed anew.")
            elif left.ends_anchored(anchors) or segment.is_contradicted(anchors) or segment.touches(right):
                segment.is_foreign = True
                seq = segment.links[0].seq
                yield AuditFinding(Change.FOREIGN, seq, f"The records from {seq} on belong to another log.")
            else:
                yield AuditFinding(Change.EDITED, last.seq, f"Record {last.seq} was changed and sealed anew.")
        rewritten = None if segment.is_foreign else segment.first_contradiction(anchors)
        explained = right is not None and rewritten == segment.links[-1].seq and right.touches(segment)
        if rewritten and not explained:
            yield AuditFinding(Change.EDITED, rewritten, f"The log up to record {rewritten} was written anew.")


@dataclass
class _Segment:
    """Records that belong together, each following the one before."""

    links: list[Link]
    is_foreign: bool = False

    def touches(self, other: _Segment | None) -> bool:
        """Whether the two stand side by side without a number missing, in either order."""
        if other is None:
            return False
        return self.links[0].seq == other.links[-1].seq + 1 or other.links[0].seq == self.links[-1].seq + 1

    def is_anchored(self, anchors: Mapping[int, str]) -> bool:
        """Whether an anchor vouches for one of the records."""
        return any(anchors.get(link.seq) == link.hash for link in self.links)

    def ends_anchored(self, anchors: Mapping[int, str]) -> bool:
        """Whether the last record cannot have been changed: an anchor vouches for it, or it is the base."""
        last = self.links[-1]
        return not last.prev_hash or anchors.get(last.seq) == last.hash

    def first_contradiction(self, anchors: Mapping[int, str]) -> int | None:
        """The first record that is another one than an anchor says."""
        return next((link.seq for link in self.links if anchors.get(link.seq, link.hash) != link.hash), None)

    def is_contradicted(self, anchors: Mapping[int, str]) -> bool:
        """Whether an anchor speaks against one of the records."""
        return self.first_contradiction(anchors) is not None


def _segments(chain: list[Link]) -> list[_Segment]:
    segments = [_Segment([chain[0]])]
    for link in chain[1:]:
        if link.follows(segments[-1].links[-1]):
            segments[-1].links.append(link)
        else:
            segments.append(_Segment([link]))
    return segments


def _broken_after(evidence: Evidence, chain: list[Link]) -> Mapping[int, BrokenLines]:
    """The broken lines that lie after each record of the chain and before the next, by the record's number."""
    numbers = [link.seq for link in chain]
    after: dict[int, BrokenLines] = defaultdict(BrokenLines)
    placed = in_order(evidence.links)
    for position, broken in evidence.broken.items():
        at = bisect.bisect_left(placed, position)
        seq = evidence.links[placed[at - 1]].seq if at else numbers[0]
        after[numbers[max(0, bisect.bisect_right(numbers, seq) - 1)]].add(broken)
    return after


def _check_gaps(
    chain: list[Link], broken_after: Mapping[int, BrokenLines], anchors: Mapping[int, str]
) -> Iterator[AuditFinding]:
    """Judges missing numbers by the broken lines that lie in their place."""
    for before, link in itertools.pairwise(chain):
        broken = broken_after.get(before.seq, BrokenLines())
        yield from _judge_gap(before.seq, link.seq, broken, Change.DELETED)
    last = chain[-1].seq
    broken = broken_after.get(last, BrokenLines())
    end = max(anchors, default=None)
    if end is None:
        yield from _judge_gap(last, last + 1 + broken.records_for(broken.lines), broken, Change.TRUNCATED)
        if broken.cut_short:
            yield AuditFinding(Change.TRUNCATED, last + 1, "The log breaks off in the middle of a line.")
    else:
        yield from _judge_gap(last, max(end, last) + 1, broken, Change.TRUNCATED)


def _judge_gap(before: int, after: int, broken: BrokenLines, lost: Change) -> Iterator[AuditFinding]:
    missing = after - before - 1
    records = broken.records_for(missing)
    named = {number for number in broken.numbers if before < number < after}
    unnamed = (number for number in range(before + 1, after) if number not in named)
    edited = named.union(itertools.islice(unnamed, max(0, min(records, missing) - len(named))))
    for number in sorted(edited):
        yield AuditFinding(Change.EDITED, number, f"Record {number} was changed.")
    for number in range(before + 1, before + 1 + records - len(edited)):
        yield AuditFinding(Change.INSERTED, number, f"After record {before} stands a line that is no record.")
    if missing > len(edited):
        first = next(number for number in range(before + 1, after) if number not in edited)
        count = missing - len(edited)
        words = f"Record {first} is" if count == 1 else f"{count} records from {first} on are"
        yield AuditFinding(lost, first, f"{words} missing{' at the end' if lost is Change.TRUNCATED else ''}.")
