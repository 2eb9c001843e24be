"""The lifecycle on a resource's page: what it shows, leads to, and takes from a browser."""

import json

import pytest

from infrazen.domain.roles import Role
from infrazen.services.lifecycle import LONGEST_PAGE
from infrazen_ui.states.resource_lifecycle import MANY, ResourceLifecycleState
from infrazen_ui.states.resource_overrides import ResourceOverridesState
from infrazen_ui.states.resource_page import ResourceState
from tests.people import Person
from tests.ui.browsers import drain, run, tab
from tests.ui.test_resource_states import ODD, id_of, state_of, synced
from tests.world import World

__all__ = ["synced"]


def life(person: Person, resource: object) -> ResourceLifecycleState:
    state = state_of(tab(person.cookie, address=f"/resources/{resource}"), ResourceLifecycleState)
    drain(ResourceLifecycleState.load.fn(state))
    return state


def rename(person: Person, resource: object, *names: str) -> None:
    """Give a resource one name after the other."""
    browser = tab(person.cookie, address=f"/resources/{resource}")
    drain(ResourceState.load.fn(state_of(browser, ResourceState)))
    overrides = state_of(browser, ResourceOverridesState)
    for name in names:
        drain(ResourceOverridesState.save_name.fn(overrides, {"name": name, "reason": ""}))


def test_what_a_synced_server_tells(synced):
    state = life(synced, id_of(synced, "runner rus"))
    assert state.phase == "ready"
    (first, made) = state.entries
    assert made["title"] == "Создание · журнал провайдера"
    assert first["title"] == "Ресурс появился в аккаунте"
    assert "9,73" in first["moves"][0]["text"]
    assert state.chart["points"][-1]["cost"] == 9.73
    assert (state.currencies, state.currency) == (["RUB"], "RUB")
    assert len(state.chart["wide"]) == len(state.chart["narrow"]) == 1
    assert not state.has_more
    json.dumps(state.chart)


def test_more_days(synced):
    state = life(synced, id_of(synced, "runner rus"))
    drain(ResourceLifecycleState.choose_days.fn(state, "90"))
    assert (state.days, len(state.chart["points"]), state.is_busy) == ("90", 90, False)


def test_a_long_history_comes_in_parts_and_marks_lead_into_it(synced):
    resource = id_of(synced, "runner rus")
    rename(synced, resource, *(f"name {n}" for n in range(MANY + 3)))
    state = life(synced, resource)
    assert (len(state.entries), state.has_more) == (MANY, True)
    drain(ResourceLifecycleState.show_more.fn(state))
    assert (len(state.entries), state.has_more) == (MANY + 5, False)
    assert len({one["anchor"] for one in state.entries}) == MANY + 5
    again = life(synced, resource)
    *_, said = drain(ResourceLifecycleState.go_to.fn(again, MANY + 2))
    assert state.entries[MANY + 2]["anchor"] in str(said)
    assert len(again.entries) > MANY + 2


@pytest.mark.parametrize("sent", [*ODD, -1, LONGEST_PAGE, 1.5])
def test_its_handlers_take_anything(synced, sent):
    state = life(synced, id_of(synced, "runner rus"))
    for handler in ("choose_days", "choose_currency", "go_to"):
        drain(getattr(ResourceLifecycleState, handler).fn(state, sent))
    assert (state.days, state.currency, len(state.entries)) == ("30", "RUB", 2)


def test_of_another_organization_nothing_is_shown(world: World):
    browser = tab(world.alpha.cookies[Role.OWNER], address=f"/resources/{world.beta.resource_id}")
    state = state_of(browser, ResourceLifecycleState)
    drain(ResourceLifecycleState.load.fn(state))
    assert (state.phase, state.entries, state.chart["points"]) == ("failed", [], [])
    run(browser.get_state(ResourceState))
