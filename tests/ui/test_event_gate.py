"""The event gate: what a tab's token is worth without its session."""

import pytest
from reflex.event import Event
from reflex.state import State
from reflex_base.utils.format import json_dumps

from infrazen.domain.roles import Role
from infrazen.security.tokens import digest
from infrazen.services.sign_in import sign_out
from infrazen_ui.backend.visitors import visitors
from infrazen_ui.gate.events import FRAMEWORK_EVENTS, NOBODY, PUBLIC_EVENTS, SessionGuard
from infrazen_ui.gate.policy import content_policy
from infrazen_ui.states.entry import EntryState
from infrazen_ui.states.language import LanguageState
from infrazen_ui.states.session import SessionState
from tests.people import sign_in_colleague
from tests.ui.browsers import connect, run, tab

LOAD = f"{SessionState.get_full_name()}.load"
HYDRATE = next(name for name in FRAMEWORK_EVENTS if name.endswith("hydrate_and_load"))


def pass_gate(app, state: State, name: str):
    """What the gate says to an event: None lets it pass."""
    return run(SessionGuard().preprocess(app, state, Event(name=name)))


def session(state: State) -> SessionState:
    return run(state.get_state(SessionState))


def test_a_stranger_is_sent_to_sign_in(app, database):
    update = pass_gate(app, tab(), LOAD)
    assert update.events[0].name == "_redirect"
    assert "/login" in str(update.events[0].payload)


@pytest.mark.parametrize("name", sorted(FRAMEWORK_EVENTS | PUBLIC_EVENTS))
def test_pages_work_for_strangers_as_far_as_they_must(app, database, name):
    assert pass_gate(app, tab(), name) is None


def test_who_is_signed_in_passes(app, owner):
    assert pass_gate(app, tab(owner.cookie), LOAD) is None


@pytest.mark.parametrize(
    "name",
    [
        f"{SessionState.get_full_name()}.setvar",
        f"{State.get_full_name()}.setvar",
        "reflex___state____state.no_such_state.load",
    ],
)
def test_nobody_reaches_what_is_not_ours(app, owner, name):
    update = pass_gate(app, tab(owner.cookie), name)
    assert update is not None
    assert not update.events
    assert not update.delta


def fill(state: State) -> None:
    """As if somebody had worked in this tab."""
    mine = session(state)
    mine.name, mine.organization, mine.is_ready = "Анна", "Нейрокола", True
    run(state.get_state(EntryState)).title = "secret of the tab"


def shown(state: State) -> str:
    """Everything of a state that goes to the browser."""
    return json_dumps(state.dict(), ensure_ascii=False)


def test_who_has_to_sign_in_again_comes_back_to_the_same_page(app, owner):
    state = tab(owner.cookie, address="/resources?type=vps&page=2")
    sign_out(owner.cookie)
    visitors().forget()
    update = pass_gate(app, state, LOAD)
    assert "/login?next=/resources%3Ftype%3Dvps%26page%3D2" in str(update.events[0].payload)


@pytest.mark.parametrize("address", ["/", "/login", "/login/", "/login?next=/resources"])
def test_signing_in_leads_home_where_there_was_no_other_page(app, database, address):
    update = pass_gate(app, tab(address=address), LOAD)
    assert "next" not in str(update.events[0].payload)


@pytest.mark.parametrize("thief", ["", "made-up"])
def test_a_stolen_token_shows_nothing_without_the_session(app, owner, thief):
    state = tab(owner.cookie)
    pass_gate(app, state, LOAD)
    fill(state)
    connect(state, thief)
    assert pass_gate(app, state, HYDRATE) is None
    assert "Анна" not in shown(state)
    assert "secret of the tab" not in shown(state)
    assert session(state)._bound == NOBODY


def test_a_stolen_token_shows_nothing_to_somebody_else_signed_in(app, owner):
    colleague = sign_in_colleague(owner, Role.VIEWER)
    state = tab(owner.cookie)
    pass_gate(app, state, LOAD)
    fill(state)
    connect(state, colleague.cookie)
    assert pass_gate(app, state, HYDRATE) is None
    assert "Анна" not in shown(state)
    assert session(state)._bound == digest(colleague.cookie)


def test_the_same_person_finds_the_tab_as_it_was(app, owner):
    state = tab(owner.cookie)
    pass_gate(app, state, LOAD)
    fill(state)
    connect(state, owner.cookie)
    assert pass_gate(app, state, HYDRATE) is None
    assert "Анна" in shown(state)


def test_a_session_that_ended_shows_nothing_more(app, owner):
    state = tab(owner.cookie)
    pass_gate(app, state, LOAD)
    fill(state)
    sign_out(owner.cookie)
    visitors().forget()
    assert pass_gate(app, state, LOAD) is not None
    assert "Анна" not in shown(state)


def test_a_choice_made_before_signing_in_is_wiped_with_the_rest(app, owner):
    """The browser sends its stored language anew with the hydration that follows."""
    state = tab()
    pass_gate(app, state, HYDRATE)
    run(state.get_state(LanguageState)).language = "en"
    connect(state, owner.cookie)
    pass_gate(app, state, HYDRATE)
    assert run(state.get_state(LanguageState)).language == "ru"


def test_the_session_never_goes_to_the_browser(app, owner):
    state = tab(owner.cookie)
    pass_gate(app, state, LOAD)
    assert owner.cookie not in shown(state)
    assert digest(owner.cookie) not in shown(state)


def test_a_form_that_no_script_has_taken_over_yet_goes_nowhere():
    """A browser by itself would send what is typed as a part of the address, passwords too."""
    assert "form-action 'none'" in content_policy("localhost:8000").split("; ")
