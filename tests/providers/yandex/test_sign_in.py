"""Who gets in, who does not, and how seldom Yandex Cloud is asked."""

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from infrazen.domain.syncs import EndpointStatus, SyncStatus
from infrazen.errors import CredentialsRefused, EndpointNotAllowed, UnexpectedPayload
from infrazen.provider_kit.guard import Guard
from infrazen.provider_kit.outcome import outcome
from infrazen.provider_kit.redaction import Redactor
from infrazen.provider_kit.simulation.faults import Kind
from infrazen.provider_kit.transport import Transport
from infrazen.providers import provider
from infrazen.providers.yandex.answers import Answers
from infrazen.providers.yandex.api import Api
from infrazen.providers.yandex.authorized_key import parse_key
from infrazen.providers.yandex.hosts import HOSTS, SERVICES, service_url
from infrazen.providers.yandex.signing import signed_jwt
from infrazen.providers.yandex.tokens import PATH, IamTokens
from tests.provider_kit.fakes import FakeTime
from tests.providers.yandex.conftest import OAUTH
from tests.simulators import read_account, verify_account


def asked(control) -> Counter[str]:
    return Counter(request["path"] for request in control.requests())


def whole(reading) -> set[str]:
    return {resource.key for resource in reading.resources}


def test_a_service_accounts_key_opens_the_account(yandex, key_file):
    reading = read_account("yandex", yandex.url, credentials={"key": key_file})
    assert outcome(reading.endpoints).status is SyncStatus.SUCCESS
    assert whole(reading) == whole(read_account("yandex", yandex.url))


def test_the_apis_own_answer_is_a_key_too(yandex, made_key):
    verified = verify_account("yandex", yandex.url, credentials={"key": json.dumps(made_key)})
    assert all(part.status is EndpointStatus.SUCCEEDED for part in verified.parts)


def test_a_deleted_key_is_refused_in_words_that_show_nothing_of_it(yandex, key_file):
    yandex.reset()
    with pytest.raises(CredentialsRefused, match="The key was not found") as caught:
        verify_account("yandex", yandex.url, credentials={"key": key_file})
    assert "PRIVATE KEY" not in str(caught.value)
    assert asked(yandex)[PATH] == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"private_key": None}, "paste the whole JSON file"),
        ({"private_key": "no key"}, "no RSA key"),
        ({"service_account_id": "ajesomebodyelse00000"}, "The key was not found"),
        ({"id": "ajkanotherkey0000000"}, "The key was not found"),
    ],
)
def test_a_key_file_that_is_not_right_is_told_apart(yandex, key_file, change, said):
    changed = {k: v for k, v in (json.loads(key_file) | change).items() if v is not None}
    with pytest.raises(CredentialsRefused, match=said):
        verify_account("yandex", yandex.url, credentials={"key": json.dumps(changed)})


def test_an_address_that_is_not_yandex_clouds_is_not_blamed_on_the_key(yandex):
    with pytest.raises(UnexpectedPayload, match="no such thing"):
        verify_account("yandex", f"{yandex.url}/elsewhere")


def test_an_iam_token_is_no_secret_to_keep(yandex):
    with pytest.raises(CredentialsRefused, match="lives for hours"):
        verify_account("yandex", yandex.url, credentials={"key": "t1.9euelZ.made-up"})
    assert asked(yandex)[PATH] == 0


def jwt_of(key_file: str, **changes) -> dict:
    jwt = signed_jwt(parse_key(key_file), now=datetime.now(UTC) + changes.pop("late", timedelta()))
    return {"jwt": jwt}


@pytest.mark.parametrize(
    "late", [timedelta(hours=-2), timedelta(hours=2)], ids=["expired", "not valid yet"]
)
def test_a_jwt_of_another_hour_is_refused(http, key_file, late):
    answer = http.post(PATH, json=jwt_of(key_file, late=late))
    assert (answer.status_code, answer.json()["code"]) == (401, 16)


def test_a_jwt_with_another_signature_is_refused(http, key_file):
    jwt = jwt_of(key_file)["jwt"]
    head, payload, signature = jwt.split(".")
    other = signature[:-4] + ("AAAA" if not signature.endswith("AAAA") else "BBBB")
    assert http.post(PATH, json={"jwt": jwt}).status_code == 200
    for wrong in (f"{head}.{payload}.{other}", f"{head}.{payload}.", "no.jwt", f"{head}.e30.x"):
        answer = http.post(PATH, json={"jwt": wrong})
        assert (answer.status_code, answer.json()["code"]) == (401, 16), wrong


def test_an_expired_token_is_renewed_once_and_the_reading_goes_on(yandex):
    yandex.fault(Kind.EXPIRED_TOKEN, "/compute/v1/*", times=1)
    reading = read_account("yandex", yandex.url)
    assert outcome(reading.endpoints).status is SyncStatus.SUCCESS
    assert asked(yandex)[PATH] == 2


def test_tokens_that_are_never_good_do_not_make_us_sign_in_for_ever(yandex):
    yandex.fault(Kind.EXPIRED_TOKEN, "/[!i]*")
    reading = read_account("yandex", yandex.url)
    assert outcome(reading.endpoints).status is SyncStatus.PARTIAL
    assert reading.resources == []
    assert asked(yandex)[PATH] <= 5
    assert not any(e.listed for e in reading.endpoints)


class Counting:
    """Tokens of a made-up sign-in, and how often one was asked for."""

    def __init__(self, url: str, *, expires_in: float) -> None:
        self.time = FakeTime()
        self.expires_in = expires_in
        self.url = url

    async def go(self, *waits: float) -> int:
        guard = Guard(hosts=frozenset(), allow_private=True)
        http = Transport(
            httpx.URL(self.url),
            guard=guard,
            rate=None,
            clock=self.time.clock(),
            reading_posts=frozenset({PATH}),
        )
        tokens = IamTokens(http, OAUTH, Answers(Redactor([OAUTH])))
        seen = {await tokens.valid()}
        for wait in waits:
            self.time.seconds += wait
            seen.add(await tokens.valid())
        await http.aclose()
        return len(seen)


def test_a_token_is_kept_for_most_of_an_hour(yandex):
    assert asyncio.run(Counting(yandex.url, expires_in=43_200).go(1000, 1000, 900)) == 1
    assert asyncio.run(Counting(yandex.url, expires_in=43_200).go(3100)) == 2


# Where the services are


def test_one_address_leads_to_all_services(yandex):
    read_account("yandex", yandex.url)
    families = {path.split("/")[1] for path in asked(yandex)}
    assert families == {
        "endpoints",
        "iam",
        "organization-manager",
        "resource-manager",
        "compute",
        "vpc",
        "storage",
        "billing",
        "monitoring",
    }


def test_without_the_endpoint_list_services_are_where_they_are_documented(yandex):
    yandex.fault(Kind.ERROR, "/endpoints")
    assert whole(read_account("yandex", yandex.url)) == whole_of_reference(yandex)
    real = httpx.URL(provider("yandex").base_url)
    for service, host in SERVICES.items():
        assert str(service_url(service, real, {})) == f"https://{host}"
        assert host in HOSTS
    assert str(service_url("compute", real, {"compute": "elsewhere.example:443"})) == (
        "https://elsewhere.example"
    )


def whole_of_reference(yandex) -> set[str]:
    yandex.clear_faults()
    return whole(read_account("yandex", yandex.url))


def test_an_endpoint_list_cannot_lead_us_anywhere_else(yandex, monkeypatch):
    """What the list says is held to the allow-list like what a person enters."""

    async def elsewhere(_self):
        return {"compute": "198.51.100.7:443"}

    monkeypatch.setattr(Api, "_endpoint_list", elsewhere)
    reading = read_account("yandex", yandex.url)
    [instances] = [e for e in reading.endpoints if e.name == "compute.instances"]
    assert (instances.status, instances.reason) == (
        EndpointStatus.FAILED,
        EndpointNotAllowed.reason,
    )


@pytest.mark.parametrize("address", ["elsewhere.invalid:port", "\x00", "[::1"])
def test_an_address_that_is_none_costs_its_service(yandex, monkeypatch, address):
    genuine = Api._endpoint_list

    async def odd(self):
        return {**(await genuine(self)), "vpc": address}

    monkeypatch.setattr(Api, "_endpoint_list", odd)
    found = {one.name: one for one in read_account("yandex", yandex.url).endpoints}
    assert found["compute.instances"].status is EndpointStatus.SUCCEEDED
    assert found["vpc.addresses"].reason == UnexpectedPayload.reason
