"""Front matter that is no YAML, line by line: what stands on one line is kept, a value that does not is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from platinum_tui.intake.values import Raw, Scalar

_KEY = re.compile(
    r"(?P<indent> *)(?P<key>[^\s:#'\"\[\]{}&*!|>%@`,-][^:\n]{0,80}?|\"[^\"\n]{1,80}\"|'[^'\n]{1,80}')[ "
    r"\t]*:(?P<value>[ \t].*|)"
)
_BLOCK = re.compile(r"[|>][+-]?[0-9]?[+-]?\s*(?:#.*)?")


def recover(block: list[str], first_line: int) -> Iterator[tuple[int, str, Raw | None]]:
    """Line number, key and value of each line of the form `key: value`; the value is None where it is lost.

    A value is lost if it is a block scalar or goes on in lines below that are indented or list items.
    """
    indent: str | None = None
    for at, line in enumerate(block):
        match = _KEY.fullmatch(line)
        if not match or match["indent"] != (indent if indent is not None else match["indent"]):
            continue
        indent = match["indent"]
        key, value = match["key"].strip("\"'"), match["value"].strip()
        goes_on = _goes_on(block, at)
        if goes_on or _BLOCK.fullmatch(value) or _torn(value):
            yield first_line + at, key, None
        else:
            yield first_line + at, key, _one_line(value)


def _torn(value: str) -> bool:
    """Whether a quoted text or a list is opened and not closed on its line."""
    opener = value[:1]
    return (opener in {'"', "'"} and value.count(opener) % 2 == 1) or (opener == "[" and "]" not in value)


def _goes_on(block: list[str], at: int) -> bool:
    following = next((block[below] for below in range(at + 1, len(block)) if block[below].strip()), "")
    own = len(block[at]) - len(block[at].lstrip(" "))
    indent = len(following) - len(following.lstrip(" \t"))
    return indent > own or following.lstrip().startswith("- ")


def _one_line(value: str) -> Raw:
    """As YAML reads that value alone; where it cannot, the text between the quotes, or all of it."""
    if re.match(r"[&*!]", value):
        return Scalar(value)
    try:
        node = yaml.compose(value, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        node = None
    if isinstance(node, yaml.ScalarNode) and not re.search(r"\s#\S", value):
        return Scalar(node.value, plain=node.style is None)
    if isinstance(node, yaml.SequenceNode) and all(isinstance(item, yaml.ScalarNode) for item in node.value):
        return [Scalar(item.value, plain=item.style is None) for item in node.value]
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return Scalar(value[1:-1])
    return Scalar(value)
