"""Pages that are written to files open no session for whoever reads those."""

import pytest
from reflex.constants import StateManagerMode
from reflex.state import BaseState, State
from reflex_base.config import get_config

from infrazen_ui.backend.browsers import address_of, cookie_of
from infrazen_ui.gate.kept_pages import keep_no_cookies
from infrazen_ui.states.session import SessionState
from tests.ui.browsers import connect, run, tab

COOKIE = "a-cookie-that-opens-a-session"


@pytest.fixture
def _on_disk(monkeypatch):
    monkeypatch.setattr(State, "__getstate__", State.__getstate__)  # is put back afterwards
    monkeypatch.setattr(get_config(), "state_manager_mode", StateManagerMode.DISK)
    keep_no_cookies()


@pytest.mark.usefixtures("app", "_on_disk")
def test_no_file_of_a_page_holds_the_cookie_and_who_comes_back_brings_it():
    state = tab(COOKIE, peer="192.0.2.7", address="/resources", authorization="Bearer a-token")
    state.is_hydrated = True
    written = state._serialize()
    assert COOKIE.encode() not in written
    assert b"a-token" not in written
    assert (cookie_of(state), address_of(state)) == (COOKIE, "192.0.2.7")

    back = BaseState._deserialize(written)
    assert back.is_hydrated
    assert back.router_data["token"] == "a-tab"
    assert not cookie_of(back)
    came = dict(state.router_data)
    back.router_data = back._update_router_vars(came, back.router_data)
    assert (cookie_of(back), address_of(back)) == (COOKIE, "192.0.2.7")


@pytest.mark.usefixtures("app", "_on_disk")
def test_what_pages_below_hold_is_written_as_ever():
    state = tab(COOKIE)
    session = run(state.get_state(SessionState))
    session.turn, session._bound = 7, "somebody"
    back = BaseState._deserialize(session._serialize())
    assert (back.turn, back._bound) == (7, "somebody")
    assert "rx_router_headers" not in vars(back)


@pytest.mark.usefixtures("app")
def test_states_that_are_shared_stay_whole(monkeypatch):
    before = State.__getstate__
    monkeypatch.setattr(get_config(), "state_manager_mode", StateManagerMode.REDIS)
    keep_no_cookies()
    assert State.__getstate__ is before
    state = tab()
    connect(state, COOKIE)
    assert COOKIE.encode() in state._serialize()
