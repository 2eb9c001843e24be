"""What the screens ask of the demo's door, and show of the demo to anybody."""

import asyncio

from infrazen.errors import InfraZenError, StorageUnavailable
from infrazen.services.costs import Dashboard, get_dashboard
from infrazen.services.demo import Door, demo_door, reader_of_demo
from infrazen_ui.backend.browsers import HasRouter, address_of

__all__ = ["Door", "door", "shown_to_anybody"]


async def door(state: HasRouter) -> Door:
    """Whether the browser may come in; a database that is silent is taken for a demo to come."""
    try:
        return await asyncio.to_thread(demo_door, address=address_of(state))
    except StorageUnavailable:
        return Door.BUILDING


async def shown_to_anybody(state: HasRouter) -> Dashboard | None:
    """The published demo's dashboard over 30 days; None where there is none to show."""
    address = address_of(state)

    def look() -> Dashboard:
        return get_dashboard(reader_of_demo(address=address).actor, days=30)

    try:
        return await asyncio.to_thread(look)
    except InfraZenError:
        return None
