"""The services' logs of one house: what each worker did, where it failed, what came out, and never a secret."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping

from platinum_tui.model.errors import Failed, PlatinumError
from platinum_tui.model.event import Worker
from platinum_tui.review.house import House
from platinum_tui.system.credentials import find_passphrase
from platinum_tui.system.logs import Log, LogName, Redactor

_LOG_OF = {
    Worker.ORCHESTRATOR: LogName.ORCHESTRATOR,
    Worker.SYNC: LogName.ORCHESTRATOR,
    Worker.EXECUTOR: LogName.EXECUTOR,
    Worker.DASHBOARD: LogName.DASHBOARD,
}
_FREE_TEXT = frozenset({"error", "reason"})
"""Fields that hold what a service or the system said: nothing of them is written until every secret is known."""


class Journal:
    """The logs of one house's workers, each opened when it has its first line.

    Args:
        house: says where the logs lie, and holds the secrets that must not get into them.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._redactor = Redactor()
        self._logs: dict[LogName, Log] = {}
        self._lock = threading.Lock()
        self._knows_secrets: bool | None = None

    def info(self, worker: Worker, event: str, **fields: object) -> None:
        """Note what a worker did."""
        self._write(worker, Log.info, event, fields)

    def error(self, worker: Worker, event: str, **fields: object) -> None:
        """Note what a worker failed at."""
        self._write(worker, Log.error, event, fields)

    def close(self) -> None:
        """Close the files."""
        with self._lock:
            for log in self._logs.values():
                log.close()
            self._logs.clear()

    def _write(self, worker: Worker, write: Callable[..., None], event: str, fields: Mapping[str, object]) -> None:
        if self._house.configuration.readonly:
            return
        with self._lock:
            try:
                log = self._log(_LOG_OF[worker])
            except Failed:
                return  # no work stops because it cannot be logged; `doctor` finds the folder
            write(log, event, worker=worker.value, **self._clean(fields))

    def _log(self, name: LogName) -> Log:
        if name not in self._logs:
            self._logs[name] = Log(self._house.vault.logs, name, self._redactor)
        return self._logs[name]

    def _clean(self, fields: Mapping[str, object]) -> Mapping[str, object]:
        said = {name: value for name, value in fields.items() if value not in (None, "")}
        if _FREE_TEXT & set(said) and not self._learns_secrets():
            return {name: value for name, value in said.items() if name not in _FREE_TEXT}
        return said

    def _learns_secrets(self) -> bool:
        """Whether the redactor knows every secret. The keyring is opened for the first free text, not before."""
        if self._knows_secrets is None:
            try:
                self._redactor.add(*self._secrets())
                self._knows_secrets = True
            except PlatinumError:
                self._knows_secrets = False
        return self._knows_secrets

    def _secrets(self) -> Iterable[str]:
        credentials = self._house.credentials
        found = [credentials.get(name) for name in credentials.names()]
        return [secret for secret in (*found, find_passphrase(self._house.environ)) if secret]
