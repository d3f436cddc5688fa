"""What a person may call a request by, the most exact way first."""

from __future__ import annotations

from pathlib import PurePosixPath


def _is_file(name: str, _request_id: str, file: str) -> bool:
    return file == name


def _is_id(name: str, request_id: str, _file: str) -> bool:
    return request_id == name


def _is_name(name: str, _request_id: str, file: str) -> bool:
    path = PurePosixPath(file)
    return name in {path.name, path.stem}


def _begins(name: str, request_id: str, file: str) -> bool:
    return bool(name) and any(text.startswith(name) for text in (request_id, PurePosixPath(file).name))


WAYS = (_is_file, _is_id, _is_name, _begins)
"""Whether a name means a request, by its id and its file."""
