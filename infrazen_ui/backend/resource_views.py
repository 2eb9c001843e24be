"""Saved views of the resource table: what is kept, and the addresses that they mean."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from infrazen.db.queries.connections import Source
from infrazen.db.queries.resource_filter import ResourceFilter
from infrazen.db.queries.saved_views import Definition
from infrazen.services import resources, saved_views
from infrazen.services.saved_views import LONGEST_NAME, SavedView
from infrazen_ui.backend.browsers import HasRouter
from infrazen_ui.backend.calls import Refused, call, current_actor
from infrazen_ui.backend.resource_query import FIELDS, ResourceQuery, tag_text

__all__ = [
    "LONGEST_NAME",
    "SavedView",
    "choose_default",
    "definition_of",
    "find_views",
    "is_changed",
    "may_have_default",
    "overwrite_view",
    "query_of",
    "remove_view",
    "rename_view",
    "restore_view",
    "save_view",
    "share_view",
    "vanished",
]

Choice = tuple[str, str]
"""A facet and what is chosen of it, as an address has them."""


async def find_views(state: HasRouter) -> list[SavedView]:
    """The views that the visitor sees, by name; none where they may not."""
    found = await call(state, saved_views.list_views)
    return [] if isinstance(found, Refused) else found


async def may_have_default(state: HasRouter) -> bool:
    """Whether the visitor is a person, whose table may open with a view."""
    actor = await current_actor(state)
    return actor is not None and actor.user_id is not None


async def save_view(
    state: HasRouter, *, name: str, definition: Definition, is_shared: bool
) -> SavedView | Refused:
    """Keep a view under a name."""
    return await call(
        state, saved_views.save_view, name=name, definition=definition, is_shared=is_shared
    )


async def rename_view(state: HasRouter, view_id: UUID, *, name: str) -> SavedView | Refused:
    """Call a view otherwise."""
    return await call(state, saved_views.change_view, view_id=view_id, name=name)


async def overwrite_view(
    state: HasRouter, view_id: UUID, *, definition: Definition
) -> SavedView | Refused:
    """Let a view show what the table shows now."""
    return await call(state, saved_views.change_view, view_id=view_id, definition=definition)


async def share_view(state: HasRouter, view_id: UUID, *, is_shared: bool) -> SavedView | Refused:
    """Let all see a view, or oneself alone."""
    return await call(state, saved_views.change_view, view_id=view_id, is_shared=is_shared)


async def remove_view(state: HasRouter, view_id: UUID) -> Refused | None:
    """Take a view away."""
    return await call(state, saved_views.remove_view, view_id=view_id)


async def restore_view(state: HasRouter, view_id: UUID) -> SavedView | Refused:
    """Bring a view back."""
    return await call(state, saved_views.restore_view, view_id=view_id)


async def choose_default(state: HasRouter, view_id: UUID | None) -> Refused | None:
    """Let the visitor's table open with a view, or with none."""
    return await call(state, saved_views.choose_default_view, view_id=view_id)


def query_of(view: SavedView) -> ResourceQuery:
    """What the table shows when ``view`` is opened."""
    kept = view.definition
    return ResourceQuery(
        wanted=kept.wanted,
        sort=kept.sort,
        descending=kept.descending,
        columns=kept.columns,
        view=str(view.id),
    )


def definition_of(query: ResourceQuery, columns: Sequence[str]) -> Definition:
    """What a view keeps of the table as it shows now, in ``columns``."""
    return Definition(
        wanted=query.wanted,
        sort=query.sort,
        descending=query.descending,
        columns=tuple(columns),
    )


def is_changed(view: SavedView, query: ResourceQuery, columns: Sequence[str]) -> bool:
    """Whether the table shows something else than ``view`` keeps."""
    now = definition_of(query, columns if view.definition.columns else ())
    return now != view.definition


async def vanished(
    state: HasRouter, wanted: ResourceFilter, sources: Sequence[Source]
) -> set[Choice]:
    """What ``wanted`` asks for and no resource has any more."""
    around = ResourceFilter(presence=wanted.presence)
    facts = await call(state, resources.list_facets, wanted=around)
    if isinstance(facts, Refused):
        return set()
    providers = {one.id: one.provider for one in sources}
    there = {
        name: {
            providers.get(fact.connection_id, "")
            if name == "provider"
            else getattr(fact, "connection_id" if name == "connection" else name)
            for fact in facts
        }
        for name in FIELDS
        if name != "status"
    }
    gone = {
        (name, str(value))
        for name, values in there.items()
        for value in getattr(wanted, FIELDS[name])
        if value and value not in values
    }
    for key, value in wanted.tags.items():
        only = replace(around, tags={key: value})
        found = await call(state, resources.summarize_resources, wanted=only)
        if not isinstance(found, Refused) and not found.count:
            gone.add(("tag", tag_text(key, value)))
    return gone
