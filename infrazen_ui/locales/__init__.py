"""The interface's texts in its two languages: a folder each, in it a TOML file a part.

A key is the dotted path to a text, whichever file it stands in; a top-level table has one
file. A table of CLDR plural categories is one text that is chosen by a number, which
stands in it as ``{n}``.
"""

import tomllib
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale

PLURAL_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})

Plural = dict[str, str]


class Language(StrEnum):
    """A language of the interface."""

    RU = "ru"
    EN = "en"

    @classmethod
    def of(cls, value: object) -> "Language":
        """``value`` as a language, Russian where it is none (it may come from a browser)."""
        return cls.EN if value == cls.EN else cls.RU


@cache
def catalogue(language: Language) -> dict[str, str | Plural]:
    """Every text of one language by key."""
    found: dict[str, Any] = {}
    for part in files(__name__).joinpath(language.value).iterdir():
        tables = tomllib.loads(part.read_text(encoding="utf-8"))
        if twice := found.keys() & tables.keys():
            raise RuntimeError(f"{part.name} has what another file has: {', '.join(twice)}")
        found |= tables
    return dict(_flat(found))


def text(key: str, language: Language, /, **values: str | int) -> str:
    """The text of ``key`` with ``{name}`` replaced by its value; KeyError for none such."""
    found = catalogue(language)[key]
    if isinstance(found, dict):
        raise TypeError(f"{key} needs a number: use plural()")
    return found.format(**values) if values else found


def plural(
    key: str,
    n: int | Decimal,
    language: Language,
    /,
    *,
    shown: str | None = None,
    **values: str | int,
) -> str:
    """The form of ``key`` that agrees with ``n``; ``shown`` stands for a formatted ``n``."""
    forms = catalogue(language)[key]
    if not isinstance(forms, dict):
        raise TypeError(f"{key} has no plural forms: use text()")
    form = Locale.parse(language.value).plural_form(n)
    return forms.get(form, forms["other"]).format(n=n if shown is None else shown, **values)


def _flat(table: dict[str, Any], prefix: str = "") -> list[tuple[str, str | Plural]]:
    texts: list[tuple[str, str | Plural]] = []
    for name, value in table.items():
        key = f"{prefix}{name}"
        is_plural = isinstance(value, dict) and bool(value) and PLURAL_FORMS.issuperset(value)
        if is_plural or isinstance(value, str):
            texts.append((key, value))
        else:
            texts += _flat(value, f"{key}.")
    return texts
