"""`init`, `config` and `doctor`: from nothing to a vault that works, and what is still missing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

from platinum_tui.model.errors import ExitCode, PlatinumError
from platinum_tui.system.health import Finding, Severity, check_configuration, in_order, untried
from platinum_tui.verbs.call import Call


def init(call: Call) -> ExitCode:
    """Make the vault's folders, the configuration and the signing keys that are missing, and touch nothing else."""
    from platinum_tui.review.founding import found

    call.require_writable()
    if call.arguments.path:
        call.arguments.vault = str(Path(call.arguments.path).expanduser().absolute())
    configuration = found(call.options, call.environ, call.say)
    if call.as_json:
        call.print_json({"vault": str(configuration.vault_root), "config": str(configuration.config_file)})
    return ExitCode.DONE


def show_config_path(call: Call) -> ExitCode:
    """Where the configuration file is, or would be."""
    from platinum_tui.system.configuration import config_file

    path = str(config_file(call.options, call.environ)[0])
    if call.as_json:
        call.print_json({"path": path})
    else:
        call.print_text(path)
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
    if call.as_json:
        told = [problem.to_json() for problem in problems]
        call.print_json({"ok": not told, "problems": told, **({"error": told[0]} if told else {})})
    elif not problems:
        call.say(f"{config_file(call.options, call.environ)[0]} is valid.")
    for problem in () if call.as_json else problems:
        call.print_error(problem)
    return ExitCode.USAGE if problems else ExitCode.DONE


def doctor(call: Call) -> ExitCode:
    """What is wrong, or missing, each with its remedy; ends with 5 where a person should look."""
    findings = list(_staged_findings(call) if call.arguments.staged else _findings(call))
    serious = any(finding.severity is not Severity.NOTE for finding in findings)
    if call.as_json:
        call.print_json({"findings": [finding.to_json() for finding in findings]})
    else:
        for finding in findings:
            call.print_text(f"{finding.severity}: {finding.message}\n  {finding.remedy}")
        if not serious and (last := _last_word(call, found=bool(findings))):
            call.say(last)
    return ExitCode.NEEDS_PERSON if serious else ExitCode.DONE


def _last_word(call: Call, *, found: bool) -> str:
    """What is said where nothing is wrong, beside the notes where there are `found` ones."""
    left = "" if call.arguments.staged else untried(call.configuration())
    return " ".join(filter(None, ["" if found else in_order(left), left]))


def _findings(call: Call) -> Iterator[Finding]:
    from platinum_tui.execution.checkup import check_machine
    from platinum_tui.system.clock import SystemClock
    from platinum_tui.system.configuration import config_file, load, validate

    if problems := validate(call.options, call.environ):
        return check_configuration(problems, config_file(call.options, call.environ)[0])
    try:
        with call.service() as service:
            found = service.findings()
    except PlatinumError as error:
        machine = check_machine(load(call.options, call.environ), call.environ, SystemClock().now())
        return itertools.chain([Finding.of_error(error)], machine)
    return iter(found)


def _staged_findings(call: Call) -> Iterator[Finding]:
    from platinum_tui.review.sharing import check_staged

    vault = call.options.vault
    return check_staged(Path(vault) if vault else call.configuration().vault_root, call.environ)
