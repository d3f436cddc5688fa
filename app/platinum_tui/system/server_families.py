"""The settings of the built-in servers, as data: to give a server a new setting, add a line here."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass


class Shape(enum.Enum):
    """What a setting's value looks like, with an example for messages."""

    TEXT = '"text"'
    HOST = 'a host name, for example "smtp.example.com"'
    PORT = "a port number, for example 587"
    URL = 'an https address (http on loopback only), for example "https://erp.example.com"'
    FOLDER = 'a folder, for example "~/payments"'
    COMMAND = 'a command as a list, for example ["bridge", "--stdio"]'
    DECIMAL = 'a decimal number as text, for example "0.015"'
    COUNT = "a whole number, for example 1"
    FLAG = "true or false"


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
class Family:
    """A built-in server.

    Attributes:
        settings: its settings by name.
        required: alternatives: the server can work when all settings of one of them are there.
        credentials: for a credential's name (without the server's), the setting that calls for it.
    """

    settings: Mapping[str, Setting]
    required: tuple[tuple[str, ...], ...]
    credentials: Mapping[str, str]


_TEXT = Setting()
_HOST = Setting(Shape.HOST)
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
            "sender": _TEXT,
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
            "password": "username",
            "imap_password": "imap_username",
            "gmail_refresh_token": "gmail_client_id",
            "gmail_client_secret": "gmail_client_id",
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
            "facebook_token": "facebook_page",
            "instagram_token": "instagram_account",
            "x_token": "x_user",
            "x_refresh_token": "x_client_id",
            "linkedin_token": "linkedin_author",
            "mastodon_token": "mastodon_host",
            "bluesky_password": "bluesky_handle",
        },
    ),
    "odoo": Family(
        settings={"url": _URL, "database": _TEXT, "username": _TEXT},
        required=(("url", "database"),),
        credentials={"api_key": "url"},
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
        credentials={"token": "phone_number_id"},
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
            "stripe_api_key": "stripe_account",
            "paypal_client_secret": "paypal_client_id",
            "wise_token": "wise_profile",
        },
    ),
}
"""The built-in servers by name."""
