"""The words of the program: requests, actions, decisions, receipts, states and errors. Imports nothing of ours."""

from __future__ import annotations
