"""The command line: parses, chooses a front end or a verb, and maps errors to exit codes. The only composition root.

Nothing heavy is imported here: `--version`, `--help` and wrong usage answer before any of it is needed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from platinum_tui import __version__


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments == ["--version"]:
        print(f"platinum-tui {__version__}")  # noqa: T201
        return 0
    return _run(arguments)


def _run(arguments: list[str]) -> int:
    import argparse
    import importlib

    from platinum_tui.model.errors import ExitCode, PlatinumError
    from platinum_tui.parser import parse
    from platinum_tui.verbs.call import Call

    call = Call(argparse.Namespace(json="--json" in arguments), os.environ)
    try:
        call = Call(parse(arguments), os.environ)
        module, _, function = call.arguments.verb.partition(":")
        return int(getattr(importlib.import_module(f"platinum_tui.{module}"), function)(call))
    except PlatinumError as error:
        call.print_error(error)
        return int(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.FAILED)
    except KeyboardInterrupt:
        return int(ExitCode.FAILED)


if __name__ == "__main__":
    sys.exit(main())
