"""The settings of the built-in servers, as data: to give a server a new setting, add a line here."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass


class Shape(enum.Enum):
    """What a setting's value looks like, with an example for messages."""

    TEXT = '"text"'
    HOST = 'a host name, for example "smtp.example.com"'
    ADDRESS = 'a mail address, for example "me@example.com"'
    PORT = "a port number, for example 587"
    URL = 'an https address (http on loopback only), for example "https://erp.example.com"'
    FOLDER = 'a folder, for example "~/payments"'
    COMMAND = 'a command as a list, for example ["bridge", "--stdio"]'
    DECIMAL = 'a decimal number as text, for example "0.015"'


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a built-in server.

    Attributes:
        shape: what its value looks like.
        choices: the only texts allowed, where there are such.
        loopback_host: the setting that must name a loopback host where this one is "none" (no encryption).
    """

    shape: Shape = Shape.TEXT
    choices: tuple[str, ...] = ()
    loopback_host: str = ""


@dataclass(frozen=True, slots=True)
class Credential:
    """One secret of a built-in server.

    Attributes:
        setting: the setting that calls for it.
        purpose: what it is for.
        origin: where a person gets it.
        instead: the credential (without the server's name) that does as well; the first of the two is asked for.
        optional: whether the server can do without.
    """

    setting: str
    purpose: str
    origin: str
    instead: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """A built-in server.

    Attributes:
        settings: its settings by name.
        required: alternatives: the server can work when all settings of one of them are there.
        credentials: its secrets by name, without the server's.
    """

    settings: Mapping[str, Setting]
    required: tuple[tuple[str, ...], ...]
    credentials: Mapping[str, Credential]


_PROVIDER = "your mail provider; an app password where two-factor login is on"
_GOOGLE = "console.cloud.google.com, an OAuth client of type desktop"
_META = "developers.facebook.com"
_TEXT = Setting()
_HOST = Setting(Shape.HOST)
_ADDRESS = Setting(Shape.ADDRESS)
_PORT = Setting(Shape.PORT)
_URL = Setting(Shape.URL)
_DECIMAL = Setting(Shape.DECIMAL)

FAMILIES: Mapping[str, Family] = {
    "email": Family(
        settings={
            "transport": Setting(choices=("smtp", "gmail")),
            "smtp_host": _HOST,
            "smtp_port": _PORT,
            "smtp_security": Setting(choices=("tls", "starttls", "none"), loopback_host="smtp_host"),
            "sender": _ADDRESS,
            "username": _TEXT,
            "imap_host": _HOST,
            "imap_port": _PORT,
            "imap_security": Setting(choices=("tls", "starttls", "none"), loopback_host="imap_host"),
            "imap_username": _TEXT,
            "sent_folder": _TEXT,
            "gmail_api_url": _URL,
            "gmail_token_url": _URL,
            "gmail_client_id": _TEXT,
        },
        required=(("smtp_host", "sender"), ("transport", "sender")),
        credentials={
            "password": Credential("username", "logging in at the mail server", _PROVIDER, instead="oauth_token"),
            "oauth_token": Credential(
                "username", "logging in with XOAUTH2", "your provider's OAuth page", instead="password", optional=True
            ),
            "imap_password": Credential("imap_username", "the Sent folder, under a login of its own", _PROVIDER),
            "gmail_refresh_token": Credential("gmail_client_id", "Gmail's API, scope gmail.send", _GOOGLE),
            "gmail_client_secret": Credential("gmail_client_id", "the OAuth client of Gmail's API", _GOOGLE),
        },
    ),
    "social": Family(
        settings={
            "facebook_page": _TEXT,
            "facebook_api_url": _URL,
            "instagram_account": _TEXT,
            "instagram_api_url": _URL,
            "instagram_media_url": _URL,
            "x_user": _TEXT,
            "x_client_id": _TEXT,
            "x_api_url": _URL,
            "x_price": _DECIMAL,
            "x_price_with_link": _DECIMAL,
            "linkedin_author": _TEXT,
            "linkedin_version": _TEXT,
            "linkedin_api_url": _URL,
            "mastodon_host": _HOST,
            "mastodon_api_url": _URL,
            "bluesky_host": _HOST,
            "bluesky_handle": _TEXT,
            "bluesky_api_url": _URL,
        },
        required=(
            ("facebook_page",),
            ("instagram_account",),
            ("x_user",),
            ("linkedin_author",),
            ("mastodon_host",),
            ("mastodon_api_url",),
            ("bluesky_handle",),
        ),
        credentials={
            "facebook_token": Credential("facebook_page", "posts on the page: pages_manage_posts", _META),
            "instagram_token": Credential("instagram_account", "posts: instagram_content_publish", _META),
            "x_token": Credential("x_user", "posts: tweet.write users.read media.write", "developer.x.com"),
            "x_refresh_token": Credential(
                "x_client_id", "a new x_token every two hours: offline.access", "developer.x.com"
            ),
            "linkedin_token": Credential(
                "linkedin_author", "posts: w_member_social; 60 days", "linkedin.com/developers"
            ),
            "mastodon_token": Credential(
                "mastodon_host", "posts: write:statuses write:media read", "Preferences, Development, New application"
            ),
            "bluesky_password": Credential("bluesky_handle", "posts", "Settings, App passwords"),
        },
    ),
    "odoo": Family(
        settings={"url": _URL, "database": _TEXT, "username": _TEXT},
        required=(("url", "database"),),
        credentials={
            "api_key": Credential("url", "everything in Odoo", "Preferences, Account Security, New API Key"),
        },
    ),
    "whatsapp": Family(
        settings={
            "phone_number_id": _TEXT,
            "business_account_id": _TEXT,
            "api_version": _TEXT,
            "api_url": _URL,
            "bridge_command": Setting(Shape.COMMAND),
            "bridge_url": _URL,
        },
        required=(("phone_number_id",), ("bridge_command",), ("bridge_url",)),
        credentials={
            "token": Credential("phone_number_id", "messages: whatsapp_business_messaging", "business.facebook.com"),
        },
    ),
    "payments": Family(
        settings={
            "sepa_debtor_name": _TEXT,
            "sepa_debtor_iban": _TEXT,
            "sepa_debtor_bic": _TEXT,
            "sepa_folder": Setting(Shape.FOLDER),
            "sepa_schema": Setting(choices=("pain.001.001.03", "pain.001.001.09")),
            "stripe_account": _TEXT,
            "stripe_api_url": _URL,
            "paypal_client_id": _TEXT,
            "paypal_api_url": _URL,
            "wise_profile": _TEXT,
            "wise_source_currency": _TEXT,
            "wise_api_url": _URL,
        },
        required=(
            ("sepa_debtor_name", "sepa_debtor_iban", "sepa_folder"),
            ("stripe_account",),
            ("paypal_client_id",),
            ("wise_profile",),
        ),
        credentials={
            "stripe_api_key": Credential(
                "stripe_account", "payouts, transfers, refunds", "dashboard.stripe.com, Developers, API keys"
            ),
            "paypal_client_secret": Credential(
                "paypal_client_id", "payouts, refunds", "developer.paypal.com, Apps & Credentials"
            ),
            "wise_token": Credential("wise_profile", "drafts of transfers", "Wise, Settings, API tokens"),
        },
    ),
}
"""The built-in servers by name."""
