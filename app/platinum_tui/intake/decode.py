"""Bytes to text: UTF-8 only, bounded in size, line ends as LF."""

from __future__ import annotations

from platinum_tui.model.request import Problem, ProblemCode

MAX_BYTES = 256 * 1024
"""A larger file is not parsed: no request is that long, and a parser bomb may be."""


def decode(data: bytes) -> str | Problem:
    """A file's text without byte order mark, CRLF as LF; or why there is none."""
    if len(data) > MAX_BYTES:
        return Problem(ProblemCode.TOO_LARGE, "The file is over 256 KiB; shorten it or move it out of the folder.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _unreadable("The file is not UTF-8 text; save it as UTF-8.")
    if "\0" in text:
        return _unreadable("The file holds NUL bytes, as after a crash; write it again.")
    if not text.strip():
        return _unreadable("The file is empty; a sync may still be writing it.")
    return text.replace("\r\n", "\n")


def _unreadable(message: str) -> Problem:
    return Problem(ProblemCode.UNREADABLE, message)
