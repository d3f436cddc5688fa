"""The front ends: console, daemon, demo and the agents' door. Composed here, nowhere else."""

from __future__ import annotations

import os
import signal
import sys
from functools import cache
from typing import TYPE_CHECKING

from platinum_tui.model.errors import ExitCode, UsageError
from platinum_tui.verbs.call import Call

if TYPE_CHECKING:
    from platinum_tui.console.first_page import FirstPage, Keeper
    from platinum_tui.review.house import House
    from platinum_tui.review.roll import Roll
    from platinum_tui.service import Service


def console(call: Call) -> int:
    """The full-screen console on the configured vault, with its workers inside."""
    if _is_in_browser(call):
        return _console(call, None, None)
    _require_terminal("`platinum-tui --daemon` runs without one; `platinum-tui list` shows the requests.")
    _leave_cleanly_when_told()
    from platinum_tui.console.curtain import Curtain

    keeper = _keeper(call)
    with Curtain(keeper) as curtain:
        return _console(call, keeper, curtain.page)


def _console(call: Call, keeper: Keeper | None, first: FirstPage | None) -> int:
    """The console behind its first page."""
    from platinum_tui.vault.folders import Folder

    configuration = call.configuration()
    if configuration.vault is None or not (configuration.vault / Folder.PENDING).is_dir():
        from platinum_tui.console.first_run import show_first_run
        from platinum_tui.review.founding import FirstSteps

        steps = None if configuration.readonly else FirstSteps(call.options, call.environ)
        made = show_first_run(steps, configuration.vault, configuration.config_file, ascii=configuration.ascii)
        if made is None:
            return int(ExitCode.DONE if steps and steps.vault else ExitCode.USAGE)
        call.arguments.vault = str(made)
        configuration = call.configuration()
    root = configuration.vault_root

    @cache
    def house() -> House:
        from platinum_tui.review.house import House

        return House.open(configuration, environ=call.environ)

    def known() -> Roll:
        from platinum_tui.review.admission import Admission
        from platinum_tui.review.queue import Queue

        return Queue(house(), Admission(house())).roll()

    def build() -> Service:
        from platinum_tui.service import Service

        return Service(house())

    from platinum_tui.console.late_service import LateService
    from platinum_tui.console.start import run
    from platinum_tui.system.clock import SystemClock

    late = LateService(build, SystemClock(), readonly=configuration.readonly, known=known)
    settings = configuration.console
    return run(late, ascii=configuration.ascii, vault=str(root), first=first, keeper=keeper, settings=settings)


def _keeper(call: Call) -> Keeper:
    """Where the first page of what this call would show is kept; the configuration is not read for that."""
    from platinum_tui.console.first_page import Keeper
    from platinum_tui.system import paths

    options, environ = call.options, call.environ
    given = options.state_dir or environ.get("PLATINUM_STATE_DIR")
    root = paths.expand(given, environ) if given else paths.state_dir(environ)
    variables = ("PLATINUM_VAULT", "PLATINUM_CONFIG", "HOME", "XDG_CONFIG_HOME")
    named = [options.vault or "", options.config or "", os.getcwd(), *(environ.get(name, "") for name in variables)]  # noqa: PTH109
    return Keeper(root, named, environ, ascii=options.ascii)


def daemon(call: Call) -> ExitCode:
    """The workers without a screen."""
    from platinum_tui.daemon import run
    from platinum_tui.review.house import House
    from platinum_tui.service import Service

    service = Service(House.open(call.configuration(), environ=call.environ))
    return run(service, once=call.arguments.once)


def agent(call: Call) -> ExitCode:
    """The MCP server for agents, on stdio."""
    from platinum_tui.agents.door import serve

    with call.service() as service:
        serve(service)
    return ExitCode.DONE


def demo(call: Call) -> int:
    """The console on a throw-away vault with a mail sink in the process; all of it is removed at the end."""
    if not _is_in_browser(call):
        _require_terminal("The demo is the full-screen console; open it in a terminal.")
        _leave_cleanly_when_told()
    from platinum_tui.console.late_service import LateService
    from platinum_tui.console.start import run
    from platinum_tui.demo.stage import Stage
    from platinum_tui.system.clock import SystemClock

    clock = SystemClock()
    with Stage(clock) as stage:
        late = LateService(stage.build, clock, readonly=call.options.readonly)
        return run(late, ascii=call.options.ascii, demo=True, vault="demo")


def web(call: Call) -> ExitCode:
    """The console, or the demo, in a browser on this machine."""
    from platinum_tui.web.server import serve

    def announce(link: str) -> None:
        call.say("Open this link in a browser on this machine; it works once, and whoever opens it decides for you.")
        if call.as_json:
            call.print_json({"link": link})
        else:
            call.print_text(link)
        call.say("Ctrl-C ends it.")
        sys.stdout.flush()

    if not call.arguments.demo:
        call.configuration()  # what is wrong with it is told here, not in the browser
    serve([sys.executable, "-m", "platinum_tui.cli", *_console_arguments(call)], call.arguments.port, announce)
    return ExitCode.DONE


def _console_arguments(call: Call) -> list[str]:
    """What makes another process show the console, or the demo, that this call asks for."""
    options, arguments = call.options, ["--demo"] if call.arguments.demo else []
    for name, value in (("vault", options.vault), ("config", options.config), ("state-dir", options.state_dir)):
        arguments += [f"--{name}={value}"] if value else []
    return [*arguments, *(f"--{name}" for name in ("readonly", "ascii") if getattr(options, name))]


def _is_in_browser(call: Call) -> bool:
    """Whether `platinum-tui web` started us: what we draw goes through its pipe."""
    return call.environ.get("TEXTUAL_DRIVER", "").startswith("textual.drivers.web_driver")


def _leave_cleanly_when_told() -> None:
    """Let a closed terminal or a SIGTERM end the program the way `q` does: workers stopped, the demo removed."""

    def leave(_number: int, _frame: object) -> None:
        raise SystemExit(ExitCode.DONE)

    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, leave)


def _require_terminal(remedy: str) -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("The console needs a terminal.", remedy=remedy)
