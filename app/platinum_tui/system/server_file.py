"""A server put into the configuration file by the program; comments and everything else stay as they are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from platinum_tui.model.action import JsonValue
from platinum_tui.model.errors import ConfigurationError
from platinum_tui.system.private_file import write_private
from platinum_tui.system.server_settings import read_server
from platinum_tui.system.toml_table import Table


def add_server(file: Path, name: str, values: Mapping[str, JsonValue]) -> None:
    """Write `[servers.NAME]`.

    Args:
        file: the configuration file, which is valid.
        name: the server's name.
        values: its settings.

    Raises:
        ConfigurationError: there is such a server already, a value is wrong, or the file cannot be written.
    """
    import tomlkit

    table = Table(values, file, f"servers.{name}")
    read_server(name, table, Path)
    if table.problems:
        raise table.problems[0]
    try:
        before = file.read_text("utf-8")
        if name in tomllib.loads(before).get("servers", {}):
            raise ConfigurationError(
                f"{file}: [servers.{name}] stands there already.", remedy="Change it in the file, by hand."
            )
        document = tomlkit.parse(before)
        servers = document.setdefault("servers", tomlkit.table(is_super_table=True))
        servers[name] = dict(values)
        write_private(file.resolve(), tomlkit.dumps(document).encode())
    except OSError as error:
        raise ConfigurationError(f"The configuration file {file} cannot be written: {error.strerror}.") from error
