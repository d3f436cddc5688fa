"""The services' logs say what happened, never what was in it, and never a secret."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platinum_tui.system import logs
from platinum_tui.system.logs import HIDDEN, Log, LogName, Redactor

SECRET = 'hunt"er2/ü+ \\x'


@pytest.fixture
def redactor() -> Redactor:
    return Redactor([SECRET])


@pytest.fixture
def log(tmp_path: Path, redactor: Redactor) -> Iterator[Log]:
    log = Log(tmp_path / "Logs", LogName.EXECUTOR, redactor)
    yield log
    log.close()


def lines(tmp_path: Path) -> list[dict[str, object]]:
    text = (tmp_path / "Logs" / "approval_executor.log").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_an_event_is_one_json_object_with_known_fields_only(tmp_path: Path, log: Log) -> None:
    log.info("executed", request_id="r1", seconds=0.5, body="Dear Ana", subject="Hi", password="x")
    log.error("failed", error="line one\nline two \x1b[2J")
    first, second = lines(tmp_path)
    assert {name: first[name] for name in ("level", "event", "request_id", "seconds")} == {
        "level": "info",
        "event": "executed",
        "request_id": "r1",
        "seconds": 0.5,
    }
    assert set(first) == {"time", "level", "event", "request_id", "seconds"}
    assert (second["level"], second["error"]) == ("error", "line one ⏎ line two ⟦U+001B⟧[2J")


@pytest.mark.parametrize(
    "spelling",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        urlencode({"q": SECRET}),
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
        SECRET.encode().hex(),
        *(base64.b64encode(b"me:x"[:lead] + SECRET.encode() + b"tail").decode() for lead in range(5)),
        *(base64.urlsafe_b64encode(b"me:x"[:lead] + SECRET.encode()).decode() for lead in range(5)),
    ],
)
def test_a_secret_is_hidden_however_it_is_spelled(tmp_path: Path, log: Log, spelling: str) -> None:
    log.error(f"refused {spelling}", error=f"server said: {spelling}!", reason="x" * 490 + spelling)
    text = (tmp_path / "Logs" / "approval_executor.log").read_text("utf-8")
    assert text.count(HIDDEN) >= 2
    for part in (SECRET, "hunt", quote(SECRET)[:8], SECRET.encode().hex()[:16], base64.b64encode(SECRET.encode())[:8]):
        assert (part.decode() if isinstance(part, bytes) else part) not in text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=8, max_size=40), st.binary(max_size=5))
def test_any_secret_is_hidden_raw_and_in_base64(secret: str, before: bytes) -> None:
    redactor = Redactor([secret])
    assert redactor.redact(f"a{secret}b") == f"a{HIDDEN}b"
    encoded = base64.b64encode(before + secret.encode()).decode()
    hidden = redactor.redact(encoded)
    assert HIDDEN in hidden
    assert len(hidden) - len(HIDDEN) <= (len(before) + 2) // 3 * 4 + 4


def test_a_secret_learnt_later_is_hidden_from_then_on(tmp_path: Path, log: Log, redactor: Redactor) -> None:
    redactor.add("another-secret")
    log.info("another-secret")
    assert lines(tmp_path)[0]["event"] == HIDDEN


def test_a_secret_that_is_a_number_is_hidden_and_the_line_stays_json(
    tmp_path: Path, log: Log, redactor: Redactor
) -> None:
    redactor.add("1234567890", '", "time')
    log.info("paid", count=1234567890)
    assert lines(tmp_path)[0]["count"] == HIDDEN


def test_short_values_do_not_black_out_ordinary_words() -> None:
    assert Redactor(["mail", ""]).redact("send mail") == "send mail"


def test_a_full_file_is_rotated_and_old_ones_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redactor: Redactor
) -> None:
    monkeypatch.setattr(logs, "MAX_BYTES", 300)
    log = Log(tmp_path / "Logs", LogName.EXECUTOR, redactor)
    for number in range(100):
        log.info("executed", count=number)
    log.close()
    assert len(list((tmp_path / "Logs").iterdir())) == 1 + logs.BACKUPS
    assert lines(tmp_path)[-1]["count"] == 99


def test_a_link_in_its_place_is_not_followed(tmp_path: Path, redactor: Redactor) -> None:
    (tmp_path / "Logs").mkdir()
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "Logs" / "approval_executor.log").symlink_to(tmp_path / "precious")
    with pytest.raises(logs.Failed, match="cannot be written"):
        Log(tmp_path / "Logs", LogName.EXECUTOR, redactor)
    assert (tmp_path / "precious").read_text() == "mine"
