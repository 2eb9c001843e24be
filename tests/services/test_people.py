"""Who may change whom, and that one organization can't reach into another."""

from itertools import product

import pytest
from sqlmodel import select

from infrazen.db.tables.people import MembershipRow, UserRow
from infrazen.domain.roles import GRANTS, PERSONAL, SCOPES, Permission, Role
from infrazen.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from infrazen.security.access import system_actor
from infrazen.services import audit, people, sign_in
from tests.world import PASSWORD, add_organization, add_user

MANAGERS = [role for role in Role if Permission.USER_WRITE in GRANTS[role]]


@pytest.fixture
def owner(world):
    return world.alpha.actor(Role.OWNER)


def add(actor, email="new@alpha.example", role=Role.VIEWER, **options):
    return people.add_person(actor, email=email, name="New", role=role, **options)


def test_a_made_up_password_works_and_is_shown_once(world, owner):
    added = add(owner)
    assert len(added.password) >= 10
    assert added.password not in repr(added)
    assert sign_in.sign_in(email="new@alpha.example", password=added.password)
    assert add(owner, email="other@alpha.example", password="a given password").password is None


@pytest.mark.parametrize(("role", "target"), list(product(MANAGERS, Role)))
def test_nobody_hands_out_a_role_above_their_own(world, role, target):
    actor = world.alpha.actor(role)
    if GRANTS[target] <= GRANTS[role]:
        assert add(actor, role=target).member.role is target
    else:
        with pytest.raises(Forbidden):
            add(actor, role=target)


@pytest.mark.parametrize(
    "change",
    [
        lambda admin, user: people.change_role(admin, user_id=user, role=Role.VIEWER),
        lambda admin, user: people.set_enabled(admin, user_id=user, enabled=False),
        lambda admin, user: people.remove_person(admin, user_id=user),
        lambda admin, user: people.reset_password(admin, user_id=user),
    ],
)
def test_an_admin_cannot_touch_an_owner(world, change):
    with pytest.raises(Forbidden):
        change(world.alpha.actor(Role.ADMIN), world.alpha.users[Role.OWNER])


def test_nobody_raises_themselves(world):
    with pytest.raises(Forbidden):
        people.change_role(
            world.alpha.actor(Role.ADMIN), user_id=world.alpha.users[Role.ADMIN], role=Role.OWNER
        )


def test_a_token_cannot_make_somebody_who_may_more_than_it(world):
    narrow = world.alpha.token_actor(Role.OWNER, frozenset({Permission.USER_WRITE}))
    with pytest.raises(Forbidden):
        add(narrow)
    with pytest.raises(Forbidden):
        people.reset_password(narrow, user_id=world.alpha.users[Role.VIEWER])
    wide = world.alpha.token_actor(Role.OWNER, GRANTS[Role.ADMIN] - PERSONAL)
    assert add(wide, role=Role.ADMIN)
    with pytest.raises(Forbidden):
        add(wide, email="second@alpha.example", role=Role.OWNER)
    assert add(
        world.alpha.token_actor(Role.OWNER, SCOPES), email="third@alpha.example", role=Role.OWNER
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda owner, user: people.change_role(owner, user_id=user, role=Role.ADMIN),
        lambda owner, user: people.set_enabled(owner, user_id=user, enabled=False),
        lambda owner, user: people.remove_person(owner, user_id=user),
    ],
)
def test_the_last_owner_who_can_sign_in_stays(world, owner, change):
    with pytest.raises(Conflict, match="appoint another"):
        change(owner, owner.user_id)
    second = add(owner, role=Role.OWNER).member.user_id
    people.set_enabled(owner, user_id=second, enabled=False)
    with pytest.raises(Conflict, match="appoint another"):
        change(owner, owner.user_id)
    people.set_enabled(owner, user_id=second, enabled=True)
    change(owner, owner.user_id)


def test_a_removed_person_is_forgotten_but_the_log_remembers(world, owner, database):
    people.remove_person(owner, user_id=world.alpha.users[Role.VIEWER])
    with database.reading() as session:
        assert session.get(UserRow, world.alpha.users[Role.VIEWER]) is None
    (event,) = audit.list_events(owner, limit=1)
    assert (event.action, event.target) == ("user.remove", world.alpha.email(Role.VIEWER))
    assert add(owner, email=world.alpha.email(Role.VIEWER))


def test_a_reset_password_ends_all_sign_ins(world, owner):
    viewer = world.alpha.users[Role.VIEWER]
    made = people.reset_password(owner, user_id=viewer)
    assert sign_in.actor_for_session(world.alpha.cookies[Role.VIEWER]) is None
    email = world.alpha.email(Role.VIEWER)
    with pytest.raises(Unauthenticated):
        sign_in.sign_in(email=email, password=PASSWORD)
    assert sign_in.sign_in(email=email, password=made.password)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", "a@b\x00c"),
        ("name", ""),
        ("name", "a\u2028b"),
        ("password", "short"),
    ],
)
def test_bad_input_names_its_field(world, owner, field, value):
    with pytest.raises(Invalid) as refusal:
        people.add_person(
            owner, **{"email": "x@example.com", "name": "X", "role": Role.VIEWER, field: value}
        )
    assert refusal.value.field == field


def test_a_member_is_not_added_twice(world, owner):
    with pytest.raises(Conflict, match="member already"):
        add(owner, email=world.alpha.email(Role.VIEWER).upper())


def test_strangers_cannot_be_drawn_in(world, owner):
    with pytest.raises(Conflict, match="infrazen user add"):
        add(owner, email=world.beta.email(Role.VIEWER))


def test_the_local_operator_adds_known_people_and_they_keep_their_password(world):
    operator = system_actor(world.alpha.organization_id)
    added = add(operator, email=world.beta.email(Role.VIEWER), password="ignored password")
    assert added.password is None
    assert added.member.user_id == world.beta.users[Role.VIEWER]
    assert sign_in.sign_in(email=world.beta.email(Role.VIEWER), password=PASSWORD)


def test_an_account_that_others_use_too_is_not_ours_to_take_over(world, owner):
    shared = world.alpha.users[Role.VIEWER]
    add(system_actor(world.beta.organization_id), email=world.alpha.email(Role.VIEWER))
    for actor in (owner, world.beta.actor(Role.OWNER)):
        with pytest.raises(Forbidden, match="another organization"):
            people.reset_password(actor, user_id=shared)
        with pytest.raises(Forbidden, match="another organization"):
            people.set_enabled(actor, user_id=shared, enabled=False)
    people.remove_person(world.beta.actor(Role.OWNER), user_id=shared)
    assert sign_in.actor_for_session(world.alpha.cookies[Role.VIEWER]) is not None
    assert people.reset_password(owner, user_id=shared)


def test_a_serving_organization_lends_its_people_to_its_clients(world, owner, database):
    with database.writing() as session:
        client = add_organization(session, "client", parent_id=world.alpha.organization_id)
        boss = add_user(session, client, "boss@client.example", Role.OWNER)
    here = system_actor(client)
    assert add(here, email=world.alpha.email(Role.FINOPS), role=Role.ADMIN)
    with database.reading() as session:
        place = session.exec(select(MembershipRow).where(MembershipRow.user_id == boss)).one()
    assert place.role is Role.OWNER
    assert people.reset_password(owner, user_id=world.alpha.users[Role.FINOPS])


def test_refusals_are_in_the_audit_log_those_of_the_body_too(world, owner):
    admin, viewer = world.alpha.actor(Role.ADMIN), world.alpha.actor(Role.VIEWER)
    with pytest.raises(Forbidden):
        add(viewer)
    with pytest.raises(Forbidden):
        people.reset_password(admin, user_id=owner.user_id)
    body, door = audit.list_events(owner, limit=2)
    assert (body.action, body.outcome, body.target) == (
        "user.reset-password",
        "Forbidden",
        world.alpha.email(Role.OWNER),
    )
    assert (door.action, door.outcome, door.actor) == (
        "user.add",
        "Forbidden",
        world.alpha.email(Role.VIEWER),
    )
    assert audit.verify_log(owner) is None


def test_unknown_people_are_not_found(world, owner):
    with pytest.raises(NotFound):
        people.remove_person(owner, user_id=world.beta.users[Role.VIEWER])
