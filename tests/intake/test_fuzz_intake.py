"""Whatever bytes lie in a request folder: reading them never raises, and what is shown of them cannot act."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from platinum_tui.intake.attachments import AttachmentFacts
from platinum_tui.intake.reader import Surroundings, read_request
from platinum_tui.intake.splitting import split_request
from platinum_tui.model.canonical import build_action, fields_of
from platinum_tui.model.contacts import Contact, ContactBook
from platinum_tui.model.text import safe

AROUND = Surroundings(
    datetime(2026, 1, 15, 12, tzinfo=UTC),
    ContactBook({"Ana": Contact("Ana", "ana@example.com", "+12025550142")}),
    frozenset({"calendar"}),
    lambda path: AttachmentFacts(sha256="0" * 64) if len(path) % 2 else AttachmentFacts(reason="is not there"),
)
SEEDS = sorted((Path(__file__).parents[1] / "samples" / "requests").glob("*/*"))
PIECES = """--- to: subject: kind: email_send action: payment amount: 1,250.00 EUR **To:** ## [x](y) {{a}} ``` > | -
<!-- --> <a href= [[ &a *a !!x 2026-01-15 +1202 @ ana@example.com Draft Reply Original Message Body"""
WORDS = st.sampled_from([*PIECES.split(), "\x1b[2J", "\u202e", "\u200b", "\r", "\n", "\n\n", "\x85", "\ufeff", "\t"])
MARKDOWN = st.lists(st.one_of(WORDS, st.text(max_size=12)), max_size=60).map(" ".join)
NAMES = st.sampled_from(["Pending_Approval/a.md", "Pending_Approval/a.json", "Pending_Approval/x/EMAIL_POST_1.md", "a"])


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A sample with a part cut out, repeated, or written over."""
    data = draw(st.sampled_from(SEEDS)).read_bytes()[:4096]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 40)))
        piece = draw(st.one_of(st.binary(max_size=12), WORDS.map(str.encode), st.just(data[start:end] * 3)))
        data = data[:start] + piece + data[end:]
    return data


HEADS = st.sampled_from(
    [
        "kind: payment\npayee: Acme",
        "type: email_reply\nfrom: ana@example.com",
        "action: send_email\nsubject: Hi",
        "type: linkedin_post",
        "type: whatsapp_reply",
        "action: create_odoo_invoice\ncustomer: Acme",
        "kind: odoo_payment",
    ]
)
_TITLES = "Draft Reply/Original Message/Details/Notes/Body/Payment/(Optional) Notes/📧/2026/Why this/[x]/"
TITLES = st.one_of(st.sampled_from(_TITLES.split("/")), st.text(max_size=10))
_LABELS = "To Cc IBAN Amount Subject Body From Invoice Notes Platform Original-message"
LABELS = st.sampled_from(_LABELS.replace("-", " ").split())
VALUES = st.one_of(st.sampled_from(["ana@example.com", "EUR 9.00", "", "a.md", "+12025550142"]), st.text(max_size=10))
LINES = st.one_of(
    st.tuples(st.sampled_from(["# ", "## ", "### ", "##", "- ", "  - ", "1. ", "> ", "    "]), TITLES).map("".join),
    st.tuples(
        st.sampled_from(["", "**", "- ", "  - ", "| ", "> "]), LABELS, st.sampled_from([": ", ":** ", " | "]), VALUES
    ).map("".join),
    st.sampled_from(
        [
            "",
            "---",
            "===",
            "```",
            "```json",
            '{"to": "a@b.example"}',
            "<details>",
            "</details>",
            "%%",
            "Eve wrote:",
            "|---|---|",
        ]
    ),
    st.text(max_size=20),
)
DOCUMENTS = st.tuples(HEADS, st.lists(LINES, max_size=16).map("\n".join)).map("---\n{0[0]}\n---\n{0[1]}\n".format)
"""Files that are nearly requests: what stands below what is what the reader has to tell apart."""
INPUTS = st.one_of(
    st.binary(max_size=400),
    MARKDOWN.map(str.encode),
    spoiled(),
    DOCUMENTS.map(lambda text: text.encode("utf-8", "replace")),
)


def check(data: bytes, file: str) -> None:
    request = read_request(data, file, AROUND)
    assert (request.action is None) == bool(request.problems or request.kind is None)
    if request.action is not None and request.kind is not None:
        assert fields_of(build_action(request.kind, request.fields)) == dict(request.fields)
    shown = [request.text, *map(str, request.fields.values()), *(p.message for p in request.problems)]
    shown += [warning.message for warning in request.warnings]
    assert not any(char in safe(text) for text in shown for char in "\x1b\x07\x08\r\x7f\x9b\x9d")
    assert all(isinstance(text, str) for text in split_request(data, file, AROUND))
    assert read_request(data, file, AROUND) == request


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(INPUTS, NAMES)
def test_any_bytes_give_a_request_and_nothing_else(data: bytes, file: str) -> None:
    check(data, file)


@pytest.mark.long
@settings(max_examples=1_000_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(INPUTS, NAMES)
def test_a_million_inputs_give_requests_and_nothing_else(data: bytes, file: str) -> None:
    check(data, file)
