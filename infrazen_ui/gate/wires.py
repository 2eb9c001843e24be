"""What a tab's connection says about itself: whether it is a new one, and what came over it.

The page numbers what people do (`assets/infrazen.js`) and is told the last number that
arrived. A connection that broke in mid-click leaves a number without an answer, and the page
says so; what was clicked several times while there was no connection is done once.
"""

import secrets

from reflex.event import Event
from reflex.state import BaseState, OnLoadInternalState, State
from reflex_base.utils.format import format_event_handler

from infrazen_ui.states.session import SessionState

PROCESS = secrets.token_hex(4)
UNDER_WAY = ("is_busy", "is_saving", "is_testing", "is_removing", "_is_watching")
"""What states say while a handler works. A process that ends leaves it behind."""
_MOST = 2**53
_HYDRATE = format_event_handler(State.event_handlers["hydrate_and_load"])
_TURN_TO = format_event_handler(OnLoadInternalState.event_handlers["on_load_internal"])


async def note(state: BaseState, event: Event) -> None:
    """Write down what ``event`` says of its connection."""
    session = await state.get_state(SessionState)
    if session._process != PROCESS:  # noqa: SLF001 (ours, and hidden from the browser)
        if session._process:  # noqa: SLF001
            await _take_over(state)
        session._process = PROCESS  # noqa: SLF001
    if event.name == _HYDRATE:
        # A page that has just been loaded names the state that it was built with.
        session._is_back = "hashes" not in event.payload  # noqa: SLF001
        session.wire += 1
    elif event.name == _TURN_TO and "headers" in event.router_data:  # from the browser itself
        session._is_back = False  # noqa: SLF001
    turn = event.router_data.get("turn")
    if isinstance(turn, int) and session.turn < turn < _MOST:
        session.turn = turn


def is_repeated(event: Event) -> bool:
    """Whether the same was asked already while the page waited for its connection."""
    return event.router_data.get("repeated") is True


async def _take_over(state: BaseState) -> None:
    """Go on with a tab of a process that is no more: nothing of it is under way."""
    for kind in every_kind(State):
        for name in UNDER_WAY:
            if name in kind.get_fields():
                setattr(await state.get_state(kind), name, False)


def every_kind(kind: type[BaseState]) -> list[type[BaseState]]:
    """The classes of all states below ``kind``, and itself."""
    return [kind] + [below for child in kind.get_substates() for below in every_kind(child)]
