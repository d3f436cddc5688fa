"""The program's own themes: dark, light, and a pair for eyes that do not tell red from green."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="platinum-dark",
    dark=True,
    primary="#9db8d9",
    secondary="#7d8ea8",
    accent="#8fd0c8",
    warning="#e5b567",
    error="#e58074",
    success="#8cc98f",
    foreground="#d5dae2",
    background="#12151a",
    surface="#181c23",
    panel="#242a34",
)
LIGHT = Theme(
    name="platinum-light",
    dark=False,
    primary="#2f5d8f",
    secondary="#5a6b82",
    accent="#13716a",
    warning="#8a5a00",
    error="#b3352b",
    success="#256b32",
    foreground="#20262e",
    background="#f6f7f9",
    surface="#eceff3",
    panel="#dbe1e9",
)
DARK_BLUE_ORANGE = Theme(
    name="platinum-dark-blue-orange",
    dark=True,
    primary="#9db8d9",
    secondary="#7d8ea8",
    accent="#b9c7ff",
    warning="#f0c05a",
    error="#ff9d4d",
    success="#6db3ff",
    foreground="#d5dae2",
    background="#12151a",
    surface="#181c23",
    panel="#242a34",
)
LIGHT_BLUE_ORANGE = Theme(
    name="platinum-light-blue-orange",
    dark=False,
    primary="#2f5d8f",
    secondary="#5a6b82",
    accent="#4a4fb0",
    warning="#7a5b00",
    error="#a84300",
    success="#0b5cad",
    foreground="#20262e",
    background="#f6f7f9",
    surface="#eceff3",
    panel="#dbe1e9",
)
THEMES = (DARK, LIGHT, DARK_BLUE_ORANGE, LIGHT_BLUE_ORANGE)
"""In the order in which the key goes through them."""
