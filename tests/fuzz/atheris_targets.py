"""Coverage-guided fuzzing with atheris (https://github.com/google/atheris); how to run it: docs/testing.md.

python tests/fuzz/atheris_targets.py TARGET [libFuzzer's options] [corpus folders]
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["platinum_tui", "mistune"]):
    from tests.fuzz.targets import SLOWEST_S, TARGETS, in_time

INSTRUMENTED = 6
"""How many times slower than by itself the code runs while its branches are counted, at most."""


def main() -> None:
    """Runs one target for ever, or as long as libFuzzer's options say."""
    target = TARGETS[sys.argv.pop(1)]

    def one(data: bytes) -> None:
        with in_time(SLOWEST_S * INSTRUMENTED):
            target(data)

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
