"""How long reading a request takes: typical ones beside libyaml, hostile ones in milliseconds per 100 KB.

    .venv/bin/python -m benchmarks.intake_speed [--all]

A typical request of 2 KB is read beside `yaml.load(front matter, Loader=yaml.CSafeLoader)`; the figure is the ratio.
Hostile requests put 100 KB of one piece, repeated, into one place; the slowest are printed, with `--all` every one.
Times are of the process, the least of five; the target is 50 ms per 100 KB.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import yaml

from platinum_tui.intake.attachments import AttachmentFacts
from platinum_tui.intake.reader import read_request
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.model.contacts import Contact, ContactBook

AROUND = Surroundings(
    datetime(2026, 1, 15, 12, tzinfo=UTC),
    ContactBook({"Ana": Contact("Ana", "ana@example.com", "+12025550142")}),
    frozenset({"calendar"}),
    lambda _: AttachmentFacts(sha256="0" * 64),
)
TARGET = 50.0
SIZE = 100_000
ROUNDS = 5
PROSE = "Dear Ana,\n\nthank you for your message of last week. We have looked at the papers and can begin in May.\n\n"
TYPICAL = {
    "canonical mail": "---\nid: req-1\nkind: email_send\nto:\n  - ana@example.com\nsubject: Offer for spring\n"
    "created_at: 2026-01-10T09:00:00Z\nexpires_at: 2026-02-10T09:00:00Z\nreason: follow up\n---\n" + PROSE * 16,
    "mail with labels": "---\ntype: approval_request\naction: send_email\nto: ana@example.com\n"
    "subject: Offer for spring\ncreated: 2026-01-10 09:00\nstatus: pending\n---\n\n"
    "# Approval required: send email\n\n## Details\n\n- **To:** ana@example.com\n- **Subject:** Offer for spring\n\n"
    "## Draft\n\n" + PROSE * 14 + "## To approve\n\nMove this file to Approved/.\n",
}
PLACES = {
    "canonical body": "---\nkind: email_send\nto: ana@example.com\nsubject: s\n---\n{}",
    "bare body": "---\naction: send_email\nto: ana@example.com\nsubject: s\n---\n{}",
    "no front matter": "{}",
    "draft": "---\naction: send_email\nto: ana@example.com\nsubject: s\n---\n## Draft\n{}",
    "quoted": "---\naction: reply_email\nfrom: ana@example.com\nsubject: s\n---\n## Original Message\n{}\n## Draft\nhi",
    "label": "---\naction: send_email\n---\n**To:** {}\n**Subject:** s\n## Draft\nhi",
    "under a heading": "---\naction: send_email\n---\n## To\n{}\n## Draft\nhi",
    "recipients": "---\nkind: email_send\nto: [{}]\nsubject: s\n---\nhi",
    "subject": "---\nkind: email_send\nto: ana@example.com\nsubject: '{}'\n---\nhi",
    "broken YAML": "---\naction: send_email\nto: ana@example.com\nsubject: : {}\n---\nhi",
    "JSON": '{{"kind": "email_send", "to": "ana@example.com", "subject": "s", "body": "{}"}}',
    "JSON list": '{{"kind": "email_send", "to": [{}1], "subject": "s", "body": "b"}}',
    "number": "---\nkind: whatsapp_message\nto: 'a {}'\n---\nhi",
    "post": "---\naction: linkedin_post\n---\n# Post\n{}",
    "invoice": "---\naction: create_invoice\ncustomer: c\n---\n## Items\n{}",
}
PIECES = [
    "a\n", "> x\n", "[a]: b\n", "<!-- ", "*\n", "\n", "- a\n", "**a\n", "a: b\n", "**a:** b\n", "```\n",
    "---\n", "# a\n", "| a | b |\n", "|", " ", "\t", "a", "a ", "a@", "a.", "a@b.", "<", "<a ", "<a href=", "(",
    "((a)", "[", "[a](", "![", "](", "1", "1,", "1 ", "4111 ", "+1", "_", "**", "*a ", "`", "{", "{{",
    "http://a ", "я", "яa ", "=", "#", ">", "> > ", ":", "a: ", "-", ".", ",", "<div style=", "display:none ",
    "password ", "eyJ", "\u200b", "\x1b[2J", "draft ", "original ", "SYSTEM: ", "a@example.com, ", "&nbsp;",
    "-----BEGIN ", "sk-", "\"a\",", "[1],",
]  # fmt: skip


def least(call: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The least time of the process that some rounds of a call take, in milliseconds."""
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        call()
        times.append(time.process_time() - begun)
    return min(times) * 1000


def hostile() -> Iterator[tuple[float, str]]:
    """Every place filled with every piece: milliseconds per 100 KB, and what it was."""
    for place, form in PLACES.items():
        for piece in PIECES:
            data = form.format((piece * SIZE)[:SIZE]).encode()
            once = least(lambda data=data: read_request(data, "Pending_Approval/a.md", AROUND), 1)  # type: ignore[misc]
            rounds = ROUNDS - 1 if once * SIZE / len(data) > TARGET / 2 else 0
            again = (
                least(lambda data=data: read_request(data, "Pending_Approval/a.md", AROUND), rounds) if rounds else once
            )  # type: ignore[misc]
            yield min(once, again) * SIZE / len(data), f"{place} of {piece!r}"


def main() -> int:
    """Prints the figures; 1 where a hostile request is over the target."""
    for name, text in TYPICAL.items():
        data, front = text.encode(), text.split("---\n")[1]
        ours = least(lambda data=data: read_request(data, "Pending_Approval/a.md", AROUND), 200)  # type: ignore[misc]
        theirs = least(lambda front=front: yaml.load(front, Loader=yaml.CSafeLoader), 200)  # type: ignore[misc]
        print(f"{name}, {len(data)} bytes: {ours:.2f} ms, {ours / theirs:.1f} times libyaml's")
    figures = sorted(hostile(), reverse=True)
    for figure, name in figures if "--all" in sys.argv else figures[:10]:
        print(f"{figure:7.1f} ms per 100 KB  {name}")
    print(f"{sum(figure > TARGET for figure, _ in figures)} of {len(figures)} over {TARGET:.0f} ms")
    return int(figures[0][0] > TARGET)


if __name__ == "__main__":
    raise SystemExit(main())
