"""What the preview shows, as styled text: made in threads, painted by the preview. Styles are names, not colours."""

from __future__ import annotations
