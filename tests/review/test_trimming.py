"""Recipients and lines dropped from requests however they are spelled: the file keeps all else, or stays as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.vault_house import Home

from platinum_tui.model.errors import NotApprovable, StaleFingerprint
from platinum_tui.model.parts import parts_of
from platinum_tui.review.trimming import trim

SAMPLES = Path(__file__).parent.parent / "samples" / "requests"
FILE = "Pending_Approval/cloud/it.md"
LETTER = "subject: Hello\ncreated_at: 2026-01-15T08:00:00Z\n---\nHello, ana@example.com.\n"
LINE = "  - description: {}\n    quantity: {}\n    unit_price: {}\n"
TABLE = "| Description | Quantity | Unit price |\n|---|---|---|\n| Flour | 4 | 31.50 |\n| Van | 1 | 18.00 |\n"
INVOICE = "kind: odoo_invoice_create\ncustomer: Brightmill Ltd\ncurrency: EUR\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def _drop(home: Home, text: str, *values: str, file: str = FILE) -> str:
    """The file's text once the parts that hold some texts were dropped."""
    home.write(file, text)
    request = home.desk.find(file).request
    dropped = [part for part in parts_of(request) if any(value in str(part.value) for value in values)]
    assert len(dropped) == len(values), parts_of(request)
    before = {name: value for name, value in request.fields.items() if name not in ("to", "cc", "bcc", "lines")}
    after = trim(home.desk, file, request.fingerprint, dropped).request
    assert after.fingerprint != request.fingerprint
    assert before.items() <= after.fields.items()
    assert [part.value for part in parts_of(after)] in (
        [part.value for part in parts_of(request) if part not in dropped],
        [],
    )
    assert [problem.code for problem in after.problems] == [problem.code for problem in request.problems]
    return (home.house.vault.root / file).read_bytes().decode()


A, B, L, K = (f"{name}@example.com" for name in ("ana", "bo", "li", "kim"))


@pytest.mark.parametrize(
    ("before", "dropped", "after"),
    [
        (f"to: [{A}, {B}]\n", ["ana@"], f"to: [{B}]\n"),
        (f"to: [{A}, {B}]\n", ["bo@"], f"to: [{A}]\n"),
        (f"to: {A}, {B}; {L}\n", ["bo@"], f"to: {A}, {L}\n"),
        (f'to: ["Ana <{A}>", "{B}"]\n', ["ana@"], f'to: ["{B}"]\n'),
        (f'to: ["Ruiz, Ana <{A}>", "{B}"]\n', ["ana@"], f'to: ["{B}"]\n'),
        (f'to: "{A}, {B}"\n', ["ana@"], f'to: "{B}"\n'),
        (f"to: {A}\ncc:\n  - {B}\n  - {L}\n", ["bo@"], f"to: {A}\ncc:\n  - {L}\n"),
        (f"to: {A}\ncc:\n  - {B}\n", ["bo@"], f"to: {A}\ncc:\n"),
        (f"to: {A}\ncc: [{B}]\n", ["bo@"], f"to: {A}\n"),
        (f"to: {A}\r\ncc: {B}, {L}\r\n", ["li@"], f"to: {A}\r\ncc: {B}\r\n"),
        (f"to: [{A}, {B}]\ncc: [{L}, {K}]\n", ["ana@", "li@"], f"to: [{B}]\ncc: [{K}]\n"),
        (f"to: [{A}, {B}, {L}]\n", ["ana@", "li@"], f"to: [{B}]\n"),
    ],
)
def test_a_recipient_leaves_and_every_other_byte_stays(home: Home, before: str, dropped: list[str], after: str):
    text = f"---\nkind: email_send\nid: it\n{before}{LETTER}"
    assert _drop(home, text, *dropped) == f"---\nkind: email_send\nid: it\n{after}{LETTER}"


def test_a_recipient_in_a_label_leaves(home: Home):
    text = "# Email approval\n\n- **To:** ana@example.com, bo@example.com\n- **Subject:** Hi\n\n## Body\n\nHello.\n"
    assert _drop(home, text, "bo@") == text.replace(", bo@example.com", "")


def test_a_recipient_in_json_leaves(home: Home):
    fields = {"kind": "email_send", "to": ["ana@example.com", "bo@example.com"], "subject": "Hi", "body": "Hello"}
    text = json.dumps(fields, indent=2)
    after = _drop(home, text, "bo@", file="Pending_Approval/cloud/it.json")
    assert after == text.replace(',\n    "bo@example.com"', "")


@pytest.mark.parametrize(
    ("sample", "dropped", "gone"),
    [
        ("canonical/002-email-send-cc-attachment.md", ["ben.okoro"], ", ben.okoro@example.org"),
        ("canonical/002-email-send-cc-attachment.md", ["archive@"], "bcc: [archive@example.net]\n"),
        ("observed/022-nested-mcp-params.md", ["cora"], "cora.lind@example.com, "),
        ("hostile/016-lookalike-among-good.md", ["brightrnill"], ", accounts@brightrnill.example"),
        ("hostile/050-bcc-60.md", ["list33@"], "list33@example.net, "),
        ("canonical/016-odoo-invoice-create.md", ["Delivery"], LINE.format("Delivery", 1, "18.00")),
        ("canonical/016-odoo-invoice-create.md", ["flour"], LINE.format("Rye flour, 25 kg", 4, "31.50")),
    ],
)
def test_of_the_samples_only_what_was_dropped_is_gone(home: Home, sample: str, dropped: list[str], gone: str):
    home.write("Attachments/weekly-report.pdf", "report")
    text = (SAMPLES / sample).read_text()
    assert gone in text
    assert _drop(home, text, *dropped) == text.replace(gone, "")


def test_lines_of_an_invoice_leave_from_a_flow_list_and_from_a_table(home: Home):
    first = '{"description": "Flour, fine", "quantity": "4", "unit_price": "31.50"}'
    second = '{"description": "Van", "quantity": "1", "unit_price": "18.00"}'
    head = f"---\n{INVOICE}"
    assert _drop(home, f"{head}lines: [{first}, {second}]\n---\n", "Flour") == f"{head}lines: [{second}]\n---\n"
    text = f"{head}---\n\n{TABLE}"
    assert _drop(home, text, "Van") == text.replace("| Van | 1 | 18.00 |\n", "")


def test_where_a_cut_would_change_anything_else_nothing_is_written(home: Home):
    text = f"---\n{INVOICE}---\n\n{TABLE}| Total | | 144.00 |\n"
    with pytest.raises(NotApprovable, match="no sure cut"):
        _drop(home, text, "Van")
    assert (home.house.vault.root / FILE).read_text() == text


def test_a_recipient_that_is_said_twice_leaves_from_both_places(home: Home):
    both = "ana@example.com, bo@example.com"
    text = f"---\ntype: email_send\nto: {both}\nsubject: Hi\n---\n\n## Email Draft\n\n**To:** {both}\n\nHello.\n"
    assert _drop(home, text, "bo@") == text.replace(", bo@example.com", "")


def test_one_must_stay_and_what_changed_meanwhile_is_left_alone(home: Home):
    text = f"---\nkind: email_send\nid: it\nto: [ana@example.com, bo@example.com]\n{LETTER}"
    home.write(FILE, text)
    request = home.desk.find(FILE).request
    parts = parts_of(request)
    with pytest.raises(NotApprovable, match="must stay"):
        trim(home.desk, FILE, request.fingerprint, parts)
    with pytest.raises(StaleFingerprint):
        trim(home.desk, FILE, "0000-0000-0000", parts[:1])
    assert (home.house.vault.root / FILE).read_text() == text
    assert parts_of(home.desk.find(FILE).request) == parts


def test_one_recipient_alone_is_no_choice(home: Home):
    home.write(FILE, f"---\nkind: email_send\nto: ana@example.com\n{LETTER}")
    assert parts_of(home.desk.find(FILE).request) == ()
