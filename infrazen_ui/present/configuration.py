"""A resource's facts in names and units that people read.

Providers name their facts alike where they mean the same. What has no name here is shown
by the provider's own, so that nothing is hidden.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypedDict

from infrazen.domain.money import Money, from_micro
from infrazen_ui.locales import Language, catalogue, text
from infrazen_ui.present.figures import NARROW_SPACE, counted, number
from infrazen_ui.present.money import money
from infrazen_ui.present.resource_words import NOTHING, storage_class
from infrazen_ui.present.sizes import megabytes, size

_CONFIG = "resource_word.config"
_FIELD = "resource_word.field"
_BEYOND_READING = 10**18
_INITIALS = {"cdn": "CDN", "cpu": "CPU", "id": "ID", "ip": "IP", "url": "URL", "sku": "SKU"}


class Fact(TypedDict):
    """A name and a value."""

    name: str
    value: str


def configuration(config: Mapping[str, Any], *, language: Language) -> list[Fact]:
    """Every fact of a provider's configuration, those with a name first, in its order."""
    known = catalogue(language)
    flat = list(_flat(config, ()))
    flat.sort(key=lambda pair: f"{_CONFIG}.{pair[0][0]}" not in known)
    return [
        Fact(name=_title(_CONFIG, path, language), value=shown_value(path[-1], value, language))
        for path, value in flat
    ]


def field_title(name: str, *, language: Language) -> str:
    """What a changed field (``config.memory_mb``, ``tags.env``) is called."""
    first, *rest = name.split(".")
    if first == "config" and rest:
        return _title(_CONFIG, tuple(rest), language)
    if first in ("tags", "components") and rest:
        return f"{text(f'{_FIELD}.{first}', language)} {'.'.join(rest)}"
    return _title(_FIELD, (first, *rest) if first != "price" else (name,), language)


def shown_value(key: str, value: Any, language: Language, *, currency: str | None = None) -> str:
    """A value as people read it, by what its key says of its unit."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return text("resource_word.yes" if value else "resource_word.no", language)
    if isinstance(value, int | float):
        return _number(key, value, language, currency)
    if isinstance(value, Mapping):
        pairs = _flat(value, ())
        return ", ".join(
            f"{_title(_CONFIG, path, language)}: {shown_value(path[-1], one, language)}"
            for path, one in pairs
        )
    if isinstance(value, list | tuple):
        return ", ".join(shown_value(key, one, language) for one in value)
    return storage_class(value, language=language) if key == "storage_class" else str(value)


def _number(key: str, value: float, language: Language, currency: str | None) -> str:
    if not abs(value) < _BEYOND_READING:
        return str(value)
    if key.endswith("_micro") and isinstance(value, int) and currency:
        return money(Money(from_micro(value), currency), language=language)
    for ending, show in _UNITS.items():
        if key.endswith(ending):
            return show(value, language)
    if key in _PLAIN:
        return str(value)
    return number(Decimal(str(value)), language=language)


def _cores(value: float, language: Language) -> str:
    if isinstance(value, int):
        return counted("resource_word.cores", value, language=language)
    return number(value, language=language)


def _speed(value: float, language: Language) -> str:
    unit = text("resource_word.unit.Mbit/s", language)
    return f"{number(value, language=language)}{NARROW_SPACE}{unit}"


_UNITS: dict[str, Callable[[float, Language], str]] = {
    "_mb": lambda value, language: megabytes(value, language=language),
    "_bytes": lambda value, language: size(value, language=language),
    "_mbps": _speed,
    "cpu": _cores,
}
_PLAIN = frozenset({"port", "version"})
"""Numbers that count nothing, so that no space stands between their thousands."""


def _flat(facts: Mapping[str, Any], above: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
    found: list[tuple[tuple[str, ...], Any]] = []
    for key, value in facts.items():
        path = (*above, str(key))
        found += _flat(value, path) if isinstance(value, Mapping) and value else [(path, value)]
    return found


def _title(family: str, path: tuple[str, ...], language: Language) -> str:
    return ": ".join(_word(family, part, language) for part in path)


def _word(family: str, part: str, language: Language) -> str:
    key = f"{family}.{part.replace('.', '_')}"
    known = catalogue(language).get(key)
    return known if isinstance(known, str) else _humanised(part)


def _humanised(part: str) -> str:
    """``cdn_origin_id`` as ``CDN origin ID``: the provider's word, only easier to read."""
    words = part.replace("_", " ").split()
    shown = [_INITIALS.get(word.lower(), word) for word in words] or [part]
    shown[0] = shown[0][:1].upper() + shown[0][1:]
    return " ".join(shown)
