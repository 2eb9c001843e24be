"""What a click makes of the resource table's query: more of something, another order."""

from dataclasses import replace
from typing import Any

from infrazen.db.queries.resource_filter import SortKey
from infrazen_ui.backend.resource_query import (
    FIELDS,
    MOST_CHOICES,
    MOST_TAGS,
    READERS,
    ResourceQuery,
    tags_of,
)


def toggled(query: ResourceQuery, facet: str, value: str) -> ResourceQuery:
    """``query`` with a choice made or taken back; unchanged where it makes no sense."""
    if facet == "tag":
        return _tag_toggled(query, value)
    read = READERS.get(facet)
    if read is None:
        return query
    try:
        choice = read(value)
    except ValueError:
        return query
    before: tuple[Any, ...] = getattr(query.wanted, FIELDS[facet])
    after = tuple(one for one in before if one != choice)
    if after == before:
        after = (*before, choice)[:MOST_CHOICES]
    return narrowed(query, **{FIELDS[facet]: after})


def narrowed(query: ResourceQuery, **changes: Any) -> ResourceQuery:
    """``query`` with another filter, from its first page."""
    return replace(query, wanted=replace(query.wanted, **changes), page=1)


def sorted_by(query: ResourceQuery, key: str) -> ResourceQuery:
    """``query`` in another order; the same key again turns it round."""
    try:
        sort = SortKey(key)
    except ValueError:
        return query
    from_the_top = sort in (SortKey.COST, SortKey.CHANGED)
    descending = not query.descending if sort is query.sort else from_the_top
    return replace(query, sort=sort, descending=descending, page=1)


def _tag_toggled(query: ResourceQuery, text: str) -> ResourceQuery:
    wrong: list[str] = []
    tags = dict(query.wanted.tags)
    for key, value in tags_of({"tag": [text]}, wrong).items():
        if tags.get(key) == value:
            del tags[key]
        elif key in tags or len(tags) < MOST_TAGS:
            tags[key] = value
    return narrowed(query, tags=tags)
