"""One's own account."""

import pytest

from infrazen.domain.roles import Role
from infrazen.errors import Conflict, Forbidden, Invalid, NotFound, TooManyAttempts, Unauthenticated
from infrazen.security.access import system_actor
from infrazen.services import audit, me, people, sign_in
from tests.world import PASSWORD

NEW = "another good password"


@pytest.fixture
def finops(world):
    return world.alpha.actor(Role.FINOPS)


@pytest.fixture
def cookie(world):
    return world.alpha.cookies[Role.FINOPS]


def test_name_and_language_change_one_by_one(world, finops, cookie):
    me.update_profile(finops, name="  Фёдор ")
    me.update_profile(finops, language="en")
    principal = sign_in.principal_for_session(cookie)
    assert (principal.name, principal.language) == ("Фёдор", "en")


@pytest.mark.parametrize(("field", "value"), [("language", "fr"), ("name", "\n"), ("name", "")])
def test_bad_profiles_are_refused(finops, field, value):
    with pytest.raises(Invalid) as refusal:
        me.update_profile(finops, **{field: value})
    assert refusal.value.field == field


def test_a_new_password_ends_all_other_sign_ins(world, finops, cookie):
    other = sign_in.sign_in(email=finops.name, password=PASSWORD).cookie
    me.change_password(finops, current=PASSWORD, new=NEW, cookie=cookie)
    assert sign_in.actor_for_session(cookie) is not None
    assert sign_in.actor_for_session(other) is None
    with pytest.raises(Unauthenticated):
        sign_in.sign_in(email=finops.name, password=PASSWORD)
    assert sign_in.sign_in(email=finops.name, password=NEW)
    events = audit.list_events(world.alpha.actor(Role.OWNER))
    assert "user.change-password" in {each.action for each in events}


def test_guessing_the_current_password_closes_the_door(finops):
    for _ in range(5):
        with pytest.raises(Invalid) as refusal:
            me.change_password(finops, current="a wrong password", new=NEW)
        assert refusal.value.field == "current"
    with pytest.raises(TooManyAttempts):
        me.change_password(finops, current=PASSWORD, new=NEW)


def test_a_weak_new_password_changes_nothing(finops):
    with pytest.raises(Invalid) as refusal:
        me.change_password(finops, current=PASSWORD, new="short")
    assert refusal.value.field == "new"
    assert sign_in.sign_in(email=finops.name, password=PASSWORD)


def test_sign_ins_are_listed_and_ended_one_by_one(world, finops, cookie):
    other = sign_in.sign_in(
        email=finops.name, password=PASSWORD, address="198.51.100.9", agent="a phone"
    ).cookie
    found = me.list_sign_ins(finops, cookie=cookie)
    assert [each.is_current for each in found] == [False, True]
    assert (found[0].address, found[0].agent) == ("198.51.100.9", "a phone")
    me.end_sign_in(finops, sign_in_id=found[0].id)
    assert sign_in.actor_for_session(other) is None
    with pytest.raises(NotFound):
        me.end_sign_in(finops, sign_in_id=found[0].id)


def test_all_others_end_at_once(finops, cookie):
    others = [sign_in.sign_in(email=finops.name, password=PASSWORD).cookie for _ in range(3)]
    me.end_other_sign_ins(finops, cookie=cookie)
    assert sign_in.actor_for_session(cookie) is not None
    assert [sign_in.actor_for_session(each) for each in others] == [None] * 3


def test_the_operator_has_no_profile(world):
    with pytest.raises(Forbidden, match="person"):
        me.update_profile(system_actor(world.alpha.organization_id), name="X")


def test_switching_goes_only_where_one_belongs(world, finops, cookie):
    with pytest.raises(NotFound):
        me.switch_organization(finops, organization_id=world.beta.organization_id, cookie=cookie)
    people.add_person(
        system_actor(world.beta.organization_id), email=finops.name, name="-", role=Role.VIEWER
    )
    places = {each.organization.slug: each.role for each in me.list_my_organizations(finops)}
    assert places == {"alpha": Role.FINOPS, "beta": Role.VIEWER}
    me.switch_organization(finops, organization_id=world.beta.organization_id, cookie=cookie)
    moved = sign_in.actor_for_session(cookie)
    assert (moved.organization_id, moved.role) == (world.beta.organization_id, Role.VIEWER)


def test_somebody_elses_session_does_not_move(world, finops):
    people.add_person(
        system_actor(world.beta.organization_id), email=finops.name, name="-", role=Role.VIEWER
    )
    with pytest.raises(NotFound):
        me.switch_organization(
            finops,
            organization_id=world.beta.organization_id,
            cookie=world.alpha.cookies[Role.OWNER],
        )


def test_a_new_address_is_the_one_to_sign_in_with(world, finops, cookie):
    me.change_email(finops, current=PASSWORD, email=" New.Address@Example.com ")
    principal = sign_in.principal_for_session(cookie)
    assert principal.email == "new.address@example.com"
    assert sign_in.sign_in(email="new.address@example.com", password=PASSWORD)
    with pytest.raises(Unauthenticated):
        sign_in.sign_in(email=finops.name, password=PASSWORD)
    (event,) = [
        each
        for each in audit.list_events(world.alpha.actor(Role.OWNER))
        if each.action == "user.change-email"
    ]
    assert (event.target, event.details) == (finops.name, {"to": "new.address@example.com"})


def test_an_address_in_use_or_a_wrong_password_changes_nothing(world, finops, cookie):
    taken = world.beta.actor(Role.OWNER).name
    with pytest.raises(Conflict):
        me.change_email(finops, current=PASSWORD, email=taken)
    with pytest.raises(Invalid) as refusal:
        me.change_email(finops, current="a wrong password", email="free@example.com")
    assert refusal.value.field == "current"
    with pytest.raises(Invalid) as refusal:
        me.change_email(finops, current=PASSWORD, email="no address")
    assert refusal.value.field == "email"
    assert sign_in.principal_for_session(cookie).email == finops.name
    me.change_email(finops, current=PASSWORD, email=finops.name)


def test_guessing_the_password_for_a_new_address_closes_the_door(finops):
    for _ in range(5):
        with pytest.raises(Invalid):
            me.change_email(finops, current="a wrong password", email="free@example.com")
    with pytest.raises(TooManyAttempts):
        me.change_email(finops, current=PASSWORD, email="free@example.com")
