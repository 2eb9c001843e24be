"""A change to many resources in words, and what a form says of it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from infrazen.domain.bulk_changes import BulkChange
from infrazen_ui.locales import Language, text
from infrazen_ui.present.figures import counted, number

if TYPE_CHECKING:
    from infrazen.services.bulk_changes import Preview

FIELDS = ("owner", "environment", "project", "business_unit", "cost_center")
"""What can be written on many resources at once, besides tags."""
TAG_WAYS = ("put", "only", "remove")


def chosen_words(count: int, *, language: Language) -> str:
    """``Выбрано: 12 ресурсов``."""
    return text("bulk.chosen", language, count=counted("resources.count", count, language=language))


def most_words(what: str, count: int, *, language: Language) -> str:
    """``Выбрать все 312``, or that so many are the most."""
    return text(f"bulk.{what}", language, count=number(count, language=language))


def change_of_fields(inputs: Mapping[str, Any]) -> BulkChange:
    """What the form of fields asks: blank ones stay, a ticked ``clear`` empties one."""
    context: dict[str, str | None] = {}
    for name in FIELDS:
        value = inputs.get(name)
        if inputs.get(f"clear.{name}"):
            context[name] = None
        elif isinstance(value, str) and value.strip():
            context[name] = value.strip()
    return BulkChange(context=context)


def change_of_tags(inputs: Mapping[str, Any]) -> BulkChange:
    """What the form of a tag asks: set it, set it and drop the others, or take it away."""
    way, key, value = (inputs.get(name) for name in ("way", "key", "value"))
    if way not in TAG_WAYS or not isinstance(key, str) or not key.strip():
        return BulkChange()
    if way == "remove":
        return BulkChange(remove=(key.strip(),))
    shown = value.strip() if isinstance(value, str) else ""
    return BulkChange(put={key.strip(): shown}, only_these=way == "only")


def preview_words(found: "Preview", *, language: Language) -> str:
    """``Изменится 34 из 40. Из них сейчас с другим значением: 6.`` as far as it is so."""
    if not found.changing:
        return text("bulk.nothing_changes", language)
    shown = text(
        "bulk.changing",
        language,
        changing=number(found.changing, language=language),
        found=number(found.found, language=language),
    )
    if not found.overwriting:
        return shown
    lost = number(found.overwriting, language=language)
    return f"{shown} {text('bulk.overwriting', language, count=lost)}"
