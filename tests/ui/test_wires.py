"""What a tab's connection says of itself, and what comes of it."""

import pytest
from reflex.event import Event

from infrazen_ui.gate import wires
from infrazen_ui.gate.events import SessionGuard
from infrazen_ui.states.connection_form import ConnectionFormState
from infrazen_ui.states.connection_sync import ConnectionSyncState
from infrazen_ui.states.people import PersonFormState
from infrazen_ui.states.session import SessionState
from tests.ui.browsers import run, tab

LOAD = f"{SessionState.get_full_name()}.load"
HYDRATE = "reflex___state____state.hydrate_and_load"
TURN_TO = "reflex___state____state.reflex___state____on_load_internal_state.on_load_internal"


def say(app, state, name, *, payload=None, **router_data):
    event = Event(name=name, payload=payload or {}, router_data=router_data)
    return run(SessionGuard().preprocess(app, state, event))


def session(state) -> SessionState:
    return run(state.get_state(SessionState))


def test_the_page_is_told_the_last_action_that_arrived(app, owner):
    state = tab(owner.cookie)
    assert say(app, state, LOAD, turn=5) is None
    say(app, state, LOAD, turn=3)
    assert session(state).turn == 5
    for odd in ("9", 2**60, None, 7.5, [], {}):
        say(app, state, LOAD, turn=odd)
    assert session(state).turn == 5


def test_what_was_clicked_twice_while_nothing_answered_is_done_once(app, owner):
    state = tab(owner.cookie)
    assert say(app, state, LOAD, turn=1) is None
    dropped = say(app, state, LOAD, repeated=True)
    assert dropped is not None
    assert not dropped.events


def test_a_page_that_is_back_keeps_what_is_open_and_a_loaded_one_begins_anew(app, owner):
    state = tab(owner.cookie, address="/settings/people?new=1")
    form = run(state.get_state(PersonFormState))
    say(app, state, HYDRATE, payload={"hashes": []})
    run(form.open_from_address())
    assert form.is_open
    form.problem = "Этот адрес уже занят"
    say(app, state, HYDRATE)
    run(form.open_from_address())
    assert form.problem
    say(app, state, TURN_TO, headers={})
    run(form.open_from_address())
    assert not form.problem
    assert session(state).wire == 2


def test_another_process_takes_nothing_for_under_way(app, owner, monkeypatch: pytest.MonkeyPatch):
    state = tab(owner.cookie)
    say(app, state, HYDRATE)
    form, sync = (
        run(state.get_state(ConnectionFormState)),
        run(state.get_state(ConnectionSyncState)),
    )
    form.is_open = form.is_testing = sync._is_watching = True
    say(app, state, LOAD)
    assert form.is_testing
    monkeypatch.setattr(wires, "PROCESS", "another")
    say(app, state, HYDRATE)
    assert form.is_open
    assert not form.is_testing
    assert not sync._is_watching
