"""`init`, `config` and `doctor`: from nothing to a vault that works, and what is still missing."""

from __future__ import annotations

import getpass
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from platinum_tui.model.errors import ConfigurationError, ExitCode, PlatinumError
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
from platinum_tui.verbs.call import Call

if TYPE_CHECKING:
    from platinum_tui.service import Service


def init(call: Call) -> ExitCode:
    """Make the vault's folders, the configuration and the signing keys that are missing, and touch nothing else."""
    from platinum_tui.review.house import House
    from platinum_tui.system.clock import SystemClock
    from platinum_tui.system.configuration import config_file, load
    from platinum_tui.system.configuration_text import default_text
    from platinum_tui.system.credentials import open_credentials
    from platinum_tui.system.keys import create_keys, pin_signers_dir
    from platinum_tui.system.private_file import write_private
    from platinum_tui.vault.folders import Vault

    if call.arguments.path:
        call.arguments.vault = str(Path(call.arguments.path).expanduser().absolute())
    file, _ = config_file(call.options, call.environ)
    if not file.exists() and call.options.vault:
        root = Path(call.options.vault).expanduser().absolute()
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(file, default_text(root).encode())
        call.say(f"made {file}")
    configuration = load(call.options, call.environ)
    credentials = open_credentials(configuration.state_dir, call.environ)
    keys = create_keys(credentials, configuration.state_dir, getpass.getuser(), SystemClock().now())
    pin_signers_dir(configuration.state_dir, configuration.config_file.parent)
    vault = Vault(configuration.vault_root, configuration.machine)
    for made in vault.ensure():
        call.say(f"made {made}")
    house = House.open(configuration, environ=call.environ)
    vault.pin_vault_id(house.vault_id)
    house.ledger.close()
    _check_commits(call, vault.root)
    call.say(f"The vault {vault.root} is ready. Decisions are signed with the key {keys[0].key_id} ({keys[0].name}).")
    return ExitCode.DONE


def _check_commits(call: Call, root: Path) -> None:
    """Have commits by hand checked, where the vault is a clone without a hook of its own."""
    from platinum_tui.vault.commit_check import install_hook
    from platinum_tui.vault.git import Repository, is_clone
    from platinum_tui.vault.git_environment import GitFailed

    if not is_clone(root):
        return
    try:
        hook = install_hook(Repository(root))
    except (GitFailed, OSError) as error:
        call.say(f"Commits by hand are not checked for secrets: {error}")
        return
    if hook:
        call.say(f"made {hook}: no commit takes along a key, a credential or the program's state")


def show_config_path(call: Call) -> ExitCode:
    """Where the configuration file is, or would be."""
    from platinum_tui.system.configuration import config_file

    call.print_text(str(config_file(call.options, call.environ)[0]))
    return ExitCode.DONE


def show_config(call: Call) -> ExitCode:
    """Every value that holds, and where it comes from."""
    from platinum_tui.system.configuration_text import describe

    rows = describe(call.configuration())
    if call.as_json:
        call.print_json([{"key": key, "value": value, "origin": origin} for key, value, origin in rows])
    else:
        call.print_text("\n".join(f"{key} = {value}  # {origin}" for key, value, origin in rows))
    return ExitCode.DONE


def validate_config(call: Call) -> ExitCode:
    """Everything that is wrong with the configuration."""
    from platinum_tui.system.configuration import config_file, validate

    problems = validate(call.options, call.environ)
    if not problems:
        call.say(f"{config_file(call.options, call.environ)[0]} is valid.")
        return ExitCode.DONE
    for problem in problems[:-1]:
        call.say(f"{problem.message}\n{problem.remedy}")
    raise problems[-1]


def doctor(call: Call) -> ExitCode:
    """What is wrong, or missing, each with its remedy; ends with 5 where a person should look."""
    findings = list(_staged_findings(call) if call.arguments.staged else _findings(call))
    if call.as_json:
        call.print_json({"findings": [finding.to_json() for finding in findings]})
    else:
        for finding in findings:
            call.print_text(f"{finding.severity}: {finding.message}\n  {finding.remedy}")
        if not findings:
            call.say("Everything is in order.")
    serious = any(finding.severity is not Severity.NOTE for finding in findings)
    return ExitCode.NEEDS_PERSON if serious else ExitCode.DONE


def _findings(call: Call) -> Iterator[Finding]:
    from platinum_tui.system.clock import SystemClock
    from platinum_tui.system.configuration import config_file, load, validate
    from platinum_tui.system.credentials import open_credentials
    from platinum_tui.vault.folders import Vault
    from platinum_tui.verbs.sharing import check_sharing

    problems = validate(call.options, call.environ)
    yield from check_configuration(problems, config_file(call.options, call.environ)[0])
    if problems:
        return
    configuration = load(call.options, call.environ)
    yield from check_state_dir(configuration.state_dir, configuration.vault)
    yield from check_vault(configuration.vault)
    yield from check_clock(SystemClock().now(), None)
    folders = [folder for folder in (configuration.vault, configuration.state_dir.root) if folder and folder.exists()]
    yield from check_disk(folders, lambda folder: shutil.disk_usage(folder).free)
    keyring_findings = list(check_keyring(lambda: open_credentials(configuration.state_dir, call.environ)))
    yield from keyring_findings
    names = () if keyring_findings else open_credentials(configuration.state_dir, call.environ).names()
    yield from check_servers(configuration, names)
    if configuration.vault and configuration.vault.is_dir():
        for obstruction in Vault(configuration.vault, configuration.machine).obstructions():
            yield Finding.of_error(obstruction, "folder_obstructed")
        yield from check_sharing(configuration.vault, configuration.machine)
    yield from _state_findings(call)


def _staged_findings(call: Call) -> Iterator[Finding]:
    from platinum_tui.verbs.sharing import check_staged

    vault = call.options.vault
    return check_staged(Path(vault) if vault else call.configuration().vault_root, call.environ)


def _own_server_findings(service: Service) -> Iterator[Finding]:
    """Which of the user's own servers do not start, or do not tell their tools."""
    for name in service.own_servers():
        try:
            service.list_tools(name)
        except PlatinumError as error:
            remedy = f"Run the command under [servers.{name}] by hand, and correct it."
            yield Finding("server_silent", Severity.WARNING, error.message, remedy)
    service.servers.close()


def _state_findings(call: Call) -> Iterator[Finding]:
    """What the servers and the ledger say: programs that do not start, requests that wait for a person."""
    from platinum_tui.execution.turns import CLAIMED_ELSEWHERE

    try:
        with call.service() as service:
            yield from _own_server_findings(service)
            standings = service.standings()
            waiting = [s for s in standings if s.state in {"unknown", "held"}]
            claimed = [s for s in standings if s.state == "approved" and s.why.endswith(CLAIMED_ELSEWHERE)]
    except (ConfigurationError, PlatinumError):
        return
    for standing in claimed:
        machine = standing.why.removesuffix(CLAIMED_ELSEWHERE)
        yield Finding(
            "request_claimed",
            Severity.NOTE,
            f"{standing.title}: {standing.why}",
            f"Should {machine} be gone for good: `platinum-tui take-over {standing.request.id} --from {machine}`.",
        )
    for standing in waiting:
        yield Finding(
            f"request_{standing.state}",
            Severity.WARNING,
            f"{standing.title} is {standing.state}: {standing.why}",
            f"`platinum-tui show {standing.request.id}`, then approve, reject or resolve it.",
        )
