"""Whatever a request holds, its whole page is drawn without an exception and in time, and nothing on it can act."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fuzz.targets import TARGETS, in_time

HEADS = st.sampled_from(
    [
        "kind: email_send\nto: ana@example.com\nsubject: s",
        "kind: social_post\nplatform: mastodon",
        "kind: payment\npayee: Acme\namount: 12.50\ncurrency: EUR\naccount: DE89370400440532013000",
        "kind: odoo_invoice_create\ncustomer: c\nlines:\n  - {description: d, quantity: 2, unit_price: 3.00}",
        "kind: mcp_call\nserver: calendar\ntool: t\narguments: {a: [b, {c: d}]}",
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


SHORT = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(max_examples=100_000, deadline=None, suppress_health_check=list(HealthCheck))


def as_text(words: list[str]) -> bytes:
    return " ".join(words).encode("utf-8", "replace")


def check(target: str, data: bytes) -> None:
    with in_time():
        TARGETS[target](data)


@SHORT
@given(HEADS, TEXTS)
def test_no_page_of_a_request_acts_when_it_is_drawn(head: str, words: list[str]) -> None:
    check("page", f"---\n{head}\n---\n".encode() + as_text(words))


@SHORT
@given(TEXTS)
def test_no_text_acts_when_it_is_drawn(words: list[str]) -> None:
    check("text", as_text(words))


@SHORT
@given(st.sampled_from(sorted(TARGETS)), st.binary(max_size=400))
def test_no_bytes_at_all_act_when_they_are_drawn(target: str, data: bytes) -> None:
    check(target, data)


@pytest.mark.long
@LONG
@given(HEADS, TEXTS)
def test_no_page_of_a_hundred_thousand_acts_when_it_is_drawn(head: str, words: list[str]) -> None:
    check("page", f"---\n{head}\n---\n".encode() + as_text(words))


@pytest.mark.long
@LONG
@given(TEXTS)
def test_no_text_of_a_hundred_thousand_acts_when_it_is_drawn(words: list[str]) -> None:
    check("text", as_text(words))
