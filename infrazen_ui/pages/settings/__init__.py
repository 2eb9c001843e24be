"""The settings: a page for each section, and one that lists them."""

from infrazen_ui.pages.settings import (
    appearance,
    audit,
    my_profile,
    organization,
    overview,
    people,
    sessions,
    tokens,
)

__all__ = [
    "appearance",
    "audit",
    "my_profile",
    "organization",
    "overview",
    "people",
    "sessions",
    "tokens",
]
