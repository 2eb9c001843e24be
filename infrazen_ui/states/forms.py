"""What browsers send with forms, read with suspicion."""

from typing import Any

import reflex as rx

DROP_QUERY = rx.call_function("(() => window.infrazen.dropQuery())")
"""Takes from the page's address what opened a form, so that a reload does not do so again."""

LONGEST = 1_000
_A_DAY = 86_400


def entry(form: object, name: str) -> str:
    """What was typed into a field, trimmed and bounded; empty for anything that is no text."""
    value: Any = form.get(name) if isinstance(form, dict) else None
    return value.strip()[:LONGEST] if isinstance(value, str) else ""


def word(value: object) -> str:
    """What a browser sent, where it is a text at all, without what no address can hold."""
    return value.encode(errors="ignore").decode() if isinstance(value, str) else ""


def seconds(value: object) -> float | None:
    """``value`` as seconds to wait, None where it makes no sense (it comes from a browser)."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _A_DAY:
        return float(value)
    return None
