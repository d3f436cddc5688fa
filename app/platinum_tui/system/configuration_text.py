"""The configuration as text: what holds and why, for `config show`, and the file that `init` writes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from platinum_tui.model.request import RiskLevel
from platinum_tui.system.configuration import Configuration
from platinum_tui.system.durations import format_duration
from platinum_tui.system.policy import DEFAULT_RECIPIENTS
from platinum_tui.system.server_settings import FamilySettings, OwnServer, ServerSettings

Row = tuple[str, str, str]
"""A dotted key, its value as in TOML, and where the value comes from: flag, environment, file or default."""


def describe(configuration: Configuration) -> list[Row]:
    """Every value that holds, in the order of the file."""
    return [(key, value, _origin(configuration, key)) for key, value in _values(configuration)]


def default_text(vault: Path) -> str:
    """The configuration file that `init` writes: every setting with what it means."""
    return f"""\
# The configuration of platinum-tui. `platinum-tui config show` tells what holds, `config validate` checks it.
# Secrets never stand here: `platinum-tui credentials set SERVER.NAME`.

vault = {json.dumps(str(vault), ensure_ascii=False)}
undo = "10s"                      # how long after approval nothing is sent; "0s": none
machine = "local"                 # this machine's folder in In_Progress/

# [undo_by_kind]                  # other windows for some kinds
# payment = "2m"

[approval]                        # what counts: "move" | "confirm" | "signed" | "two-keys"
default = "move"                  # payment, odoo_*, whatsapp_message, mcp_call, high risk are signed unless said here

# [limits.email_send]             # per kind
# recipients = {DEFAULT_RECIPIENTS}
# per_day = 200
# [limits.payment]
# amount = "1000.00 EUR"

# [contacts]                      # what a name in a chat resolves to
# "Ana" = {{ email = "ana@example.com", whatsapp = "+34600000000", iban = "" }}

# [servers.email]                 # built in: email, social, odoo, whatsapp, payments
# smtp_host = "smtp.example.com"
# smtp_port = 587
# smtp_security = "starttls"      # tls | starttls | none (none: loopback hosts only)
# sender = "me@example.com"
# username = "me"                 # without it no password is asked for: `credentials set email.password`

# [servers.calendar]              # a server of your own
# command = ["npx", "some-mcp-server"]

[sync]
mode = "git"                      # git | none
interval = "60s"

# [console]
# reasons = ["Wrong facts", "Not now"]    # what a digit stands for when a request is rejected
# call = "bell"                   # when something new waits and nobody looks: off | bell | osc9 | osc777
# call_command = ["notify-send"]  # a program of your own instead; it gets how many wait, never what
# [console.keys]                  # other keys for the console's actions; docs/keys.md names these
# approve = "Ctrl+Y"
# next = ["n", "Down"]
# [console.views.invoices]        # a view that v offers: what is listed, and in which order
# section = "Pending"
# filter = "kind:invoice !risk:low"
# order = "risk"                  # age | risk | kind | target | title | sender | thread
"""


def _values(configuration: Configuration) -> Iterator[tuple[str, str]]:
    yield "vault", _quoted(configuration.vault) if configuration.vault else "(none)"
    yield "config_file", _quoted(configuration.config_file)
    yield "state_dir", _quoted(configuration.state_dir.root)
    yield "readonly", _quoted(configuration.readonly)
    yield "ascii", _quoted(configuration.ascii)
    yield "undo", _quoted(format_duration(configuration.undo))
    for kind, undo in configuration.undo_by_kind.items():
        yield f"undo_by_kind.{kind}", _quoted(format_duration(undo))
    yield "machine", _quoted(configuration.machine)
    yield "approval.default", _quoted(configuration.approval.default)
    yield "approval.high_risk", _quoted(configuration.approval.high_risk)
    for kind in configuration.limits:
        yield f"approval.{kind}", _quoted(configuration.approval.level_for(kind, RiskLevel.LOW))
    yield from _limits(configuration)
    for contact in configuration.contacts:
        for name in ("email", "whatsapp", "iban"):
            if getattr(contact, name):
                yield f"contacts.{contact.name}.{name}", _quoted(getattr(contact, name))
    for server in configuration.servers.values():
        yield from _server(server)
    yield "sync.mode", _quoted(configuration.sync.mode)
    yield "sync.interval", _quoted(format_duration(configuration.sync.interval))
    yield "console.reasons", _quoted(configuration.console.reasons)
    yield "console.call", _quoted(configuration.console.call)
    if configuration.console.call_command:
        yield "console.call_command", _quoted(configuration.console.call_command)
    yield from _keys(configuration.console.keys)
    for name, view in configuration.console.views.items():
        yield f"console.views.{name}.section", _quoted(view.section)
        yield f"console.views.{name}.filter", _quoted(view.filter)
        yield f"console.views.{name}.order", _quoted(view.order)


def _keys(keys: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    from platinum_tui.system.key_names import shown

    for name, bound in keys.items():
        yield f"console.keys.{name}", _quoted(tuple(shown(key) for key in bound.split(",")))


def _limits(configuration: Configuration) -> Iterator[tuple[str, str]]:
    for kind, limits in configuration.limits.items():
        for name in ("recipients", "per_day", "amount"):
            value = getattr(limits, name)
            if value is not None:
                yield f"limits.{kind}.{name}", _quoted(value)


def _server(server: ServerSettings) -> Iterator[tuple[str, str]]:
    match server:
        case FamilySettings():
            values = dict(server.values)
        case OwnServer():
            values = {"command": server.command, "env": server.env, "cwd": server.cwd or "", "url": server.url}
    for key, value in values.items():
        if value not in ("", ()):
            yield f"servers.{server.name}.{key}", _quoted(value)


def _origin(configuration: Configuration, key: str) -> str:
    return configuration.origins.get(key, "default")


def _quoted(value: object) -> str:
    plain = list(value) if isinstance(value, tuple) else value
    return json.dumps(plain if isinstance(plain, list | bool | int) else str(plain), ensure_ascii=False)
