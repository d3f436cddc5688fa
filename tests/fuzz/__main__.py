"""The long run: every target one after the other, in a process of its own, until all have had their inputs.

python -m tests.fuzz [--runs N] [--corpus FOLDER] [TARGET ...]

N is the number of inputs for each target, 250,000 unless told. It prints one line a target, and ends with 1 at the
first finding. The interpreter needs atheris: see docs/testing.md.
"""

# ruff: noqa: T201

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NAMES = ("intake", "page", "text", "line")
SAMPLES = Path(__file__).parents[1] / "samples" / "requests"
_DONE = re.compile(r"Done (\d+) (?:runs )?in (\d+)|stat::number_of_executed_units:\s+(\d+)")


def main() -> int:
    """Runs the targets."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--runs", type=int, default=250_000)
    parser.add_argument("--corpus", type=Path, default=Path(tempfile.gettempdir()) / "platinum-corpus")
    parser.add_argument("targets", nargs="*", default=NAMES, metavar="TARGET")
    chosen = parser.parse_args()
    total = 0
    for name in chosen.targets:
        corpus = chosen.corpus / name
        if not corpus.is_dir():
            corpus.mkdir(parents=True)
            for sample in SAMPLES.rglob("*.*"):
                if sample.is_file() and sample.stat().st_size < 8192:
                    shutil.copy(sample, corpus / f"{sample.parent.name}-{sample.name}")
        begun = time.monotonic()
        options = [f"-runs={chosen.runs}", "-max_len=2048", "-timeout=20", "-print_final_stats=1", "-verbosity=0"]
        command = [sys.executable, str(Path(__file__).with_name("atheris_targets.py")), name, *options, str(corpus)]
        ended = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        counts = [int(match[3]) for match in _DONE.finditer(ended.stderr) if match[3]]
        total += counts[-1] if counts else 0
        print(
            f"{name}: {counts[-1] if counts else 0} inputs in {time.monotonic() - begun:.0f} s, "
            f"{'nothing found' if ended.returncode == 0 else 'a finding'}",
            flush=True,
        )
        if ended.returncode:
            print(ended.stdout[-4000:], ended.stderr[-4000:], sep="\n")
            return 1
    print(f"{total} inputs in all")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
