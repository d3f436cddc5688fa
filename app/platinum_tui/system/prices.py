"""What a service bills for one action, as far as that is known before it is done."""

from __future__ import annotations

import re
from dataclasses import dataclass

from platinum_tui.model.action import Action, Platform, SocialPost
from platinum_tui.model.social import posted_text
from platinum_tui.system.configuration import Configuration
from platinum_tui.system.server_settings import FamilySettings

X_POST, X_POST_WITH_LINK = "0.015", "0.200"
X_PRICE_LIST = "docs.x.com/x-api/getting-started/pricing, 2026"
_LINK = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Price:
    """A price and who says so.

    Attributes:
        amount: a decimal number of US dollars.
        source: the price list, or the configuration.
    """

    amount: str
    source: str

    @property
    def sentence(self) -> str:
        """As the reviewer reads it."""
        return f"about {self.amount} USD ({self.source})"


def price_of(action: Action, configuration: Configuration) -> Price | None:
    """What an action costs; None where nothing is billed for one action, or nobody knows."""
    if isinstance(action, SocialPost) and action.platform is Platform.X:
        return price_of_x_post(action, configuration.family("social"))
    return None


def price_of_x_post(post: SocialPost, settings: FamilySettings) -> Price:
    """What X bills for a post: one that holds an address costs more."""
    linked = bool(_LINK.search(posted_text(post)))
    configured = settings.text("x_price_with_link" if linked else "x_price")
    if configured:
        return Price(configured, "your configuration")
    return Price(X_POST_WITH_LINK if linked else X_POST, X_PRICE_LIST)
