"""A bridge to WhatsApp on the user's own machine, for those without the Cloud API: off unless it is configured.

Bridges are unofficial clients: against WhatsApp's terms, at the risk of losing the number. This is only the interface,
JSON-RPC 2.0 with two methods, over one line a message (`bridge_command`) or POST to one address (`bridge_url`):

    status {}                              -> {"state": "linked" | "unlinked" | "expired", "number": "+…",
                                               "qr": "…", "expires_at": "2026-01-31T17:00:20Z"}
    send {"to": "+…", "body": "…", "key"}  -> {"id": "…"}; an error in the answer means that nothing was sent

A bridge that is not linked begins to link when it is asked for its status: `qr` is the text of the code to scan, and
`expires_at` until when it is good; whoever asks afterwards gets the next one.

Every call has an `id` of its own, and an answer bears the id of its call: what bears another is of an earlier one.
"""

from __future__ import annotations

import itertools
import json
import queue
import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from platinum_executors.attempt import Attempt
from platinum_executors.family import Surroundings
from platinum_executors.refusal import Refused, Unknown
from platinum_executors.web import WebService, answered
from platinum_executors.whatsapp.child import Child
from platinum_tui.model.action import JsonValue, WhatsappMessage

DEADLINE = 60.0
"""Seconds that a bridge has for an answer."""

Request = Mapping[str, JsonValue]
_ids = itertools.count(1)


class Bridge(Protocol):
    """How a bridge is asked."""

    def ask(self, method: str, params: Mapping[str, JsonValue]) -> JsonValue:
        """The result of a call without an effect. Raises Refused."""

    def act(self, attempt: Attempt[WhatsappMessage], method: str, params: Mapping[str, JsonValue]) -> JsonValue:
        """The result of the call that has one. Raises Refused, Unknown."""


def open_bridge(here: Surroundings) -> Bridge:
    """The configured bridge; one that is a command is started once and kept."""
    command = here.settings.command("bridge_command")
    return _started(command) if command else _HttpBridge(here.settings.required("bridge_url"))


def send(here: Surroundings, attempt: Attempt[WhatsappMessage]) -> Mapping[str, JsonValue]:
    """Sends a text over a linked bridge."""
    action = attempt.action
    if action.template:
        raise Refused("no_templates", "A bridge knows no templates: they need the Cloud API.")
    bridge = open_bridge(here)
    state = link_state(here)["state"]
    if state != "linked":
        raise Refused("not_linked", f"The bridge is {state}: link it again with the code that the console shows.")
    result = bridge.act(attempt, "send", {"to": action.to, "body": action.body, "key": attempt.marker})
    number = result.get("id") if isinstance(result, Mapping) else None
    return {"message_id": answered("The bridge", number, {"to": action.to}), "to": action.to, "status": "accepted"}


def link_state(here: Surroundings) -> Mapping[str, JsonValue]:
    """Whether the bridge is linked to a phone, and the code to scan where it is not."""
    status = open_bridge(here).ask("status", {})
    if not isinstance(status, Mapping) or status.get("state") not in ("linked", "unlinked", "expired"):
        raise Refused("malformed_answer", "The bridge's answer makes no sense.", retriable=True)
    return {name: status.get(name) for name in ("state", "qr", "number", "expires_at")}


class _HttpBridge:
    def __init__(self, url: str) -> None:
        self._service = WebService("The bridge", url, timeout=DEADLINE)

    def ask(self, method: str, params: Mapping[str, JsonValue]) -> JsonValue:
        request = _request(method, params)
        return _result(request, self._service.ask("POST", "", json=request).body)

    def act(self, attempt: Attempt[WhatsappMessage], method: str, params: Mapping[str, JsonValue]) -> JsonValue:
        request = _request(method, params)
        return _result(request, self._service.act(attempt, "POST", "", json=request).body)


class _StdioBridge:
    """A running command; its lines are read by a thread, so that silence can be told from slowness."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self.command = command
        self.child = Child(command)
        self._turn = threading.Lock()

    def ask(self, method: str, params: Mapping[str, JsonValue]) -> JsonValue:
        try:
            return self._exchange(_request(method, params), before=lambda: None)
        except (OSError, queue.Empty) as error:
            raise Refused("no_connection", "The bridge does not answer.", retriable=True) from error

    def act(self, attempt: Attempt[WhatsappMessage], method: str, params: Mapping[str, JsonValue]) -> JsonValue:
        try:
            return self._exchange(_request(method, params), before=attempt.cross)
        except (OSError, queue.Empty) as error:
            raise Unknown("no_reply", "The bridge was told to send, and does not answer.") from error

    def _exchange(self, request: Request, before: Callable[[], None]) -> JsonValue:
        lines = self.child.lines
        with self._turn:
            while not lines.empty():
                lines.get_nowait()
            if not self.child.alive:
                raise Refused("no_connection", "The bridge has ended.", retriable=True)
            before()
            self.child.say(json.dumps(request))
            return _result(request, _answer(request, lines))


_running: list[_StdioBridge] = []
"""The one bridge of this process, once it was asked for."""
_starting = threading.Lock()


def _started(command: tuple[str, ...]) -> _StdioBridge:
    with _starting:
        if _running and _running[0].command == command and _running[0].child.alive:
            return _running[0]
        while _running:
            _running.pop().child.stop()
        try:
            _running.append(_StdioBridge(command))
        except OSError as error:
            message = f"The bridge cannot be started: {error.strerror}."
            raise Refused("no_connection", message, retriable=True) from error
        return _running[0]


def _request(method: str, params: Mapping[str, JsonValue]) -> Request:
    return {"jsonrpc": "2.0", "id": next(_ids), "method": method, "params": dict(params)}


def _answer(request: Request, lines: queue.Queue[str]) -> JsonValue:
    """What the bridge says to a request; what it still says of earlier ones is passed over."""
    end = time.monotonic() + DEADLINE
    while (left := end - time.monotonic()) > 0:
        line = lines.get(timeout=left)
        if not line:
            raise BrokenPipeError
        try:
            answer: JsonValue = json.loads(line)
        except ValueError:
            return None
        if not isinstance(answer, Mapping) or answer.get("id") == request["id"]:
            return answer
    raise queue.Empty


def _result(request: Request, answer: JsonValue) -> JsonValue:
    if not isinstance(answer, Mapping) or answer.get("id") != request["id"]:
        return None
    if isinstance(answer.get("error"), Mapping):
        raise Refused("refused_by_bridge", f"The bridge refuses: {answer['error'].get('message')}")
    return answer.get("result")
