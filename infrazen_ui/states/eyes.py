"""Who looks at a screen, as far as its words and figures depend on it."""

from zoneinfo import ZoneInfo

import reflex as rx

from infrazen.domain.periods import utc_now
from infrazen_ui.backend.calls import current_visitor
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.states.language import spoken

_NOBODYS_ZONE = "Europe/Moscow"


async def eyes_of(state: rx.State) -> Eyes:
    """The language of the browser of ``state``, the organization's time zone, and now."""
    visitor = await current_visitor(state)
    return Eyes(
        language=await spoken(state),
        zone=ZoneInfo(visitor.time_zone if visitor else _NOBODYS_ZONE),
        now=utc_now(),
    )
