"""The demo on the screen: the door to it, and what keeps an open page up to date."""

from typing import Any

import reflex as rx

from infrazen_ui.backend import demo as backend
from infrazen_ui.backend.demo import Door

LOOK_EVERY = 2
"""Seconds between two looks at a demo that is being built."""
REST_SECONDS = 30
IDLE_SECONDS = 900

_ENTER = "() => window.infrazen.enterDemo()"
_LATER = f"() => window.infrazen.later({LOOK_EVERY})"
_REST = f"() => window.infrazen.restInDemo({REST_SECONDS}, {IDLE_SECONDS})"


class DemoDoorState(rx.State):
    """``phase`` is building, crowded, closed, or cookieless for a browser that keeps none."""

    phase: str = Door.BUILDING.value

    @rx.event
    async def look(self) -> Any:
        """Go in if the door is open; look again while the demo is being built."""
        found = await backend.door(self)
        if found is Door.OPEN:
            return rx.call_function(f"({_ENTER})", callback=DemoDoorState.turned_away)
        self.phase = found.value
        if found is Door.BUILDING:
            return rx.call_function(f"({_LATER})", callback=DemoDoorState.again)
        return None

    @rx.event
    def again(self, is_time: bool) -> Any:  # noqa: FBT001
        """A moment has passed."""
        return DemoDoorState.look if is_time is True else None

    @rx.event
    def turned_away(self, is_cookieless: bool) -> None:  # noqa: FBT001
        """The browser was let in and forgot it at once."""
        if is_cookieless is True:
            self.phase = "cookieless"


class DemoState(rx.State):
    """Lets a page that rests ask now and then, so that it follows to the next demo by itself."""

    @rx.event
    def rest(self) -> Any:
        """Come back after a while."""
        return rx.call_function(f"({_REST})", callback=DemoState.look_again)

    @rx.event
    def look_again(self, is_seen: bool) -> Any:  # noqa: FBT001
        """The gate has seen to the rest: it sends a page of a demo that is gone to the new one."""
        return DemoState.rest if is_seen is True else None
