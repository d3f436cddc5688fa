"""SEPA credit transfer files: pain.001.001.03 and .09 (ISO 20022; EPC132-08, customer-to-bank guidelines).

The same order gives the same bytes: identifiers and times come from the decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

from platinum_executors.refusal import Refused

SCHEMAS = ("pain.001.001.03", "pain.001.001.09")
NAME_LENGTH, REFERENCE_LENGTH = 70, 140
MOST = Decimal("999999999.99")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One side: a name, an IBAN, and the bank's BIC where it is known."""

    name: str
    iban: str
    bic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One transfer in euros.

    Attributes:
        message_id: at most 35 letters and digits; also the name of the file.
        end_to_end_id: at most 35, carried to the payee's bank.
        created_at: when it was approved.
        due: the day of execution.
    """

    message_id: str
    end_to_end_id: str
    created_at: datetime
    due: date
    debtor: Party
    creditor: Party
    amount: str
    reference: str = ""


def write(order: Order, schema: str) -> bytes:
    """The file's bytes, checked against the schema.

    Raises:
        Refused: a value does not fit.
    """
    newer = schema == SCHEMAS[1]
    document = ET.Element("Document", xmlns=f"urn:iso:std:iso:20022:tech:xsd:{schema}")
    root = ET.SubElement(document, "CstmrCdtTrfInitn")
    header = ET.SubElement(root, "GrpHdr")
    _text(header, "MsgId", order.message_id)
    _text(header, "CreDtTm", order.created_at.strftime("%Y-%m-%dT%H:%M:%S"))
    _totals(header, order)
    _text(ET.SubElement(header, "InitgPty"), "Nm", order.debtor.name)
    batch = ET.SubElement(root, "PmtInf")
    _text(batch, "PmtInfId", order.message_id)
    _text(batch, "PmtMtd", "TRF")
    _totals(batch, order)
    _text(ET.SubElement(ET.SubElement(batch, "PmtTpInf"), "SvcLvl"), "Cd", "SEPA")
    due = ET.SubElement(batch, "ReqdExctnDt")
    if newer:
        _text(due, "Dt", order.due.isoformat())
    else:
        due.text = order.due.isoformat()
    _party(batch, "Dbtr", order.debtor)
    _account(batch, "DbtrAcct", order.debtor)
    _bank(batch, "DbtrAgt", order.debtor, newer=newer)
    _text(batch, "ChrgBr", "SLEV")
    transfer = ET.SubElement(batch, "CdtTrfTxInf")
    _text(ET.SubElement(transfer, "PmtId"), "EndToEndId", order.end_to_end_id)
    amount = ET.SubElement(ET.SubElement(transfer, "Amt"), "InstdAmt", Ccy="EUR")
    amount.text = order.amount
    if order.creditor.bic:
        _bank(transfer, "CdtrAgt", order.creditor, newer=newer)
    _party(transfer, "Cdtr", order.creditor)
    _account(transfer, "CdtrAcct", order.creditor)
    if order.reference:
        _text(ET.SubElement(transfer, "RmtInf"), "Ustrd", order.reference)
    data: bytes = ET.tostring(document, encoding="utf-8", xml_declaration=True)
    _validate(data, schema)
    return data


def _totals(parent: ET.Element, order: Order) -> None:
    _text(parent, "NbOfTxs", "1")
    _text(parent, "CtrlSum", order.amount)


def _party(parent: ET.Element, tag: str, party: Party) -> None:
    _text(ET.SubElement(parent, tag), "Nm", party.name)


def _account(parent: ET.Element, tag: str, party: Party) -> None:
    _text(ET.SubElement(ET.SubElement(parent, tag), "Id"), "IBAN", party.iban)


def _bank(parent: ET.Element, tag: str, party: Party, *, newer: bool) -> None:
    bank = ET.SubElement(ET.SubElement(parent, tag), "FinInstnId")
    if party.bic:
        _text(bank, "BICFI" if newer else "BIC", party.bic)
    else:
        _text(ET.SubElement(bank, "Othr"), "Id", "NOTPROVIDED")


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _validate(data: bytes, schema: str) -> None:
    from sepaxml.validation import ValidationError, try_valid_xml

    try:
        try_valid_xml(data, schema)
    except (ValidationError, ET.ParseError, ValueError) as error:
        raise Refused("invalid_order", f"The order does not fit the bank's format ({schema}).") from error
