"""Vaults to measure with: many requests, an index that has read them, and the same number of mails for the peers."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from platinum_tui.review.desk import Desk
from platinum_tui.review.house import House
from platinum_tui.review.index_rows import FileRow, Reading
from platinum_tui.review.inventory import STATE_OF, pack, row_of
from platinum_tui.system.configuration import Options, load
from platinum_tui.vault.folders import Vault
from platinum_tui.vault.scan import scan

_REQUEST = (
    """\
---
kind: email_send
id: r-{number}
to: [p{person}@example.com]
subject: Request {number}
created_at: 2026-11-{day:02}T10:00:00Z
---
Hello,

this is request {number} with a few words of text that somebody would read.
"""
    + "More text. " * 60
    + "\n"
)
_MAIL = (
    """\
From: p{person}@example.com
To: me@example.com
Subject: Request {number}
Date: {day:02} Nov 2026 10:00:00 +0000
Message-ID: <r-{number}@example.com>

Hello,

this is request {number} with a few words of text that somebody would read.
"""
    + "More text. " * 60
    + "\n"
)
_PORTION = 1000


def make_vault(root: Path, count: int) -> Path:
    """A vault with that many requests, made once; gives its configuration file."""
    vault, configuration = root / "vault", root / "config.toml"
    if not configuration.exists():
        Vault(vault).ensure()
        folder = vault / "Pending_Approval" / "cloud"
        for number in range(count):
            text = _REQUEST.format(number=number, person=number % 500, day=number % 20 + 1)
            (folder / f"r{number:06}.md").write_text(text)
        configuration.write_text(
            f'vault = "{vault}"\n[servers.email]\nsmtp_host = "127.0.0.1"\nsender = "me@example.com"\n'
        )
    return configuration


def make_maildir(root: Path, count: int) -> Path:
    """A Maildir with that many mails, made once."""
    folder = root / "mails" / "INBOX"
    if not folder.exists():
        for name in ("cur", "new", "tmp"):
            (folder / name).mkdir(parents=True)
        for number in range(count):
            text = _MAIL.format(number=number, person=number % 500, day=number % 20 + 1)
            (folder / "cur" / f"{1_700_000_000 + number}.M{number}.host:2,S").write_text(text)
    return folder


def open_desk(configuration: Path, state: Path) -> Desk:
    """The desk of a vault, with its state in a directory of its own."""
    options = Options(config=str(configuration), state_dir=str(state))
    return Desk(House.open(load(options, os.environ)))


def fill_index(desk: Desk) -> None:
    """Have an index as if every file had been read: the first one is, and the others are entered as its likes.

    What is measured is what a list costs that was read before; the reading itself has a benchmark of its own.
    """
    queue = desk.queue
    index, inventory = queue.index, queue.inventory
    found = list(scan(desk.house.vault, tuple(STATE_OF)))
    inventory.look_at([found[0].file])
    (first,) = index.rows_of_files([found[0].file])
    reading = index.readings([first])[first.place]
    for start in range(0, len(found), _PORTION):
        rows: list[FileRow] = []
        readings: list[Reading] = []
        for entry in found[start : start + _PORTION]:
            number = int(entry.file.rpartition("/r")[2].removesuffix(".md"))
            request = dataclasses.replace(
                reading.request,
                id=f"r-{number}",
                declared_id=f"r-{number}",
                file=entry.file,
                sha256=f"{number:064x}",
                fields={**reading.request.fields, "subject": f"Request {number}"},
            )
            readings.append(reading._replace(request=request))
            rows.append(row_of(entry, pack(entry.identity), readings[-1], request.id))
        index.put(rows, readings)
