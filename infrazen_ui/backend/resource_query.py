"""Which resources a page's address means: the table's filter, order and page, as a URL.

The address is the only place that keeps them, so that reloading, going back and sharing a
link show the same. It comes from people and programs: what makes no sense in it is left
out and named.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from infrazen.db.queries.resource_filter import Presence, ResourceFilter, SortKey
from infrazen.domain.resource_columns import MOST_COLUMNS, column_of
from infrazen.domain.resources import ResourceStatus
from infrazen.domain.text import without_controls

PATH = "/resources"
EXPORT = "/api/v1/exports/resources.csv"
SIZES = (25, 50, 100)
ORDERS = tuple(key.value for key in SortKey)
ALL = "all"
NOWHERE = "-"
"""Stands in an address for resources without a region, an owner and the like."""

_LONGEST_TEXT = 200
_LONGEST_WORD = 100
_LONGEST_TAG = 385
MOST_CHOICES = 100
MOST_TAGS = 20
_LAST_PAGE = 1_000_000
_LONGEST_QUERY = 20_000

E = TypeVar("E")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceQuery:
    """What the table shows: which resources, in which order, and which page of them."""

    wanted: ResourceFilter = field(default_factory=ResourceFilter)
    sort: SortKey = SortKey.COST
    descending: bool = True
    page: int = 1
    size: int = 50
    columns: tuple[str, ...] = ()
    """Which columns show after the name; none said: as the browser remembers, or as usual."""
    view: str = ""
    """The id of the saved view that is open, or ``ALL``: also not the one to begin with."""
    opens: bool = False
    """Whether the view is yet to be opened: the address says nothing else."""

    @property
    def offset(self) -> int:
        """How many resources come before the page."""
        return (self.page - 1) * self.size

    @property
    def is_narrowed(self) -> bool:
        """Whether something is filtered out that the plain table would show."""
        return self.wanted != ResourceFilter()


FACETS = (
    "connection",
    "provider",
    "type",
    "status",
    "region",
    "owner",
    "environment",
    "project",
)
"""What can be chosen among facts; each is a parameter that may be repeated."""

FIELDS = {
    "connection": "connections",
    "provider": "providers",
    "type": "types",
    "status": "statuses",
    "region": "regions",
    "owner": "owners",
    "environment": "environments",
    "project": "projects",
}
"""Where a filter keeps each facet's choices."""


def parse(query: str) -> tuple[ResourceQuery, tuple[str, ...]]:
    """What a query string means, and the parameters in it that make no sense."""
    wrong: list[str] = []
    values = _values(query, wrong)
    wanted = ResourceFilter(
        text=without_controls(" ".join(values.get("q", [""])[-1].split()), longest=_LONGEST_TEXT),
        connections=_each(values, "connection", UUID, wrong),
        providers=_each(values, "provider", _word, wrong),
        types=_each(values, "type", _word, wrong),
        statuses=_each(values, "status", ResourceStatus, wrong),
        regions=_each(values, "region", _region, wrong),
        owners=_each(values, "owner", _written, wrong),
        environments=_each(values, "environment", _written, wrong),
        projects=_each(values, "project", _written, wrong),
        tags=tags_of(values, wrong),
        presence=_one(values, "presence", Presence, wrong, usual=Presence.ACTIVE),
    )
    found = ResourceQuery(
        wanted=wanted,
        sort=_one(values, "sort", SortKey, wrong, usual=SortKey.COST),
        descending=_one(values, "order", _is_descending, wrong, usual=True),
        page=_one(values, "page", _page, wrong, usual=1),
        size=_one(values, "size", _size, wrong, usual=50),
        columns=_each(values, "column", column_of, wrong)[:MOST_COLUMNS],
        view=_one(values, "view", _view, wrong, usual=""),
    )
    if found.view not in ("", ALL) and set(values) == {"view"}:
        found = replace(found, opens=True)
    return found, tuple(dict.fromkeys(wrong))


def address(query: ResourceQuery) -> str:
    """The page's address for ``query``; what is as usual is left unsaid."""
    usual = ResourceQuery()
    pairs = [("view", query.view)] if query.view else []
    if query.opens:
        return f"{PATH}?{urlencode(pairs)}"
    pairs += [("q", query.wanted.text)] if query.wanted.text else []
    pairs += _choices(query.wanted)
    if query.wanted.presence is not usual.wanted.presence:
        pairs.append(("presence", query.wanted.presence.value))
    is_view = query.view not in ("", ALL)
    if is_view or (query.sort, query.descending) != (usual.sort, usual.descending):
        pairs.append(("sort", query.sort.value))
        pairs.append(("order", "desc" if query.descending else "asc"))
    pairs += [("column", one) for one in query.columns]
    if query.page != usual.page:
        pairs.append(("page", str(query.page)))
    if query.size != usual.size:
        pairs.append(("size", str(query.size)))
    return f"{PATH}?{urlencode(pairs)}" if pairs else PATH


def around(query: ResourceQuery) -> str:
    """The query string of the filter alone, whatever the order and the page."""
    return address(ResourceQuery(wanted=query.wanted)).partition("?")[2]


def export_address(query: ResourceQuery, columns: Sequence[str] = ()) -> str:
    """Where the API gives exactly what ``query`` finds, in its order, as CSV.

    With ``columns`` the file has those of the screen.
    """
    wanted = query.wanted
    pairs = [("text", wanted.text)] if wanted.text else []
    pairs += [("connection_id", str(one)) for one in wanted.connections]
    pairs += [("provider", one) for one in wanted.providers]
    pairs += [("type", one) for one in wanted.types]
    pairs += [("status", one.value) for one in wanted.statuses]
    pairs += [("region", one) for one in wanted.regions]
    pairs += [("owner", one) for one in wanted.owners]
    pairs += [("environment", one) for one in wanted.environments]
    pairs += [("project", one) for one in wanted.projects]
    pairs += [("tag", tag_text(key, value)) for key, value in wanted.tags.items()]
    pairs += [("presence", wanted.presence.value), ("sort", query.sort.value)]
    pairs.append(("order", "desc" if query.descending else "asc"))
    pairs += [("column", one) for one in columns]
    return f"{EXPORT}?{urlencode(pairs)}"


def tag_text(key: str, value: str) -> str:
    """``key=value``, or ``key`` for any value."""
    return f"{key}={value}" if value else key


def _choices(wanted: ResourceFilter) -> list[tuple[str, str]]:
    chosen: list[tuple[str, Sequence[str]]] = [
        ("connection", [str(one) for one in wanted.connections]),
        ("provider", wanted.providers),
        ("type", wanted.types),
        ("status", [one.value for one in wanted.statuses]),
        ("region", [one or NOWHERE for one in wanted.regions]),
        ("owner", [one or NOWHERE for one in wanted.owners]),
        ("environment", [one or NOWHERE for one in wanted.environments]),
        ("project", [one or NOWHERE for one in wanted.projects]),
        ("tag", [tag_text(key, value) for key, value in wanted.tags.items()]),
    ]
    return [(name, value) for name, values in chosen for value in values]


def _values(query: str, wrong: list[str]) -> dict[str, list[str]]:
    known = {*FACETS, "q", "tag", "presence", "sort", "order", "page", "size", "column", "view"}
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query[:_LONGEST_QUERY]):
        if name in known:
            values.setdefault(name, []).append(value)
        else:
            wrong.append(without_controls(name, longest=40))
    return values


def _each(
    values: Mapping[str, list[str]], name: str, read: Callable[[str], E], wrong: list[str]
) -> tuple[E, ...]:
    found: dict[E, None] = {}
    for value in values.get(name, ()):
        try:
            found[read(value)] = None
        except ValueError:
            wrong.append(name)
    return tuple(found)[:MOST_CHOICES]


def _one(
    values: Mapping[str, list[str]],
    name: str,
    read: Callable[[str], E],
    wrong: list[str],
    *,
    usual: E,
) -> E:
    found = _each(values, name, read, wrong)
    return found[-1] if found else usual


def tags_of(values: Mapping[str, list[str]], wrong: list[str]) -> dict[str, str]:
    """The tags that ``values`` ask for; what makes no sense goes to ``wrong``."""
    tags: dict[str, str] = {}
    for text in values.get("tag", ()):
        key, _, value = text.partition("=")
        is_plain = without_controls(text, longest=_LONGEST_TAG) == text
        if not key or not is_plain or len(tags) >= MOST_TAGS:
            wrong.append("tag")
        else:
            tags[key] = value
    return tags


def _word(value: str) -> str:
    if not value or without_controls(value, longest=_LONGEST_WORD) != value:
        raise ValueError(value)
    return value


def _region(value: str) -> str:
    return "" if value == NOWHERE else _word(value)


def _written(value: str) -> str:
    """What people write on resources may be longer than what providers call things."""
    if value == NOWHERE:
        return ""
    if not value or without_controls(value, longest=_LONGEST_TEXT) != value:
        raise ValueError(value)
    return value


def _view(value: str) -> str:
    return value if value == ALL else str(UUID(value))


def _is_descending(value: str) -> bool:
    if value not in ("asc", "desc"):
        raise ValueError(value)
    return value == "desc"


def _page(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= _LAST_PAGE:
        raise ValueError(value)
    return int(value)


def _size(value: str) -> int:
    if value not in {str(size) for size in SIZES}:
        raise ValueError(value)
    return int(value)


READERS: dict[str, Callable[[str], Any]] = {
    "connection": UUID,
    "provider": _word,
    "type": _word,
    "status": ResourceStatus,
    "region": _region,
    "owner": _written,
    "environment": _written,
    "project": _written,
}
"""How each facet's choices are read; ``ValueError`` where one makes no sense."""
