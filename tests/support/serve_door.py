"""`serve NAME` for tests: loads the configuration and runs one server on stdio, as the command line does."""

from __future__ import annotations

import argparse
import importlib
import os

from platinum_tui.system.configuration import Options, load

parser = argparse.ArgumentParser()
parser.add_argument("name")
for option in ("--config", "--state-dir", "--vault"):
    parser.add_argument(option)
given = parser.parse_args()
configuration = load(Options(vault=given.vault, config=given.config, state_dir=given.state_dir), os.environ)
importlib.import_module(f"platinum_executors.{given.name}").serve(configuration, os.environ)
