"""What is on a screen as a file: CSV that spreadsheets open as it is meant.

A cell that begins like a formula gets an apostrophe before it, so that no spreadsheet
runs what somebody named a resource; so does what would begin one where a spreadsheet
takes semicolons, tabs or lines for the ends of cells, as those of many countries do.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from infrazen.db.queries import connections, recommendations, resource_lines, resource_list
from infrazen.db.queries.recommendations import Recommendation, Wanted
from infrazen.db.queries.resource_filter import ResourceFilter, SortKey
from infrazen.db.queries.resource_lines import ResourceLine
from infrazen.db.queries.resource_list import Place
from infrazen.domain.money import from_micro
from infrazen.domain.resource_columns import ResourceColumn, columns_of, tag_key
from infrazen.domain.roles import Permission
from infrazen.errors import Invalid
from infrazen.services.costs import recorded_costs
from infrazen.services.use_case import Work, use_case

BYTE_ORDER_MARK = "\ufeff"
_FORMULA = re.compile(r"""(^|[;\t\r\n])("*)(?=[=+\-@\t\r＝＋－＠])""")
CHUNK = 2_000
_RESOURCE_COLUMNS = (
    "connection",
    "provider",
    "type",
    "name",
    "external_id",
    "service",
    "region",
    "status",
    "daily_cost",
    "monthly_cost",
    "currency",
    "cost_source",
    "environment",
    "owner",
)
_PROVIDED_COLUMNS = ("provided_name", "provided_daily_cost", "provided_monthly_cost")
"""What the provider says where people say otherwise; empty where they do not."""
_FIELDS_OF_COLUMN: dict[str, tuple[str, ...]] = {
    ResourceColumn.CREATED: ("provider_created_at",),
    ResourceColumn.FIRST_SEEN: ("first_seen_at",),
    ResourceColumn.LAST_SEEN: ("last_seen_at",),
    ResourceColumn.CHANGED: ("changed_at",),
    ResourceColumn.COST: ("daily_cost", "monthly_cost", "currency", "cost_source"),
    ResourceColumn.COST_DAY: ("daily_cost", "currency"),
    ResourceColumn.COST_MONTH: ("monthly_cost", "currency"),
}
"""What stands in a file for a column of the screen, where that is called otherwise there."""
_RECOMMENDATION_COLUMNS = (
    "connection",
    "provider",
    "resource",
    "resource_type",
    "external_id",
    "rule",
    "category",
    "action",
    "monthly_saving",
    "own_saving",
    "currency",
    "confidence",
    "state",
    "state_reason",
    "state_by",
    "promised_monthly",
    "realised",
    "realised_days",
)


@use_case(Permission.EXPORT, audit="export.resources")
def export_resources(
    work: Work,
    *,
    wanted: ResourceFilter,
    sort: SortKey = SortKey.COST,
    descending: bool = True,
    columns: Sequence[str] = (),
) -> str:
    """Every resource that ``wanted`` finds, in the table's order, as CSV with a header.

    With ``columns`` of the table the file has those after the name, in their order; else all
    that is known of a price.
    """
    lines = list(_every(work, wanted, sort=sort, descending=descending))
    work.details["rows"] = len(lines)
    if columns:
        return _chosen_columns(work, lines, columns)
    rows = (
        [*(getattr(line, name) for name in _RESOURCE_COLUMNS), *_provided(line)] for line in lines
    )
    return as_csv((*_RESOURCE_COLUMNS, *_PROVIDED_COLUMNS), rows)


def _chosen_columns(work: Work, lines: Sequence[ResourceLine], columns: Sequence[str]) -> str:
    shown = columns_of(columns)
    if unknown := [name for name in columns if name not in shown]:
        raise Invalid(f"no such column: {unknown[0]}", field="column")
    keys = [key for key in map(tag_key, shown) if key]
    tags = resource_lines.tags_of(work.session, [line.id for line in lines], keys)
    names = [name for one in shown for name in _FIELDS_OF_COLUMN.get(one, (one,))]
    header = tuple(dict.fromkeys(("name", *names)))

    def value(line: ResourceLine, name: str) -> Any:
        key = tag_key(name)
        return tags.get(line.id, {}).get(key) if key else getattr(line, name)

    return as_csv(header, ([value(line, name) for name in header] for line in lines))


def _provided(line: ResourceLine) -> tuple[str, Decimal | None, Decimal | None]:
    if line.stated is None:
        return "", None, None
    price = line.stated.price
    if price is None:
        return line.stated.name, None, None
    return line.stated.name, from_micro(price.daily_micro), from_micro(price.monthly_micro)


@use_case(Permission.EXPORT, audit="export.recommendations")
def export_recommendations(work: Work, *, wanted: Wanted) -> str:
    """Every recommendation that ``wanted`` finds, the largest savings first, as CSV."""
    lines = list(_every_recommendation(work, wanted))
    work.details["rows"] = len(lines)
    rows = ([getattr(line, name) for name in _RECOMMENDATION_COLUMNS] for line in lines)
    return as_csv(_RECOMMENDATION_COLUMNS, rows)


@use_case(Permission.EXPORT, audit="export.costs")
def export_costs(work: Work, *, days: int = 30) -> str:
    """The dashboard's expenses by day, connection and currency, as CSV with a header."""
    names = connections.names(work.session, organization_id=work.organization_id)
    costs = recorded_costs(work, days=days)
    work.details["rows"] = len(costs)
    rows = (
        (cost.day.isoformat(), names.get(cost.connection_id, ""), cost.amount, cost.currency)
        for cost in costs
    )
    return as_csv(("day", "connection", "cost", "currency"), rows)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """RFC 4180 with a byte order mark; decimals with a point, nothing runs as a formula."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow([_cell(name) for name in header])  # a tag's key may stand there
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return _FORMULA.sub(r"\1'\2", str(value))


def _every(
    work: Work, wanted: ResourceFilter, *, sort: SortKey, descending: bool
) -> Iterator[ResourceLine]:
    last: Place | None = None
    while True:
        lines = resource_list.page(
            work.session,
            work.organization_id,
            wanted,
            sort=sort,
            descending=descending,
            after=last,
            limit=CHUNK,
        )
        yield from lines
        if len(lines) < CHUNK:
            return
        last = resource_list.place_of(lines[-1], sort)


def _every_recommendation(work: Work, wanted: Wanted) -> Iterator[Recommendation]:
    last: recommendations.Place | None = None
    while True:
        lines = recommendations.page(
            work.session, work.organization_id, wanted, after=last, limit=CHUNK
        )
        yield from lines
        if len(lines) < CHUNK:
            return
        last = recommendations.Place(saving=lines[-1].monthly_saving, id=lines[-1].id)
