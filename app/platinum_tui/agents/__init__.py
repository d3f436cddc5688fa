"""The door for agents: they propose, look, wait, revise and withdraw; nothing here decides."""

from __future__ import annotations
