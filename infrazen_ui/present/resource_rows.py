"""Rows of the resource table for people, a cell for each column that shows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NotRequired, TypedDict

from infrazen.domain.money import CostSource
from infrazen.domain.resource_columns import ResourceColumn, tag_key
from infrazen_ui.locales import Language, text
from infrazen_ui.present import resource_words as words
from infrazen_ui.present.dates import moment, relative
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.resource_overrides import provided_price

if TYPE_CHECKING:
    from uuid import UUID

    from infrazen.db.queries.resource_lines import ResourceLine


class Cell(TypedDict):
    """What stands in a cell; what it has nothing of is left out, as tables are long.

    ``small`` stands beneath the text, ``mark`` is the word for where a cost comes from,
    ``tone`` is the mark's or the status's, and ``hint`` says more to whoever waits there.
    """

    text: str
    small: NotRequired[str]
    mark: NotRequired[str]
    tone: NotRequired[str]
    hint: NotRequired[str]


class ResourceRow(TypedDict):
    """A row of the table; ``cells`` stand in the order of the columns."""

    id: str
    href: str
    name: str
    provided_name: str
    provider: str
    connection: str
    cells: list[Cell]


def rows(
    lines: "Iterable[ResourceLine]",
    columns: Sequence[str],
    tags: "Mapping[UUID, Mapping[str, str]]",
    *,
    eyes: Eyes,
) -> list[ResourceRow]:
    """The rows of a page."""
    return [
        ResourceRow(
            id=str(line.id),
            href=f"/resources/{line.id}",
            name=line.name,
            provided_name=_provided_name(line, eyes.language),
            provider=line.provider,
            connection=line.connection,
            cells=_cells(line, columns, tags.get(line.id, {}), eyes),
        )
        for line in lines
    ]


def _cells(
    line: "ResourceLine", columns: Sequence[str], tags: Mapping[str, str], eyes: Eyes
) -> list[Cell]:
    def cell(name: str) -> Cell:
        if key := tag_key(name):
            return Cell(text=tags.get(key, ""))
        column = ResourceColumn(name)
        if column is ResourceColumn.OWNER:
            return _owner(line, columns)
        if show := _SPECIAL.get(column):
            return show(line, eyes)
        return Cell(text=getattr(line, column.value) or "")

    return [cell(name) for name in columns]


def _owner(line: "ResourceLine", columns: Sequence[str]) -> Cell:
    """The owner, with the environment beneath where that has no column of its own."""
    cell = Cell(text=line.owner or "")
    if line.environment and ResourceColumn.ENVIRONMENT.value not in columns:
        cell["small"] = line.environment
    return cell


def _type(line: "ResourceLine", eyes: Eyes) -> Cell:
    return Cell(text=words.type_title(line.provider, line.type, language=eyes.language))


def _provider(line: "ResourceLine", _eyes: Eyes) -> Cell:
    return Cell(text=words.provider_title(line.provider))


def _status(line: "ResourceLine", eyes: Eyes) -> Cell:
    return Cell(
        text=words.status_word(line.status, language=eyes.language),
        tone=words.status_tone(line.status),
    )


def _moment(of: "Callable[[ResourceLine], datetime | None]") -> "Callable[..., Cell]":
    def show(line: "ResourceLine", eyes: Eyes) -> Cell:
        at = of(line)
        if at is None:
            return Cell(text="")
        return Cell(
            text=relative(at, now=eyes.now, language=eyes.language),
            hint=moment(at, zone=eyes.zone, language=eyes.language),
        )

    return show


def _cost(line: "ResourceLine", eyes: Eyes) -> Cell:
    cell = _cost_day(line, eyes)
    cell["small"] = words.month_price(line.monthly_cost, line.currency, language=eyes.language)
    return cell


def _cost_day(line: "ResourceLine", eyes: Eyes) -> Cell:
    price = words.day_price(line.daily_cost, line.currency, language=eyes.language)
    return _priced(line, Cell(text=price), eyes.language)


def _cost_month(line: "ResourceLine", eyes: Eyes) -> Cell:
    price = words.month_price(line.monthly_cost, line.currency, language=eyes.language)
    return _priced(line, Cell(text=price or words.no_price(eyes.language)), eyes.language)


def _priced(line: "ResourceLine", cell: Cell, language: Language) -> Cell:
    if line.cost_source is not None:
        cell["mark"] = words.source_word(line.cost_source, language=language)
        cell["tone"] = words.source_tone(line.cost_source)
        cell["hint"] = _source_hint(line, language)
    return cell


_SPECIAL: "dict[ResourceColumn, Callable[[ResourceLine, Eyes], Cell]]" = {
    ResourceColumn.PROVIDER: _provider,
    ResourceColumn.TYPE: _type,
    ResourceColumn.STATUS: _status,
    ResourceColumn.CREATED: _moment(lambda line: line.provider_created_at),
    ResourceColumn.FIRST_SEEN: _moment(lambda line: line.first_seen_at),
    ResourceColumn.LAST_SEEN: _moment(lambda line: line.last_seen_at),
    ResourceColumn.CHANGED: _moment(lambda line: line.changed_at),
    ResourceColumn.COST: _cost,
    ResourceColumn.COST_DAY: _cost_day,
    ResourceColumn.COST_MONTH: _cost_month,
}


def _provided_name(line: "ResourceLine", language: Language) -> str:
    """What the provider calls it, where people call it otherwise."""
    if line.stated is None or line.stated.name == line.name:
        return ""
    title = words.provider_title(line.provider)
    return text("overrides.provided_name", language, provider=title, name=line.stated.name)


def _source_hint(line: "ResourceLine", language: Language) -> str:
    hint = words.source_hint(
        line.cost_source, in_account_rate=line.in_account_rate, language=language
    )
    if line.stated is None or line.cost_source is not CostSource.MANUAL:
        return hint
    title = words.provider_title(line.provider)
    return f"{hint} {provided_price(line.stated, title, language)}"
