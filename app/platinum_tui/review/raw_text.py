"""The text of a request's file, as far as there is any, where its reading has none."""

from __future__ import annotations

from platinum_tui.model.standing import Standing
from platinum_tui.review.house import House
from platinum_tui.vault.reading import LARGEST_REQUEST, Reason, Unreadable, heads_in_vault, read_in_vault


def raw_text(house: House, standing: Standing) -> str:
    """The file's text, not made safe; bytes that are no UTF-8 are escaped, and of a large file it is the beginning."""
    return standing.request.text or _bytes(house, standing).decode("utf-8", "backslashreplace")


def _bytes(house: House, standing: Standing) -> bytes:
    try:
        return read_in_vault(house.vault, standing.file).data
    except ValueError:
        return b""
    except Unreadable as error:
        if error.reason is Reason.TOO_LARGE:
            folder, _, name = standing.file.rpartition("/")
            return b"".join(heads_in_vault(house.vault, folder, [name], LARGEST_REQUEST))
    entry = house.ledger.entry(standing.request.id)
    return entry.data if entry and entry.file_sha256 == standing.request.sha256 else b""
