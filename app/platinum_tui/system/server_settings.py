"""The settings of one local MCP server: of a built-in one, or of one that the user brings."""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from platinum_tui.model.errors import ConfigurationError
from platinum_tui.system.server_families import FAMILIES, Family, Setting, Shape
from platinum_tui.system.toml_table import Table, count, text, texts

SettingValue = str | int | tuple[str, ...] | Path
_OWN_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_HOST_NAME = re.compile(r"[A-Za-z0-9.-]{1,253}", re.ASCII)
_IPV6 = re.compile(r"\[([0-9A-Fa-f:.]+)\]|([0-9A-Fa-f:.]+)", re.ASCII)
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+|[^@<>]*<[^@\s<>]+@[^@\s<>]+>")
_DECIMAL = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?", re.ASCII)
_SECRET_WORDS = frozenset({"password", "passwd", "passphrase", "token", "secret", "apikey"})
_SECRET_ENDINGS = ("api_key", "private_key", "access_key")
_SECRET_ARGUMENT = re.compile(r"--?[\w-]*(password|passphrase|token|secret|api[-_]?key)[\w-]*=", re.IGNORECASE)


@dataclass(frozen=True)
class FamilySettings:
    """What the configuration says of a built-in server; a setting that it does not name is not in `values`."""

    name: str
    values: Mapping[str, SettingValue] = field(default_factory=dict)

    def text(self, key: str, default: str = "") -> str:
        """A setting that is a text, a host or an address."""
        return str(self.values.get(key, default))

    def number(self, key: str, default: int) -> int:
        """A setting that is a number."""
        value = self.values.get(key, default)
        return value if isinstance(value, int) else default

    def command(self, key: str) -> tuple[str, ...]:
        """A setting that is a command; empty where it is not set."""
        value = self.values.get(key, ())
        return value if isinstance(value, tuple) else ()

    def required(self, key: str) -> str:
        """A setting that is a text and cannot be done without.

        Raises:
            ConfigurationError: it is not set.
        """
        if key not in self.values:
            raise ConfigurationError(
                f"The server {self.name} needs the setting {key}.",
                remedy=f"Write it under [servers.{self.name}] in the configuration; `config path` tells where that is.",
            )
        return self.text(key)


@dataclass(frozen=True)
class OwnServer:
    """A server that the user brings: a command to start, or an address on this machine.

    Attributes:
        command: program and arguments; empty where `url` is set.
        env: names of the environment variables that it may see, beside those every program needs.
        cwd: where it starts.
        url: an http address on a loopback host.
    """

    name: str
    command: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    cwd: Path | None = None
    url: str = ""


ServerSettings = FamilySettings | OwnServer


def read_server(name: str, table: Table, expand: Callable[[str], Path]) -> ServerSettings:
    """The settings of one server; what is wrong is noted in the table."""
    _report_secrets(name, table)
    family = FAMILIES.get(name)
    if family:
        values = {key: _read_setting(table, key, family, expand) for key in family.settings}
        settings = FamilySettings(name, {key: value for key, value in values.items() if value is not None})
        for key, setting in family.settings.items():
            _check_encryption(table, settings, key, setting)
        table.end()
        return settings
    return _read_own(name, table, expand)


def _report_secrets(name: str, table: Table) -> None:
    settings = FAMILIES[name].settings if name in FAMILIES else {}
    for key in table.values:
        if key not in settings and _is_secret_name(key):
            table.known(key)
            table.report(
                f"{table.name_of(key)} seems to be a secret; secrets never stand in the configuration.",
                remedy=f"Remove the line, then run `platinum-tui credentials set {name}.{key}`.",
            )


def _is_secret_name(name: str) -> bool:
    lower = name.lower().replace("-", "_")
    return bool(_SECRET_WORDS & set(lower.split("_"))) or lower.endswith(_SECRET_ENDINGS)


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    bare = host.strip("[]").lower()
    if bare == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def is_host(value: str) -> bool:
    """Whether a text is a host's name or address and nothing besides: no port, no scheme, no path."""
    if _HOST_NAME.fullmatch(value):
        return True
    address = _IPV6.fullmatch(value)
    try:
        return bool(address and ipaddress.IPv6Address(address[1] or address[2]))
    except ValueError:
        return False


def _read_setting(table: Table, key: str, family: Family, expand: Callable[[str], Path]) -> SettingValue | None:
    setting = family.settings[key]
    if setting.choices:
        expected = " or ".join(f'"{choice}"' for choice in setting.choices)
        return table.take(key, lambda value: _choice(value, setting.choices), None, expected)
    parsers: Mapping[Shape, Callable[[Any], SettingValue]] = {
        Shape.TEXT: text,
        Shape.HOST: _host,
        Shape.ADDRESS: _address,
        Shape.PORT: _port,
        Shape.URL: _url,
        Shape.FOLDER: lambda value: expand(text(value)),
        Shape.COMMAND: texts,
        Shape.DECIMAL: _decimal,
    }
    return table.take(key, parsers[setting.shape], None, _expected(key, family))


def _expected(key: str, family: Family) -> str:
    """What to write for a setting, and for a host, where the rest of its address goes."""
    shape = family.settings[key].shape
    expected: str = shape.value
    if shape is not Shape.HOST:
        return expected
    stem = key.removesuffix("host")
    beside = next(name for name in (f"{stem}port", f"{stem}api_url") if name in family.settings)
    return f"{expected}; its port goes into {beside}"


def _check_encryption(table: Table, settings: FamilySettings, key: str, setting: Setting) -> None:
    open_host = setting.loopback_host and settings.text(key) == "none" and settings.text(setting.loopback_host)
    if open_host and not is_loopback(open_host):
        table.report(
            f'{table.name_of(key)} is "none", which only a loopback host may have; {open_host} is none.',
            remedy=f'Write {key} = "tls" or "starttls".',
        )


def _read_own(name: str, table: Table, expand: Callable[[str], Path]) -> OwnServer:
    server = OwnServer(
        name=name,
        command=table.take("command", _command, (), 'a command as a list, for example ["npx", "some-mcp-server"]'),
        env=table.take("env", _variables, (), 'names of environment variables, for example ["LANG"]'),
        cwd=table.take("cwd", lambda value: expand(text(value)), None, 'a folder, for example "~/calendar"'),
        url=table.take("url", _loopback_url, "", 'an address on this machine, for example "http://127.0.0.1:8000/mcp"'),
    )
    if not _OWN_NAME.fullmatch(name):
        table.report(f"{table.path} is not a server's name.", remedy="Use small letters, digits, - and _.")
    if not {"command", "url"} & set(table.values):
        nearest = difflib.get_close_matches(name, FAMILIES, n=1)
        hint = f"Did you mean servers.{nearest[0]}? " if nearest else ""
        table.report(
            f"{table.path} has no command and no url, and is none of the built-in servers ({', '.join(FAMILIES)}).",
            remedy=f'{hint}A server of your own needs command = ["npx", "some-mcp-server"].',
        )
        return server
    table.end()
    if server.command and server.url:
        table.report(f"{table.path} has both a command and a url.", remedy="Keep one of the two.")
    return server


def _choice(value: object, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise ValueError
    return str(value)


def _host(value: object) -> str:
    host = text(value)
    if not is_host(host):
        raise ValueError("it is not a host's name or address alone")
    return host


def _address(value: object) -> str:
    """A mail address, or one with a name before it: `Me <me@example.com>`."""
    written = text(value)
    if not _ADDRESS.fullmatch(written):
        raise ValueError("it is not a mail address")
    return written


def _decimal(value: object) -> str:
    number = text(value)
    if not _DECIMAL.fullmatch(number):
        raise ValueError("it is not a decimal number")
    return number


def _port(value: object) -> int:
    port = count(value)
    if port > 65535:
        raise ValueError("it must be 65535 or less")
    return port


def _url(value: object) -> str:
    url = text(value)
    parts = urlsplit(url)
    encrypted = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if not encrypted or not parts.hostname or parts.username or parts.password:
        raise ValueError("it is not such an address")
    return url


def _loopback_url(value: object) -> str:
    url = _url(value)
    if not is_loopback(urlsplit(url).hostname or ""):
        raise ValueError("it is not on a loopback host")
    return url


def _command(value: object) -> tuple[str, ...]:
    command = texts(value)
    if any(_SECRET_ARGUMENT.match(argument) for argument in command):
        raise ValueError("an argument seems to hold a secret; name its environment variable under env instead")
    return command


def _variables(value: object) -> tuple[str, ...]:
    names = texts(value)
    if not all(_VARIABLE.fullmatch(name) for name in names):
        raise ValueError("a name, not a value, is written here")
    return names
