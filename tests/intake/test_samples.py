"""Every sample file comes out as `tests/samples/expected.jsonl` says, by the rules of its README."""

from __future__ import annotations

import hashlib
import json
import shutil
import tomllib
from datetime import UTC, datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest

from platinum_tui.intake.attachments import AttachmentFacts
from platinum_tui.intake.reader import Surroundings, read_request
from platinum_tui.model.canonical import build_action, fields_of
from platinum_tui.model.contacts import Contact, ContactBook
from platinum_tui.model.decision import instant
from platinum_tui.model.request import Request

SAMPLES = Path(__file__).parents[1] / "samples"
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
EXPECTED = [json.loads(line) for line in (SAMPLES / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
WRONG_EXPECTATIONS: dict[str, str] = {}
"""Samples whose expectation we hold to be wrong, with the reason."""


def contact_book() -> ContactBook:
    entries = tomllib.loads((SAMPLES / "contacts.toml").read_text(encoding="utf-8"))["contacts"]
    return ContactBook({name: Contact(name, **values) for name, values in entries.items()})


@pytest.fixture(scope="session")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Surroundings:
    vault = tmp_path_factory.mktemp("vault")
    shutil.copytree(SAMPLES / "vault", vault, dirs_exist_ok=True)

    def facts(path: str) -> AttachmentFacts:
        file = vault / path
        if not file.is_file():
            return AttachmentFacts(reason="is not in the vault")
        data = file.read_bytes()
        return AttachmentFacts(sha256=hashlib.sha256(data).hexdigest(), size=len(data))

    return Surroundings(NOW, contact_book(), frozenset({"calendar"}), facts)


def value_of(request: Request, name: str) -> Any:
    if name == "id":
        return request.declared_id
    if name in ("created_at", "expires_at"):
        time = getattr(request, name)
        return instant(time) if time else None
    if name in ("task", "reason"):
        return getattr(request, name)
    return request.fields.get(name)


def comparable(name: str, value: Any) -> Any:
    if value in (None, "", []):
        return None
    if name in ("to", "cc", "bcc", "reply_to") and isinstance(value, list):
        return [parseaddr(item)[1] for item in value]
    if name in ("body", "text"):
        return value.replace("\r\n", "\n").strip()
    if name == "account":
        return value.replace(" ", "")
    if name in ("created_at", "expires_at", "scheduled_at"):
        return datetime.fromisoformat(value)
    return value


@pytest.mark.parametrize("expected", EXPECTED, ids=[line["file"].removeprefix("requests/") for line in EXPECTED])
def test_a_sample_comes_out_as_expected(expected: dict[str, Any], surroundings: Surroundings) -> None:
    if expected["file"] in WRONG_EXPECTATIONS:
        pytest.skip(WRONG_EXPECTATIONS[expected["file"]])
    path = SAMPLES / expected["file"]
    file = expected.get("as") or "Pending_Approval/" + path.name[4:]

    request = read_request(path.read_bytes(), file, surroundings)

    differences: list[str] = []
    kind = request.kind.value if request.kind else None
    if kind != expected["kind"]:
        differences.append(f"kind {kind}, expected {expected['kind']}")
    if (request.action is not None) != expected["approvable"]:
        differences.append(f"approvable {request.action is not None}, expected {expected['approvable']}")
    for name, value in expected["fields"].items():
        wanted = expected.get("resolved", {}).get(name, value)
        found = value_of(request, name)
        if comparable(name, found) != comparable(name, wanted):
            differences.append(f"{name} {found!r}, expected {wanted!r}")
    problems = {problem.code.value for problem in request.problems}
    warnings = {warning.code.value for warning in request.warnings}
    differences += [f"problem {code} not reported" for code in expected["problems"] if code not in problems]
    differences += [f"problem {p.code}: {p.message}" for p in request.problems if not expected["problems"]]
    differences += [f"warning {code} not reported" for code in expected["warnings"] if code not in warnings]
    if "canonical/" in expected["file"]:
        differences += [f"warning {w.code}: {w.message}" for w in request.warnings]
    if request.action is not None:
        assert request.kind is not None
        assert dict(request.fields) == fields_of(build_action(request.kind, request.fields))
    assert not differences, "\n".join([expected["note"], *differences])
