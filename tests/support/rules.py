"""Rules of a machine that asks for one known signature, at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from platinum_executors.approval import SigningKey
from platinum_tui.model.action import Kind
from platinum_tui.model.decision import Decision


@dataclass(frozen=True)
class OneSignature:
    """Any of these keys is enough."""

    keys: Iterable[SigningKey]

    def keys_for(self, kind: Kind) -> Iterable[SigningKey]:
        return self.keys

    def signers_for(self, kind: Kind) -> int:
        return 1

    def check_time(self, decision: Decision, now: datetime) -> None:
        return None
