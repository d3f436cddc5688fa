"""`list` and `show`: reading requests. Nothing is written in the vault."""

from __future__ import annotations

from platinum_tui.model.errors import ExitCode
from platinum_tui.model.request import State
from platinum_tui.model.standing import Review, Standing
from platinum_tui.model.text import safe, safe_line
from platinum_tui.verbs.call import Call

ALL = "all"


def list_requests(call: Call) -> ExitCode:
    """The requests in the wanted states and kinds; pending ones unless told otherwise."""
    wanted = _states(call.arguments.state)
    kinds = set(call.arguments.kind or ())
    with call.desk() as desk:
        found = [
            standing
            for standing in desk.standings(wanted)
            if not kinds or (standing.request.kind and standing.request.kind.value in kinds)
        ]
        forms = [desk.form_of(standing) for standing in found] if call.as_json else []
    if call.as_json:
        call.print_json({"requests": forms})
    elif found:
        call.print_text("\n".join(_row(standing) for standing in found))
    else:
        call.say("No requests in these states; `--state all` shows every one.")
    return ExitCode.DONE


def show_request(call: Call) -> ExitCode:
    """One request: its fields, problems, warnings, risk, and the exact thing that would be sent."""
    with call.desk() as desk:
        review = desk.review(call.arguments.id)
        form = {**review.to_json(), **desk.form_of(review.standing)} if call.as_json else {}
    if call.as_json:
        call.print_json({**form, "raw": safe(review.raw)} if call.arguments.raw else form)
    elif call.arguments.raw:
        call.print_text(review.raw)
    else:
        call.print_text(_page(review))
    return ExitCode.DONE


def _states(names: list[str] | None) -> frozenset[State] | None:
    if not names:
        return frozenset({State.PENDING})
    return None if ALL in names else frozenset(State(name) for name in names)


def _row(standing: Standing) -> str:
    request = standing.request
    mark = "" if standing.approvable else f" [{', '.join(dict.fromkeys(p.code for p in request.problems))}]"
    parts = (request.fingerprint, standing.state, request.kind or "-", standing.risk.level, standing.target or "-")
    return f"{safe_line(request.id)}  {'  '.join(parts)}  {standing.title}{mark if request.problems else ''}"


def _page(review: Review) -> str:
    standing, request, changed = review.standing, review.standing.request, ", ".join(review.changed)
    head = [
        f"{standing.title}",
        f"  id           {safe_line(request.id)}",
        f"  file         {safe_line(standing.file)}",
        f"  kind         {request.kind or 'none'}",
        f"  state        {standing.state}{f': {standing.why}' if standing.why else ''}",
        f"  fingerprint  {request.fingerprint}",
        f"  risk         {standing.risk.level}",
        *(f"               {reason.message}" for reason in standing.risk.reasons),
        *([f"  earlier      {review.earlier.fingerprint}; changed: {changed or 'bytes'}"] if review.earlier else []),
        *(f"  problem      {p.code}{f' ({p.field})' if p.field else ''}: {p.message}" for p in request.problems),
        *([f"  note         {review.unready}"] if review.unready else []),
        *(f"  warning      {warning.code}: {warning.message}" for warning in request.warnings),
        *([f"  expires      {request.expires_at:%Y-%m-%d %H:%M} UTC"] if request.expires_at else []),
        *([f"  task         {safe_line(request.task)}"] if request.task else []),
        *([f"  why          {safe_line(request.reason)}"] if request.reason else []),
        *(f"  {name:<12} from {s.source}{f', line {s.line}' if s.line else ''}" for name, s in request.sources.items()),
    ]
    past = [f"  {e.time:%Y-%m-%d %H:%M:%S} UTC  {e.event}  {e.actor}  {e.result}".rstrip() for e in review.history]
    history = ["", "history", *past] if past else []
    return "\n".join([*head, "", "what would go out", "", safe(review.preview), *history])
