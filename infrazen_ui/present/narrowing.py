"""Narrowing a list down: what can be chosen, what is chosen, which rows are shown."""

from typing import TypedDict

from infrazen_ui.locales import Language, text
from infrazen_ui.present.figures import number


class Choice(TypedDict):
    """Something that can be chosen to narrow a list down."""

    facet: str
    value: str
    label: str
    count: str
    is_chosen: bool


class Chip(TypedDict):
    """A choice in force."""

    facet: str
    value: str
    name: str
    label: str


def shown_rows(*, offset: int, rows: int, count: int, language: Language) -> str:
    """``51–100 из 312``."""
    if not rows:
        return text("pages.shown_none", language)
    return text(
        "pages.shown",
        language,
        first=number(offset + 1, language=language),
        last=number(offset + rows, language=language),
        count=number(count, language=language),
    )
