"""`config show` says what holds and why; `init` writes a file that explains itself."""

from __future__ import annotations

import re
from pathlib import Path

from platinum_tui.system.configuration import Options, load, validate
from platinum_tui.system.configuration_text import default_text, describe


def write(tmp_path: Path, text: str) -> Options:
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    return Options(config=str(tmp_path / "config.toml"))


def test_each_value_is_shown_with_where_it_comes_from(tmp_path: Path) -> None:
    options = write(tmp_path, 'undo = "90s"\n[servers.odoo]\nurl = "https://erp.example.com"\ndatabase = "db"\n')
    shown = describe(load(options, {"HOME": str(tmp_path), "PLATINUM_VAULT": "/v"}))
    assert ("vault", '"/v"', "environment") in shown
    assert ("undo", '"1m30s"', "file") in shown
    assert ("machine", '"local"', "default") in shown
    assert ("approval.payment", '"signed"', "default") in shown
    assert ("servers.odoo.url", '"https://erp.example.com"', "file") in shown


def test_the_file_that_init_writes_is_valid_as_it_is(tmp_path: Path) -> None:
    vault = Path('/home/ana/My "vault" \\ Ünï')
    assert load(write(tmp_path, default_text(vault)), {"HOME": str(tmp_path)}).vault == vault


def test_every_setting_that_it_offers_is_one(tmp_path: Path) -> None:
    rest = default_text(Path("/v")).partition("\n\n")[2]
    uncommented = re.sub(r'(?m)^# (?=[\[a-z"])', "", rest)
    assert uncommented.count("\n[") > 7
    assert validate(write(tmp_path, uncommented), {"HOME": str(tmp_path)}) == ()
