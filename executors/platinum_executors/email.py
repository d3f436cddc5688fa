"""The mail server: `send_email` and `reply_email`, by SMTP or by the Gmail API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from platinum_executors.attached import read_attached
from platinum_executors.attempt import Attempt
from platinum_executors.family import ActingTool, Family, Finding, Lookup, Promise, Surroundings
from platinum_executors.mail_transport import open_transport
from platinum_executors.refusal import Refused, Unknown
from platinum_executors.serving import serve_family
from platinum_tui.model.action import EmailReply, EmailSend, Kind
from platinum_tui.model.mail import Composed, compose, message_id
from platinum_tui.model.receipt import Outcome, Result
from platinum_tui.system.configuration import Configuration


def serve(configuration: Configuration, environ: Mapping[str, str]) -> None:
    """Serves mail on stdio until the client leaves."""
    serve_family(EMAIL, configuration, environ)


def send(here: Surroundings, attempt: Attempt[EmailSend | EmailReply]) -> Result:
    """Sends the approved mail: the same bytes at every attempt, for the Message-ID and the Date come from the decision.

    Raises:
        Refused: nothing was sent.
        Unknown: it may have been sent; the evidence names the Message-ID.
    """
    transport = open_transport(here)
    marker, mail = _composed(here, attempt)
    evidence = {"message_id": marker, "recipients": list(mail.recipients)}
    try:
        proof = transport.deliver(mail, attempt)
    except Unknown as unknown:
        raise Unknown(unknown.reason, unknown.message, {**evidence, **unknown.evidence}) from unknown
    return Result(Outcome.DONE, {**evidence, **proof, "sent_copy": transport.file_copy(marker, mail)})


def find(here: Surroundings, marker: str) -> Lookup:
    """Looks a Message-ID up among the sent mail."""
    return open_transport(here).find(marker)


def check(here: Surroundings) -> Sequence[Finding]:
    """What does not work, from connection to login; nothing is sent."""
    try:
        open_transport(here).probe()
    except Refused as refused:
        return [Finding.of(refused, "email")]
    return []


def _composed(here: Surroundings, attempt: Attempt[EmailSend | EmailReply]) -> tuple[str, Composed]:
    action, decision, sender = attempt.action, attempt.decision, here.settings.required("sender")
    marker = message_id(decision.vault, decision.request, decision.digest, sender)
    files = read_attached(here.vault, action.attachments, action.attachments_sha256)
    try:
        mail = compose(action, sender=sender, message_id=marker, date=decision.decided_at, attachments=files)
    except ValueError as error:
        raise Refused("not_a_mail", f"This cannot be written as a mail: {error}.") from error
    if not "".join((mail.sender, *mail.recipients)).isascii():
        raise Refused("address_not_ascii", "An address has letters that the mail protocol cannot carry.")
    return marker, mail


_PROMISE = Promise(marker="message_id", absence_is_proof=False)

EMAIL = Family(
    name="email",
    tools=(
        ActingTool(
            name="send_email",
            kind=Kind.EMAIL_SEND,
            description="Send one approved mail.",
            promise=_PROMISE,
            act=send,
        ),
        ActingTool(
            name="reply_email",
            kind=Kind.EMAIL_REPLY,
            description="Send one approved reply.",
            promise=_PROMISE,
            act=send,
        ),
    ),
    find=find,
    check=check,
)
