"""What a reviewer should know about a file's text: what hides, misleads, orders or gives away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from platinum_tui.intake import hidden
from platinum_tui.intake.addresses import Mailbox, read_mailbox
from platinum_tui.intake.amounts import amounts_in
from platinum_tui.intake.domains import decoded, lookalike_of
from platinum_tui.intake.draft import Draft
from platinum_tui.intake.findings import Findings
from platinum_tui.intake.instructions import ignored_keys, orders_in, orders_in_quote
from platinum_tui.intake.links import loads_from_outside, misleading_links
from platinum_tui.intake.secrets import holds_secret
from platinum_tui.intake.sources import Sources
from platinum_tui.intake.surroundings import Surroundings
from platinum_tui.intake.values import Raw, texts_in
from platinum_tui.model.action import Kind
from platinum_tui.model.request import WarningCode

_OUTGOING = ("body", "text")
_MONEY = {Kind.PAYMENT: "amount", Kind.ODOO_PAYMENT: "amount", Kind.ODOO_INVOICE_POST: "expected_total"}


def suspect(
    head: Mapping[str, Raw], sources: Sources, draft: Draft | None, surroundings: Surroundings, findings: Findings
) -> None:
    """Adds the warnings that come from the text alone or from text and contact book."""
    after = "\n".join(sources.document.lines)
    outgoing = "\n".join(str(draft.fields[name]) for name in _OUTGOING if name in draft.fields) if draft else ""
    everything = after if outgoing in after else f"{after}\n{outgoing}"
    _unseen(everything, head, findings)
    _orders(everything, head, sources, draft, findings)
    if outgoing:
        _misleading(outgoing, findings)
        if holds_secret(outgoing):
            findings.warn(
                WarningCode.SECRET_IN_BODY, "Something like a key, a password or a card number stands in the text."
            )
    if draft:
        _recipients(draft, surroundings, findings)
        _amounts(draft, after, findings)


def _unseen(text: str, head: Mapping[str, Raw], findings: Findings) -> None:
    if hidden.has_control(text):
        findings.warn(
            WarningCode.CONTROL_CHARACTERS, "Control characters stand in the text; they are shown, not obeyed."
        )
    if hidden.has_bidi(text):
        findings.warn(WarningCode.BIDI, "Characters that turn the direction of writing stand in the text.")
    if hidden.has_invisible(text) or any(hidden.has_invisible(key) for key in head):
        findings.warn(WarningCode.HIDDEN_CONTENT, "Invisible characters stand in the text.")
    if any(hidden.has_mixed_word(value) for value in texts_in(head) if not value.isascii()) or hidden.has_mixed_word(
        text
    ):
        findings.warn(WarningCode.MIXED_SCRIPT, "One word mixes letters of several scripts.")
    parts = hidden.hidden_parts(text)
    if any(part.strip("<!-> \n") for part in parts):
        findings.warn(
            WarningCode.HIDDEN_CONTENT, f"Parts that a reader would not see: {len(parts)} comments or hidden elements."
        )
    if hidden.has_padding(text):
        findings.warn(WarningCode.HIDDEN_CONTENT, "Blank space pushes text out of sight; more text follows below it.")


def _orders(text: str, head: Mapping[str, Raw], sources: Sources, draft: Draft | None, findings: Findings) -> None:
    keys = ignored_keys(head, draft.kind if draft else None, canonical=sources.canonical)
    if keys:
        findings.warn(WarningCode.IGNORED_INSTRUCTION, f"These keys change nothing here: {', '.join(keys[:8])}.")
    hidden_text = "\n".join(hidden.hidden_parts(text))
    if orders_in(text) or orders_in(hidden_text):
        findings.warn(
            WarningCode.IGNORED_INSTRUCTION, "The text claims an approval or gives orders; it was not obeyed."
        )
    if draft and orders_in_quote(sources.document):
        findings.warn(WarningCode.IGNORED_INSTRUCTION, "Quoted text names an action or a draft; it was not obeyed.")


def _misleading(text: str, findings: Findings) -> None:
    links = misleading_links(text)
    if links:
        shown, opens = links[0]
        findings.warn(WarningCode.LINK_MISMATCH, f"A link shows {shown} and opens {opens}.")
    if loads_from_outside(text):
        findings.warn(
            WarningCode.REMOTE_CONTENT, "An image or frame would be loaded from outside when the text is read."
        )


def _mailboxes(draft: Draft) -> Iterator[Mailbox]:
    for name in ("to", "cc", "bcc", "reply_to"):
        value = draft.fields.get(name)
        for item in value if isinstance(value, list) else []:
            yield read_mailbox(item)


def _recipients(draft: Draft, surroundings: Surroundings, findings: Findings) -> None:
    known = {contact.email.rpartition("@")[2].casefold() for contact in surroundings.contacts if contact.email}
    for box in _mailboxes(draft):
        domain = box.address.rpartition("@")[2]
        like = lookalike_of(domain, known)
        if like:
            findings.warn(
                WarningCode.LOOKALIKE_DOMAIN, f"{domain} looks like {like} of the contact book and is another."
            )
        if hidden.has_mixed_word(decoded(domain)):
            findings.warn(WarningCode.MIXED_SCRIPT, f"{domain} mixes letters of several scripts in one word.")
        if "@" in box.name and box.name.casefold() != box.address.casefold():
            findings.warn(WarningCode.MISLEADING_NAME, f"The name before {box.address} shows another address.")


def _amounts(draft: Draft, text: str, findings: Findings) -> None:
    amount = draft.fields.get(_MONEY.get(draft.kind, ""))
    if not isinstance(amount, str):
        return
    said = {value.rstrip("0").rstrip(".") if "." in value else value for value in amounts_in(text)}
    own = amount.rstrip("0").rstrip(".") if "." in amount else amount
    if said - {own}:
        findings.warn(
            WarningCode.AMOUNT_MISMATCH, f"The text names {sorted(said - {own})[0]}, and the action moves {amount}."
        )
