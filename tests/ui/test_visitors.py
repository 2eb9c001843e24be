"""Who is behind a cookie, and for how long that is believed."""

import asyncio

import pytest

from infrazen.domain.roles import Role
from infrazen.services import people
from infrazen.services.sign_in import principal_for_session, sign_out
from infrazen_ui.backend.visitors import Visitors, session_cookie
from tests.people import sign_in_colleague


class Counting:
    """Looks in the database, and counts how often."""

    def __init__(self):
        self.times = 0

    def __call__(self, token: str, /):
        self.times += 1
        return principal_for_session(token)


def find(visitors: Visitors, token: str, address: str = ""):
    return asyncio.run(visitors.find(token, address=address))


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("infrazen_session=abc", "abc"),
        ("theme=dark; infrazen_session=abc; x=1", "abc"),
        ('infrazen_session="a b"', "a b"),
        ("infrazen_session=", ""),
        ("other=1", ""),
        ("", ""),
        ("=;;\x00", ""),
        ("not_infrazen_session=abc", ""),
    ],
)
def test_the_session_is_found_among_cookies(header, token):
    assert session_cookie(header) == token


def test_a_visitor_is_looked_up_once_and_acts_from_where_they_are(owner):
    lookup = Counting()
    visitors = Visitors(lookup)
    first, second = (
        find(visitors, owner.cookie, "10.0.0.1"),
        find(visitors, owner.cookie, "10.0.0.2"),
    )
    assert first is not None
    assert second is not None
    assert (first.actor.address, second.actor.address) == ("10.0.0.1", "10.0.0.2")
    assert first.actor.user_id == owner.actor.user_id
    assert lookup.times == 1


def test_nobody_is_looked_up_without_a_token(database):
    lookup = Counting()
    assert find(Visitors(lookup), "") is None
    assert find(Visitors(lookup), "made-up") is None
    assert lookup.times == 1


def test_who_signs_out_or_is_disabled_is_out_when_trust_ends(owner):
    colleague = sign_in_colleague(owner, Role.ADMIN)
    visitors = Visitors(principal_for_session, trust=0)
    assert find(visitors, colleague.cookie) is not None
    people.set_enabled(owner.actor, user_id=colleague.actor.user_id, enabled=False)
    assert find(visitors, colleague.cookie) is None
    sign_out(owner.cookie)
    assert find(visitors, owner.cookie) is None


def test_trust_is_seconds_only():
    assert 0 < Visitors(principal_for_session)._trust <= 5


def test_a_changed_role_acts_at_once_when_trust_ends(owner):
    colleague = sign_in_colleague(owner, Role.ADMIN)
    visitors = Visitors(principal_for_session, trust=0)
    people.change_role(owner.actor, user_id=colleague.actor.user_id, role=Role.VIEWER)
    found = find(visitors, colleague.cookie)
    assert found is not None
    assert found.actor.role is Role.VIEWER


def test_it_remembers_digests_and_not_tokens(owner):
    visitors = Visitors(principal_for_session)
    find(visitors, owner.cookie)
    assert owner.cookie not in repr(visitors._known)
