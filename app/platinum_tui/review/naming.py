"""What a person may call a request by, the most exact way first; and whether that means one request only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import PurePosixPath

from platinum_tui.model.errors import Ambiguous, NotFound
from platinum_tui.model.request import State
from platinum_tui.model.spoken import Spoken
from platinum_tui.model.text import safe_line
from platinum_tui.review.roll import Match
from platinum_tui.review.versions import OPEN_AGAIN

Search = Callable[[Callable[[str, str], bool]], list[Match]]
"""Finds the requests whose id and file are of some kind."""
_LIVE = frozenset(State) - OPEN_AGAIN - {State.DONE, State.QUARANTINED} | {State.SNOOZED}
"""States of requests that a name means first: those that somebody still has to do something about."""
_PATH = "Give the path of its file, as it stands here."


def meant(name: str, search: Search) -> list[Match]:
    """The places of the one request that a name means, in the most exact way in which it means any.

    Raises:
        NotFound: it means none.
        Ambiguous: it means several.
    """
    require_one(name, search)
    exact = _exactly(name, search)
    found = exact[0] if exact else _live(search(partial(_begins, name)))
    if not found:
        raise NotFound(f"There is no request {safe_line(name)}.")
    if len({(match.id, match.sha256) for match in found}) > 1:
        raise _ambiguous(name, found, _PATH if exact else None)
    return found


def require_one(name: str, search: Search) -> None:
    """Where a person says a name, it must not be the id of one request and the name of another one's file.

    Whoever writes into the vault chooses ids: such a one would take the place of the request that is meant.

    Raises:
        Ambiguous: it is both.
    """
    exact = _exactly(name, search) if isinstance(name, Spoken) else []
    found = _live([match for matches in exact for match in matches])
    if len({match.id for match in found}) > 1:
        raise _ambiguous(name, found, _PATH)


def _exactly(name: str, search: Search) -> list[list[Match]]:
    """What a name means as a path, as an id, and as a file's name, as far as it means anything so."""
    ways = [_live(search(partial(way, name))) for way in (_is_file, _is_id, _is_name)]
    ways[0] = [match for match in ways[0] if match.place > 0] or ways[0]  # what lies there now, before what lay there
    if isinstance(name, Spoken):
        ways.sort(key=lambda found: not any(match.state in _LIVE for match in found))
    return [found for found in ways if found]


def _live(found: list[Match]) -> list[Match]:
    return [match for match in found if match.state in _LIVE] or found


def _ambiguous(name: str, found: Sequence[Match], remedy: str | None) -> Ambiguous:
    files = ", ".join(list(dict.fromkeys(safe_line(match.file) for match in found))[:4])
    return Ambiguous(f"Several requests are called {safe_line(name)}: {files}.", remedy=remedy)


def _is_file(name: str, _request_id: str, file: str) -> bool:
    return file == name


def _is_id(name: str, request_id: str, _file: str) -> bool:
    return request_id == name


def _is_name(name: str, _request_id: str, file: str) -> bool:
    path = PurePosixPath(file)
    return name in {path.name, path.stem}


def _begins(name: str, request_id: str, file: str) -> bool:
    return bool(name) and any(text.startswith(name) for text in (request_id, PurePosixPath(file).name))
