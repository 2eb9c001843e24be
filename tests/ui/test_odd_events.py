"""No event handler breaks, whatever a browser sends."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from reflex.state import BaseState, State

import infrazen_ui.pages
from tests.ui.browsers import drain, run, tab

NO_ID = "3b241101-e2bb-4255-8caf-4136c566a962"
ODD = [
    None,
    -1.5,
    True,
    [],
    {},
    "x" * 5000,
    "\x00",
    "\ud800",
    NO_ID,
    {"ok": False, "form": [], "field": [], "reason": {}, "retry_after": "soon"},
    {"ok": False, "form": "email-form", "field": {}, "name": [], "role": {}, "shift_key": []},
    {"key": "\x00", "value": "\ud800", "amount": "1e999999999", "period": [], "reason": "\ud800"},
]
ADDRESS = f"/recommendations?open={NO_ID}&page=999999999&connection=x&q=%00"


def ours(kind: type[BaseState] = State) -> Iterator[type[BaseState]]:
    """Every State of the pages."""
    if kind.__module__.startswith(infrazen_ui.__name__):
        yield kind
    for child in kind.get_substates():
        yield from ours(child)


def send(state: BaseState, handler: Any, value: object) -> None:
    """The event with ``value`` for every argument, run to its end."""
    arguments = list(inspect.signature(handler.fn).parameters)[1:]
    said = handler.fn(state, *[value] * len(arguments))
    if inspect.isasyncgen(said):
        drain(said)
    elif inspect.isawaitable(said):
        run(said)


@pytest.mark.parametrize("kind", list(ours()), ids=lambda kind: kind.__name__)
def test_no_handler_breaks(app, owner, kind):
    for name, handler in kind.event_handlers.items():
        for value in ODD if name != "setvar" else ():
            send(run(tab(owner.cookie, address=ADDRESS).get_state(kind)), handler, value)
