"""Reading endpoint by endpoint, with providers made up for the purpose."""

import asyncio
import gc
import logging
from collections.abc import Sequence

import msgspec
import pytest

from infrazen.domain.resources import (
    HandedSecret,
    ResourceStatus,
    SeenComponent,
    SeenResource,
    ServiceCategory,
    with_known,
)
from infrazen.domain.syncs import EndpointStatus, Quarantined, SyncStatus
from infrazen.errors import (
    CredentialsRefused,
    EndpointNotAllowed,
    LeaseLost,
    PermissionMissing,
    ProviderUnavailable,
    SecondFactorRequired,
)
from infrazen.provider_kit.contract import Endpoint, NothingToRead, Text
from infrazen.provider_kit.outcome import outcome
from infrazen.provider_kit.reading import REPORT_EVERY, Reading, read
from infrazen.provider_kit.records import Records
from infrazen.provider_kit.redaction import Redactor


def resource(id: str, **facts) -> SeenResource:
    return SeenResource(
        **{
            "listing": "things",
            "external_id": id,
            "type": "thing",
            "name": id,
            "service": "Things",
            "category": ServiceCategory.OTHER,
            "status": ResourceStatus.ACTIVE,
            "provider_status": "",
        }
        | facts
    )


class Made:
    """A provider made of endpoints."""

    def __init__(self, *endpoints: Endpoint) -> None:
        self._endpoints = endpoints

    async def verify(self):
        raise NotImplementedError

    def endpoints(self) -> Sequence[Endpoint]:
        return self._endpoints


def endpoint(name: str, *steps, **options) -> Endpoint:
    """An endpoint that does ``steps``: calls with the sink, or errors to raise."""

    async def go(sink):
        for step in steps:
            if isinstance(step, BaseException):
                raise step
            outcome = step(sink)
            if asyncio.iscoroutine(outcome):
                await outcome

    return Endpoint(name=name, read=go, **options)


def run(*endpoints: Endpoint, **options) -> Reading:
    return asyncio.run(read(Made(*endpoints), **options))


def by_name(reading: Reading):
    return {result.name: result for result in reading.endpoints}


def test_one_failure_takes_no_other_endpoint_with_it():
    reading = run(
        endpoint("a", lambda sink: sink.resource(resource("1"))),
        endpoint("b", lambda sink: sink.resource(resource("2")), PermissionMissing("closed")),
        endpoint("c", ProviderUnavailable("down")),
    )
    assert [r.external_id for r in reading.resources] == ["1", "2"]
    results = by_name(reading)
    assert (results["a"].status, results["a"].listed) == (EndpointStatus.SUCCEEDED, True)
    assert (results["b"].status, results["b"].listed) == (EndpointStatus.FAILED, False)
    assert (results["b"].reason, results["b"].message) == ("PermissionMissing", "closed")
    assert results["c"].reason == "ProviderUnavailable"
    assert list(results) == ["a", "b", "c"]


def test_our_own_mistake_fails_the_endpoint_and_shows_no_value(caplog):
    caplog.set_level(logging.DEBUG)
    reading = run(
        endpoint("a", lambda sink: int("CANARY")), endpoint("b", lambda s: s.note("fine"))
    )
    broken = by_name(reading)["a"]
    assert (broken.status, broken.reason) == (EndpointStatus.FAILED, "InternalError")
    assert "ValueError in test_reading.py line" in broken.message
    assert "CANARY" not in repr(reading) + caplog.text
    assert by_name(reading)["b"].message == "fine"


def test_an_endpoint_waits_for_those_it_builds_on_even_if_they_fail():
    order = []
    run(
        endpoint("a", lambda s: asyncio.sleep(0.01), lambda s: order.append("a")),
        endpoint("b", lambda s: order.append("b"), ProviderUnavailable("down"), after=("a",)),
        endpoint("c", lambda s: order.append("c"), after=("a", "b")),
        concurrency=1,
    )
    assert order == ["a", "b", "c"]


def test_endpoints_that_could_wait_for_ever_are_refused():
    for wrong in (
        [endpoint("a", after=("b",)), endpoint("b")],
        [endpoint("a", after=("a",))],
        [endpoint("a", after=("nobody",))],
        [endpoint("a"), endpoint("a")],
    ):
        with pytest.raises(ValueError, match="endpoint"):
            run(*wrong)


def test_no_more_than_allowed_run_at_once():
    busy = most = 0

    async def work(_sink):
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await asyncio.sleep(0.001)
        busy -= 1

    run(*(endpoint(str(n), work) for n in range(10)), concurrency=3)
    assert most == 3


def test_the_same_record_twice_is_one():
    reading = run(endpoint("a", *[lambda s: s.resource(resource("1"))] * 3))
    assert len(reading.resources) == 1
    assert reading.quarantined == []
    assert by_name(reading)["a"].items == 1


def test_another_record_with_the_same_id_is_quarantined():
    reading = run(
        endpoint(
            "a",
            lambda s: s.resource(resource("1", name="first")),
            lambda s: s.resource(resource("1", name="second")),
        )
    )
    assert [r.name for r in reading.resources] == ["first"]
    [record] = reading.quarantined
    assert (record.endpoint, record.key) == ("a", "thing/1")
    assert "second" in record.raw
    assert by_name(reading)["a"].listed


def test_components_and_secrets_may_come_twice():
    component = SeenComponent(listing="a", resource=None, kind="site", name="x")
    secret = HandedSecret(resource="thing/1", field="f", label="l", value="CANARY")
    reading = run(
        endpoint("a", *[lambda s: s.component(component), lambda s: s.secret(secret)] * 2)
    )
    assert (len(reading.components), len(reading.secrets)) == (1, 1)
    assert "CANARY" not in repr(reading)


def test_a_record_without_a_key_proves_no_absence_and_one_with_a_key_does():
    unknown = Quarantined(endpoint="a", key=None, reason="r", raw="1")
    known = Quarantined(endpoint="b", key="thing/1", reason="r", raw="2")
    reading = run(
        endpoint("a", lambda s: s.quarantine(unknown)), endpoint("b", lambda s: s.quarantine(known))
    )
    results = by_name(reading)
    assert (results["a"].listed, results["b"].listed) == (False, True)
    assert results["a"].quarantined == results["b"].quarantined == 1
    assert outcome(reading.endpoints).status is SyncStatus.PARTIAL


def test_an_endpoint_may_say_that_it_is_incomplete():
    result = by_name(run(endpoint("a", lambda s: s.incomplete("half of it"))))["a"]
    assert (result.status, result.listed) == (EndpointStatus.SUCCEEDED, False)
    assert result.message == "half of it"


def test_an_endpoint_that_lists_nothing_proves_nothing():
    assert not by_name(run(endpoint("a", lists=False)))["a"].listed


class Wire(msgspec.Struct):
    id: str
    size: int


def records_reading(*raws: bytes, put=None) -> Reading:
    records = Records(
        Wire, endpoint="a", redactor=Redactor(["hunter2"]), key=lambda r: f"thing/{r['id']}"
    )

    def go(sink):
        def plain(wire: Wire) -> None:
            sink.resource(resource(wire.id, config={"size": wire.size}))

        records.each(map(msgspec.Raw, raws), sink, put or plain)

    return run(endpoint("a", go))


def test_a_bad_record_costs_that_record():
    reading = records_reading(
        b'{"id":"1","size":1}', b'{"id":"2","size":["hunter2"]}', b'{"id":"3","size":"3"}'
    )
    assert [r.external_id for r in reading.resources] == ["1", "3"]
    [bad] = reading.quarantined
    assert bad.key == "thing/2"
    assert bad.reason == "Expected `int`, got `array` - at `$.size`"
    assert bad.raw == '{"id":"2","size":["<hidden>"]}'


@pytest.mark.parametrize("raw", [b'{"size":1}', b"[1]", b'"text"', b"7", b"null"])
def test_a_record_without_an_id_has_no_key(raw):
    [bad] = records_reading(raw).quarantined
    assert bad.key is None


def test_a_mapper_that_breaks_costs_the_record_and_shows_no_value():
    def put(_wire):
        raise KeyError("CANARY")

    reading = records_reading(b'{"id":"1","size":1}', put=put)
    [bad] = reading.quarantined
    assert bad.key == "thing/1"
    assert "KeyError in test_reading.py line" in bad.reason
    assert "CANARY" not in repr(reading)


def test_progress_tells_endpoint_and_counts():
    told = []
    many = REPORT_EVERY * 2 + 1
    run(
        endpoint("a", lambda s: [s.resource(resource(str(n))) for n in range(many)] and None),
        endpoint("b", after=("a",)),
        on_progress=told.append,
    )
    assert [(p.endpoint, p.endpoints_done, p.items) for p in told] == [
        ("a", 0, 0),
        ("a", 0, REPORT_EVERY),
        ("a", 0, REPORT_EVERY * 2),
        ("a", 1, many),
        ("b", 1, many),
        ("b", 2, many),
    ]
    assert {p.endpoints_total for p in told} == {2}


def test_a_listener_can_stop_the_reading():
    def listener(progress):
        if progress.items:
            raise LeaseLost("another worker closed this run")

    with pytest.raises(LeaseLost):
        run(
            endpoint("a", lambda s: [s.resource(resource(str(n))) for n in range(5000)] and None),
            endpoint("b", lambda s: asyncio.Event().wait()),
            on_progress=listener,
        )


def test_a_reading_can_be_cancelled():
    async def go():
        async with asyncio.timeout(0.01):
            await read(Made(endpoint("a", lambda s: asyncio.Event().wait())))

    with pytest.raises(TimeoutError):
        asyncio.run(go())


def test_the_collector_is_left_as_it_was():
    before = gc.get_threshold()
    run(endpoint("a", CredentialsRefused("no")))
    assert gc.get_threshold() == before


SKIP = NothingToRead("nothing to ask")


@pytest.mark.parametrize(
    ("steps", "status", "reason"),
    [
        ([None, None], SyncStatus.SUCCESS, None),
        ([None, PermissionMissing("p")], SyncStatus.PARTIAL, None),
        ([CredentialsRefused("c"), SKIP], SyncStatus.ERROR, "CredentialsRefused"),
        ([CredentialsRefused("c"), None], SyncStatus.PARTIAL, None),
        ([None, SKIP], SyncStatus.SUCCESS, None),
        ([ProviderUnavailable("u"), PermissionMissing("p")], SyncStatus.ERROR, "PermissionMissing"),
        ([ProviderUnavailable("u"), int], SyncStatus.ERROR, "InternalError"),
        ([SecondFactorRequired("s"), SKIP], SyncStatus.ERROR, "SecondFactorRequired"),
        (
            [SecondFactorRequired("s"), CredentialsRefused("c")],
            SyncStatus.ERROR,
            "CredentialsRefused",
        ),
        (
            [EndpointNotAllowed("e"), CredentialsRefused("c")],
            SyncStatus.ERROR,
            "EndpointNotAllowed",
        ),
        (
            [ProviderUnavailable("u"), CredentialsRefused("c")],
            SyncStatus.ERROR,
            "CredentialsRefused",
        ),
    ],
)
@pytest.mark.parametrize("turn", [1, -1])
def test_how_the_endpoints_decide_the_run(steps, status, reason, turn):
    made = [
        endpoint(str(n), *([] if step is None else [(lambda s: int("x")) if step is int else step]))
        for n, step in enumerate(steps[::turn])
    ]
    verdict = outcome(run(*made).endpoints)
    assert (verdict.status, verdict.reason) == (status, reason)
    assert (verdict.message is None) == (status is not SyncStatus.ERROR)


def test_skipped_endpoints_prove_nothing_and_say_why():
    result = by_name(run(endpoint("a", SKIP)))["a"]
    assert (result.status, result.listed) == (EndpointStatus.SKIPPED, False)
    assert (result.reason, result.message) == (None, "nothing to ask")


def test_what_is_unknown_this_time_stays_as_it_is_stored():
    seen = resource("1", unknown=("sub_account", "tags"), name="new")
    known = with_known(seen, {"sub_account": "shop", "tags": {"a": "b"}, "name": "old"})
    assert (known.sub_account, known.tags, known.name) == ("shop", {"a": "b"}, "new")
    assert known.unknown == ()
    assert with_known(seen, {}).tags == {}


def test_our_own_notes_come_in_both_languages():
    def go(sink):
        sink.note("quota exceeded")
        sink.incomplete(Text("Выключено.", "Switched off."))

    result = by_name(run(endpoint("a", go), endpoint("b", lambda s: s.note("quota exceeded"))))
    assert result["a"].message == "quota exceeded; Switched off."
    assert result["a"].words == {
        "ru": "quota exceeded; Выключено.",
        "en": "quota exceeded; Switched off.",
    }
    assert result["b"].message == "quota exceeded"
    assert result["b"].words is None
