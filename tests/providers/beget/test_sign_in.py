"""Who gets in, who does not, and how seldom Beget is asked."""

import asyncio
import base64
import json
from collections import Counter

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.domain.syncs import EndpointStatus, SyncStatus
from infrazen.errors import CredentialsRefused, SecondFactorRequired
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.guard import Guard
from infrazen.provider_kit.outcome import outcome
from infrazen.provider_kit.payload import Answer
from infrazen.provider_kit.redaction import Redactor
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.provider_kit.simulation.faults import Kind
from infrazen.provider_kit.transport import Transport
from infrazen.providers.beget.client import READING_POSTS
from infrazen.providers.beget.credentials import BegetCredentials
from infrazen.providers.beget.modern_api import ModernApi, lifetime
from infrazen.providers.beget.wire import cloud as wire
from tests.provider_kit.fakes import FakeTime
from tests.simulators import read_account, verify_account

MODERN = {"projects", "vps", "network", "snapshots", "s3_prices", "cdn_prices", "cloud"}
MODERN |= {"prices", "calculator", "operations"}


def results(reading):
    return {endpoint.name: endpoint for endpoint in reading.endpoints}


def asked(control: SimulatorControl) -> Counter[str]:
    return Counter(request["path"] for request in control.requests())


def skipped(reading) -> set[str]:
    return {e.name for e in reading.endpoints if e.status is EndpointStatus.SKIPPED}


def test_an_expired_token_is_renewed_once_and_the_reading_goes_on(beget_simulator):
    beget_simulator.fault(Kind.EXPIRED_TOKEN, "/v1/vps/*", times=1)
    reading = read_account("beget", beget_simulator.url)
    assert len(reading.resources) == 10
    assert asked(beget_simulator)["/v1/auth"] == 2


def test_tokens_that_are_never_good_do_not_make_us_sign_in_for_ever(beget_simulator):
    beget_simulator.fault(Kind.EXPIRED_TOKEN, "/v1/*")
    reading = read_account("beget", beget_simulator.url)
    assert outcome(reading.endpoints).status is SyncStatus.PARTIAL
    assert {r.type for r in reading.resources} == {"domain"}
    assert asked(beget_simulator)["/v1/auth"] <= 5
    reasons = {e.reason for n, e in results(reading).items() if n.startswith("modern.")}
    assert reasons <= {None, "CredentialsRefused"}


def test_a_second_factor_is_surfaced_and_asked_for_once(beget_simulator):
    beget_simulator.fault(Kind.SECOND_FACTOR, "/v1/auth")
    reading = read_account("beget", beget_simulator.url)
    sign_in = results(reading)["modern.auth"]
    assert (sign_in.status, sign_in.reason) == (EndpointStatus.FAILED, "SecondFactorRequired")
    assert "make a token" in sign_in.message
    assert skipped(reading) == {f"modern.{name}" for name in MODERN} | {"modern.statistics"}
    assert asked(beget_simulator)["/v1/auth"] == 1
    assert {r.type for r in reading.resources} == {"domain"}
    assert outcome(reading.endpoints).status is SyncStatus.PARTIAL


def test_a_wrong_account_password_closes_the_cloud_only(beget_simulator):
    reading = read_account(
        "beget", beget_simulator.url, credentials={"account_password": "not-the-password"}
    )
    assert results(reading)["modern.auth"].reason == "CredentialsRefused"
    assert results(reading)["legacy.account"].status is EndpointStatus.SUCCEEDED
    assert asked(beget_simulator)["/v1/auth"] == 1


def test_a_wrong_api_password_closes_the_hosting_only_and_is_sent_once(beget_simulator):
    reading = read_account(
        "beget",
        beget_simulator.url,
        credentials={"password": "wrong", "account_password": "simulator-password"},
    )
    assert results(reading)["legacy.account"].reason == "CredentialsRefused"
    assert {name for name in skipped(reading) if name.startswith("legacy.")} == {
        f"legacy.{name}"
        for name in ("zones", "domains", "subdomains", "sites", "mysql", "ftp", "mail")
    }
    assert {r.type for r in reading.resources} == {"vps", "mysql", "s3"}
    assert sum(n for path, n in asked(beget_simulator).items() if path.startswith("/api/")) == 1
    assert outcome(reading.endpoints).status is SyncStatus.PARTIAL


def test_both_wrong_is_an_error(beget_simulator):
    reading = read_account("beget", beget_simulator.url, credentials={"password": "wrong"})
    verdict = outcome(reading.endpoints)
    assert (verdict.status, verdict.reason) == (SyncStatus.ERROR, "CredentialsRefused")


def test_a_token_needs_no_password(beget_simulator):
    reading = read_account(
        "beget",
        beget_simulator.url,
        credentials={"token": "simulator-token", "account_password": "wrong"},
    )
    assert len(reading.resources) == 10
    assert "/v1/auth" not in asked(beget_simulator)


def test_a_bad_token_is_refused_and_no_password_is_tried_instead(beget_simulator):
    reading = read_account("beget", beget_simulator.url, credentials={"token": "revoked-token"})
    sign_in = results(reading)["modern.auth"]
    assert (sign_in.status, sign_in.reason) == (EndpointStatus.FAILED, "CredentialsRefused")
    assert len(skipped(reading)) == len(MODERN) + 1
    assert "/v1/auth" not in asked(beget_simulator)


def test_an_outage_of_the_sign_in_is_no_refusal(beget_simulator):
    beget_simulator.fault(Kind.ERROR, "/v1/auth")
    reading = read_account("beget", beget_simulator.url)
    assert results(reading)["modern.auth"].reason == "ProviderUnavailable"


def test_a_connection_test_says_which_part_is_closed(beget_simulator):
    beget_simulator.fault(Kind.SECOND_FACTOR, "/v1/auth")
    verified = verify_account("beget", beget_simulator.url)
    assert verified.account.plan == "Cloud"
    assert [(part.name, part.reason) for part in verified.parts] == [
        ("legacy.account", None),
        ("modern.auth", "SecondFactorRequired"),
    ]


def test_a_connection_test_passes_with_the_cloud_alone(beget_simulator):
    beget_simulator.fault(Kind.FORBIDDEN, "/api/*")
    verified = verify_account("beget", beget_simulator.url)
    assert verified.account.account_id == "demo"
    assert [part.reason for part in verified.parts] == ["PermissionMissing", None]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("INCORRECT_CREDENTIALS", CredentialsRefused),
        ("IP_BLOCKED", CredentialsRefused),
        ("ACCOUNT_DELETED", CredentialsRefused),
        ("CODE_REQUIRED", SecondFactorRequired),
        ("CODE_REQUIRED_SMS", SecondFactorRequired),
        ("CODE_REQUIRED_EMAIL", SecondFactorRequired),
        ("INCORRECT_CODE", SecondFactorRequired),
        ("CODE_INPUT_LIMIT", SecondFactorRequired),
    ],
)
def test_every_refusal_is_final(code, error):
    api, posts = api_answering({"error": code})

    async def go():
        for _ in range(3):
            with pytest.raises(error, match=code):
                await api.sign_in()

    asyncio.run(go())
    assert posts == [1]


def api_answering(answer: dict, time: FakeTime | None = None) -> tuple[ModernApi, list[int]]:
    """The cloud API behind a sign-in that always gives ``answer``; how often it was asked."""
    posts = [0]

    class Canned(Transport):
        async def post(self, path, *, read, **question):
            posts[0] += 1
            return read(Answer(path, 200, "application/json", msgspec.json.encode(answer)))

        async def get(self, path, *, read, **question):
            return read(Answer(path, 200, "application/json", b"{}"))

    clock = time.clock() if time else Clock()
    transport = Canned(
        httpx.URL("http://127.0.0.1"),
        guard=Guard(hosts=frozenset()),
        rate=None,
        reading_posts=READING_POSTS,
        clock=clock,
    )
    given_ = BegetCredentials(login="me", password="p")
    return ModernApi(transport, given_, Redactor()), posts


def jwt(**claims) -> str:
    def part(value: dict) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none'})}.{part(claims)}.signature"


@given(
    issued=st.integers(0, 4_000_000_000),
    seconds=st.integers(1, 10**7),
    now=st.integers(0, 4 * 10**9),
)
def test_a_tokens_life_does_not_depend_on_our_clock(issued, seconds, now):
    token = jwt(iat=issued, exp=issued + seconds)
    assert lifetime(token, now=now) == seconds


@given(st.text(max_size=200))
def test_no_token_breaks_the_reading_of_it(token):
    assert lifetime(token, now=0) is None or lifetime(token, now=0) > 0


def test_a_token_without_issue_time_lives_until_its_end():
    assert lifetime(jwt(exp=1_000), now=400) == 600
    assert lifetime(jwt(exp=1_000), now=2_000) is None, "our clock is wrong, not a fresh token"
    assert lifetime(jwt(), now=0) is None
    assert lifetime(jwt(exp="soon"), now=0) is None


def test_a_token_is_renewed_shortly_before_its_end():
    time = FakeTime()
    api, posts = api_answering({"token": jwt(iat=0, exp=600)}, time)
    reply = msgspec.json.Decoder(wire.Reply)

    async def go():
        for at in (0, 500, 569, 571, 600):
            time.seconds = at
            await api.get("/v1/vps/region", reply)

    asyncio.run(go())
    assert posts == [2]
