"""From the configuration to a running server: the one place where a family meets keyring, keys and state."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import lru_cache

from platinum_executors.burning import BurntDecisions
from platinum_executors.family import Family, Surroundings
from platinum_executors.gate import Gate
from platinum_executors.server import FamilyServer, build_server, run_on_stdio
from platinum_tui.model.errors import ConfigurationError
from platinum_tui.system.clock import SystemClock
from platinum_tui.system.configuration import Configuration
from platinum_tui.system.credentials import Credentials, open_credentials
from platinum_tui.system.freeze_mark import FreezeMark
from platinum_tui.system.vault_identity import carried_vault_id, pinned_vault_id


def serve_family(family: Family, configuration: Configuration, environ: Mapping[str, str]) -> None:
    """Serves a family on stdio until the client closes the stream.

    Raises:
        ConfigurationError: there is no vault, or nobody knows its id.
    """
    opened = _credentials(configuration, environ)
    surroundings = Surroundings(
        settings=configuration.family(family.name),
        vault=configuration.vault_root,
        secret=lambda name: opened().get(name),
        keep=lambda name, value: opened().set(name, value),
        clock=SystemClock(),
        pause=time.sleep,
    )
    served = FamilyServer(family, surroundings, _gate(configuration, surroundings))
    run_on_stdio(build_server(family, served))


def _gate(configuration: Configuration, surroundings: Surroundings) -> Gate:
    from platinum_executors.rules import Rules
    from platinum_tui.system.keys import known_keys, signers_dir

    vault_id = _vault_id(configuration)
    state = configuration.state_dir
    vault_state = state.vault_dir(vault_id)
    rules = Rules(
        configuration,
        FreezeMark(vault_state, configuration.vault_root),
        lambda: known_keys(state, signers_dir(state, configuration.config_file.parent)),
    )
    return Gate(surroundings, vault_id=vault_id, rules=rules, burnt=BurntDecisions(vault_state / "used"))


def _vault_id(configuration: Configuration) -> str:
    vault_id = pinned_vault_id(configuration.state_dir.root, configuration.vault_root) or carried_vault_id(
        configuration.vault_root
    )
    if not vault_id:
        raise ConfigurationError(f"{configuration.vault_root} has no id.", remedy="Run `platinum-tui init` on it.")
    return vault_id


def _credentials(configuration: Configuration, environ: Mapping[str, str]) -> Callable[[], Credentials]:
    """The keyring, opened when the first credential is asked for."""
    return lru_cache(maxsize=1)(lambda: open_credentials(configuration.state_dir, environ))
