"""Who writes under a heading: the agent what it asks for, the agent about it, or anybody.

Our own headings are known; every other one may stand over, or inside, what somebody else wrote. The list is of what is
ours, not of what is theirs: strangers write in any language.
"""

from __future__ import annotations

import enum
import re
from functools import lru_cache

from platinum_tui.intake.headings import Role, for_the_reviewer, normal, role_of


class Writer(enum.Enum):
    """Who speaks under a heading."""

    OURS = "ours"
    NOTE = "note"
    ANYBODY = "anybody"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LITTLE = _words(
    "a an and as at be by for from i if in into is it its no of on or our out per so that the this to up via we "
    "what when which who will with you your id ids x ai hitl"
)
_DETAILS = _words(
    "account accounting action actions addressing amount approval approvals approve approved approving ask attached "
    "attachment attachments audience auto awaiting bank banking bcc beneficiary bill billed billing bluesky book "
    "booking business call caption cc charge client company content cost costs create created creating currency "
    "customer dashboard data date decision delivery destination detail details disbursement do draft drafted drafts "
    "due e email emails envelope execute execution expense external facebook fb field fields file files final "
    "finance financial gateway general generate generated gets hashtag hashtags headers human iban image images "
    "info information instagram invoice invoices invoicing item items key line lines link linkedin links list local "
    "mail manual mastodon match mcp media medium message metadata method money movement needed new odoo online "
    "order outbound outgoing paid parameters params parties partner party pay payable payee paying payload payment "
    "payments pending photo platform platinum post posting posts priority product products profile proposal "
    "proposed publication publish purchase quick ready real received recipient recipients record recording ref "
    "reference references refund register registration remittance reply request requested requests require required "
    "requires response review reviewing schedule scheduled scheduling send sending service services ship social "
    "specification specifics statement status subject submission submit subscription supplier table task tax team "
    "text time title to tool topic total totals transaction transactions transfer tweet twitter type update upload "
    "urgent value values vat vendor video visual whatsapp wire"
)
_DIGESTS = _words("overview summary glance breakdown facts")
_NOTES = _DIGESTS | _words(
    "about after aim analysis assessment assumptions audit authorization background before benefits category "
    "checklist check checks class classification comment comments compliance concerns conditions confidence "
    "consequences consider considerations context criteria deadline department description detected engagement "
    "escalate escalation evaluation evidence execution expected expiration expires expiry findings flag flags flow "
    "flagged goal goals guidelines happen happens handbook hint how human impact important instruction instructions "
    "internal issue issues justification level limits log logs manager matrix metrics mitigation modification "
    "modifications modify needs next note notes objective observation option optional options outcome plan "
    "policy preview procedure process purpose question questions rationale reason reasoning reasons recommendation "
    "recommendations recommended reject rejected rejection remarks requirement requirements result results reviewer "
    "reviewers reward risk risks rollback rule rules safety score security sensitivity sentiment settings sign sla "
    "source step steps strategy success suggested suggestion suggestions tags threshold timeline timeout "
    "tone trail validation verification verify warning warnings why workflow"
)
_THEIRS = _words(
    "conversation correspondence customers enquiry excerpt extracted forward forwarded fw fwd he her his history "
    "incoming inbound inbox input inquiry last latest original previous quote quoted raw received recent said "
    "sender senders she snippet their theirs they thread transcript trigger wrote says asks asked states writes told"
)
_PARTIES = _words("vendor supplier customer client user lead contact sender partner buyer company partys payee")
_WRITINGS = _words("email emails mail mails message messages text comment comments reply response post")
_WRITTEN = _WRITINGS | _words(
    "attached attachment attachments body content contents copy document file files image link links text"
) - _words("post")
_ASKS = _words(
    "action approval approve approved book create draft order pay payment payments payout post record refund request "
    "required review send task transfer"
)
_BOOKED = _words("payment payments invoice amount money")
_ROOMS = _words("agent assistant automation cloud dashboard form orchestrator queue scheduler system")
_COLON = re.compile(r"\s[-–—|]+\s|[:：(\[]")
_PREPOSITION = re.compile(r"\b(?:for|to|of|with|by|at|via|in|on)\b", re.IGNORECASE)


@lru_cache(maxsize=4096)
def writer_of(title: str, *, texts: bool) -> Writer:
    """Who writes under a heading with this title, as far as its words tell.

    Args:
        title: the heading as it stands, without its marks.
        texts: whether the action sends a text, so that a heading such as `Message` stands over ours.

    Returns:
        `OURS` where every word is one of ours, or those before a name are (`Payment to Acme GmbH`); `NOTE` where it
        tells about the request; `ANYBODY` for all else, any language but English with it.
    """
    whole = words_in(title)
    for head, rest in (
        (_COLON.split(title, maxsplit=1)[0], ()),
        (title, whole),
        (_PREPOSITION.split(title)[0], whole),
    ):
        words = words_in(head)
        if role_of(normal(head)) is Role.ORIGINAL or names_somebody_else([*words, *rest]):
            return Writer.ANYBODY
        if texts and role_of(normal(head)) in (Role.DRAFT, Role.CONTENT):
            return Writer.OURS
        meant = [word for word in words if word not in _LITTLE] or [word for word in words if word in _DETAILS]
        if meant and all(word in _DETAILS or word in _NOTES for word in meant):
            if not texts and (set(meant) & _WRITTEN or meant == ["task"]):
                return Writer.ANYBODY
            return Writer.OURS if set(meant) <= _DETAILS else Writer.NOTE
    return Writer.NOTE if for_the_reviewer(normal(title)) else Writer.ANYBODY


def may_list_fields(title: str) -> bool:
    """Whether a note's heading can stand over fields too (`Payment Summary`), as those of mere remarks never do."""
    return bool((_DETAILS | _DIGESTS) & set(words_in(title)))


def asks_for_something(title: str) -> bool:
    """Whether a title says that something is to be done or decided (`Payment Request`), as that of a paper does not."""
    return bool(_ASKS & set(words_in(title)))


def words_in(title: str) -> list[str]:
    """The words of a title as they are looked up, numbers left out."""
    return [word for word in normal(title).split() if not word.isdigit()]


def holds_a_message(words: list[str]) -> bool:
    """Whether words name something written, as those of a label over it do (`original message`, `client email`)."""
    return bool({"original", *_WRITINGS} & set(words))


def names_somebody_else(words: list[str]) -> bool:
    """Whether words such as `forwarded`, `customer message` or `from Eve` name somebody else's."""
    pairs = list(zip(words, [*words[1:], ""], strict=False))
    apart = list(zip(words, [*words[2:], "", ""], strict=False))
    if any(word in _THEIRS and not (word == "received" and _BOOKED & set(words)) for word in words):
        return True
    return any(first in _PARTIES and second in _WRITINGS for first, second in (*pairs, *apart)) or any(
        first == "from" and second and second not in _ROOMS for first, second in pairs
    )
