"""Work that may wait for a disk: done in a thread, its result handled on the screen's own turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from textual.dom import DOMNode
from textual.worker import Worker

from platinum_tui.model.errors import Failed, PlatinumError
from platinum_tui.model.text import safe_line

T = TypeVar("T")
_REMEDY = "Look at what stands here now before you go on; `platinum-tui doctor` checks the rest."


def in_background(
    node: DOMNode,
    work: Callable[[], T],
    done: Callable[[T], None],
    failed: Callable[[PlatinumError], None],
    *,
    group: str,
    only_last: bool = False,
) -> Worker[None]:
    """Do `work` in a thread, then `done` with its result, or `failed`, on the screen's turn.

    Args:
        node: whose work it is; when it is gone, the result is dropped.
        work: what may wait; it touches no widget.
        done: takes the result.
        failed: takes the error; one that is none of ours comes as `Failed`, so that nothing waits for it for ever.
        group: names works of one sort.
        only_last: drop the results of earlier works of the group.

    Returns:
        The work under way.
    """

    async def run() -> None:
        try:
            result = await asyncio.to_thread(work)
        except PlatinumError as error:
            failed(error)
        except Exception as error:  # noqa: BLE001 - the border of a worker: whoever began it must hear of its end
            node.log.error(error)
            failed(Failed(f"Something broke: {type(error).__name__}: {safe_line(str(error))}", remedy=_REMEDY))
        else:
            done(result)

    return node.run_worker(run, group=group, exclusive=only_last, exit_on_error=False)
