"""What Meta's Graph API says no with (developers.facebook.com/docs/graph-api/guides/error-handling)."""

from __future__ import annotations

from platinum_executors.web import Reason, Reply

API_URL = "https://graph.facebook.com/v25.0"
_EXPIRED = {102, 190, 463, 467}
_LIMITED = {4, 17, 32, 341, 613, 80001, 80002, 80007}
_NOT_ALLOWED = {3, 10, *range(200, 300)}
_UNCERTAIN = {1, 2}


def explain(reply: Reply) -> Reason | None:
    """The reason in an error answer of the Graph API."""
    code, words = reply.at("error", "code"), reply.at("error", "message")
    if not isinstance(code, int):
        return None
    if code in _EXPIRED:
        return Reason("credential_expired", "Meta does not accept the token: it has expired or was withdrawn.")
    if code in _LIMITED:
        return Reason("rate_limited", "Meta takes no more for now; too much was sent in a short time.")
    if code in _NOT_ALLOWED:
        return Reason("not_allowed", f"The token's owner may not do this: {words}")
    if code == 506:
        return Reason("duplicate", "Facebook has this very text already, perhaps from an earlier attempt.")
    if code == 368:
        return Reason("blocked", f"Meta blocks this for now as abusive: {words}")
    if code in _UNCERTAIN:
        return Reason("service_error", f"Meta's own error: {words}", certain=False)
    return Reason("refused_by_service", f"Meta refuses ({code}): {words}")
