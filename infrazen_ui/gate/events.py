"""The event gate: every event of every browser passes here before its handler runs.

A tab's token is a bearer secret made in the browser, so it proves nothing. The session
cookie does: the state of a tab belongs to the session that first used it and is wiped
when another one, or nobody, comes with the same token.
"""

import time

import reflex as rx
from reflex.event import Event
from reflex.state import BaseState, OnLoadInternalState, State, StateUpdate, UpdateVarsInternalState
from reflex_base.utils.format import format_event_handler

from infrazen.api.rate_limit import Shares
from infrazen.security.tokens import digest
from infrazen.services.sign_in import Principal
from infrazen_ui.backend.browsers import cookie_of
from infrazen_ui.backend.calls import current_visitor
from infrazen_ui.gate.demo import way_in
from infrazen_ui.gate.wires import every_kind, is_repeated, note
from infrazen_ui.states.demo import DemoDoorState
from infrazen_ui.states.entry import EntryState
from infrazen_ui.states.language import LanguageState
from infrazen_ui.states.session import SessionState
from infrazen_ui.states.welcome import WelcomeState

EVENTS_A_MINUTE = 600
"""So often a visitor of the demo is answered."""
NOBODY = "nobody"
"""What a state is bound to while nobody is signed in."""


def _names(*handlers: tuple[type[BaseState], str]) -> frozenset[str]:
    return frozenset(format_event_handler(state.event_handlers[name]) for state, name in handlers)


FRAMEWORK_EVENTS = _names(
    (State, "hydrate"),
    (State, "hydrate_and_load"),
    (State, "set_is_hydrated"),
    (OnLoadInternalState, "on_load_internal"),
    (OnLoadInternalState, "set_is_hydrated"),
    (UpdateVarsInternalState, "update_vars_internal"),
)
"""What Reflex's own page code sends. It carries no data but what states hold."""

PUBLIC_EVENTS = _names(
    (LanguageState, "choose"),
    (EntryState, "look"),
    (EntryState, "begin"),
    (EntryState, "answered"),
    (DemoDoorState, "look"),
    (DemoDoorState, "again"),
    (DemoDoorState, "turned_away"),
    (WelcomeState, "look"),
)
"""Ours that need no sign-in."""


class SessionGuard(rx.Middleware):
    """Denies by default: only signed-in people reach a handler that is not listed above."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """None lets the event pass."""
        del app
        visitor = await current_visitor(state)
        before = await _bind(state, _owner(state, visitor))
        await note(state, event)
        if event.name in FRAMEWORK_EVENTS or event.name in PUBLIC_EVENTS:
            return None
        if visitor is None:
            page = state.router.url
            elsewhere = rx.redirect(way_in(page.path, page.query, cookie_of(state)))
            return StateUpdate(events=Event.from_event_type(elsewhere))
        if visitor.is_visitor and before.startswith(_visit_of(state)):
            return StateUpdate(events=Event.from_event_type(_ANEW))
        if not is_ours(event.name) or is_repeated(event) or _is_too_often(state, visitor):
            return StateUpdate()
        return None


def is_ours(name: str) -> bool:
    """Whether an event is a handler of this package; ``setvar`` is one that Reflex adds."""
    return ".infrazen_ui___" in name and not name.endswith(".setvar")


def _is_too_often(state: BaseState, visitor: Principal) -> bool:
    """Whether a visitor of the demo, who may be anybody's program, asks faster than people do."""
    return visitor.is_visitor and bool(_SHARES.take({_visit_of(state): EVENTS_A_MINUTE}))


_SHARES = Shares(time.monotonic)
_ANEW = rx.call_script("window.infrazen.anew()")
"""Loads the page anew: what it shows is of a demo that is gone."""


def _owner(state: BaseState, visitor: Principal | None) -> str:
    """Whose a tab's state is: a session's, and of visitors, the demo's that they look at."""
    if visitor is None:
        return NOBODY
    if visitor.is_visitor:
        return f"{_visit_of(state)}{visitor.organization_id}"
    return digest(cookie_of(state))


def _visit_of(state: BaseState) -> str:
    return f"{digest(cookie_of(state))} in "


async def _bind(state: BaseState, owner: str) -> str:
    """Make the state ``owner``'s; whose it was, where it is wiped for that."""
    session = await state.get_state(SessionState)
    before = session._bound  # noqa: SLF001 (ours, and hidden from the browser)
    if before == owner:
        return ""
    if before:
        await _wipe(state)
    session._bound = owner  # noqa: SLF001
    return before


async def _wipe(state: BaseState) -> None:
    for kind in every_kind(State):
        if kind.__module__.startswith("infrazen_ui."):
            (await state.get_state(kind)).reset()
