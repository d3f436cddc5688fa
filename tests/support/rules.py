"""Rules of a machine that asks for one known signature, at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from platinum_executors.approval import SigningKey
from platinum_tui.model.action import Kind


@dataclass(frozen=True)
class OneSignature:
    """Any of these keys is enough."""

    keys: Iterable[SigningKey]

    def keys_for(self, kind: Kind) -> Iterable[SigningKey]:
        return self.keys

    def signers_for(self, kind: Kind) -> int:
        return 1

    def check_freeze(self) -> None:
        return None
