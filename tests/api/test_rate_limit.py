"""How often a caller may ask the API."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.api import rate_limit
from infrazen.api.rate_limit import CALLERS_AN_ADDRESS, RateLimit, Shares
from infrazen.settings import settings
from tests.people import sign_in_owner

MOST = 3


class Clock:
    """A clock that goes on when told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def limited(api, monkeypatch):
    monkeypatch.setenv("INFRAZEN_API_REQUESTS_PER_MINUTE", str(MOST))
    settings.cache_clear()
    # It stands still: a busy machine may take the seconds that give somebody a share back.
    monkeypatch.setitem(RateLimit.__init__.__kwdefaults__, "clock", Clock())
    return api


def statuses(client, times, path="/api/v1/me"):
    return [client.get(path).status_code for _ in range(times)]


def test_a_caller_that_asks_too_often_is_told_when_to_come_back(limited):
    anna = limited.as_session(sign_in_owner().cookie)
    assert statuses(anna, MOST) == [200] * MOST
    refused = anna.get("/api/v1/me")
    assert (refused.status_code, refused.json()["reason"]) == (429, "TooManyAttempts")
    assert refused.json()["retry_after"] == int(refused.headers["retry-after"]) == 20
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["x-request-id"] == refused.json()["request_id"]


def test_callers_at_one_address_do_not_slow_each_other_down(limited):
    anna = limited.as_session(sign_in_owner().cookie)
    statuses(anna, MOST + 1)
    assert statuses(limited.at(), 1) == [401]
    assert statuses(limited.as_token("izt_another"), 1) == [401]


def test_made_up_tokens_gain_nothing(limited):
    most = MOST * CALLERS_AN_ADDRESS
    answers = [
        limited.as_token(f"izt_{number}").get("/api/v1/me").status_code
        for number in range(most + 1)
    ]
    assert answers == [401] * most + [429]
    assert statuses(limited.at("198.51.100.1"), 1) == [401]


@pytest.mark.parametrize("header", ["Basic {}", "Negotiate {}", "Bearer", "{}"])
def test_a_session_is_one_caller_whatever_else_it_sends(limited, header):
    """A proxy in front may ask everybody for the same name and password."""
    anna = limited.as_session(sign_in_owner().cookie)
    answers = [
        anna.get("/api/v1/me", headers={"Authorization": header.format(number)}).status_code
        for number in range(MOST + 1)
    ]
    assert answers == [200] * MOST + [429]
    assert statuses(limited.as_session("another"), 1) == [401]


def test_a_token_is_one_caller_however_it_is_written(limited):
    written = ["Bearer izt_a", "bearer izt_a", "BEARER   izt_a ", "bEARER izt_a"]
    headers = [{"Authorization": each} for each in written[: MOST + 1]]
    answers = [limited.get("/api/v1/me", headers=each).status_code for each in headers]
    assert answers == [401] * MOST + [429]


def test_a_network_of_ipv6_is_one_address(limited):
    answers = [
        limited.at(f"2001:db8::{number:x}").get("/api/v1/me").status_code
        for number in range(1, MOST + 2)
    ]
    assert answers == [401] * MOST + [429]


def test_probes_and_pages_are_not_counted(limited):
    assert statuses(limited, MOST + 2, "/healthz") == [200] * (MOST + 2)
    assert statuses(limited, 1) == [401]


def test_zero_is_no_limit(limited, monkeypatch):
    monkeypatch.setenv("INFRAZEN_API_REQUESTS_PER_MINUTE", "0")
    settings.cache_clear()
    assert statuses(limited, MOST * 2) == [401] * MOST * 2


def test_a_share_fills_up_evenly():
    clock = Clock()
    shares = Shares(clock)
    assert [shares.take({"a": 60}) for _ in range(61)] == [0] * 60 + [1]
    clock.now += 2
    assert [shares.take({"a": 60}) for _ in range(3)] == [0, 0, 1]
    clock.now += 3600
    assert [shares.take({"a": 60}) for _ in range(61)] == [0] * 60 + [1]


@given(st.lists(st.floats(0, 30), max_size=200), st.integers(1, 50))
def test_nobody_gets_more_than_twice_the_share_in_a_minute(pauses, most):
    clock = Clock()
    shares = Shares(clock)
    let_through: list[float] = []
    for pause in pauses:
        clock.now += pause
        wait = shares.take({"a": most})
        assert 0 <= wait <= 60 / most + 1
        if not wait:
            let_through.append(clock.now)
    for moment in let_through:
        assert sum(moment <= other < moment + 60 for other in let_through) <= 2 * most


def test_what_is_refused_is_not_counted_anywhere():
    shares = Shares(Clock())
    assert shares.take({"a": 1, "all": 2}) == 0
    assert [shares.take({"a": 1, "all": 2}) for _ in range(5)] == [60] * 5
    assert shares.take({"b": 1, "all": 2}) == 0


def test_keys_that_nobody_uses_are_forgotten(monkeypatch):
    monkeypatch.setattr(rate_limit, "MOST_KEYS", 10)
    clock = Clock()
    shares = Shares(clock)
    for number in range(50):
        assert shares.take({f"key {number}": 1}) == 0
    assert len(shares._full_at) <= 10
    assert shares.take({"key 49": 1}) == 60
    clock.now += 120
    shares.take({"another": 1})
    assert list(shares._full_at) == ["another"]
