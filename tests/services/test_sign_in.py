"""Signing in: who gets in, what strangers learn, and how the door closes."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from sqlmodel import select

from infrazen.db.columns import utc_now
from infrazen.db.session import Database, using
from infrazen.db.tables.people import ApiTokenRow, AuthSessionRow, LoginAttemptRow, UserRow
from infrazen.domain.roles import SCOPES, Permission, Role
from infrazen.errors import Forbidden, TooManyAttempts, Unauthenticated
from infrazen.security.access import ActorKind
from infrazen.services import audit, people, sign_in
from infrazen.services.attempts import PER_ADDRESS, PER_NAME, WINDOW
from tests.world import PASSWORD

OWNER = f"{Role.OWNER}@alpha.example"


def enter(email=OWNER, password=PASSWORD, address="198.51.100.1"):
    return sign_in.sign_in(email=email, password=password, address=address, agent="a browser")


def fail(times=1, **options):
    for _ in range(times):
        with pytest.raises(Unauthenticated):
            enter(password="a wrong password", **options)


def grow_older(database, by=WINDOW):
    with database.writing() as session:
        for row in session.exec(select(LoginAttemptRow)):
            row.at -= by
            session.add(row)


def test_the_right_password_opens_a_session(world):
    signed_in = enter(email="  Owner@Alpha.Example ")
    principal = sign_in.principal_for_session(signed_in.cookie, address="198.51.100.1")
    assert principal.email == OWNER
    assert principal.role is Role.OWNER
    assert principal.organization_slug == "alpha"
    assert principal.actor.kind is ActorKind.USER
    assert principal.actor.address == "198.51.100.1"
    assert sign_in.actor_for_session(signed_in.cookie) is not None
    assert signed_in.cookie not in repr(signed_in)


def test_only_the_digest_of_a_cookie_is_stored(world, data_dir):
    cookie = enter().cookie
    content = b"".join(path.read_bytes() for path in data_dir.iterdir())
    assert cookie.encode() not in content


@pytest.mark.parametrize(
    "email", ["nobody@alpha.example", "", "not an address", "\ud83d", "x" * 9999]
)
def test_unknown_names_and_wrong_passwords_look_the_same(world, email):
    with pytest.raises(Unauthenticated) as unknown:
        enter(email=email)
    with pytest.raises(Unauthenticated) as wrong:
        enter(password="a wrong password")
    assert str(unknown.value) == str(wrong.value)


@pytest.mark.parametrize("email", [OWNER, "nobody@alpha.example"])
def test_a_failure_never_takes_less_time_whoever_it_was(world, monkeypatch, email):
    monkeypatch.setattr(sign_in, "FAILURE_SECONDS", 1.0)
    started = time.monotonic()
    fail(email=email)
    assert time.monotonic() - started >= 1.0


def test_cookies_and_tokens_find_their_people_on_both_databases(each_world):
    alpha = each_world.alpha
    by_cookie = sign_in.principal_for_session(alpha.cookies[Role.FINOPS])
    by_token = sign_in.principal_for_token(alpha.tokens[Role.FINOPS])
    assert by_cookie.user_id == by_token.user_id == alpha.users[Role.FINOPS]
    assert by_cookie.organization_slug == by_token.organization_slug == "alpha"
    assert by_cookie.expires_at.utcoffset() == timedelta(0)
    entered = enter()
    assert sign_in.actor_for_session(entered.cookie) is not None
    sign_in.sign_out(entered.cookie)
    assert sign_in.actor_for_session(entered.cookie) is None


def test_a_session_ends_with_sign_out_and_with_time(world, database):
    first, second = enter(), enter()
    sign_in.sign_out(first.cookie)
    sign_in.sign_out("never seen")
    assert sign_in.actor_for_session(first.cookie) is None
    assert sign_in.actor_for_session(second.cookie) is not None
    with database.writing() as session:
        for row in session.exec(select(AuthSessionRow)):
            row.expires_at = utc_now() - timedelta(seconds=1)
            session.add(row)
    assert sign_in.actor_for_session(second.cookie) is None


@pytest.mark.parametrize("cookie", ["", "x", "\ud83d", "x" * 100_000])
def test_made_up_cookies_and_tokens_are_nobody(world, cookie):
    assert sign_in.actor_for_session(cookie) is None
    assert sign_in.actor_for_token(cookie) is None


def test_a_role_change_or_removal_takes_effect_at_once(world):
    alpha, owner = world.alpha, world.alpha.actor(Role.OWNER)
    admin = alpha.cookies[Role.ADMIN]
    people.change_role(owner, user_id=alpha.users[Role.ADMIN], role=Role.VIEWER)
    assert sign_in.actor_for_session(admin).role is Role.VIEWER
    people.remove_person(owner, user_id=alpha.users[Role.ADMIN])
    assert sign_in.actor_for_session(admin) is None
    assert sign_in.actor_for_token(alpha.tokens[Role.ADMIN]) is None


def test_a_disabled_account_is_out_at_once_and_told_so_only_with_its_password(world):
    alpha, owner = world.alpha, world.alpha.actor(Role.OWNER)
    email = alpha.email(Role.FINOPS)
    people.set_enabled(owner, user_id=alpha.users[Role.FINOPS], enabled=False)
    assert sign_in.actor_for_session(alpha.cookies[Role.FINOPS]) is None
    assert sign_in.actor_for_token(alpha.tokens[Role.FINOPS]) is None
    with pytest.raises(Unauthenticated):
        enter(email=email, password="a wrong password")
    with pytest.raises(Forbidden, match="disabled"):
        enter(email=email)
    people.set_enabled(owner, user_id=alpha.users[Role.FINOPS], enabled=True)
    assert enter(email=email)


def test_a_token_may_what_its_scopes_and_its_owners_role_both_allow(world):
    alpha, owner = world.alpha, world.alpha.actor(Role.OWNER)
    actor = sign_in.actor_for_token(alpha.tokens[Role.ADMIN])
    assert actor.kind is ActorKind.TOKEN
    assert actor.scopes == SCOPES
    assert actor.may(Permission.USER_WRITE)
    assert not actor.may(Permission.ORGANIZATION_WRITE)
    assert not actor.may(Permission.SELF)
    people.change_role(owner, user_id=alpha.users[Role.ADMIN], role=Role.FINANCE)
    assert not sign_in.actor_for_token(alpha.tokens[Role.ADMIN]).may(Permission.USER_WRITE)


def test_a_role_without_tokens_makes_old_ones_useless(world):
    assert sign_in.actor_for_token(world.alpha.tokens[Role.VIEWER]) is None
    assert sign_in.actor_for_token(world.alpha.tokens[Role.FINANCE]) is not None


def test_an_expired_or_revoked_token_is_nobody(world, database):
    with database.writing() as session:
        expired = session.get_one(ApiTokenRow, world.alpha.token_ids[Role.OWNER])
        revoked = session.get_one(ApiTokenRow, world.alpha.token_ids[Role.ADMIN])
        expired.expires_at = revoked.revoked_at = utc_now()
        session.add_all([expired, revoked])
    assert sign_in.actor_for_token(world.alpha.tokens[Role.OWNER]) is None
    assert sign_in.actor_for_token(world.alpha.tokens[Role.ADMIN]) is None


def test_a_scope_that_was_abolished_grants_nothing(world, database):
    with database.writing() as session:
        row = session.get_one(ApiTokenRow, world.alpha.token_ids[Role.OWNER])
        row.scopes = ["cost:read", "moon:land"]
        session.add(row)
    actor = sign_in.actor_for_token(world.alpha.tokens[Role.OWNER])
    assert actor.scopes == {Permission.COST_READ}


def test_five_failures_close_the_door_for_a_name_at_one_address(world, database):
    fail(PER_NAME)
    with pytest.raises(TooManyAttempts, match="try again in 15 minutes") as closed:
        enter()
    assert 0 < closed.value.retry_after <= WINDOW.total_seconds()
    assert enter(address="198.51.100.2")
    assert enter(email=world.alpha.email(Role.ADMIN))
    grow_older(database)
    assert enter()


def test_tries_at_a_closed_door_keep_it_closed_no_longer(world, database):
    fail(PER_NAME)
    grow_older(database, by=WINDOW - timedelta(minutes=1))
    for _ in range(10):
        with pytest.raises(TooManyAttempts, match=r"1 minute$"):
            enter()
    grow_older(database, by=timedelta(minutes=1))
    assert enter()


def test_the_door_stays_closed_over_a_restart(world, database):
    fail(PER_NAME)
    restarted = Database(database.url)
    with using(restarted), pytest.raises(TooManyAttempts):
        enter()
    restarted.dispose()


def test_an_address_that_tries_many_names_is_stopped(world):
    for number in range(PER_ADDRESS):
        fail(email=f"guess-{number}@alpha.example")
    with pytest.raises(TooManyAttempts):
        enter()
    assert enter(address="198.51.100.2")


def test_one_client_of_a_whole_ipv6_network_counts_as_one(world):
    for number in range(PER_NAME):
        fail(address=f"2001:db8:1:1::{number + 1:x}")
    with pytest.raises(TooManyAttempts):
        enter(address="2001:db8:1:1:ffff::1")
    assert enter(address="2001:db8:1:2::1")


def test_success_forgets_the_failures_of_that_name(world):
    for _ in range(3):
        fail(PER_NAME - 1)
        assert enter()


def test_guesses_at_the_same_time_are_no_way_around(world):
    def guess(_):
        try:
            enter(password="a wrong password")
        except (Unauthenticated, TooManyAttempts) as error:
            return type(error)

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(guess, range(24)))
    assert outcomes.count(Unauthenticated) == PER_NAME


def test_the_attempts_table_holds_no_names(world, database):
    fail(email="my secret typed into the wrong field")
    with database.reading() as session:
        keys = [row.key for row in session.exec(select(LoginAttemptRow))]
    assert keys
    assert all(len(key) == 64 and "secret" not in key for key in keys)


def test_a_hash_of_old_parameters_is_renewed(world, database):
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with database.writing() as session:
        row = session.get_one(UserRow, world.alpha.users[Role.OWNER])
        row.password_hash = old
        session.add(row)
    assert enter()
    with database.reading() as session:
        stored = session.get_one(UserRow, world.alpha.users[Role.OWNER]).password_hash
    assert stored != old
    assert enter()


def test_sign_ins_are_in_the_audit_log_failures_too(world, caplog):
    caplog.set_level(logging.INFO)
    cookie = enter().cookie
    fail()
    sign_in.sign_out(cookie, address="198.51.100.1")
    events = audit.list_events(world.alpha.actor(Role.OWNER), limit=3)
    assert [(each.action, each.outcome) for each in events] == [
        ("session.end", "done"),
        ("session.start", "Unauthenticated"),
        ("session.start", "done"),
    ]
    assert {each.address for each in events} == {"198.51.100.1"}
    assert "sign-in failed from 198.51.100.1" in caplog.text
    assert "a wrong password" not in caplog.text


def test_last_seen_never_waits_for_another_writer(world, database):
    with database.writing() as session:
        for row in session.exec(select(AuthSessionRow)):
            row.seen_at = utc_now() - timedelta(hours=1)
            session.add(row)
    cookie = world.alpha.cookies[Role.OWNER]
    with database.writing():
        started = utc_now()
        assert sign_in.actor_for_session(cookie) is not None
        assert utc_now() - started < timedelta(seconds=2)
    assert sign_in.actor_for_session(cookie) is not None
    with database.reading() as session:
        mine = select(AuthSessionRow).where(AuthSessionRow.user_id == world.alpha.users[Role.OWNER])
        assert session.exec(mine).one().seen_at >= started


def test_without_an_organization_nobody_gets_in(world, database):
    with database.writing() as session:
        session.add(
            UserRow(
                id=uuid4(),
                email="lonely@example.com",
                name="Lonely",
                password_hash=session.get_one(UserRow, world.alpha.users[Role.OWNER]).password_hash,
            )
        )
    with pytest.raises(Forbidden, match="no organization"):
        enter(email="lonely@example.com")
