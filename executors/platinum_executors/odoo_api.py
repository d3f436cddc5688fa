"""Odoo's external API in both of its forms: `/json/2` from 19 on, `/jsonrpc` before.

Sources: odoo.com/documentation, 19.0/developer/reference/external_api.html and 18.0/developer/howtos/web_services.html.
Every call is one transaction: an error in the answer means that it was rolled back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

from platinum_executors.attempt import Attempt
from platinum_executors.family import Surroundings
from platinum_executors.refusal import Refused, Unknown
from platinum_executors.web import Reason, Reply, WebService
from platinum_tui.model.action import JsonValue

FIRST_JSON2 = 19
TRANSACTION_LIMIT = 120.0
"""Seconds that a worker may take for one request (Odoo's default `limit_time_real`)."""

_CODES = {
    "AccessDenied": "credential_refused",
    "AccessError": "not_allowed",
    "MissingError": "not_found",
    "UserError": "refused_by_odoo",
    "ValidationError": "refused_by_odoo",
    "Unauthorized": "credential_refused",
    "SerializationFailure": "conflict",
}


class OdooApi:
    """One database of one Odoo server."""

    def __init__(self, here: Surroundings) -> None:
        self._url = here.settings.required("url")
        self._database = here.settings.required("database")
        self._username = here.settings.text("username")
        self._key = here.credential("odoo.api_key")

    @cached_property
    def version(self) -> int:
        """The server's major version.

        Raises:
            Refused: it cannot be asked.
        """
        web = WebService("Odoo", self._url)
        try:
            reply = web.ask("POST", "/jsonrpc", json=_rpc("common", "version", []))
        except Refused as refused:
            if refused.reason == "refused_by_service" and not refused.retriable:
                return FIRST_JSON2
            raise
        major = reply.at("result", "server_version_info", 0)
        if isinstance(major, int):
            return major
        # Odoo Online numbers its versions "saas~18.2".
        digits = "".join(char for char in str(major).partition(".")[0] if char.isdigit())
        if not digits:
            raise Refused("not_odoo", "There is no Odoo at the configured address.")
        return int(digits)

    def ask(
        self,
        model: str,
        method: str,
        *,
        ids: Sequence[int] = (),
        context: Mapping[str, Any] | None = None,
        **named: Any,
    ) -> JsonValue:
        """The value of a call that is not the effect itself: a look, a preparation, or taking back what was prepared.

        Raises:
            Refused: Odoo refuses, or cannot be reached.
        """
        path, body = self._dialect.request(model, method, ids, context or {}, named)
        return self._dialect.value(self._web.ask("POST", path, json=body))

    def act(
        self,
        attempt: Attempt[Any],
        model: str,
        method: str,
        *,
        ids: Sequence[int] = (),
        context: Mapping[str, Any] | None = None,
        **named: Any,
    ) -> JsonValue:
        """The value of a call that changes the books.

        Raises:
            Refused: the transaction was rolled back, or never began.
            Unknown: no answer came, or none that can be read.
        """
        path, body = self._dialect.request(model, method, ids, context or {}, named)
        reply = self._web.act(attempt, "POST", path, json=body)
        try:
            return self._dialect.value(reply)
        except _Malformed as malformed:
            raise Unknown("malformed_answer", malformed.message) from malformed

    def rows(self, model: str, domain: list[Any], fields: Sequence[str], limit: int = 2) -> list[Mapping[str, Any]]:
        """The records of a search."""
        found = self.ask(model, "search_read", domain=domain, fields=list(fields), limit=limit)
        if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
            raise _Malformed()
        return found

    @cached_property
    def _dialect(self) -> _Dialect:
        if self.version >= FIRST_JSON2:
            return _Json2()
        return _JsonRpc(self._database, self._log_in(), self._key)

    @cached_property
    def _web(self) -> WebService:
        headers = {"Authorization": f"bearer {self._key}", "X-Odoo-Database": self._database}
        return WebService(
            "Odoo",
            self._url,
            headers=headers if self.version >= FIRST_JSON2 else {},
            explain=_explain,
            timeout=TRANSACTION_LIMIT + 30,
        )

    def _log_in(self) -> int:
        if not self._username:
            raise Refused("configuration", "Odoo before version 19 needs the setting username under [servers.odoo].")
        words = [self._database, self._username, self._key, {}]
        reply = WebService("Odoo", self._url).ask("POST", "/jsonrpc", json=_rpc("common", "authenticate", words))
        _raise_error(reply)
        user = reply.at("result")
        # A wrong key is no error here: the answer is false.
        if not isinstance(user, int) or isinstance(user, bool):
            raise Refused("credential_refused", "Odoo does not accept the user and key for this database.")
        return user


class _Malformed(Refused):
    """An answer that no Odoo gives."""

    def __init__(self) -> None:
        super().__init__("malformed_answer", "Odoo's answer makes no sense.", retriable=True)


class _Dialect(Protocol):
    def request(
        self, model: str, method: str, ids: Sequence[int], context: Mapping[str, Any], named: Mapping[str, Any]
    ) -> tuple[str, JsonValue]: ...

    def value(self, reply: Reply) -> JsonValue: ...


class _Json2:
    def request(
        self, model: str, method: str, ids: Sequence[int], context: Mapping[str, Any], named: Mapping[str, Any]
    ) -> tuple[str, JsonValue]:
        body = {**named, **({"ids": list(ids)} if ids else {}), **({"context": dict(context)} if context else {})}
        return f"/json/2/{model}/{method}", body

    def value(self, reply: Reply) -> JsonValue:
        if reply.body is None and reply.text.strip() != "null":
            raise _Malformed()
        return reply.body


class _JsonRpc:
    def __init__(self, database: str, user: int, key: str) -> None:
        self._login = [database, user, key]

    def request(
        self, model: str, method: str, ids: Sequence[int], context: Mapping[str, Any], named: Mapping[str, Any]
    ) -> tuple[str, JsonValue]:
        keywords = {**named, **({"context": dict(context)} if context else {})}
        # `create` is the one method that looks at its first argument by place.
        places = [list(ids)] if ids else [keywords.pop("vals_list")] if method == "create" else []
        return "/jsonrpc", _rpc("object", "execute_kw", [*self._login, model, method, places, keywords])

    def value(self, reply: Reply) -> JsonValue:
        _raise_error(reply)
        if not isinstance(reply.body, Mapping) or "result" not in reply.body:
            raise _Malformed()
        return reply.body["result"]


def _rpc(service: str, method: str, arguments: list[Any]) -> dict[str, JsonValue]:
    call = {"service": service, "method": method, "args": arguments}
    return {"jsonrpc": "2.0", "method": "call", "params": call, "id": 1}


def _raise_error(reply: Reply) -> None:
    """JSON-RPC tells errors with HTTP status 200."""
    if reply.at("error") is not None:
        reason = _reason(reply.at("error", "data", "name"), reply.at("error", "data", "message"))
        raise Refused(reason.code, reason.message)


def _explain(reply: Reply) -> Reason | None:
    if isinstance(reply.at("name"), str) and isinstance(reply.at("message"), str):
        return _reason(reply.at("name"), reply.at("message"))
    return None


def _reason(name: JsonValue, message: JsonValue) -> Reason:
    """Only the message is passed on: the rest of an error is the server's traceback."""
    kind = str(name).rpartition(".")[2]
    first_line = str(message or "no reason given").strip().split("\n")[0]
    return Reason(_CODES.get(kind, "refused_by_odoo"), f"Odoo refuses: {first_line}")
