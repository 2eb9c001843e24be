"""The address of the resource table: what the browser asks for, and the way to another one."""

import reflex as rx

from infrazen_ui.backend import resource_query as queries
from infrazen_ui.backend.resource_query import ResourceQuery


def asked(state: rx.State) -> ResourceQuery:
    """What the address of the browser of ``state`` means."""
    found, _ = queries.parse(state.router.url.query)
    return found


def lead(query: ResourceQuery, *, replaces: bool = False) -> rx.event.EventSpec:
    """The way to the address of ``query``."""
    return rx.redirect(queries.address(query), replace=replaces)
