"""The address of the resource table: what the browser asks for, and the way to another one."""

from dataclasses import replace

import reflex as rx

from infrazen_ui.backend import resource_query as queries
from infrazen_ui.backend.resource_query import ALL, ResourceQuery


def asked(state: rx.State) -> ResourceQuery:
    """What the address of the browser of ``state`` means."""
    found, _ = queries.parse(state.router.url.query)
    return found


def lead(
    query: ResourceQuery, *, replaces: bool = False, has_default: bool = False
) -> rx.event.EventSpec:
    """The way to the address of ``query``.

    Who has a view to begin with (``has_default``) comes to the plain table only by saying so.
    """
    if has_default and queries.address(query) == queries.PATH:
        query = replace(query, view=ALL)
    return rx.redirect(queries.address(query), replace=replaces)
