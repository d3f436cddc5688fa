"""The audit log as files: one a day, one record a line, only ever appended to."""

from __future__ import annotations

import csv
import json
import mmap
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TextIO

from platinum_tui.model.action import JsonValue
from platinum_tui.model.errors import Failed
from platinum_tui.model.text import safe, safe_json
from platinum_tui.system.audit import FIELDS, AuditRecord, Tail
from platinum_tui.system.plain_file import open_plain
from platinum_tui.system.private_file import sync_folder

_NAME = re.compile(r"audit-(\d{4}-\d{2}-\d{2})\.jsonl", re.ASCII)
_BLOCK = 64 * 1024
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def day_files(logs_folder: Path) -> tuple[tuple[date, Path], ...]:
    """The files of the log with their days, in order of time."""
    found = []
    for path in logs_folder.glob("audit-*.jsonl"):
        match = _NAME.fullmatch(path.name)
        try:
            found.append((date.fromisoformat(match.group(1)), path)) if match else None
        except ValueError:
            continue
    return tuple(sorted(found))


def append(logs_folder: Path, records: Sequence[AuditRecord]) -> None:
    """Writes records at the end of the log, durably, each to the file of its day.

    One process alone may write at a time. Where a crash left a beginning of the first record, the rest is written; a
    rest that is nobody's beginning is closed and left for `verify` to report. A clock that went back does not take the
    log back to an older file.

    Raises:
        Failed: the disk refuses, or what lies there is no file.
    """
    if not records:
        return
    files = day_files(logs_folder)
    newest = files[-1][0] if files else date.min
    try:
        first_is_written = bool(files) and _finish_torn_line(files[-1][1], records[0])
        for record in records[1:] if first_is_written else records:
            newest = max(newest, record.day)
            append_line(logs_folder / f"audit-{newest}.jsonl", record.to_line())
    except OSError as error:
        raise Failed(
            f"The audit log in {logs_folder} cannot be written: {error.strerror}.",
            remedy="Check the disk's space and the folder's permissions; nothing is executed until the log is whole.",
        ) from error


def append_line(file: Path, data: bytes) -> None:
    """Puts bytes at a file's end, durably; the file is made where it is missing. A link is not followed.

    Raises:
        OSError: the disk refuses, or it is no plain file.
    """
    is_new = not file.exists()
    descriptor = open_plain(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(file.parent)


def cut_torn_line(file: Path) -> None:
    """Removes the beginning of a line that a crash left at a file's end; whole lines are never touched.

    Raises:
        OSError: the disk refuses, or it is no plain file.
    """
    if file.exists():
        last = next(_lines_backwards(file), b"\n")
        _cut(file, 0 if last.endswith(b"\n") else len(last))


def lines(logs_folder: Path) -> Iterator[bytes]:
    """Every line of the log in order, with its line end, which only a torn line lacks.

    Raises:
        Failed: a file cannot be read.
    """
    for _, path in day_files(logs_folder):
        yield from lines_of(path)


def lines_of(file: Path) -> Iterator[bytes]:
    """Every line of one file in order, with its line end, which only a torn line lacks.

    Raises:
        Failed: the file cannot be read.
    """
    try:
        with os.fdopen(open_plain(file, os.O_RDONLY), "rb") as opened:
            yield from opened
    except FileNotFoundError:
        return
    except OSError as error:
        raise Failed(f"{file} cannot be read: {error.strerror}.") from error


def last_written(logs_folder: Path) -> Tail | None:
    """The last whole record of the log, or None where there is none. Torn and changed lines do not count.

    Raises:
        Failed: a file cannot be read.
    """
    try:
        for _, path in reversed(day_files(logs_folder)):
            for line in _lines_backwards(path):
                if (tail := _whole_record(line)) is not None:
                    return tail
    except OSError as error:
        raise Failed(f"The audit log in {logs_folder} cannot be read: {error.strerror}.") from error
    return None


def rows(logs_folder: Path) -> Iterator[Mapping[str, JsonValue]]:
    """Every record as its fields, in order, for reading and export; `verify` judges them, this does not."""
    for line in lines(logs_folder):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            yield {name: value.get(name) for name in FIELDS}


def export_json(records: Iterable[Mapping[str, JsonValue]], stream: TextIO) -> None:
    """Writes records as one JSON list."""
    stream.write(safe_json(json.dumps(list(records), ensure_ascii=False, indent=1)) + "\n")


def export_csv(records: Iterable[Mapping[str, JsonValue]], stream: TextIO) -> None:
    """Writes records as CSV (RFC 4180) with a head. A cell that a spreadsheet would run gets a `'` before it."""
    writer = csv.writer(stream)
    writer.writerow(FIELDS)
    writer.writerows([_cell(record.get(name)) for name in FIELDS] for record in records)


def _whole_record(line: bytes) -> Tail | None:
    try:
        return AuditRecord.from_line(line).tail if line.endswith(b"\n") else None
    except ValueError:
        return None


def _cell(value: JsonValue) -> str:
    cell = safe(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _finish_torn_line(file: Path, record: AuditRecord) -> bool:
    last = next(_lines_backwards(file), b"\n")
    if last.endswith(b"\n"):
        return False
    # A power cut can leave the file longer than what reached the disk; those zeros were never written by anyone.
    written = last.rstrip(b"\0")
    _cut(file, len(last) - len(written))
    line = record.to_line()
    is_beginning = line.startswith(written)
    append_line(file, line[len(written) :] if is_beginning else b"\n")
    return is_beginning


def _cut(file: Path, count: int) -> None:
    if not count:
        return
    with os.fdopen(open_plain(file, os.O_RDWR), "r+b") as opened:
        opened.truncate(opened.seek(0, os.SEEK_END) - count)


def _lines_backwards(file: Path) -> Iterator[bytes]:
    with os.fdopen(open_plain(file, os.O_RDONLY), "rb") as opened:
        if not os.fstat(opened.fileno()).st_size:
            return
        with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
            end = len(data)
            while end:
                start = data.rfind(b"\n", 0, end - 1) + 1
                yield data[start:end]
                end = start
