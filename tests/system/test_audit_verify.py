"""The audit log tells every change to it, and what kind of change it was."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platinum_tui.system.audit import AuditRecord, Tail, beginning, seal
from platinum_tui.system.audit_checkpoints import Checkpoint, Checkpoints
from platinum_tui.system.audit_files import append, day_files
from platinum_tui.system.audit_verify import verify

VAULT = "a1" * 16
START = datetime(2026, 1, 7, 22, 0, tzinfo=UTC)
COUNT = 9
"""Records an hour apart: they lie in two files, since a day ends among them."""


def chain(vault: str = VAULT, count: int = COUNT, after: Tail | None = None, note: str = "") -> list[AuditRecord]:
    tail, records = after or beginning(vault), []
    for _ in range(count):
        time = START + timedelta(hours=tail.seq)
        record = AuditRecord(
            seq=tail.seq + 1,
            timestamp=time.isoformat().replace("+00:00", "Z"),
            event="executed",
            actor="executor",
            action_type="email_send",
            target="ana@example.com",
            parameters={"subject": f"Grüße {note}", "nested": {"seq": 1, "list": ["a", "b"]}},
            approval_status="approved",
            result="done",
            request_id=f"req-{tail.seq}",
        )
        records.append(seal(record, tail.hash))
        tail = records[-1].tail
    return records


RECORDS = chain()
LINES = [record.to_line() for record in RECORDS]
TAIL = RECORDS[-1].tail
NO_CHECKPOINTS = Checkpoints()


def codes(folder: Path, lines: Sequence[bytes], tail: Tail | None = TAIL, at: Sequence[int] = ()) -> set[str]:
    """The codes of all findings on a log of these lines, with the ledger's tail and checkpoints at these records."""
    (folder / "audit-2026-01-07.jsonl").write_bytes(b"".join(lines))
    points = tuple(Checkpoint(VAULT, seq, RECORDS[seq - 1].hash, START) for seq in at)
    return {finding.code.value for finding in verify(folder, VAULT, tail, Checkpoints(points))}


def sealed_anew(position: int) -> bytes:
    """One record with another target, its own hash put right again."""
    changed = AuditRecord(**{**RECORDS[position].to_json(), "target": "eve@example.com"})
    return seal(changed, changed.prev_hash).to_line()


def test_an_untouched_log_is_whole(tmp_path: Path) -> None:
    append(tmp_path, RECORDS)
    assert [path.name for _, path in day_files(tmp_path)] == ["audit-2026-01-07.jsonl", "audit-2026-01-08.jsonl"]
    assert verify(tmp_path, VAULT, TAIL, NO_CHECKPOINTS) == ()
    assert verify(tmp_path, VAULT, None, NO_CHECKPOINTS) == ()


def test_an_empty_log_is_whole(tmp_path: Path) -> None:
    assert verify(tmp_path, VAULT, None, NO_CHECKPOINTS) == ()
    assert verify(tmp_path, VAULT, Tail(0, ""), NO_CHECKPOINTS) == ()


@pytest.mark.parametrize("tail", [TAIL, None], ids=["with the ledger", "without"])
@pytest.mark.parametrize("position", range(COUNT))
def test_any_changed_byte_is_an_edit(tmp_path: Path, position: int, tail: Tail | None) -> None:
    line = LINES[position]
    for at in range(len(line)):
        for value in {line[at] ^ (1 << at % 8), ord("\n")} - {line[at]}:
            changed = line[:at] + bytes([value]) + line[at + 1 :]
            lines = [*LINES[:position], changed, *LINES[position + 1 :]]
            assert codes(tmp_path, lines, tail) == {"edited"}, (at, value, changed)


@given(position=st.integers(0, COUNT - 1), at=st.integers(0, 10_000), data=st.binary(min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_any_bytes_put_into_a_line_are_told(
    tmp_path_factory: pytest.TempPathFactory, position: int, at: int, data: bytes
) -> None:
    line = LINES[position]
    changed = line[: at % len(line)] + data + line[at % len(line) :]
    folder = tmp_path_factory.mktemp("logs")
    told = codes(folder, [*LINES[:position], changed, *LINES[position + 1 :]])
    assert told
    assert told <= {"edited", "inserted"}


@pytest.mark.parametrize("position", range(COUNT - 1))
def test_a_record_taken_out_is_a_deletion(tmp_path: Path, position: int) -> None:
    lines = LINES[:position] + LINES[position + 1 :]
    assert codes(tmp_path, lines) == codes(tmp_path, lines, None) == {"deleted"}


@pytest.mark.parametrize("kept", range(COUNT))
def test_a_cut_tail_is_told_by_the_ledger_and_by_a_checkpoint(tmp_path: Path, kept: int) -> None:
    assert codes(tmp_path, LINES[:kept]) == {"truncated"}
    assert codes(tmp_path, LINES[:kept], None, [COUNT]) == {"truncated"}


def test_a_cut_in_the_middle_of_a_line_is_a_cut_tail(tmp_path: Path) -> None:
    for length in range(1, len(LINES[-1]) - 1):
        lines = [*LINES[:-1], LINES[-1][:length]]
        assert codes(tmp_path, lines) == codes(tmp_path, lines, None) == {"truncated"}, length


def test_a_record_that_is_only_just_being_written_is_no_finding(tmp_path: Path) -> None:
    assert codes(tmp_path, [*LINES[:-1], LINES[-1][:20]], RECORDS[-2].tail) == set()
    assert codes(tmp_path, LINES, RECORDS[-2].tail) == set()


@pytest.mark.parametrize("tail", [TAIL, None], ids=["with the ledger", "without"])
@pytest.mark.parametrize("position", range(COUNT))
@pytest.mark.parametrize("to", range(COUNT + 1))
def test_a_record_twice_is_an_insertion(tmp_path: Path, position: int, to: int, tail: Tail | None) -> None:
    assert codes(tmp_path, [*LINES[:to], LINES[position], *LINES[to:]], tail) == {"inserted"}


@pytest.mark.parametrize("to", range(COUNT))
@pytest.mark.parametrize("line", [b"\n", b"{}\n", b"hello\n", b'{"seq":1}\n', b"\xff\xfe\n", b"[" * 100_000 + b"\n"])
def test_a_line_that_is_no_record_is_an_insertion(tmp_path: Path, to: int, line: bytes) -> None:
    assert codes(tmp_path, [*LINES[:to], line, *LINES[to:]]) == {"inserted"}


@pytest.mark.parametrize("tail", [TAIL, None], ids=["with the ledger", "without"])
@pytest.mark.parametrize("first", range(COUNT))
@pytest.mark.parametrize("second", range(COUNT))
def test_two_records_that_changed_places_are_a_swap(tmp_path: Path, first: int, second: int, tail: Tail | None) -> None:
    lines = list(LINES)
    lines[first], lines[second] = lines[second], lines[first]
    assert codes(tmp_path, lines, tail) == ({"swapped"} if first != second else set())


@pytest.mark.parametrize("position", range(COUNT))
def test_a_record_changed_and_sealed_anew_is_an_edit(tmp_path: Path, position: int) -> None:
    lines = [*LINES[:position], sealed_anew(position), *LINES[position + 1 :]]
    assert codes(tmp_path, lines) == {"edited"}
    if position < COUNT - 1:
        assert codes(tmp_path, lines, None) == {"edited"}
    assert codes(tmp_path, lines, None, [4, COUNT]) == {"edited"}


def test_one_change_is_one_finding(tmp_path: Path) -> None:
    append(tmp_path, [*RECORDS[:4], AuditRecord.from_line(sealed_anew(4)), *RECORDS[5:]])
    points = tuple(Checkpoint(VAULT, seq, RECORDS[seq - 1].hash, START) for seq in (5, 7))
    findings = verify(tmp_path, VAULT, TAIL, Checkpoints(points))
    assert [(finding.code.value, finding.seq) for finding in findings] == [("edited", 5)]


@pytest.mark.parametrize("position", range(COUNT))
@pytest.mark.parametrize(
    ("before", "after"),
    [(b",", b", "), (b"{", b"{ "), (b'"actor":"executor",', b""), (b"}\n", b"}\r\n"), (b"1", b"1e0")],
)
def test_the_same_meaning_in_other_bytes_is_an_edit(tmp_path: Path, position: int, before: bytes, after: bytes) -> None:
    lines = [*LINES[:position], LINES[position].replace(before, after, 1), *LINES[position + 1 :]]
    assert codes(tmp_path, lines) == {"edited"}


@pytest.mark.parametrize("foreign_first", [True, False])
def test_which_of_two_records_is_ours_is_told_by_the_next_one(tmp_path: Path, foreign_first: bool) -> None:
    other = chain("b2" * 16)[4].to_line()
    two = [other, LINES[4]] if foreign_first else [LINES[4], other]
    codes(tmp_path, [*LINES[:3], b"{}\n", *two, *LINES[5:]])
    findings = verify(tmp_path, VAULT, TAIL, NO_CHECKPOINTS)
    assert [(finding.code.value, finding.seq) for finding in findings] == [("edited", 4), ("foreign", 5)]


@pytest.mark.parametrize("position", range(COUNT))
def test_a_log_written_anew_to_its_end_is_an_edit(tmp_path: Path, position: int) -> None:
    before = RECORDS[position - 1].tail if position else None
    lines = LINES[:position] + [r.to_line() for r in chain(count=COUNT - position, after=before, note="forged")]
    assert codes(tmp_path, lines) == {"edited"}
    assert codes(tmp_path, lines, None, [COUNT]) == {"edited"}


@pytest.mark.parametrize("tail", [TAIL, None], ids=["with the ledger", "without"])
def test_another_vaults_log_is_foreign(tmp_path: Path, tail: Tail | None) -> None:
    assert codes(tmp_path, [record.to_line() for record in chain("b2" * 16)], tail) == {"foreign"}


@pytest.mark.parametrize("tail", [TAIL, None], ids=["with the ledger", "without"])
@pytest.mark.parametrize("position", range(COUNT))
def test_another_vaults_record_in_place_of_ours_is_foreign(tmp_path: Path, position: int, tail: Tail | None) -> None:
    other = chain("b2" * 16)[position].to_line()
    lines = [*LINES[:position], other, *LINES[position + 1 :]]
    if tail or position < COUNT - 1:
        assert codes(tmp_path, lines, tail) == {"foreign"}
    assert codes(tmp_path, [*LINES[: position + 1], other, *LINES[position + 1 :]], tail) == {"foreign"}


@pytest.mark.parametrize("count", [COUNT + 1, COUNT + 5])
def test_another_vaults_records_after_ours_are_foreign(tmp_path: Path, count: int) -> None:
    others = [record.to_line() for record in chain("b2" * 16, count)]
    assert codes(tmp_path, [*LINES, *others[COUNT:]]) == {"foreign"}
    assert codes(tmp_path, [*LINES, *others[count - 1 :]]) == {"foreign"}


def test_a_number_beyond_all_reason_costs_no_time(tmp_path: Path) -> None:
    far = seal(AuditRecord(**{**RECORDS[-1].to_json(), "seq": 2**62}), RECORDS[-1].hash)
    assert codes(tmp_path, [*LINES, far.to_line()]) == {"foreign"}
    assert codes(tmp_path, [*LINES, far.to_line()], None) == {"deleted"}


def test_the_first_number_that_is_concerned_is_named(tmp_path: Path) -> None:
    codes(tmp_path, LINES[:3] + LINES[5:])
    [finding] = verify(tmp_path, VAULT, TAIL, NO_CHECKPOINTS)
    assert finding.to_json() == {"code": "deleted", "seq": 4, "message": "2 records from 4 on are missing."}


def test_a_line_of_the_checkpoints_that_nobody_signed_is_an_edit(tmp_path: Path) -> None:
    append(tmp_path, RECORDS)
    [finding] = verify(tmp_path, VAULT, TAIL, Checkpoints((), (3,)))
    assert (finding.code, finding.seq) == ("edited", None)


def test_two_days_that_changed_names_are_a_swap(tmp_path: Path) -> None:
    append(tmp_path, RECORDS)
    first, second = (path for _, path in day_files(tmp_path))
    shutil.move(first, tmp_path / "x")
    shutil.move(second, first)
    shutil.move(tmp_path / "x", second)
    assert {finding.code.value for finding in verify(tmp_path, VAULT, TAIL, NO_CHECKPOINTS)} == {"swapped"}
