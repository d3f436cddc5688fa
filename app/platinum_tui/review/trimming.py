"""Recipients or lines dropped from a request, as an edit: its file says the same, but for what was dropped."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import islice

from platinum_tui.model.action import JsonValue
from platinum_tui.model.errors import NotApprovable, StaleFingerprint
from platinum_tui.model.parts import Part, field_left_empty
from platinum_tui.model.request import Request
from platinum_tui.model.standing import Standing
from platinum_tui.review.desk import Desk
from platinum_tui.review.editing import revise, take_draft
from platinum_tui.review.excision import without_address, without_line
from platinum_tui.review.reading import RequestReader

_MOST_READINGS = 100
"""Cuts that are tried for one part at most."""


def trim(desk: Desk, name: str, fingerprint: str, dropped: Iterable[Part]) -> Standing:
    """Write a version of a request without some of its recipients or lines, as an editor would.

    Only those are cut out of the file. What is left is read before it is written: it must ask for the very same, but
    for what was dropped.

    Args:
        desk: of the vault.
        name: the request, as a person names it.
        fingerprint: what was on screen.
        dropped: some of its parts.

    Raises:
        StaleFingerprint: the request is another one by now; nothing was written.
        NotApprovable: it does not wait for a decision, nothing would be left, or its file is spelled in a way that
            leaves no sure cut.
        RefusedByPolicy, NotFound, Ambiguous: as they say.
    """
    draft = take_draft(desk, name)
    if draft.fingerprint != fingerprint:
        raise StaleFingerprint
    request = desk.find(name).request
    # from the end on: the numbers of those before stay what they are
    parts = sorted(dropped, key=lambda part: (part.field, part.number), reverse=True)
    if field_left_empty(request, parts):
        raise NotApprovable("At least one recipient or line must stay.", remedy="Reject it if nothing of it is to be.")
    reader, data = RequestReader(desk.house), draft.data
    request = reader.read(data, draft.file).request
    for part in parts:
        request, data = _without(reader, request, data, draft.file, part)
    return revise(desk, draft, data)


def _without(reader: RequestReader, request: Request, data: bytes, file: str, part: Part) -> tuple[Request, bytes]:
    """A request and its bytes without one part; raises NotApprovable where no cut leaves exactly that.

    One cut is tried before two: what stands twice, in the front matter and under a label, leaves from both.
    """
    wanted, readings = _fields_without(request, part), 0
    waiting = deque([data.decode("utf-8", "surrogateescape")])
    while waiting and readings < _MOST_READINGS:
        for text in islice(_cut(waiting.popleft(), request, part), _MOST_READINGS - readings):
            found, readings = text.encode("utf-8", "surrogateescape"), readings + 1
            left = reader.read(found, file).request
            if left.fields == wanted and _rest(left) == _rest(request):
                return left, found
            waiting.append(text)
    raise NotApprovable(
        "Its file is spelled in a way that leaves no sure cut: nothing was written.",
        remedy="Edit the file in your editor, or send it back with what has to change.",
    )


def _cut(text: str, request: Request, part: Part) -> Iterable[str]:
    source = request.sources.get(part.field)
    line = source.line if source else None
    if part.field == "lines":
        return without_line(text, str(part.value["description"]), part.number, line)
    return without_address(text, str(part.value), line)


def _fields_without(request: Request, part: Part) -> dict[str, JsonValue]:
    values = [value for number, value in enumerate(request.fields[part.field]) if number != part.number]
    others = {name: value for name, value in request.fields.items() if name != part.field}
    return {**others, part.field: values} if values else others


def _rest(request: Request) -> tuple[object, ...]:
    """What else a request says; a cut changes none of it."""
    codes = frozenset((problem.code, problem.field) for problem in request.problems)
    about = (request.declared_id, request.created_at, request.expires_at, request.task, request.reason, request.revises)
    return (request.kind, codes, *about)
