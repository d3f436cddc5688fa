"""How a file came to its place: by a person here, or by a sync."""

from __future__ import annotations

from platinum_tui.review.house import House
from platinum_tui.vault.git import is_clone
from platinum_tui.vault.git_environment import GitFailed
from platinum_tui.vault.reading import FileIdentity, Unreadable, probe_in_vault
from platinum_tui.vault.sync import Sync

_MOST_KEPT = 1000


class Provenance:
    """Knows, of one vault, which files a sync brought. What was found out of a file holds until it changes.

    Args:
        house: the vault and its surroundings.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._known: dict[str, tuple[FileIdentity, bool]] = {}

    def came_by_sync(self, file: str) -> bool:
        """Whether a sync brought a vault-relative path to its place. In doubt it did."""
        if not is_clone(self._house.vault.root):
            return False
        try:
            identity = probe_in_vault(self._house.vault, file)
        except (Unreadable, ValueError):
            return True
        known = self._known.get(file)
        if known is None or known[0] != identity:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            known = self._known[file] = (identity, self._ask(file))
        return known[1]

    def _ask(self, file: str) -> bool:
        try:
            clone = self._house.clone()
            return clone is not None and Sync(self._house.vault, clone).arrived_by_sync(file)
        except GitFailed:
            return True
