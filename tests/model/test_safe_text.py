"""Foreign text passes one door before it is shown: nothing in it can act or hide."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platinum_tui.model.text import safe, safe_line


def is_hidden(char: str) -> bool:
    """Whether a character cannot be seen or can act: control, format, private use, surrogate, line or paragraph end."""
    return char not in "\n\t" and unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


HIDDEN = [chr(code) for code in range(sys.maxunicode + 1) if is_hidden(chr(code))]


def test_every_character_that_acts_or_hides_is_shown_by_its_code() -> None:
    passed = [char for char in HIDDEN if safe(f"a{char}b") != f"a⟦U+{ord(char):04X}⟧b"]
    assert passed == []


def test_ordinary_text_of_every_script_stays_as_it_is() -> None:
    text = "Grüße\tмир\nسلام שלום नमस्ते 日本語 ข้อความ — “x” €1"
    assert safe(text) == text


@pytest.mark.parametrize("text", ["👨‍👩‍👧", "👩🏽‍🚒", "❤️‍🔥", "🏳️‍🌈", "می‌خواهم", "क्‌ष"])
def test_joiners_stay_where_they_are_ordinary_spelling(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize("text", ["Le\u200cna", "a\u200db", "^\u200d^", "a\ufe0f\u200d👧", "\u200d👧", "ana\u200c@x"])
def test_joiners_elsewhere_are_shown(text: str) -> None:
    assert "⟦U+200" in safe(text)


def test_a_lone_carriage_return_cannot_print_over_a_line() -> None:
    assert safe("To: ana\rTo: eve\r\nend") == "To: ana⟦U+000D⟧To: eve\nend"


def test_a_place_of_one_line_gets_one_line() -> None:
    assert safe_line(" a\n\tb\u2028c ") == "a ⏎  ⇥ b⟦U+2028⟧c"


@given(st.text(st.characters(), max_size=300))
def test_nothing_hidden_passes_but_the_two_joiners(text: str) -> None:
    assert {char for char in safe(text) if is_hidden(char)} <= {"\u200c", "\u200d"}
    assert all(unicodedata.category(char) != "Cc" for char in safe_line(text))
