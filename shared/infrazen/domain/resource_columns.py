"""The columns of the resource table, by name: a screen's, a saved view's, a file's."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from infrazen.domain.text import without_controls

TAG = "tag:"
"""Before the key of a tag that has a column of its own."""
MOST_COLUMNS = 30
LONGEST_KEY = 128


class ResourceColumn(StrEnum):
    """A column besides the name, which is always there, in the order they are offered in."""

    CONNECTION = "connection"
    PROVIDER = "provider"
    TYPE = "type"
    SERVICE = "service"
    EXTERNAL_ID = "external_id"
    STATUS = "status"
    REGION = "region"
    ZONE = "zone"
    OWNER = "owner"
    ENVIRONMENT = "environment"
    PROJECT = "project"
    BUSINESS_UNIT = "business_unit"
    FEATURE_TAG = "feature_tag"
    COST_CENTER = "cost_center"
    CREATED = "created"
    FIRST_SEEN = "first_seen"
    LAST_SEEN = "last_seen"
    CHANGED = "changed"
    COST = "cost"
    COST_DAY = "cost_day"
    COST_MONTH = "cost_month"


USUAL: tuple[str, ...] = (
    ResourceColumn.TYPE.value,
    ResourceColumn.STATUS.value,
    ResourceColumn.REGION.value,
    ResourceColumn.OWNER.value,
    ResourceColumn.CHANGED.value,
    ResourceColumn.COST.value,
)
"""What shows where nobody has chosen."""

_PLACES = {column.value: place for place, column in enumerate(ResourceColumn)}
_TAGS_PLACE = _PLACES[ResourceColumn.CREATED] - 0.5


def column_of(name: str) -> str:
    """``name`` where it names a column, else ``ValueError``."""
    if name in _PLACES:
        return name
    key = name.removeprefix(TAG)
    is_key = key != name and bool(key) and without_controls(key, longest=LONGEST_KEY) == key
    if not is_key or "=" in key:
        raise ValueError(name)
    return name


def columns_of(names: Iterable[object]) -> tuple[str, ...]:
    """The columns among ``names``, each once; what is no column is left out."""
    found: dict[str, None] = {}
    for name in names:
        try:
            found[column_of(name if isinstance(name, str) else "")] = None
        except ValueError:
            continue
    return tuple(found)[:MOST_COLUMNS]


def tag_key(column: str) -> str:
    """The key of the tag that ``column`` shows; empty where it shows none."""
    return column.removeprefix(TAG) if column.startswith(TAG) else ""


def toggled(columns: Sequence[str], column: str) -> tuple[str, ...]:
    """``columns`` with one shown, before the first that is offered after it, or hidden."""
    if column in columns:
        left = tuple(one for one in columns if one != column)
        return left or tuple(columns)
    place = _place(column)
    later = (n for n, one in enumerate(columns) if _place(one) > place)
    at = next(later, len(columns))
    return (*columns[:at], column, *columns[at:])[:MOST_COLUMNS]


def moved(columns: Sequence[str], column: str, step: int) -> tuple[str, ...]:
    """``columns`` with one a place further on (1) or back (-1), as far as there is a place."""
    if column not in columns or step not in (-1, 1):
        return tuple(columns)
    at = columns.index(column)
    to = max(0, min(at + step, len(columns) - 1))
    others = [one for one in columns if one != column]
    return (*others[:to], column, *others[to:])


def _place(column: str) -> float:
    return _PLACES.get(column, _TAGS_PLACE)
