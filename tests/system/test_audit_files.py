"""The audit log is only ever appended to, a file a day, and survives a crash in the middle of a line."""

from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from platinum_tui.model.errors import Failed
from platinum_tui.system.audit import FIELDS, AuditRecord, Tail, beginning, seal
from platinum_tui.system.audit_checkpoints import Checkpoints
from platinum_tui.system.audit_files import append, day_files, export_csv, export_json, last_written, rows
from platinum_tui.system.audit_verify import verify

VAULT = "0f" * 16


def chain(*times: str, target: str = "ana@example.com") -> list[AuditRecord]:
    tail, records = beginning(VAULT), []
    for time in times:
        record = AuditRecord(seq=tail.seq + 1, timestamp=time, event="executed", actor="executor", target=target)
        records.append(seal(record, tail.hash))
        tail = records[-1].tail
    return records


TWO_DAYS = chain("2026-01-07T23:59:59Z", "2026-01-08T00:00:00Z", "2026-01-08T09:00:00Z")


def is_whole(folder: Path, tail: Tail) -> bool:
    return verify(folder, VAULT, tail, Checkpoints()) == ()


def test_each_record_is_one_line_of_its_day_with_exactly_its_fields(tmp_path: Path) -> None:
    append(tmp_path, TWO_DAYS)
    files = [(str(day), path.read_text().splitlines()) for day, path in day_files(tmp_path)]
    assert [(day, len(lines)) for day, lines in files] == [("2026-01-07", 1), ("2026-01-08", 2)]
    assert tuple(json.loads(files[0][1][0])) == FIELDS
    assert " ".join(FIELDS) == (
        "seq timestamp event actor action_type target parameters approval_status approved_by result request_id "
        "digest prev_hash hash"
    )


def test_the_last_record_is_found_from_the_end(tmp_path: Path) -> None:
    assert last_written(tmp_path) is None
    append(tmp_path, TWO_DAYS[:1])
    assert last_written(tmp_path) == TWO_DAYS[0].tail
    append(tmp_path, TWO_DAYS[1:])
    assert last_written(tmp_path) == TWO_DAYS[2].tail
    (tmp_path / "audit-2026-01-09.jsonl").write_bytes(b'\n{"seq"')
    assert last_written(tmp_path) == TWO_DAYS[2].tail


@pytest.mark.parametrize("zeros", [0, 5])
def test_a_crash_anywhere_in_a_line_loses_and_repeats_nothing(tmp_path: Path, zeros: int) -> None:
    line = TWO_DAYS[2].to_line()
    for written in range(len(line)):
        for path in tmp_path.glob("*"):
            path.unlink()
        append(tmp_path, TWO_DAYS[:2])
        with (tmp_path / "audit-2026-01-08.jsonl").open("ab") as file:
            file.write(line[:written] + b"\0" * zeros)
        assert last_written(tmp_path) == TWO_DAYS[1].tail
        append(tmp_path, TWO_DAYS[2:])
        assert (tmp_path / "audit-2026-01-08.jsonl").read_bytes().endswith(b"\n" + line)
        assert is_whole(tmp_path, TWO_DAYS[2].tail)


def test_a_rest_that_is_nobodys_beginning_stays_as_evidence(tmp_path: Path) -> None:
    append(tmp_path, TWO_DAYS[:2])
    with (tmp_path / "audit-2026-01-08.jsonl").open("ab") as file:
        file.write(b"hello")
    append(tmp_path, TWO_DAYS[2:])
    assert b"\nhello\n" in (tmp_path / "audit-2026-01-08.jsonl").read_bytes()
    assert [finding.code for finding in verify(tmp_path, VAULT, TWO_DAYS[2].tail, Checkpoints())] == ["inserted"]


def test_a_clock_that_goes_back_does_not_take_the_log_back(tmp_path: Path) -> None:
    records = chain("2026-01-08T00:00:01Z", "2026-01-07T23:59:58Z")
    for record in records:
        append(tmp_path, [record])
    assert [path.name for path in tmp_path.iterdir()] == ["audit-2026-01-08.jsonl"]
    assert is_whole(tmp_path, records[-1].tail)


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_others_plant_in_its_place_is_not_written(tmp_path: Path, kind: str) -> None:
    logs, precious = tmp_path / "Logs", tmp_path / "precious"
    logs.mkdir()
    precious.write_text("mine")
    planted = logs / "audit-2026-01-07.jsonl"
    {"link": lambda: planted.symlink_to(precious), "pipe": lambda: os.mkfifo(planted), "folder": planted.mkdir}[kind]()
    with pytest.raises(Failed, match="cannot be written"):
        append(logs, TWO_DAYS)
    assert precious.read_text() == "mine"


def test_a_pipe_in_its_place_is_no_empty_log(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "audit-2026-01-07.jsonl")
    for read in (last_written, lambda folder: list(rows(folder))):
        with pytest.raises(Failed, match="cannot be read"):
            read(tmp_path)


def test_files_of_other_names_are_not_the_logs(tmp_path: Path) -> None:
    for name in ("audit-2026-01-07.jsonl.bak", "audit-2026-13-40.jsonl", "audit-x.jsonl", "checkpoints.jsonl"):
        (tmp_path / name).write_text("x")
    assert day_files(tmp_path) == ()


def test_a_text_in_any_script_and_any_broken_one_comes_back(tmp_path: Path) -> None:
    for target in ("Grüße 你好", "\u2028\x85\r\n\t\0", "\ud800", '"\\'):
        record = chain("2026-01-07T00:00:00Z", target=target)[0]
        assert AuditRecord.from_line(record.to_line()) == record
        assert record.to_line().count(b"\n") == 1


def test_the_log_is_exported_as_json_and_csv(tmp_path: Path) -> None:
    append(tmp_path, chain("2026-01-07T00:00:00Z", target="=HYPERLINK(1)"))
    as_json, as_csv = io.StringIO(), io.StringIO(newline="")
    export_json(rows(tmp_path), as_json)
    export_csv(rows(tmp_path), as_csv)
    assert json.loads(as_json.getvalue())[0]["target"] == "=HYPERLINK(1)"
    [row] = csv.DictReader(io.StringIO(as_csv.getvalue()))
    assert tuple(row) == FIELDS
    assert (row["seq"], row["parameters"]) == ("1", "{}")
    assert row["target"] == "'=HYPERLINK(1)"


def test_a_record_of_a_wrong_shape_is_none() -> None:
    good = TWO_DAYS[0]
    for wrong in ({"seq": 0}, {"seq": True}, {"seq": 2**63}, {"actor": 1}, {"parameters": []}):
        with pytest.raises(ValueError, match="record"):
            AuditRecord.from_json({**good.to_json(), **wrong})
    with pytest.raises(ValueError, match="as it was written"):
        AuditRecord.from_line(replace(good, result="done").to_line())
