"""What every provider must pass, untouched, over real HTTP against its own simulator.

A new provider is tested by being there. Its simulator says which of its listings is the
paged one (``listing``) and which can be closed while the others work (``closable``).
"""

import logging
from collections import Counter
from dataclasses import dataclass, fields
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from infrazen.domain.money import from_micro
from infrazen.domain.syncs import EndpointResult, EndpointStatus, SyncStatus
from infrazen.errors import CredentialsRefused, EndpointNotAllowed
from infrazen.provider_kit.contract import ProviderSpec
from infrazen.provider_kit.forms import form_fields, json_schema, secret_fields
from infrazen.provider_kit.guard import parse_endpoint
from infrazen.provider_kit.outcome import outcome
from infrazen.provider_kit.reading import Reading
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.provider_kit.simulation.faults import Kind
from infrazen.providers import all_providers
from infrazen.settings import settings
from tests.simulators import Hurry, read_account, verify_account

pytestmark = pytest.mark.usefixtures("private_endpoints")

CANARY = "CANARY-9f3b7c21"
QUIET = {"collect_statistics": "false"}


@dataclass(frozen=True)
class Account:
    """A provider, its running simulator, and what that says of its listings."""

    spec: ProviderSpec
    control: SimulatorControl
    listing: str
    listing_path: str
    closable: str
    closable_path: str
    hands_out_secrets: bool

    def read(self, **options: Any) -> Reading:
        options.setdefault("settings", self.spec.trial_settings)
        return read_account(self.spec.slug, self.control.url, **options)

    def result(self, reading: Reading, name: str | None = None) -> EndpointResult:
        [found] = [e for e in reading.endpoints if e.name == (name or self.listing)]
        return found

    def listed(self, reading: Reading) -> list[Any]:
        return [r for r in reading.resources if r.listing == self.listing]


@pytest.fixture(params=sorted(all_providers()))
def account(request: pytest.FixtureRequest, simulators) -> Account:
    control = simulators(request.param)
    control.reset()
    state = control.state()
    return Account(
        spec=all_providers()[request.param],
        control=control,
        listing=state["listing"]["endpoint"],
        listing_path=state["listing"]["path"],
        closable=state["closable"]["endpoint"],
        closable_path=state["closable"]["path"],
        hands_out_secrets=state["hands_out_secrets"],
    )


def keys(reading: Reading) -> set[str]:
    return {resource.key for resource in reading.resources}


# Credentials


def test_the_trial_credentials_open_the_account(account):
    verified = verify_account(account.spec.slug, account.control.url)
    assert verified.account.account_id
    assert EndpointStatus.SUCCEEDED in {part.status for part in verified.parts}


def test_wrong_credentials_are_refused_without_trying_again(account):
    wrong = dict.fromkeys(secret_fields(account.spec.credentials), "not-the-secret")
    reading = account.read(credentials=wrong)
    verdict = outcome(reading.endpoints)
    assert (verdict.status, verdict.reason) == (SyncStatus.ERROR, "CredentialsRefused")
    assert reading.resources == []
    assert not any(endpoint.listed for endpoint in reading.endpoints)
    asked = Counter(request["path"] for request in account.control.requests())
    assert max(asked.values()) == 1, "a refused secret is sent once to each API"


def test_a_connection_test_with_wrong_credentials_says_so(account):
    wrong = dict.fromkeys(secret_fields(account.spec.credentials), "not-the-secret")
    with pytest.raises(CredentialsRefused):
        verify_account(account.spec.slug, account.control.url, credentials=wrong)


def test_a_cloud_that_never_answers_was_not_read_in_part(account):
    account.control.fault(Kind.ERROR, status=503)
    reading = account.read()
    verdict = outcome(reading.endpoints)
    assert (verdict.status, verdict.reason) == (SyncStatus.ERROR, "ProviderUnavailable")
    assert not any(endpoint.listed for endpoint in reading.endpoints)


def test_a_secret_in_no_way_gets_out_of_the_vaults_hands(account, caplog):
    caplog.set_level(logging.DEBUG)
    account.control.reset(secret=CANARY)
    for kind in (None, Kind.WRONG_TYPES, Kind.CONFLICTS, Kind.TRUNCATE, Kind.ERROR):
        account.control.clear_faults()
        if kind is not None:
            account.control.fault(kind)
        reading = account.read()
        shown = [
            msgspec.json.encode(reading.resources),
            msgspec.json.encode(reading.components),
            msgspec.json.encode(reading.quarantined),
            msgspec.json.encode(reading.endpoints),
            repr(reading).encode(),
            caplog.text.encode(),
        ]
        assert not any(CANARY.encode() in text for text in shown), kind
        if kind is None:
            handed = {secret.value for secret in reading.secrets}
            assert CANARY in handed if account.hands_out_secrets else not handed
        known = keys(reading)
        assert all(secret.resource in known for secret in reading.secrets)


def test_the_connections_own_secrets_do_not_come_back_in_messages(account, caplog):
    caplog.set_level(logging.DEBUG)
    wrong = dict.fromkeys(secret_fields(account.spec.credentials), CANARY)
    reading = account.read(credentials=wrong)
    assert CANARY not in repr(reading) + caplog.text


# Reading


def test_the_reference_account_has_resources_of_declared_types(account):
    reading = account.read()
    assert reading.resources
    assert {r.type for r in reading.resources} <= set(account.spec.resource_types)
    assert set(account.spec.kinds) == set(account.spec.resource_types)
    names = {endpoint.name for endpoint in reading.endpoints}
    assert {r.listing for r in reading.resources} <= names
    assert {c.listing for c in reading.components} <= names


def test_offers_come_from_an_endpoint_that_can_prove_them_gone(account):
    reading = account.read()
    listed = {endpoint.name for endpoint in reading.endpoints if endpoint.listed}
    assert {offer.listing for offer in reading.offers} <= listed
    assert all(offer.price.currency == account.spec.currency for offer in reading.offers)
    assert len({offer.key for offer in reading.offers}) == len(reading.offers)


def test_prices_are_whole_and_in_the_accounts_currency(account):
    for resource in account.read().resources:
        if resource.price is not None:
            assert resource.price.currency == account.spec.currency
            assert from_micro(resource.price.daily_micro) >= 0


def test_reading_twice_gives_the_same(account):
    def facts(reading: Reading) -> list[bytes]:
        return sorted(msgspec.json.encode(r) for r in reading.resources)

    assert facts(account.read()) == facts(account.read())


def test_only_reads_are_ever_sent(account):
    verify_account(account.spec.slug, account.control.url)
    account.read()
    sent = {(request["method"], request["path"]) for request in account.control.requests()}
    assert sent
    posted = {path for method, path in sent if method == "POST"}
    assert {method for method, _ in sent} <= {"GET", "POST"}
    assert posted <= account.spec.reading_posts


def test_an_empty_account_is_no_error(account):
    account.control.reset("empty")
    reading = account.read()
    assert outcome(reading.endpoints).status is SyncStatus.SUCCESS
    assert (reading.resources, reading.quarantined) == ([], [])
    assert account.result(reading).listed


def test_pages_are_read_to_the_end(account):
    account.control.reset("large", size=4000)
    reading = account.read(settings=QUIET)
    assert outcome(reading.endpoints).status is SyncStatus.SUCCESS
    assert len(keys(reading)) == len(reading.resources) == 4000
    assert account.result(reading).requests > 1


def test_requests_are_counted(account):
    reading = account.read()
    counted = sum(endpoint.requests for endpoint in reading.endpoints)
    assert counted == len(account.control.requests())


# Faults


def test_throttled_is_waited_out(account):
    hurry = Hurry()
    whole = keys(account.read())
    account.control.fault(Kind.THROTTLE, account.listing_path, times=2, seconds=7)
    reading = account.read(hurry=hurry)
    assert account.result(reading).status is EndpointStatus.SUCCEEDED
    assert keys(reading) == whole
    assert any(nap > 5 for nap in hurry.naps), "Retry-After is obeyed"


def test_throttled_for_good_is_named(account):
    account.control.fault(Kind.THROTTLE, account.listing_path, seconds=1)
    assert account.result(account.read()).reason == "Throttled"


def test_a_short_outage_is_ridden_out(account):
    whole = keys(account.read())
    account.control.fault(Kind.ERROR, account.listing_path, times=2)
    assert keys(account.read()) == whole


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (Kind.ERROR, "ProviderUnavailable"),
        (Kind.DISCONNECT, "ProviderUnavailable"),
        (Kind.HTML, "UnexpectedPayload"),
        (Kind.TRUNCATE, "UnexpectedPayload"),
        (Kind.REDIRECT, "UnexpectedPayload"),
    ],
)
def test_a_listing_that_fails_is_named_and_proves_nothing(account, kind, reason):
    before = account.read()
    account.control.fault(kind, account.listing_path)
    reading = account.read()
    result = account.result(reading)
    assert (result.status, result.reason, result.listed) == (EndpointStatus.FAILED, reason, False)
    assert account.listing_path in result.message
    assert outcome(reading.endpoints).status is SyncStatus.PARTIAL
    assert keys(reading) == keys(before) - {r.key for r in account.listed(before)}


def test_one_closed_endpoint_leaves_the_others(account):
    before = account.read()
    account.control.fault(Kind.FORBIDDEN, account.closable_path)
    reading = account.read()
    result = account.result(reading, account.closable)
    assert (result.status, result.reason) == (EndpointStatus.FAILED, "PermissionMissing")
    failed_before = {e.name for e in before.endpoints if e.status is EndpointStatus.FAILED}
    failed = {e.name for e in reading.endpoints if e.status is EndpointStatus.FAILED}
    assert failed == failed_before | {account.closable}
    gone = {r.key for r in before.resources if r.listing == account.closable}
    assert keys(reading) == keys(before) - gone


def test_wrong_types_cost_one_record(account):
    before = account.read()
    account.control.fault(Kind.WRONG_TYPES, account.listing_path)
    reading = account.read()
    result = account.result(reading)
    assert (result.status, result.quarantined) == (EndpointStatus.SUCCEEDED, 1)
    [bad] = [record for record in reading.quarantined if record.endpoint == account.listing]
    assert bad.reason
    assert bad.key is None or bad.key in keys(before)
    assert result.listed == (bad.key is not None)
    assert len(account.listed(reading)) == len(account.listed(before)) - 1


def test_wrong_types_everywhere_break_nothing(account):
    account.control.fault(Kind.WRONG_TYPES)
    reading = account.read()
    assert "InternalError" not in {endpoint.reason for endpoint in reading.endpoints}
    assert reading.quarantined


def test_fields_of_tomorrow_change_nothing(account):
    before = account.read()
    account.control.fault(Kind.UNKNOWN_FIELDS)
    after = account.read()
    assert {r.key: r for r in after.resources} == {r.key: r for r in before.resources}
    assert after.quarantined == []


def test_states_of_tomorrow_are_accepted(account):
    before = account.read()
    account.control.fault(Kind.UNKNOWN_ENUMS)
    after = account.read()
    assert keys(after) == keys(before)
    assert after.quarantined == []
    assert {"unknown"} == {r.status for r in account.listed(after)}


def test_the_same_record_twice_is_one(account):
    before = account.read()
    account.control.fault(Kind.DUPLICATES, account.listing_path)
    after = account.read()
    assert sorted(keys(after)) == sorted(r.key for r in after.resources)
    assert keys(after) == keys(before)
    assert after.quarantined == []


def test_two_records_of_one_id_are_one_and_a_quarantined_one(account):
    before = account.read()
    account.control.fault(Kind.CONFLICTS, account.listing_path)
    after = account.read()
    assert keys(after) == keys(before)
    [twin] = [record for record in after.quarantined if record.endpoint == account.listing]
    assert twin.key in keys(before)


def test_a_slow_answer_is_waited_for(account):
    account.control.fault(Kind.SLOW, account.listing_path, times=1, seconds=0.2)
    result = account.result(account.read())
    assert result.status is EndpointStatus.SUCCEEDED
    assert result.duration_ms >= 200


# Addresses


def test_loopback_needs_the_operators_word(account, monkeypatch):
    monkeypatch.setenv("INFRAZEN_ALLOW_PRIVATE_ENDPOINTS", "false")
    settings.cache_clear()
    with pytest.raises(EndpointNotAllowed, match="INFRAZEN_ALLOW_PRIVATE_ENDPOINTS"):
        account.read()
    assert account.control.requests() == []


def test_the_real_address_is_one_of_the_providers_own(account):
    url = parse_endpoint(account.spec.base_url)
    assert url.scheme == "https"
    assert url.host in account.spec.hosts


# What people and manifests see


def test_forms_are_complete_in_both_languages(account):
    shown = form_fields(account.spec.credentials) + form_fields(account.spec.settings)
    for field in shown:
        texts = [field.title, *([field.help] if field.help else [])]
        assert all(text.ru.strip() and text.en.strip() for text in texts), field.name
        assert all(text.en.isascii() or "→" in text.en for text in texts), field.name
    assert not any(field.secret for field in form_fields(account.spec.settings))
    assert not any(field.default for field in shown if field.secret)


def test_every_endpoint_and_type_is_named_in_both_languages(account):
    names = [endpoint.name for endpoint in account.read().endpoints]
    assert sorted(names) == sorted(account.spec.endpoint_titles)
    texts = [
        account.spec.description,
        *account.spec.resource_types.values(),
        *account.spec.endpoint_titles.values(),
    ]
    assert all(getattr(text, field.name).strip() for text in texts for field in fields(text))


def test_schemas_are_valid_and_take_the_defaults(account):
    for model in (account.spec.credentials, account.spec.settings):
        jsonschema_rs.meta.validate(json_schema(model))
    chosen = account.spec.settings().model_dump(exclude_none=True)
    assert jsonschema_rs.is_valid(json_schema(account.spec.settings), chosen)
