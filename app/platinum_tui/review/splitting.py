"""A file that asks for several actions becomes one file for each; nothing is lost or done twice if it is cut short."""

from __future__ import annotations

import dataclasses

from platinum_tui.ledger.happening import Happening
from platinum_tui.model.errors import NotApprovable, RefusedByPolicy
from platinum_tui.model.request import ProblemCode, Request, State
from platinum_tui.model.standing import Standing
from platinum_tui.review.desk import Desk
from platinum_tui.review.entries import DECIDABLE_AGAIN, entry_for
from platinum_tui.review.reading import RequestReader
from platinum_tui.vault.moves import create_file
from platinum_tui.vault.names import split as stem_and_suffix
from platinum_tui.vault.reading import read_in_vault

_SPLITTABLE = frozenset({State.PENDING, State.HELD, State.SNOOZED, State.EXPIRED})


def split(desk: Desk, name: str) -> tuple[str, ...]:
    """Write the separate requests beside a file that asks for several actions, then withdraw that file.

    All parts are there before the file leaves. Their names and ids come from the file's, so that after a crash the same
    command ends what was begun; a part that was decided meanwhile is not written again.

    Args:
        desk: of the vault.
        name: the request, as a person names it.

    Returns:
        The vault-relative paths of the parts, in the file's order.

    Raises:
        NotApprovable: it asks for one action, its parts cannot be told apart, or another file has a part's name.
        RefusedByPolicy: nothing may be written.
        NotFound, Ambiguous, StaleFingerprint: as they say.
    """
    house = desk.house
    if house.configuration.readonly:
        raise RefusedByPolicy("Nothing is written in read-only mode.", remedy="Start it without --readonly.")
    standing = desk.find(name)
    texts = _texts(desk, standing)
    files = tuple(_part_name(standing, number) for number in range(1, len(texts) + 1))
    for number, (file, text) in enumerate(zip(files, texts, strict=True), 1):
        if house.ledger.entry(f"{standing.request.id}-{number}") is None:
            _write(desk, file, text.encode())
    why = f"Split into {', '.join(file.rpartition('/')[2] for file in files)}."
    # the parts carry its task: nobody is told that the task's request was refused
    entry = dataclasses.replace(entry_for(house, standing, State.REJECTED, None, why=why), task=None)
    happening = Happening("withdrawn", "person", details={"reason": why})
    desk.placement.settle(house.ledger.record(entry, happening, replaces=DECIDABLE_AGAIN))
    return files


def parts_of(desk: Desk, name: str) -> tuple[Request, ...]:
    """What `split` would make of a file, in the file's order; writes nothing, and raises as `split`."""
    standing = desk.find(name)
    reader = RequestReader(desk.house)
    return tuple(
        reader.read(text.encode(), _part_name(standing, number)).request
        for number, text in enumerate(_texts(desk, standing), 1)
    )


def _texts(desk: Desk, standing: Standing) -> list[str]:
    """The files that a request's parts make."""
    if standing.state not in _SPLITTABLE or not standing.has_problem(ProblemCode.MULTIPLE_ACTIONS):
        raise NotApprovable("Only a waiting request that asks for several actions can be split.")
    data = read_in_vault(desk.house.vault, standing.file).data
    texts = RequestReader(desk.house).parts(data, standing.request)
    if not texts:
        raise NotApprovable(
            "Its parts cannot be told apart.", remedy="Write one file for each action, and reject this one."
        )
    return texts


def _part_name(standing: Standing, number: int) -> str:
    folder, _, name = standing.file.rpartition("/")
    return f"{folder}/{stem_and_suffix(name)[0][:150]}.{standing.request.sha256[:8]}-{number}.md"


def _write(desk: Desk, file: str, data: bytes) -> None:
    """Create a part, unless an earlier attempt did."""
    try:
        create_file(desk.house.vault.path(file), data)
    except FileExistsError:
        if read_in_vault(desk.house.vault, file).data != data:
            raise NotApprovable(
                f"{file} lies there already and says something else.", remedy="Decide it or move it first."
            ) from None
