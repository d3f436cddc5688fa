"""Whatever a request holds, its whole page is drawn without an exception and nothing on it can act."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.drawing import acting, request_as_drawn, text_as_drawn

from platinum_tui.intake.attachments import AttachmentFacts
from platinum_tui.intake.reader import read_request
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.model.contacts import ContactBook
from platinum_tui.system.configuration import load
from platinum_tui.system.options import Options

AROUND = Surroundings(
    datetime(2026, 1, 15, 12, tzinfo=UTC), ContactBook(), frozenset(), lambda _: AttachmentFacts(sha256="0" * 64)
)
CONFIGURATION = load(Options(), {"HOME": "/nonexistent"})
HEADS = st.sampled_from(
    [
        "kind: email_send\nto: ana@example.com\nsubject: s",
        "kind: social_post\nplatform: mastodon",
        "kind: whatsapp_message\nto: '+12025550142'",
        "action: send_email\nto: ana@example.com",
        "type: note",
    ]
)
MARKDOWN = (
    """# > - * ** _ ` ``` ~~~ [a](b) ![c](http://d) [e]: f [e] <!-- --> <b> </b> &#27; &#155; &lt; | |-| 1. --- ==="""
)
CONTROLS = (
    "\x1b[2J",
    "\x1b]0;t\x07",
    "\x9b31m",
    "\u202e",
    "\u200b",
    "\ufeff",
    "\r",
    "\t",
    "\x00",
    "\x7f",
    "\u2028",
    "\ud7ff",
)
WORDS = st.sampled_from([*MARKDOWN.split(), *CONTROLS, "\n", "\n\n", "    "])
TEXTS = st.lists(st.one_of(WORDS, st.text(max_size=8)), max_size=50)


def check(head: str, words: list[str]) -> None:
    text = " ".join(words)
    assert acting(text_as_drawn(text)) == []
    request = read_request(f"---\n{head}\n---\n{text}".encode("utf-8", "replace"), "Pending_Approval/a.md", AROUND)
    assert acting(request_as_drawn(request, CONFIGURATION)) == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HEADS, TEXTS)
def test_no_text_acts_when_it_is_drawn(head: str, words: list[str]) -> None:
    check(head, words)


@pytest.mark.long
@settings(max_examples=100_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(HEADS, TEXTS)
def test_no_text_of_a_hundred_thousand_acts_when_it_is_drawn(head: str, words: list[str]) -> None:
    check(head, words)
