"""What the headings and labels of a request file mean: an original, a draft, content, a note for the reviewer."""

from __future__ import annotations

import enum
import re
from functools import lru_cache


class Role(enum.Enum):
    """What stands under a heading or after a label."""

    ORIGINAL = "original"
    DRAFT = "draft"
    CONTENT = "content"
    PREVIEW = "preview"
    STRUCTURE = "structure"
    OTHER = "other"


_ORIGINAL = re.compile(
    r"(?:the |full )?(?:original|incoming|inbound|received|quoted|source)(?: (?!post$|tweet$)\w+){0,4}"
    r"|(?:client|customer|sender|their|user|lead|contact)(?: s)? (?:message|email|e mail|mail|inquiry|enquiry"
    r"|request|comment|question|text)"
    r"|(?:message|email|mail|comment|text) (?:received|from(?: \w+){1,4}|thread|history|to reply to)"
    r"|in (?:reply|response) to|(?:conversation|chat|email|message)(?: thread)? (?:history|context|thread)|what "
    r"(?:they|he|she) (?:said|wrote)"
    r"|previous (?:message|email|conversation)s?|quote|thread history"
)
_WRITTEN = (
    r"(?:e ?mail|mail|message|reply|replies|response|answer|post|tweet|caption|text|content|body|copy|whatsapp|linkedin"
    r"|facebook|instagram|twitter|x|mastodon|bluesky|social|media)"
)
_DRAFT = re.compile(
    rf"(?:\w+ )?(?:draft(?:ed)?|proposed|suggested|recommended|prepared|generated|composed|ready)(?: "
    rf"{_WRITTEN}){{1,4}}(?: (?:text|content|body|details|copy))?"
    rf"|(?:{_WRITTEN} ){{0,3}}draft(?: (?:text|content|body|copy))?|draft (?:details|action)|(?:{_WRITTEN} "
    rf"){{0,2}}(?:reply|response|answer)(?: (?:text|content|body|message|draft))?"
    r"|(?:your|our|my|ai|the|final|full) (?:draft|reply|response|answer)"
)
_CONTENT = re.compile(
    r"(?:(?:full|final|the|complete|exact|proposed) )?(?:"
    r"body|content|contents|message|letter|text|caption|copy|post|tweet"
    r"|text of (?:the|this|our|your) (?:e ?mail|mail|message|letter|post|reply)"
    r"|(?:e ?mail|mail|message|post|tweet|reply|response|draft|caption|whatsapp|whatsapp message|linkedin|facebook"
    r"|instagram|twitter|x|mastodon|bluesky|social media|social|linkedin post|facebook post|instagram post|twitter "
    r"post|x post|tweet|main)"
    r" (?:body|content|contents|message|text|copy|caption|post|tweet)"
    r"|post message body|e ?mail|(?:linkedin|facebook|instagram|twitter|x|mastodon|bluesky) (?:post|caption|tweet"
    r"|content|text)"
    r"|(?:message|content|text|post|tweet|e ?mail)(?: content| text)? (?:to (?:send|post|publish|share|review|approve"
    r"|be sent|be posted|be published)|for (?:posting|publishing|publication|review|approval))"
    r")"
    r"|(?:e ?mail|mail|message|letter|post|tweet|reply|response|text|update) (?:to|for) (?:the |our |your )?\w+"
    r"(?: \w+){0,3}"
    r"|(?:outgoing|outbound|chat|final) (?:e ?mail|mail|message|version|text|copy)"
    r"|what (?:we|i|will|is) (?:\w+ ){0,3}(?:send|sent|post|posted|publish|published)"
    r"|(?:e ?mail|message|post|reply|draft|letter|update)(?: draft)? ready to (?:send|publish|post)"
)
_PREVIEW = re.compile(r".*\bpreview\b.*|.*\bsnippet\b.*|.*\bexcerpt\b.*")
_STRUCTURE = re.compile(
    r".*\b(?:approv\w*|reject\w*|instruction\w*|action\w*|options?|decision\w*|steps?|notes?|risks?|reason\w*|why"
    r"|context|summary|status|"
    r"details?|metadata|info|information|checklist|how to|timeline|logs?|plan|objective|execution|safety"
    r"|modification\w*|hashtags?|image|media|"
    r"title|subject|recipients?|attachments?|schedul\w*|analysis|references?|review\w*|background|impact"
    r"|warning\w*|important|audit|"
    r"comments?|expir\w*|timeout|deadline|priority|goal|requirements?|verification|validation|compliance|next|what "
    r"(?:will|happens)|"
    r"platform|topic|target|audience|engagement|strategy|metrics|character count|task|request|response time"
    r"|confidence|signature|human|"
    r"manager|changes?|edit|history|trail|tags?|links?|related|source|created|generated|sensitivity|policy|rule\w*"
    r"|cost|budget|accounting|"
    r"invoice|payment|customer|client|line items|to|cc|bcc|from|date|thanks)\b.*"
)
_FOR_THE_REVIEWER = re.compile(
    r"(?:how )?(?:to )?(?:approv\w*|reject\w*)\b.*|.*\b(?:approval|instructions?|reviewer|manager decision|human "
    r"review|hashtags?|metadata|"
    r"character count|internal notes?|image preview|risk assessment|checklist|audit|attachments?|subject"
    r"|recipients?)\b.*"
    r"|actions? required|required actions?|to|cc|bcc|decision|status|image|media|platform|schedule|notes?(?: for "
    r"\w+)?|call to action"
)
_EMOJI_AND_MARKS = re.compile(r"[^\w]+")


@lru_cache(maxsize=4096)
def normal(title: str) -> str:
    """A heading or label as it is looked up: case folded words joined by one space, no marks, no emoji."""
    return _EMOJI_AND_MARKS.sub(" ", title.casefold()).replace("_", " ").strip()


@lru_cache(maxsize=4096)
def for_the_reviewer(title: str) -> bool:
    """Whether a heading inside a draft speaks to the reviewer or names a field, so that the draft ends there."""
    return bool(_FOR_THE_REVIEWER.fullmatch(title))


@lru_cache(maxsize=4096)
def role_of(title: str) -> Role:
    """The role of a heading or of a label, by its normal form."""
    if not title or len(title) > 80:
        return Role.OTHER
    for pattern, role in (
        (_PREVIEW, Role.PREVIEW),
        (_ORIGINAL, Role.ORIGINAL),
        (_DRAFT, Role.DRAFT),
        (_CONTENT, Role.CONTENT),
        (_STRUCTURE, Role.STRUCTURE),
    ):
        if pattern.fullmatch(title):
            return role
    return Role.OTHER
