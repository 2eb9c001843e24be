"""Fields of a resource before and after, in the words and units that people read."""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypedDict

from infrazen.domain.resources import ResourceStatus
from infrazen_ui.locales import Language, text
from infrazen_ui.present.configuration import field_title, shown_value
from infrazen_ui.present.resource_words import status_word

_LONGEST = 160
_SAID_BY_OTHERS = ("price.amount", "price.period")
"""What changes along with the price per day and month, and says nothing new."""


class Field(NamedTuple):
    """A field's name (``config.memory_mb``) and its values.

    None is nothing; an empty text is something of which no more than the name is known.
    """

    name: str
    before: Any
    after: Any


class Change(TypedDict):
    """A field before and after."""

    name: str
    before: str
    after: str


def field_changes(
    fields: Iterable[Field], *, currency: str | None, language: Language
) -> list[Change]:
    """Changes for people, in the order given; prices are in ``currency``."""
    known = list(fields)
    names = {field.name for field in known}
    is_priced = bool(names & {"price.daily_micro", "price.monthly_micro"})
    return [
        Change(
            name=field_title(field.name, language=language),
            before=_shown(field.name, field.before, currency, language),
            after=_shown(field.name, field.after, currency, language),
        )
        for field in known
        if not (is_priced and field.name in _SAID_BY_OTHERS)
    ]


def _shown(name: str, value: object, currency: str | None, language: Language) -> str:
    if name.startswith("components.") and value in (None, ""):
        return text("resource_word.absent" if value is None else "resource_word.there", language)
    if name == "status" and value in set(ResourceStatus):
        return status_word(ResourceStatus(value), language=language)
    shown = shown_value(name.rpartition(".")[2], value, language, currency=currency)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
