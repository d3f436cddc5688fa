"""The configuration: a TOML file under flags and environment, read into typed values, every mistake named."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from platinum_tui.model.action import Kind
from platinum_tui.model.contacts import ContactBook
from platinum_tui.model.errors import ConfigurationError
from platinum_tui.system import paths
from platinum_tui.system.configuration_reading import SyncSettings, read_settings
from platinum_tui.system.console_settings import ConsoleSettings
from platinum_tui.system.options import Options
from platinum_tui.system.paths import StateDir
from platinum_tui.system.policy import Approval, Limits
from platinum_tui.system.server_settings import FamilySettings, OwnServer, ServerSettings
from platinum_tui.system.toml_table import Table

FILE_NAME = "config.toml"


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """Everything that the user has settled.

    Attributes:
        vault: the vault's root; None where nobody named one.
        undo: how long after approval nothing is sent.
        undo_by_kind: other windows for some kinds.
        machine: this machine's folder in `In_Progress/`.
        approval: what counts as approval.
        limits: for every kind.
        contacts: what a name in a chat resolves to.
        servers: the servers that the file names.
        sync: how the vault reaches other machines.
        console: how the console meets its reviewer.
        config_file: where the file is, or would be.
        state_dir: ledger, keys and locks.
        readonly: nothing is decided, executed or written to the vault.
        ascii: no sign outside ASCII is drawn.
        origins: for each dotted key, which source its value has: flag, environment, file or default.
    """

    vault: Path | None
    undo: timedelta
    undo_by_kind: Mapping[Kind, timedelta]
    machine: str
    approval: Approval
    limits: Mapping[Kind, Limits]
    contacts: ContactBook
    servers: Mapping[str, ServerSettings]
    sync: SyncSettings
    console: ConsoleSettings
    config_file: Path
    state_dir: StateDir
    readonly: bool = False
    ascii: bool = False
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def vault_root(self) -> Path:
        """The vault's root.

        Raises:
            ConfigurationError: nobody named a vault.
        """
        if self.vault is None:
            raise ConfigurationError(
                "No vault is named.",
                remedy="Give --vault PATH, set PLATINUM_VAULT, or run `platinum-tui init PATH`.",
            )
        return self.vault

    def undo_for(self, kind: Kind | None) -> timedelta:
        """How long after approval an action of that kind waits."""
        return self.undo_by_kind.get(kind, self.undo) if kind else self.undo

    def family(self, name: str) -> FamilySettings:
        """The settings of a built-in server; empty where the file does not name it."""
        settings = self.servers.get(name)
        return settings if isinstance(settings, FamilySettings) else FamilySettings(name)

    def own_server(self, name: str) -> OwnServer | None:
        """A server that the user brings; None where there is none of that name."""
        settings = self.servers.get(name)
        return settings if isinstance(settings, OwnServer) else None


def load(options: Options, environ: Mapping[str, str]) -> Configuration:
    """The configuration: flag over environment over file over default.

    Args:
        options: the command line's global options.
        environ: the environment; only PLATINUM_VAULT, PLATINUM_CONFIG, PLATINUM_STATE_DIR, HOME and the XDG
            directories are looked at.

    Raises:
        ConfigurationError: the first thing that is wrong.
    """
    configuration, problems = _read(options, environ)
    if problems:
        raise problems[0]
    return configuration


def validate(options: Options, environ: Mapping[str, str]) -> tuple[ConfigurationError, ...]:
    """Everything that is wrong with the configuration, in the order of the file; empty where nothing is."""
    try:
        return tuple(_read(options, environ)[1])
    except ConfigurationError as error:
        return (error,)


def config_file(options: Options, environ: Mapping[str, str]) -> tuple[Path, str]:
    """Where the configuration file is or would be, and which source says so."""
    given, origin = _first(options.config, environ.get("PLATINUM_CONFIG"))
    if given:
        return paths.expand(given, environ), origin
    return paths.config_dir(environ) / FILE_NAME, "default"


def _read(options: Options, environ: Mapping[str, str]) -> tuple[Configuration, list[ConfigurationError]]:
    file, file_origin = config_file(options, environ)
    table = Table(_parse(file, required=file_origin != "default"), file)
    settings = read_settings(table, lambda path: paths.expand(path, environ))

    vault, vault_origin = _first(options.vault, environ.get("PLATINUM_VAULT"))
    state, state_origin = _first(options.state_dir, environ.get("PLATINUM_STATE_DIR"))
    root = paths.expand(vault, environ) if vault else settings.vault
    state_dir = StateDir(paths.expand(state, environ) if state else paths.state_dir(environ))
    if root:
        state_dir.check_outside(root)
        _check_config_outside(file, root)
    return (
        Configuration(
            vault=root,
            undo=settings.undo,
            undo_by_kind=settings.undo_by_kind,
            machine=settings.machine,
            approval=settings.approval,
            limits=settings.limits,
            contacts=settings.contacts,
            servers=settings.servers,
            sync=settings.sync,
            console=settings.console,
            config_file=file,
            state_dir=state_dir,
            readonly=options.readonly,
            ascii=options.ascii,
            origins={
                **table.origins,
                "vault": vault_origin or table.origins["vault"],
                "config_file": file_origin,
                "state_dir": state_origin or "default",
                "readonly": "flag" if options.readonly else "default",
                "ascii": "flag" if options.ascii else "default",
            },
        ),
        table.problems,
    )


def _first(flag: str | None, variable: str | None) -> tuple[str, str]:
    if flag:
        return flag, "flag"
    return (variable, "environment") if variable else ("", "")


def _parse(file: Path, *, required: bool) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8"))
    except FileNotFoundError as error:
        if not required:
            return {}
        raise ConfigurationError(
            f"There is no configuration file {file}.",
            remedy="Correct --config or PLATINUM_CONFIG, or run `platinum-tui init`.",
        ) from error
    except OSError as error:
        raise ConfigurationError(f"The configuration file {file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{file}: it is not UTF-8 text.", remedy="Save the file as UTF-8.") from error
    except RecursionError as error:
        raise ConfigurationError(f"{file}: it is nested too deeply.", remedy="Correct the file.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"{file}: it is not TOML: {error}.", remedy="Correct that line; https://toml.io shows how TOML is written."
        ) from error


def _check_config_outside(file: Path, vault: Path) -> None:
    if paths.is_inside(file, vault):
        raise ConfigurationError(
            f"The configuration file {file} lies inside the vault {vault}.",
            remedy="Move it out: whoever can write in the vault must not be able to change the configuration.",
        )
