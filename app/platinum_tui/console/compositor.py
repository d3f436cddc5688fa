"""What a change costs to paint: the lines that it touched, of the widgets that have any of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, TypeVar

from textual._compositor import Compositor
from textual.events import Idle
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip

T = TypeVar("T")


class PartialScreen(Screen[T]):
    """A screen on which a small change costs little."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._compositor = PartialCompositor()

    async def _on_idle(self, event: Idle) -> None:
        """What changed together comes in one frame: the other widgets have told of it one turn later.

        The frame comes then and there; Textual's own waits for the next beat of a timer.
        """
        await asyncio.sleep(0)
        if not self._message_queue.empty():
            event.prevent_default()
        elif self._waits_for_a_frame and self.is_current and not self.app._batch_count:  # noqa: SLF001 - as Textual asks
            event.prevent_default()
            self._on_timer_update()

    @property
    def _waits_for_a_frame(self) -> bool:
        """As Textual's screen asks before it starts its timer."""
        return bool(
            self._layout_required
            or self._scroll_required
            or self._repaint_required
            or self._recompose_required
            or self._dirty_widgets
        )


class PartialCompositor(Compositor):
    """Textual's own renders every widget whose parent a change touches, and each from its first line to its last."""

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        """Region, clip and lines of each widget, from front to back, as far as they have lines of the crop."""
        for widget, (region, clip) in self.visible_widgets.items():
            shown = region.intersection(clip)
            if crop is not None:
                if not shown.overlaps(crop):
                    continue
                top, bottom = max(shown.y, crop.y), min(shown.bottom, crop.bottom)
                shown = Region(shown.x, top, shown.width, bottom - top)
            if shown:
                yield region, shown, widget.render_lines(shown.translate(-region.offset))
