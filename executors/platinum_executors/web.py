"""One HTTP API, asked with care: before the request leaves every failure is a no, after it silence is unknown."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from platinum_executors.attempt import Attempt
from platinum_executors.refusal import Refused, Unknown
from platinum_tui.model.action import JsonValue

if TYPE_CHECKING:
    import httpx

TEXT_SHOWN = 300
"""Characters of a service's own words that are passed on at most."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a service answered.

    Attributes:
        body: the JSON value; None where the answer is not JSON.
        headers: by lower-case name.
    """

    status: int
    body: JsonValue = None
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""

    def at(self, *path: str | int) -> JsonValue:
        """The value at a path of keys and places; None where there is none."""
        value = self.body
        for step in path:
            if isinstance(step, str) and isinstance(value, Mapping):
                value = value.get(step)
            elif isinstance(step, int) and isinstance(value, list) and -len(value) <= step < len(value):
                value = value[step]
            else:
                return None
        return value


@dataclass(frozen=True, slots=True)
class Reason:
    """A service's no in its own words: a machine-readable code and one clear sentence.

    Attributes:
        certain: whether nothing happened; some services' errors do not say.
    """

    code: str
    message: str
    certain: bool = True


Explain = Callable[[Reply], Reason | None]
"""What a service's error answer means; None where nothing is known about it."""


class WebService:
    """An HTTP API at one address. Redirects are not followed: the credential goes to the configured host alone."""

    def __init__(
        self,
        name: str,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        explain: Explain = lambda _: None,
        timeout: float = 30.0,
    ) -> None:
        self._name = name
        self._base_url = base_url.rstrip("/")
        self._headers = dict(headers or {})
        self._explain = explain
        self._timeout = timeout

    def ask(self, method: str, path: str, **request: Any) -> Reply:
        """A call that changes nothing that people see: a look-up, or what prepares an effect.

        Args:
            method: the HTTP method.
            path: below the base address.
            request: what httpx takes: `params`, `json`, `data`, `content`, `files`, `headers`.

        Raises:
            Refused: there is no good answer; `retriable` where that may pass.
        """
        import httpx

        try:
            reply = self._send(method, path, request)
        except httpx.HTTPError as error:
            raise self._away(error) from error
        if reply.status >= 300:
            reason = self._explain(reply) or self._usual_reason(reply)
            passing = reply.status == 429 or reply.status >= 500 or reason.code == "rate_limited"
            raise Refused(reason.code, reason.message, retriable=passing)
        return reply

    def act(self, attempt: Attempt[Any], method: str, path: str, **request: Any) -> Reply:
        """The call that has the effect; the attempt is crossed once the connection stands, before the first byte.

        Raises:
            Refused: nothing happened: no connection (`retriable`), or the service clearly said no.
            Unknown: the request left, and no answer settles what came of it.
        """
        import httpx

        def trace(event: str, _: Mapping[str, Any]) -> None:
            if event.endswith("send_request_headers.started"):
                attempt.cross()

        try:
            reply = self._send(method, path, {**request, "extensions": {"trace": trace}})
        except httpx.HTTPError as error:
            if not attempt.crossed:
                raise self._away(error) from error
            raise Unknown("no_reply", f"The request to {self._name} left, and no answer came.") from error
        if 200 <= reply.status < 300:
            return reply
        reason = self._explain(reply)
        if reason is None and 400 <= reply.status < 500 and reply.status != 408:
            reason = self._usual_reason(reply)
        if reason is None:
            raise Unknown("server_error", f"{self._name} answered {reply.status}: it may have happened.")
        if not reason.certain:
            raise Unknown(reason.code, reason.message)
        raise Refused(reason.code, reason.message)

    def _send(self, method: str, path: str, request: dict[str, Any]) -> Reply:
        import httpx

        headers = {**self._headers, **request.pop("headers", {})}
        with httpx.Client(timeout=httpx.Timeout(self._timeout, connect=20.0), verify=_trusted()) as client:
            return _reply(client.request(method, self._base_url + path, headers=headers, **request))

    def _away(self, error: httpx.HTTPError) -> Refused:
        return Refused("no_connection", f"{self._name} cannot be reached: {type(error).__name__}.", retriable=True)

    def _usual_reason(self, reply: Reply) -> Reason:
        if reply.status == 401:
            return Reason("credential_refused", f"{self._name} does not accept the credential; set it anew.")
        if reply.status == 403:
            return Reason("not_allowed", f"{self._name} does not allow this to the credential's owner.")
        if reply.status == 429:
            return Reason("rate_limited", f"{self._name} takes no more for now{_wait(reply)}.")
        return Reason("refused_by_service", f"{self._name} refuses: {reply.status} {reply.text}".strip())


def answered(name: str, value: JsonValue, evidence: Mapping[str, JsonValue] | None = None) -> str:
    """The id that proves an effect, from a good answer.

    Raises:
        Unknown: the answer has none: something happened, and nobody knows its name.
    """
    if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
        return str(value)
    raise Unknown("malformed_answer", f"{name} accepted the request, and its answer makes no sense.", evidence)


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """The trusted certificates; reading them takes longer than a call on loopback."""
    import httpx

    return httpx.create_ssl_context()


def _reply(response: httpx.Response) -> Reply:
    try:
        body = response.json()
    except ValueError:
        body = None
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Reply(response.status_code, body, headers, response.text[:TEXT_SHOWN])


def _wait(reply: Reply) -> str:
    seconds = reply.headers.get("retry-after", "")
    return f" (again in {seconds} s)" if seconds.isdigit() else ""
