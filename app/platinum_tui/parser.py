"""The parser: every command, its options and its help; from it come completions and the manual page, too."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Sequence
from typing import NoReturn

from platinum_tui import __version__
from platinum_tui.model.errors import UsageError
from platinum_tui.model.spoken import Spoken

_WEB = "front_ends:web"
_STATES = (
    *("pending", "held", "snoozed", "approved", "executing", "done", "rejected", "changes_requested"),
    *("expired", "failed", "unknown", "quarantined", "all"),
)
_FEWEST_DAYS = 90
"""For so many days the audit log is kept at least."""
_KINDS = (
    *("email_send", "email_reply", "social_post", "whatsapp_message", "odoo_customer_create", "odoo_invoice_create"),
    *("odoo_invoice_post", "odoo_payment", "payment", "mcp_call"),
)


class _Parser(argparse.ArgumentParser):
    """An argument parser whose global options stand before or after the command, and whose errors have a remedy."""

    def error(self, message: str) -> NoReturn:
        """Wrong usage."""
        raise UsageError(message, remedy=f"`{self.prog} --help` lists what can be said.")

    def _check_value(self, action: argparse.Action, value: str) -> None:
        """A mistyped word is answered with the nearest one; one like no other with what an option may be."""
        if action.choices is None or value in action.choices:
            return
        message = f"{value} is no {str(action.metavar or action.dest).lower()}."
        nearest = difflib.get_close_matches(value, action.choices, n=1)
        if not nearest and action.option_strings:
            raise UsageError(message, remedy=f"There are: {', '.join(action.choices)}.")
        if not nearest:
            self.error(message)
        raise UsageError(message, remedy=f"Did you mean {nearest[0]}?")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The parsed command line; `verb` names the function that does it. Ends the program on `--help`.

    Raises:
        UsageError: it cannot be understood, or its words do not go together.
    """
    parsed = build().parse_args(arguments)
    _check_demo(parsed)
    _check_workers(parsed)
    if not hasattr(parsed, "verb"):
        parsed.verb = _front_end(parsed)
    return parsed


def build() -> argparse.ArgumentParser:
    """The whole parser."""
    common = _common()
    parser = _Parser(
        prog="platinum-tui",
        description="The console between what AI employees want to do and what really happens.",
        epilog="Without a command the console opens.",
        parents=[common],
    )
    parser.add_argument("--daemon", action="store_true", help="the workers without a screen")
    parser.add_argument("--once", action="store_true", help="with --daemon: one full pass, then end")
    parser.add_argument(
        "--demo", action="store_true", help="a throw-away vault, alone or with web; nothing leaves the machine"
    )
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=_Parser)
    _add_reading(_Commands(commands, common))
    _add_deciding(_Commands(commands, common))
    _add_running(_Commands(commands, common))
    _add_setting_up(_Commands(commands, common))
    return parser


def _check_demo(parsed: argparse.Namespace) -> None:
    """Whoever asks for the demo means its throw-away vault; a command would act on the real one."""
    if parsed.demo and (parsed.daemon or getattr(parsed, "verb", _WEB) != _WEB):
        raise UsageError(
            "The demo is the console on sample requests; commands act on your own vault.",
            remedy="Say it without --demo for your own vault, or `platinum-tui --demo` alone for the demo.",
        )


def _check_workers(parsed: argparse.Namespace) -> None:
    """Whoever asks for the workers and a command would get one of the two alone."""
    if (parsed.daemon or parsed.once) and hasattr(parsed, "verb"):
        raise UsageError(
            "The workers run alone, without a command.",
            remedy="`platinum-tui --daemon --once` does one full pass; say the command without --daemon and --once.",
        )


def _front_end(parsed: argparse.Namespace) -> str:
    if parsed.once and not parsed.daemon:
        raise UsageError("--once goes with --daemon.", remedy="`platinum-tui --daemon --once` does one full pass.")
    if parsed.demo:
        return "front_ends:demo"
    return "front_ends:daemon" if parsed.daemon else "front_ends:console"


def _common() -> _Parser:
    """The global options; suppressed defaults let them stand on either side of the command."""
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    group = common.add_argument_group("global options")
    group.add_argument("--vault", metavar="PATH", help="the vault (PLATINUM_VAULT)")
    group.add_argument("--config", metavar="FILE", help="the configuration file (PLATINUM_CONFIG)")
    group.add_argument("--state-dir", metavar="DIR", help="ledger, keys and locks (PLATINUM_STATE_DIR)")
    group.add_argument("--readonly", action="store_true", help="decide, execute and write nothing; only freeze works")
    group.add_argument("--ascii", action="store_true", help="draw no sign outside ASCII")
    group.add_argument("--json", action="store_true", help="answer in JSON on stdout, errors too")
    group.add_argument("--version", action="version", version=f"platinum-tui {__version__}")
    return common


class _Commands:
    """Adds commands, each with its verb, to a parser's subparsers."""

    def __init__(self, commands: argparse._SubParsersAction[_Parser], common: _Parser) -> None:
        self._commands = commands
        self._common = common

    def add(self, name: str, verb: str, text: str) -> argparse.ArgumentParser:
        """One command."""
        parser = self._commands.add_parser(name, help=text, description=text, parents=[self._common])
        parser.set_defaults(verb=f"verbs.{verb}")
        return parser

    def group(self, name: str, text: str) -> _Commands:
        """A command with commands of its own."""
        parser = self._commands.add_parser(name, help=text, description=text, parents=[self._common])
        return _Commands(parser.add_subparsers(metavar="ACT", required=True, parser_class=_Parser), self._common)


def _add_reading(commands: _Commands) -> None:
    text = "the requests; pending ones unless told otherwise"
    listing = commands.add("list", "requests:list_requests", text)
    listing.add_argument("--state", action="append", choices=_STATES, metavar="STATE", help=", ".join(_STATES))
    listing.add_argument("--kind", action="append", choices=_KINDS, metavar="KIND", help=", ".join(_KINDS))
    text = "one request, and the exact thing that would be sent"
    show = commands.add("show", "requests:show_request", text)
    show.add_argument("id", type=Spoken, metavar="ID")
    show.add_argument("--raw", action="store_true", help="the file's text, made safe")
    commands.add("status", "status:show_status", "workers, queues, ledger, and whether a person is needed")


def _add_deciding(commands: _Commands) -> None:
    approve = _decision(commands, "approve", "approve what the fingerprint names")
    approve.add_argument("--fingerprint", required=True, metavar="FP")
    approve.add_argument("--note", metavar="TEXT")
    for name, text in (("reject", "reject, with a reason"), ("request-changes", "send back, with what should change")):
        _decision(commands, name, text).add_argument("--reason", required=True, metavar="TEXT")
    snooze = _decision(commands, "snooze", "hide until a time")
    snooze.add_argument("--until", required=True, metavar="WHEN", help="2h, tomorrow, a date or a time")
    _decision(commands, "undo", "take a decision back")
    _decision(commands, "withdraw", "take a request out of the queue in its author's name")
    resolve = _decision(commands, "resolve", "settle an unknown outcome")
    outcome = resolve.add_mutually_exclusive_group(required=True)
    outcome.add_argument("--happened", dest="happened", action="store_true")
    outcome.add_argument("--did-not-happen", dest="happened", action="store_false")
    resolve.add_argument("--evidence", metavar="TEXT")
    edit = commands.add("edit", "editing:edit", "a new version of a request, in $EDITOR")
    edit.add_argument("id", type=Spoken, metavar="ID")
    text = "one file for each action of a file that asks for several"
    edit.add_argument("--split", dest="verb", action="store_const", const="verbs.splitting:split_request", help=text)
    freeze = commands.add("freeze", "decisions:freeze", "stop every execution, across restarts")
    freeze.add_argument("--reason", metavar="TEXT")
    commands.add("thaw", "decisions:thaw", "allow executions again")


def _decision(commands: _Commands, name: str, text: str) -> argparse.ArgumentParser:
    parser = commands.add(name, f"decisions:{name.replace('-', '_')}", text)
    parser.add_argument("id", type=Spoken, metavar="ID")
    return parser


def _add_running(commands: _Commands) -> None:
    tasks = commands.add("tasks", "tasks:run_tasks", "what lies in Needs_Action and In_Progress")
    tasks.add_argument("act", nargs="?", choices=("list", "claim", "release", "done"), default="list")
    tasks.add_argument("id", nargs="?", metavar="ID", default="")
    commands.add("sync", "sync:sync", "one git pull, claim and push pass")
    text = "make a request ours that a machine claimed which is gone for good"
    taking = commands.add("take-over", "sync:take_over", text)
    taking.add_argument("id", type=Spoken, metavar="ID")
    taking.add_argument("--from", dest="machine", required=True, metavar="MACHINE", help="the machine that is gone")
    text = "the MCP server for agents, on stdio: propose, look, wait, revise, withdraw"
    commands.add("agent", "", text).set_defaults(verb="front_ends:agent")
    text = "the console in a browser on this machine, by a link that works once"
    web = commands.add("web", "", text)
    web.set_defaults(verb=_WEB)
    web.add_argument("--port", type=_port, default=0, metavar="N", help="where to listen; any free one by default")
    login = commands.group("service", "run the workers at login (systemd, launchd)")
    login.add("install", "services:install_service", "write the unit that starts them at login")
    login.add("remove", "services:remove_service", "remove it")
    login.add("status", "services:show_service", "whether it is there, and whether it runs")
    serve = commands.add("serve", "servers:serve", "run one local MCP server on stdio")
    serve.add_argument("name", metavar="NAME")
    servers = commands.add("servers", "servers:list_servers", "the local MCP servers")
    servers.add_argument("--tools", action="store_true", help="ask your own servers which tools they have")
    text = "whether WhatsApp's bridge is linked, and the code to scan"
    servers.add_argument("--link", dest="verb", action="store_const", const="verbs.servers:show_link", help=text)
    servers.add_argument("--light", action="store_true", help="draw the code for a terminal with a light background")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: 1 to 65535")
    return int(text)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and int(text) >= _FEWEST_DAYS):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days from {_FEWEST_DAYS} on")
    return int(text)


def _add_setting_up(commands: _Commands) -> None:
    commands.add("init", "setup:init", "vault folders, configuration, signing key").add_argument(
        "path", nargs="?", metavar="PATH"
    )
    doctor = commands.add("doctor", "setup:doctor", "what is wrong or missing, each with its remedy")
    doctor.add_argument("--staged", action="store_true", help="only what git would commit now and must not")
    completing = commands.add("completions", "completions:print_completions", "what a shell needs to complete all this")
    completing.add_argument("shell", choices=("bash", "zsh", "fish"), metavar="SHELL", help="bash, zsh, fish")
    completing.set_defaults(grammar=build)
    config = commands.group("config", "the configuration")
    config.add("path", "setup:show_config_path", "where the file is")
    config.add("show", "setup:show_config", "every value and where it comes from")
    config.add("validate", "setup:validate_config", "everything that is wrong with it")
    contacts = commands.group("contacts", "what a name in a chat resolves to")
    adding = contacts.add("add", "contacts:add_contact", "remember a person's number or address")
    adding.add_argument("name", metavar="NAME")
    adding.add_argument("--whatsapp", metavar="NUMBER", help="with its country code: +34600000000")
    adding.add_argument("--email", metavar="ADDRESS")
    credentials = commands.group("credentials", "secrets, in the keyring")
    for act, text in (("set", "keep one: asked for on a terminal, else a line of stdin"), ("remove", "forget one")):
        credentials.add(act, f"credentials:{act}_credential", text).add_argument("name", metavar="SERVER.NAME")
    credentials.add("list", "credentials:list_credentials", "what is kept, what is missing, where to get it")
    credentials.add("check", "credentials:check_credentials", "whether each server's work")
    importing = credentials.add("import", "credentials:import_credentials", "keep every EMAIL_PASSWORD=… of a file")
    importing.add_argument("file", metavar="FILE")
    audit = commands.group("audit", "the log: proof, reading, export")
    audit.add("verify", "audit:verify_audit", "every change to the log")
    audit.add("show", "audit:show_audit", "the events")
    text = "delete whole days that are older than 90 days, or more"
    expiring = audit.add("expire", "audit:expire_audit", text)
    text = "how many days are kept, 90 at least and by default"
    expiring.add_argument("--days", type=_days, default=_FEWEST_DAYS, metavar="N", help=text)
    export = audit.add("export", "audit:export_audit", "the log as CSV or JSON")
    export.add_argument("--format", choices=("csv", "json"))
