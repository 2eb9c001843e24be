"""The checklist of a new organization."""

import pytest

from infrazen.domain.roles import Role
from infrazen_ui.states.first_steps import FirstStepsState
from tests.people import Person, sign_in_colleague
from tests.ui.browsers import run, tab


def steps(person: Person) -> FirstStepsState:
    state = run(tab(person.cookie).get_state(FirstStepsState))
    run(state.load())
    return state


def test_a_new_organization_has_all_of_it_before_it(owner):
    state = steps(owner)
    assert (state.is_open, state.done, state.said) == (True, [], "Готово 0 из 3")


def test_a_colleague_is_a_step(owner):
    sign_in_colleague(owner, Role.FINANCE)
    assert steps(owner).done == ["joined"]


@pytest.mark.parametrize("role", [Role.FINOPS, Role.FINANCE, Role.VIEWER])
def test_who_may_not_take_the_steps_sees_none(owner, role):
    assert steps(sign_in_colleague(owner, role)).is_open is False
