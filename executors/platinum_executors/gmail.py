"""Mail through the Gmail API instead of SMTP (developers.google.com/gmail/api/guides/sending)."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from typing import Any

from platinum_executors.attempt import Attempt
from platinum_executors.family import Answer, Lookup, Surroundings
from platinum_executors.refusal import Refused
from platinum_executors.web import Reason, Reply, WebService, answered
from platinum_tui.model.action import JsonValue
from platinum_tui.model.mail import Composed

API_URL = "https://gmail.googleapis.com"
TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105


class GmailTransport:
    """The account whose refresh token is in the keyring. Gmail files the copy of what it sends itself."""

    def __init__(self, here: Surroundings) -> None:
        self._here = here

    def deliver(self, mail: Composed, attempt: Attempt[Any]) -> Mapping[str, JsonValue]:
        """Hands it in; the proof is Gmail's own id."""
        raw = base64.urlsafe_b64encode(_with_blind_copies(mail, attempt.action.bcc)).decode()
        reply = self._api().act(attempt, "POST", "/gmail/v1/users/me/messages/send", json={"raw": raw})
        return {"gmail_id": answered("Gmail", reply.at("id")), "gmail_thread": reply.at("threadId")}

    def file_copy(self, message_id: str, mail: Composed) -> str:  # noqa: ARG002
        """Gmail has done it."""
        return "filed by Gmail"

    def find(self, message_id: str) -> Lookup:
        """Searches what was sent; needs gmail.readonly, and not gmail.metadata, with which Gmail searches nothing."""
        query = {"q": f"rfc822msgid:{message_id.strip('<>')}", "labelIds": "SENT", "includeSpamTrash": "true"}
        found = self._api().ask("GET", "/gmail/v1/users/me/messages", params=query)
        if not isinstance(found.body, Mapping):
            return Lookup(Answer.CANNOT_TELL, {"reason": "Gmail's answer makes no sense."})
        ids = [message["id"] for message in found.at("messages") or []]
        return Lookup(Answer.FOUND, {"gmail_ids": ids}) if ids else Lookup(Answer.ABSENT)

    def probe(self) -> None:
        """Asks for a new access token, which needs every credential."""
        self._access_token()

    def _api(self) -> WebService:
        authorization = {"Authorization": f"Bearer {self._access_token()}"}
        url = self._here.settings.text("gmail_api_url", API_URL)
        return WebService("Gmail", url, headers=authorization, explain=_explain, timeout=120.0)

    def _access_token(self) -> str:
        service = WebService("Google", self._here.settings.text("gmail_token_url", TOKEN_URL), explain=_explain_token)
        answer = service.ask(
            "POST",
            "",
            data={
                "grant_type": "refresh_token",
                "client_id": self._here.settings.required("gmail_client_id"),
                "client_secret": self._here.credential("email.gmail_client_secret"),
                "refresh_token": self._here.credential("email.gmail_refresh_token"),
            },
        )
        token = answer.at("access_token")
        if not isinstance(token, str):
            raise Refused("malformed_answer", "Google gave no access token.", retriable=True)
        self._here.concealment.learn(token)
        return token


def _with_blind_copies(mail: Composed, bcc: Sequence[str]) -> bytes:
    """Gmail has no envelope: it takes the recipients from the header, and takes Bcc out before it sends."""
    addresses = ",\r\n ".join(parseaddr(address)[1] for address in bcc)
    return f"Bcc: {addresses}\r\n".encode() + mail.data if addresses else mail.data


def _explain(reply: Reply) -> Reason | None:
    reasons = {error.get("reason") for error in reply.at("error", "errors") or [] if isinstance(error, Mapping)}
    if reasons & {"rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded"}:
        return Reason("rate_limited", "Gmail takes no more for now.")
    return None


def _explain_token(reply: Reply) -> Reason | None:
    if reply.at("error") in ("invalid_grant", "invalid_client", "unauthorized_client"):
        return Reason("credential_expired", "Google does not accept the refresh token; authorise the program anew.")
    return None
