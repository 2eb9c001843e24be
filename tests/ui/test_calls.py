"""Use cases called for a screen."""

import asyncio
import logging
import threading
import time

import pytest

from infrazen.domain.roles import Permission, Role
from infrazen.errors import Invalid, Throttled
from infrazen.services.people import list_people
from infrazen.settings import settings
from infrazen_ui.backend.calls import Refused, call, current_actor, current_visitor
from infrazen_ui.backend.me import remember_language
from infrazen_ui.locales import Language
from tests.people import sign_in_colleague
from tests.ui.browsers import run, tab


def test_a_use_case_runs_as_the_visitor(owner):
    members = run(call(tab(owner.cookie), list_people))
    assert [member.email for member in members] == [owner.email]


def test_the_actor_comes_from_the_browser_that_asks(owner):
    actor = run(current_actor(tab(owner.cookie, peer="192.0.2.7")))
    assert actor is not None
    assert actor.user_id == owner.actor.user_id
    assert actor.address == "192.0.2.7"


def test_a_forwarded_address_is_believed_from_trusted_proxies_only(owner, monkeypatch):
    browser = tab(owner.cookie, peer="10.0.0.1", x_forwarded_for="198.51.100.4")
    assert run(current_visitor(browser)).actor.address == "10.0.0.1"
    monkeypatch.setenv("INFRAZEN_TRUSTED_PROXIES", "10.0.0.0/8")
    settings.cache_clear()
    assert run(current_visitor(browser)).actor.address == "198.51.100.4"


@pytest.mark.parametrize("cookie", ["", "made-up"])
def test_a_stranger_is_refused(database, cookie):
    refusal = run(call(tab(cookie), list_people))
    assert isinstance(refusal, Refused)
    assert refusal.reason == "Unauthenticated"


def test_a_lower_role_is_refused(owner):
    viewer = sign_in_colleague(owner, Role.VIEWER)
    assert not viewer.actor.may(Permission.USER_READ)
    refusal = run(call(tab(viewer.cookie), list_people))
    assert isinstance(refusal, Refused)
    assert refusal.reason == "Forbidden"


def test_a_refusal_keeps_what_a_screen_needs(owner):
    def picky(actor, *, name):
        raise Invalid("too short", field="name")

    async def busy(actor):
        raise Throttled("later", retry_after=7)

    wrong = run(call(tab(owner.cookie), picky, name="x"))
    assert isinstance(wrong, Refused)
    assert (wrong.reason, wrong.field) == ("Invalid", "name")
    later = run(call(tab(owner.cookie), busy))
    assert isinstance(later, Refused)
    assert (later.reason, later.retry_after) == ("Throttled", 7)


def test_an_unexpected_error_is_logged_with_the_number_that_people_see(owner, caplog):
    def broken(actor):
        raise ZeroDivisionError("inside")

    with caplog.at_level(logging.ERROR):
        refusal = run(call(tab(owner.cookie), broken))
    assert isinstance(refusal, Refused)
    assert refusal.reason == "InternalError"
    assert refusal.request_id
    assert "inside" not in repr(refusal)
    assert "broken failed unexpectedly" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_a_slow_use_case_holds_nobody_up(owner):
    released = threading.Event()

    def slow(actor):
        return released.wait(10)

    async def both():
        waiting = asyncio.create_task(call(tab(owner.cookie), slow))
        started = time.monotonic()
        assert isinstance(await call(tab(owner.cookie), list_people), list)
        took = time.monotonic() - started
        released.set()
        return await waiting, took

    result, took = run(both())
    assert result is True
    assert took < 5


def test_a_language_is_kept_with_the_account(owner):
    assert run(remember_language(tab(owner.cookie), "en")) is None
    visitor = run(current_visitor(tab(owner.cookie)))
    assert visitor.language == Language.EN.value
    assert run(remember_language(tab(), "en")) is None
    refusal = run(remember_language(tab(owner.cookie), "de"))
    assert isinstance(refusal, Refused)
    assert refusal.field == "language"
