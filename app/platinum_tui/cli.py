"""The command line: parses, chooses a front end or a verb, and maps errors to exit codes. The only composition root.

Nothing heavy is imported here: `--version`, `--help` and wrong usage answer before any of it is needed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from platinum_tui import __version__

if TYPE_CHECKING:
    from platinum_tui.model.errors import PlatinumError


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        try:
            if arguments != ["--version"]:
                return _run(arguments)
            print(f"platinum-tui {__version__}")  # noqa: T201
            return 0
        finally:  # `--help` ends in the middle
            if sys.stdout:
                sys.stdout.flush()
    except OSError as error:
        return _unheard(error)


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
        raise
    except OSError as error:
        call.print_error(_refused(error))
        return int(ExitCode.FAILED)
    except KeyboardInterrupt:
        return int(ExitCode.FAILED)


def _refused(error: OSError) -> PlatinumError:
    """What the machine refused somewhere where nobody expected it, in a sentence."""
    from platinum_tui.model.errors import DiskFailed, Failed
    from platinum_tui.system.disk import is_disk_failure, reason_of

    kind = DiskFailed if is_disk_failure(error) else Failed
    return kind(f"The machine refuses: {reason_of(error)}.")


def _unheard(error: OSError) -> int:
    """The answer cannot be written: who went away is told nothing, and the end of the program does not try again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not isinstance(error, BrokenPipeError):
        remedy = "What was asked for may be done all the same; look before you ask again."
        print(f"platinum-tui: The answer cannot be written: {error.strerror}.\n{remedy}", file=sys.stderr)  # noqa: T201
    return 1


if __name__ == "__main__":
    sys.exit(main())
