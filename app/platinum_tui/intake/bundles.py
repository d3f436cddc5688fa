"""Files that ask for several actions at once: in a list `actions`, under numbered headings, or in one value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from platinum_tui.intake.document import Document, Section
from platinum_tui.intake.headings import normal
from platinum_tui.intake.kind_words import leading_words, meaning_of
from platinum_tui.intake.sources import Sources
from platinum_tui.intake.values import Raw, folded
from platinum_tui.model.action import Kind

ACTION_KEYS = ("kind", "action", "action_type")
TYPE_KEYS = ("type", "request_type", "task_type", "approval_type")
_FIELDS = frozenset(
    {"to", "recipient", "subject", "body", "platform", "payee", "amount", "invoice", "customer", "tool"}
)
"""What an action has and a button for the reviewer (`label: Approve`) has not."""
_NUMBERED = re.compile(r"(?P<number>\d{1,2}) (?P<title>\D.*)")
_ABOUT_ONE = frozenset(
    {"details", "detail", "information", "info", "context", "summary", "data", "body", "content", "preview", "overview"}
)
"""Words of headings that stand over a part of one action as often as over one of several."""


@dataclass(frozen=True, slots=True)
class NumberedAction:
    """A heading such as `1. Email to Ana` with fields of its own under it.

    Attributes:
        kind: what its title asks for; None where that is an answer, of which it does not say on what channel.
        section: the heading.
        fields: the labels under it that are fields, with their values.
    """

    kind: Kind | None
    section: Section
    fields: Mapping[str, str]


def asks_for_several(sources: Sources) -> bool:
    """Whether a file asks for more than one action."""
    heads = [sources.head, *(block for block, _ in sources.json_blocks[:1])]
    return (
        any(listed_actions(head) or _names_several(head) for head in heads)
        or len(numbered_actions(sources.document, [range(body.at, body.end) for body in sources.bodies])) > 1
    )


def listed_actions(head: Mapping[str, Raw]) -> list[Raw]:
    """The items of the list `actions`; none where it lists what the reviewer may do (`[approve, reject]`)."""
    items = head.get("actions")
    if not isinstance(items, list):
        return []
    names = ", ".join(item for item in items if isinstance(item, str))
    return items if any(map(_is_action, items)) or meaning_of(names).several else []


def with_only_action(head: Mapping[str, Raw]) -> Mapping[str, Raw]:
    """A head whose list `actions` has one item, with the item's keys for its own; as it is where they contradict it."""
    listed = listed_actions(head)
    if len(listed) != 1 or not isinstance(listed[0], dict):
        return head
    inner = {folded(name): value for name, value in listed[0].items()}
    rest = {name: value for name, value in head.items() if name != "actions" and not _only_frames(name, value)}
    same = all(rest[name] == value for name, value in inner.items() if name in rest)
    return {**rest, **inner} if same and len(inner) == len(listed[0]) else head


def _only_frames(name: str, value: Raw) -> bool:
    """Whether a key says no more than that the file is a request (`type: approval_request`)."""
    return name in (*ACTION_KEYS, *TYPE_KEYS) and isinstance(value, str) and meaning_of(value).empty


def _is_action(item: Raw) -> bool:
    if not isinstance(item, dict):
        return False
    inner = {folded(name): value for name, value in item.items()}
    named = [value for key in (*ACTION_KEYS, *TYPE_KEYS) if isinstance(value := inner.get(key), str)]
    return bool(_FIELDS & inner.keys()) or any(meaning_of(value).kind for value in named)


def _names_several(head: Mapping[str, Raw]) -> bool:
    """Whether one value is a list of kinds; `send_email, post_linkedin` in one text is what its words mean."""
    lists = [value for key in (*ACTION_KEYS, *TYPE_KEYS) if isinstance(value := head.get(key), list)]
    return any(meaning_of(", ".join(item for item in value if isinstance(item, str))).several for value in lists)


def numbered_actions(document: Document, texts: list[range]) -> list[NumberedAction]:
    """The numbered headings that stand over an action each; none where all of them are about one.

    Args:
        document: of the file.
        texts: the lines that would go out, whose headings are their own.
    """
    found: dict[str, NumberedAction] = {}
    for section in document.sections[1:]:
        match = _NUMBERED.fullmatch(normal(section.title))
        if not match or section.original or any(section.start in text for text in texts):
            continue
        meaning, lines = meaning_of(leading_words(match["title"])), range(section.start, end_of(document, section))
        fields = {label.name: label.value for label in document.labels if label.at in lines and label.name in _FIELDS}
        if fields and (meaning.kind or meaning.channel):
            found.setdefault(match["number"], NumberedAction(meaning.kind, section, fields))
    actions = list(found.values())
    return actions if _differ(actions) else []


def _differ(actions: list[NumberedAction]) -> bool:
    """Whether headings ask for different things: one field has two values, or they name two kinds."""
    said: dict[tuple[Kind | None, str], set[str]] = {}
    for action in actions:
        for name, value in action.fields.items():
            said.setdefault((action.kind, name), set()).add(value)
    if any(len(values) > 1 for values in said.values()):
        return True
    plain = [action for action in actions if not _ABOUT_ONE & set(action.section.name.split())]
    return len({action.kind for action in plain}) > 1


def end_of(document: Document, section: Section) -> int:
    """The index after a section's last line, deeper headings with it."""
    following = (s.start for s in document.sections if s.start > section.start and s.level <= section.level)
    return next(following, len(document.lines))
