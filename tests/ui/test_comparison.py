"""Resources side by side on the screen: what an address means, and what differs."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.domain.roles import Role
from infrazen.services import resources
from infrazen_ui.backend.comparison import ComparisonQuery, address, parse
from infrazen_ui.states.comparison import ComparisonState
from infrazen_ui.states.resource_selection import ResourceSelectionState
from infrazen_ui.states.resources import ResourcesState
from tests.people import Person, sign_in_colleague
from tests.ui.browsers import drain, tab
from tests.ui.test_resource_states import ODD, id_of, led_to, state_of, synced

__all__ = ["synced"]

PAIR = ("runner rus", "Objective Perrin")


def at(person: Person, *ids: object, more: str = "") -> ComparisonState:
    """The comparison of resources by their ids, loaded."""
    asked = "&".join(f"id={one}" for one in ids)
    browser = tab(person.cookie, address=f"/resources/compare?{asked}{more}")
    state: ComparisonState = state_of(browser, ComparisonState)
    drain(ComparisonState.load.fn(state))
    return state


def lines(state: ComparisonState, key: str) -> dict[str, list[str]]:
    """What a section says of each fact."""
    return {
        line["name"]: [value["text"].replace("\N{NARROW NO-BREAK SPACE}", " ") for value in
                       line["values"]]
        for section in state.sections
        if section["key"] == key
        for line in section["lines"]
    }  # fmt: skip


@given(st.lists(st.uuids(), max_size=4, unique=True).map(tuple), st.booleans())
def test_an_address_means_what_it_was_made_from(ids, only):
    query = ComparisonQuery(ids=ids, only=only)
    assert parse(address(query).partition("?")[2]) == (query, False)


@pytest.mark.parametrize("query", ["id=x", "page=2", "only=2", "&".join(["id=" + "0" * 32] * 2000)])
def test_what_makes_no_sense_is_said(query):
    _, is_odd = parse(query)
    assert is_odd


def test_five_are_one_too_many():
    query, is_odd = parse("&".join(f"id={uuid4()}" for _ in range(5)))
    assert (len(query.ids), is_odd) == (4, True)


def test_two_servers_side_by_side(synced):
    state = at(synced, *(id_of(synced, name) for name in PAIR))
    assert state.phase == "ready"
    assert [head["name"] for head in state.heads] == list(PAIR)
    costs = lines(state, "costs")
    assert costs["Цена в день"] == ["9,73 ₽/день", "22,00 ₽/день"]
    assert costs["К оплате в день"] == ["0,00 ₽/день", "0,00 ₽/день"]
    assert lines(state, "configuration")["Процессор"] == ["2 ядра", "2 ядра"]
    assert "7,66" in lines(state, "usage")["Процессор"][0]
    assert len(lines(state, "advice")) == 1
    marked = {
        line["name"]: line["is_different"]
        for section in state.sections
        for line in section["lines"]
    }
    assert marked["Цена в день"]
    assert not marked["Тип"]


def test_a_tag_and_an_owner_that_one_of_them_has(synced):
    first, second = (id_of(synced, name) for name in PAIR)
    resources.set_tags(synced.actor, resource_ids=[first], put={"env": "prod"})
    resources.set_business_context(synced.actor, resource_ids=[second], values={"owner": "Анна"})
    state = at(synced, first, second, more="&only=1")
    assert lines(state, "tags") == {"env": ["prod", "—"]}
    assert lines(state, "belonging") == {"Владелец": ["—", "Анна"]}
    assert "Тип" not in lines(state, "identity")
    assert state.only
    assert all(line["is_different"] for part in state.sections for line in part["lines"])


def test_the_count_of_differences_is_the_same_either_way(synced):
    ids = [id_of(synced, name) for name in PAIR]
    assert at(synced, *ids).differences == at(synced, *ids, more="&only=1").differences != ""


def test_what_is_not_there_leaves_the_rest(synced):
    state = at(synced, id_of(synced, PAIR[0]), uuid4(), id_of(synced, PAIR[1]))
    assert len(state.heads) == 2
    assert "1 ресурс из ссылки не найден" in state.missing
    gone = at(synced, uuid4(), uuid4())
    assert (gone.phase, gone.heads, gone.sections) == ("gone", [], [])
    assert at(synced).phase == "few"
    assert at(sign_in_colleague(synced, Role.VIEWER), id_of(synced, PAIR[0])).phase == "ready"


def test_a_stranger_sees_nothing(synced):
    browser = tab("made-up", address=f"/resources/compare?id={id_of(synced, PAIR[0])}")
    state = state_of(browser, ComparisonState)
    drain(ComparisonState.load.fn(state))
    assert (state.phase, state.heads) == ("failed", [])


def test_going_on_without_one_and_only_differences(synced):
    first, second = (id_of(synced, name) for name in PAIR)
    state = at(synced, first, second)
    assert led_to(ComparisonState.drop.fn(state, str(first))) == f"/resources/compare?id={second}"
    there = led_to(ComparisonState.switch_only.fn(state))
    assert there == f"/resources/compare?id={first}&id={second}&only=1"
    for odd in ODD:
        assert ComparisonState.drop.fn(state, odd) is None


def test_from_two_to_four_chosen_rows_are_compared(synced):
    browser = tab(synced.cookie, address="/resources")
    table: ResourcesState = state_of(browser, ResourcesState)
    drain(ResourcesState.load.fn(table))
    chosen: ResourceSelectionState = state_of(browser, ResourceSelectionState)
    ids = [row["id"] for row in table.rows]
    for count, one in enumerate(ids[:5], start=1):
        ResourceSelectionState.tick.fn(chosen, one, {"shift_key": False})
        said = ResourceSelectionState.compare.fn(chosen)
        assert chosen.may_compare == (2 <= count <= 4) == (said is not None)
        if said is not None:
            assert led_to(said) == address(ComparisonQuery(ids=tuple(map(UUID, ids[:count]))))
