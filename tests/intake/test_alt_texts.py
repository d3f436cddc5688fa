"""What a picture shows: said once for each, wherever the agent writes it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from platinum_tui.intake.attachments import AttachmentFacts
from platinum_tui.intake.reader import read_request
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.model.contacts import ContactBook
from platinum_tui.model.request import Request

AROUND = Surroundings(
    datetime(2026, 1, 15, tzinfo=UTC), ContactBook({}), frozenset(), lambda path: AttachmentFacts(sha256="a" * 64)
)


def read(head: str, text: str = "Fresh loaves.") -> Request:
    data = f"---\nkind: social_post\nplatform: mastodon\n{head}\n---\n{text}\n".encode()
    return read_request(data, "Pending_Approval/post.md", AROUND)


@pytest.mark.parametrize(
    "head",
    [
        "media: [a.jpg, b.jpg]\nalt_text: [A loaf, An oven]",
        "media:\n  - {path: a.jpg, alt_text: A loaf}\n  - {path: b.jpg, alt: An oven}",
        "media: [a.jpg, b.jpg]\nimage_alt_text:\n  - A loaf\n  - An oven",
    ],
)
def test_each_picture_has_its_words(head):
    request = read(head)

    assert not request.problems
    assert request.fields["alt_text"] == ["A loaf", "An oven"]


def test_a_picture_without_words_keeps_its_place():
    request = read("media:\n  - {path: a.jpg}\n  - {path: b.jpg, alt_text: An oven}")

    assert request.fields["alt_text"] == ["", "An oven"]


def test_no_words_are_no_field():
    assert "alt_text" not in read("media: [a.jpg]").fields


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("media: [a.jpg, b.jpg]\nalt_text: A loaf", "invalid_value"),
        ("alt_text: A loaf", "invalid_value"),
        ("media: [{path: a.jpg, alt_text: A loaf}]\nalt_text: A cake", "disagreeing_sources"),
        ("media: [a.jpg]\nalt_text: [{a: b}]", "invalid_value"),
        ("media: [a.jpg]\nalt_text: " + "long " * 400, "too_long"),
        ("media: [a.jpg]\nalt_text: '{{what it shows}}'", "placeholder"),
    ],
)
def test_words_that_do_not_fit_are_a_problem(head, code):
    assert [(problem.code, problem.field) for problem in read(head).problems] == [(code, "alt_text")]


def test_the_words_are_part_of_what_is_approved():
    digests = {read(f"media: [a.jpg]\nalt_text: {words}").digest for words in ("A loaf", "A cake")}

    assert len(digests) == 2
