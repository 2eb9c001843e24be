"""What the command palette asks: whatever has a name that contains the words."""

import asyncio
from dataclasses import dataclass

from infrazen.db.queries.resource_filter import ResourceFilter
from infrazen.db.queries.resource_lines import ResourceLine
from infrazen.domain.text import without_controls
from infrazen.services import connections, resources, saved_views
from infrazen.services.connection_views import ConnectionCard
from infrazen.services.saved_views import SavedView
from infrazen_ui.backend.browsers import HasRouter
from infrazen_ui.backend.calls import Refused, call

LONGEST = 200
MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Views, connections, resources, few of each; what the visitor may not see is not there."""

    views: tuple[SavedView, ...] = ()
    connections: tuple[ConnectionCard, ...] = ()
    resources: tuple[ResourceLine, ...] = ()


def plain(words: object) -> str:
    """What was typed, on one line and bounded; empty for anything that is no text."""
    if not isinstance(words, str):
        return ""
    return without_controls(" ".join(words.split()), longest=LONGEST)


async def find(state: HasRouter, words: str) -> Found:
    """What ``words`` find, by name; nothing for none."""
    if not words:
        return Found()
    views, cards, lines = await asyncio.gather(
        call(state, saved_views.list_views),
        call(state, connections.list_connections),
        call(state, resources.list_resources, wanted=ResourceFilter(text=words), limit=MOST),
    )
    sought = words.casefold()
    named = () if isinstance(cards, Refused) else (card for card in cards if _is_of(card, sought))
    kept = () if isinstance(views, Refused) else views
    return Found(
        views=tuple(view for view in kept if sought in view.name.casefold())[:MOST],
        connections=tuple(named)[:MOST],
        resources=() if isinstance(lines, Refused) else tuple(lines),
    )


def _is_of(card: ConnectionCard, sought: str) -> bool:
    known = card.connection
    return sought in f"{known.display_name} {known.name} {known.provider}".casefold()
