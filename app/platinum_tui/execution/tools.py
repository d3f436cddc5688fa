"""What a tool is told, how long it may take, and what its answer means."""

from __future__ import annotations

from collections.abc import Mapping

from platinum_tui.execution.connection import Answer
from platinum_tui.model.action import JsonValue, Kind
from platinum_tui.model.receipt import Outcome, Result
from platinum_tui.model.text import safe_line

APPROVAL_META = "platinum/approval"
"""The key in a call's `_meta` that carries the signed decision."""
DEADLINE_S = 660.0
"""Seconds for one call: RFC 5321 (4.5.3.2.6) lets a mail server take ten minutes over the final dot."""
LOOK_UP_DEADLINE_S = 60.0


def arguments_for(kind: Kind, fields: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The arguments of the call: the action's fields, or the user's own tool's arguments."""
    return dict(fields["arguments"]) if kind is Kind.MCP_CALL else dict(fields)


def result_of(answer: Answer, *, own_tool: bool) -> Result:
    """What an answer means. An answer that does not say what happened is `unknown`.

    Args:
        answer: what came back.
        own_tool: whether it is a tool of the user's, which knows nothing of outcomes: its error is unknown, because
            nobody can tell whether it did something before it failed.
    """
    if own_tool:
        evidence: dict[str, JsonValue] = {"answer": safe_line(answer.text)[:500]}
        if answer.is_error:
            return Result(Outcome.UNKNOWN, evidence, code="tool_error", message="The tool reports an error.")
        return Result(Outcome.DONE, evidence)
    content = answer.content
    evidence = dict(content["evidence"]) if isinstance(content.get("evidence"), Mapping) else {}
    code, message = safe_line(str(content.get("code", ""))), safe_line(str(content.get("message", "")))
    match content.get("outcome"):
        case "done" if not answer.is_error:
            return Result(Outcome.DONE, evidence)
        case "refused" if code != "decision_used":
            return Result(Outcome.REFUSED, evidence, code, message, retriable=content.get("retriable") is True)
        case _:
            return Result(
                Outcome.UNKNOWN, evidence, code or "no_outcome", message or "The server gave no clear answer."
            )
