"""The dearest resources, and how many there are of each type."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlencode

from infrazen.domain.costs import Rate
from infrazen_ui.locales import Language
from infrazen_ui.present.dashboard.spoken import Price, Voice, price
from infrazen_ui.present.figures import counted, number
from infrazen_ui.present.resource_words import (
    no_price,
    provider_title,
    status_tone,
    status_word,
    type_title,
)

if TYPE_CHECKING:
    from infrazen.services.costs import Dashboard, ResourceLine

MOST_ROWS = 8
MOST_TYPES = 10


class Row(TypedDict):
    """A resource in the table."""

    id: str
    href: str
    name: str
    provider: str
    connection: str
    type: str
    region: str
    tone: str
    status: str
    day: str
    month: str


class TypeChip(TypedDict):
    """A type of resource, how many there are, and where they are listed.

    ``percent`` is the share of the most frequent type's count.
    """

    title: str
    count: str
    percent: float
    href: str


def rows(lines: "Iterable[ResourceLine]", language: Language) -> list[Row]:
    """The first resources of ``lines``, which are sorted by cost."""
    return [_row(line, language) for line in list(lines)[:MOST_ROWS]]


def _row(line: "ResourceLine", language: Language) -> Row:
    cost = Price(day=no_price(language), month="")
    if line.daily_cost is not None and line.monthly_cost is not None and line.currency:
        cost = price(Rate(line.daily_cost, line.monthly_cost), line.currency, language)
    return Row(
        id=str(line.id),
        href=f"/resources/{line.id}",
        name=line.name,
        provider=line.provider,
        connection=line.connection,
        type=type_title(line.provider, line.type, language=language),
        region=line.region,
        tone=status_tone(line.status),
        status=status_word(line.status, language=language),
        day=cost["day"],
        month=cost["month"],
    )


def type_chips(shown: "Dashboard", voice: Voice) -> list[TypeChip]:
    """The most frequent types; two of one name say whose they are."""
    shown_types = shown.types[:MOST_TYPES]
    most = max((one.count for one in shown_types), default=1)
    titles = [type_title(one.provider, one.type, language=voice.language) for one in shown_types]
    return [
        TypeChip(
            title=title
            if titles.count(title) == 1
            else f"{title} · {provider_title(one.provider)}",
            count=number(one.count, language=voice.language),
            percent=round(100 * one.count / most, 1),
            href=resources_href(provider=one.provider, type=one.type),
        )
        for one, title in zip(shown_types, titles, strict=True)
    ]


def more(found: int, language: Language) -> str:
    """How many resources are not in the table, empty where none."""
    hidden = found - MOST_ROWS
    if hidden <= 0:
        return ""
    return counted("dashboard.inventory.more", hidden, language=language)


def resources_href(**wanted: str) -> str:
    """The resource table with a filter."""
    chosen = {name: value for name, value in wanted.items() if value}
    return f"/resources?{urlencode(chosen)}" if chosen else "/resources"
