"""API tokens: never more than their maker, never for ever."""

from datetime import timedelta

import pytest

from infrazen.domain.roles import GRANTS, PERSONAL, SCOPES, Permission, Role
from infrazen.errors import Forbidden, Invalid, NotFound
from infrazen.security.access import system_actor
from infrazen.services import sign_in, tokens


def create(actor, **options):
    form = {"name": "export", "scopes": [Permission.COST_READ]} | options
    return tokens.create_token(actor, **form)


def test_a_token_works_and_its_secret_is_kept_nowhere(world, data_dir):
    made = create(world.alpha.actor(Role.FINANCE), days=1)
    assert made.secret.startswith("izt_")
    assert made.secret.startswith(made.token.prefix)
    assert made.secret not in repr(made)
    assert made.token.expires_at - made.token.created_at < timedelta(days=1, minutes=1)
    principal = sign_in.principal_for_token(made.secret)
    assert principal.actor.scopes == {Permission.COST_READ}
    assert principal.actor.name == f"{world.alpha.email(Role.FINANCE)} (export)"
    assert principal.organization_id == world.alpha.organization_id
    content = b"".join(path.read_bytes() for path in data_dir.iterdir())
    assert made.secret.encode() not in content


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.VIEWER])
def test_scopes_stay_within_ones_own_permissions(world, role):
    actor = world.alpha.actor(role)
    assert create(actor, scopes=GRANTS[role] - PERSONAL)
    beyond = SCOPES - GRANTS[role]
    for scope in beyond:
        with pytest.raises(Forbidden, match=scope):
            create(actor, scopes=[scope])


@pytest.mark.parametrize(
    ("field", "options"),
    [
        ("scopes", {"scopes": []}),
        *(("scopes", {"scopes": [scope]}) for scope in PERSONAL),
        ("days", {"days": 0}),
        ("days", {"days": 366}),
        ("name", {"name": " "}),
        ("name", {"name": "x" * 101}),
    ],
)
def test_bad_input_names_its_field(world, field, options):
    with pytest.raises(Invalid) as refusal:
        create(world.alpha.actor(Role.OWNER), **options)
    assert refusal.value.field == field


def test_only_people_make_tokens(world):
    with pytest.raises(Forbidden):
        create(system_actor(world.alpha.organization_id))
    with pytest.raises(Forbidden):
        create(
            world.alpha.token_actor(Role.OWNER, frozenset(Permission) - {Permission.TOKEN_WRITE})
        )


def test_people_see_their_own_and_managers_all(world):
    mine = tokens.list_tokens(world.alpha.actor(Role.FINANCE))
    assert [each.id for each in mine] == [world.alpha.token_ids[Role.FINANCE]]
    everyones = tokens.list_tokens(world.alpha.actor(Role.ADMIN))
    assert {each.id for each in everyones} == set(world.alpha.token_ids.values())


def test_revoking_is_for_ones_own_or_for_managers(world):
    other = world.alpha.token_ids[Role.ADMIN]
    with pytest.raises(NotFound):
        tokens.revoke_token(world.alpha.actor(Role.FINANCE), token_id=other)
    revoked = tokens.revoke_token(world.alpha.actor(Role.OWNER), token_id=other)
    assert revoked.revoked_at is not None
    assert sign_in.actor_for_token(world.alpha.tokens[Role.ADMIN]) is None
    again = tokens.revoke_token(world.alpha.actor(Role.OWNER), token_id=other)
    assert again.revoked_at == revoked.revoked_at
