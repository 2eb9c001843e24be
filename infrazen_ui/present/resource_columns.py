"""The resource table's columns for people: those that show, and those that could."""

from collections.abc import Sequence
from typing import TypedDict

from infrazen.domain.resource_columns import ResourceColumn, tag_key
from infrazen_ui.locales import Language, text

_SORTED_BY = {
    ResourceColumn.TYPE: "type",
    ResourceColumn.SERVICE: "service",
    ResourceColumn.STATUS: "status",
    ResourceColumn.REGION: "region",
    ResourceColumn.CHANGED: "changed",
    ResourceColumn.COST: "cost",
    ResourceColumn.COST_DAY: "cost",
    ResourceColumn.COST_MONTH: "cost",
}
_KINDS = {
    ResourceColumn.STATUS: "status",
    ResourceColumn.OWNER: "lines",
    ResourceColumn.COST: "cost",
    ResourceColumn.COST_DAY: "cost",
    ResourceColumn.COST_MONTH: "cost",
    ResourceColumn.CREATED: "moment",
    ResourceColumn.FIRST_SEEN: "moment",
    ResourceColumn.LAST_SEEN: "moment",
    ResourceColumn.CHANGED: "moment",
}


class ShownColumn(TypedDict):
    """A column of the table: ``sort`` is what orders by it, empty where nothing does.

    ``kind`` says how its cells look: text, lines, status, moment or cost.
    """

    key: str
    title: str
    kind: str
    sort: str
    align: str


class Order(TypedDict):
    """What the table can be sorted by, whichever columns show."""

    key: str
    title: str


class ColumnChoice(TypedDict):
    """A column in the chooser; ``id`` marks its place on the page."""

    key: str
    id: str
    title: str


def shown_columns(columns: Sequence[str], *, language: Language) -> list[ShownColumn]:
    """The columns that show, in their order."""
    return [_shown(name, language) for name in columns]


def shown_orders(keys: Sequence[str], *, language: Language) -> list[Order]:
    """What ``keys`` sort by."""
    return [Order(key=key, title=text(f"resources.order.{key}", language)) for key in keys]


def _shown(name: str, language: Language) -> ShownColumn:
    column = None if tag_key(name) else ResourceColumn(name)
    sort = None if column is None else _SORTED_BY.get(column)
    kind = "text" if column is None else _KINDS.get(column, "text")
    return ShownColumn(
        key=name,
        title=column_title(name, language=language),
        kind=kind,
        sort=sort or "",
        align="end" if kind == "cost" else "start",
    )


def column_title(name: str, *, language: Language) -> str:
    """What a column is called."""
    if key := tag_key(name):
        return text("resources.column_of_tag", language, key=key)
    return text(f"resources.column.{name}", language)


def chosen(columns: Sequence[str], *, language: Language) -> list[ColumnChoice]:
    """The columns that show, as the chooser lists them."""
    return [_choice(name, language) for name in columns]


def left(columns: Sequence[str], *, language: Language) -> list[ColumnChoice]:
    """The columns that could show."""
    return [_choice(one.value, language) for one in ResourceColumn if one.value not in columns]


def _choice(name: str, language: Language) -> ColumnChoice:
    return ColumnChoice(key=name, id=f"column-{name}", title=column_title(name, language=language))
