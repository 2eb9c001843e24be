"""The event gate: every event of every browser passes here before its handler runs.

A tab's token is a bearer secret made in the browser, so it proves nothing. The session
cookie does: the state of a tab belongs to the session that first used it and is wiped
when another one, or nobody, comes with the same token.
"""

import reflex as rx
from reflex.event import Event
from reflex.state import BaseState, OnLoadInternalState, State, StateUpdate, UpdateVarsInternalState
from reflex_base.utils.format import format_event_handler

from infrazen.security.tokens import digest
from infrazen_ui.backend.browsers import cookie_of
from infrazen_ui.backend.calls import current_visitor
from infrazen_ui.gate.sign_in import sign_in_address
from infrazen_ui.states.entry import EntryState
from infrazen_ui.states.language import LanguageState
from infrazen_ui.states.session import SessionState

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
)
"""Ours that need no sign-in."""


class SessionGuard(rx.Middleware):
    """Denies by default: only signed-in people reach a handler that is not listed above."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """None lets the event pass."""
        del app
        visitor = await current_visitor(state)
        await _bind(state, digest(cookie_of(state)) if visitor else NOBODY)
        if event.name in FRAMEWORK_EVENTS or event.name in PUBLIC_EVENTS:
            return None
        if visitor is None:
            page = state.router.url
            to_sign_in = rx.redirect(sign_in_address(page.path, page.query))
            return StateUpdate(events=Event.from_event_type(to_sign_in))
        if not is_ours(event.name):
            return StateUpdate()
        return None


def is_ours(name: str) -> bool:
    """Whether an event is a handler of this package; ``setvar`` is one that Reflex adds."""
    return ".infrazen_ui___" in name and not name.endswith(".setvar")


async def _bind(state: BaseState, owner: str) -> None:
    session = await state.get_state(SessionState)
    if session._bound == owner:  # noqa: SLF001 (ours, and hidden from the browser)
        return
    if session._bound:  # noqa: SLF001
        await _wipe(state)
    session._bound = owner  # noqa: SLF001


async def _wipe(state: BaseState) -> None:
    for kind in _all_states(State):
        if kind.__module__.startswith("infrazen_ui."):
            (await state.get_state(kind)).reset()


def _all_states(kind: type[BaseState]) -> list[type[BaseState]]:
    return [kind] + [below for child in kind.get_substates() for below in _all_states(child)]
