"""The parts of a request that can be dropped from it: recipients of a mail, lines of an invoice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.request import Request

_LISTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.EMAIL_SEND: ("to", "cc", "bcc"),
    Kind.EMAIL_REPLY: ("to", "cc", "bcc"),
    Kind.ODOO_INVOICE_CREATE: ("lines",),
}
"""The fields of which parts can be dropped, by kind; of the first, one must stay."""


@dataclass(frozen=True, slots=True)
class Part:
    """One recipient or one line of a request.

    Attributes:
        field: the field in whose list it stands.
        number: its place there, from 0.
        value: an address, or the fields of an invoice line.
    """

    field: str
    number: int
    value: JsonValue


def parts_of(request: Request) -> tuple[Part, ...]:
    """The recipients or lines that can be dropped, in their order; none where only one is there."""
    names = _LISTS.get(request.kind, ()) if request.kind else ()
    found = tuple(
        Part(name, number, value) for name in names for number, value in enumerate(request.fields.get(name) or ())
    )
    return found if len(found) > 1 else ()


def field_left_empty(request: Request, dropped: Iterable[Part]) -> str | None:
    """The field of which nothing would be left though one must stay; None where enough stays."""
    names = _LISTS.get(request.kind, ()) if request.kind else ()
    gone = [part.field for part in dropped]
    return next((name for name in names[:1] if len(request.fields.get(name) or ()) <= gone.count(name)), None)
