"""Showing a secret: an event to the browser's panel, and nothing that stays here."""

import json

import reflex as rx


def show_secret(*, label: str, value: str) -> rx.event.EventSpec:
    """An event that shows ``value`` in the page's secret panel; no State ever holds it."""
    shown = json.dumps({"label": label, "value": value})
    return rx.call_script(f"window.infrazen.showSecret({shown})")
