"""`init`, `config` and `doctor`: from nothing to a vault that works, and what is still missing."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from pathlib import Path

from platinum_tui.model.errors import ExitCode, PlatinumError
from platinum_tui.system.health import Finding, Severity, check_configuration
from platinum_tui.verbs.call import Call


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
    from platinum_tui.execution.checkup import check_machine
    from platinum_tui.system.clock import SystemClock
    from platinum_tui.system.configuration import config_file, load, validate

    if problems := validate(call.options, call.environ):
        return check_configuration(problems, config_file(call.options, call.environ)[0])
    try:
        with call.service() as service:
            found = service.findings()
            service.servers.close()
    except PlatinumError:
        return check_machine(load(call.options, call.environ), call.environ, SystemClock().now())
    return iter(found)


def _staged_findings(call: Call) -> Iterator[Finding]:
    from platinum_tui.review.sharing import check_staged

    vault = call.options.vault
    return check_staged(Path(vault) if vault else call.configuration().vault_root, call.environ)
