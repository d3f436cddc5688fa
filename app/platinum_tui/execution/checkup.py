"""What `doctor` finds: machine, configuration, vault, servers, and requests that wait for a person."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from platinum_tui.execution.turns import CLAIMED_ELSEWHERE
from platinum_tui.model.errors import PlatinumError
from platinum_tui.model.standing import Standing
from platinum_tui.review.sharing import check_sharing
from platinum_tui.system.configuration import Configuration
from platinum_tui.system.credentials import open_credentials
from platinum_tui.system.health import (
    Finding,
    Severity,
    check_clock,
    check_configuration,
    check_disk,
    check_keyring,
    check_servers,
    check_state_dir,
    check_vault,
)
from platinum_tui.vault.folders import Vault


def check_machine(
    configuration: Configuration, environ: Mapping[str, str], now: datetime, last_event: datetime | None = None
) -> Iterator[Finding]:
    """What is wrong with a valid configuration's surroundings: files, disk, clock, keyring, settings of servers, vault.

    Args:
        configuration: the configuration.
        environ: the environment, from which an encrypted keyring has its passphrase.
        now: an aware moment, as this machine's clock says.
        last_event: when the audit log's last event was; None where it has none, or cannot be asked.
    """
    vault = configuration.vault
    yield from check_configuration((), configuration.config_file)
    yield from check_state_dir(configuration.state_dir, vault)
    yield from check_vault(vault)
    yield from check_clock(now, last_event)
    folders = [folder for folder in (vault, configuration.state_dir.root) if folder and folder.exists()]
    yield from check_disk(folders, lambda folder: shutil.disk_usage(folder).free)
    locked = list(check_keyring(lambda: open_credentials(configuration.state_dir, environ)))
    yield from locked
    names = () if locked else open_credentials(configuration.state_dir, environ).names()
    yield from check_servers(configuration, names)
    if vault and vault.is_dir():
        for obstruction in Vault(vault, configuration.machine).obstructions():
            yield Finding.of_error(obstruction, "folder_obstructed")
        yield from check_sharing(vault, configuration.machine)


def check_own_servers(names: Iterable[str], list_tools: Callable[[str], object]) -> Iterator[Finding]:
    """Which of the user's own servers do not start, or do not tell their tools."""
    for name in names:
        try:
            list_tools(name)
        except PlatinumError as error:
            remedy = f"Run the command under [servers.{name}] by hand, or see that its url answers, and correct it."
            yield Finding("server_silent", Severity.WARNING, error.message, remedy)


def check_requests(standings: Iterable[Standing]) -> Iterator[Finding]:
    """Requests that another machine claimed, and those that wait for a person."""
    for standing in standings:
        if standing.state == "approved" and standing.why.endswith(CLAIMED_ELSEWHERE):
            machine = standing.why.removesuffix(CLAIMED_ELSEWHERE)
            yield Finding(
                "request_claimed",
                Severity.NOTE,
                f"{standing.title}: {standing.why}",
                f"Should {machine} be gone for good: `platinum-tui take-over {standing.request.id} --from {machine}`.",
            )
        elif standing.state in {"unknown", "held"}:
            yield Finding(
                f"request_{standing.state}",
                Severity.WARNING,
                f"{standing.title} is {standing.state}: {standing.why}",
                f"`platinum-tui show {standing.request.id}`, then approve, reject or resolve it.",
            )
