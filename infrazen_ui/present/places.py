"""Time zones and currencies as people know them: «Москва, UTC+3», «Российский рубль (₽)»."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import TypedDict
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_name

from infrazen_ui.locales import Language
from infrazen_ui.present.money import currency_symbol

UTC = "UTC"


class Named(TypedDict):
    """What a form sends, and what people read."""

    value: str
    label: str


def zone_name(zone: str, *, now: datetime, language: Language) -> str:
    """A time zone's place and how far it is from UTC at the moment."""
    if zone == UTC:
        return UTC
    return f"{_place(zone, language)}, {_offset(zone, now)}"


def zone_choices(
    zones: Iterable[str], *, chosen: str, now: datetime, language: Language
) -> list[Named]:
    """The zones by name, each once: names that a zone once had are left out, but ``chosen``."""
    named = {zone_name(chosen, now=now, language=language): chosen}
    for zone in zones:
        if zone == UTC or zone not in _present_names():
            named.setdefault(zone_name(zone, now=now, language=language), zone)
    return [Named(value=named[label], label=label) for label in sorted(named, key=_order)]


def currency_name(code: str, language: Language) -> str:
    """A currency's name, with its sign where it has one."""
    name = get_currency_name(code, locale=language.value)
    return f"{name[:1].upper()}{name[1:]} ({currency_symbol(code)})"


def currency_choices(codes: Sequence[str], language: Language) -> list[Named]:
    """The currencies in the order given."""
    return [Named(value=code, label=currency_name(code, language)) for code in codes]


@cache
def _place(zone: str, language: Language) -> str:
    """The city as the language has it, perhaps under a name that the zone once had."""
    cities = Locale.parse(language.value).time_zones
    present = _present_names().get(zone, zone)
    earlier = (old for old, new in _present_names().items() if new == present)
    known = (cities.get(name, {}).get("city") for name in (zone, present, *earlier))
    in_english = present.rpartition("/")[2].replace("_", " ")
    return next((str(city) for city in known if city), in_english)


@cache
def _present_names() -> dict[str, str]:
    """What zones were called once, and are called now: ``Asia/Calcutta``, ``Asia/Kolkata``."""
    return dict(get_global("zone_aliases"))


def _order(label: str) -> tuple[bool, str]:
    return label != UTC, label.replace("Ё", "Е").replace("ё", "е")


def _offset(zone: str, now: datetime) -> str:
    offset = now.astimezone(ZoneInfo(zone)).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    sign, (hours, rest) = "−" if minutes < 0 else "+", divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}:{rest:02d}" if rest else f"UTC{sign}{hours}"
