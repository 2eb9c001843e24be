"""The usage export: a file a day in a bucket, as what the account was billed."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from infrazen.domain.money import from_micro
from infrazen.domain.syncs import EndpointStatus, SyncStatus
from infrazen.errors import Invalid
from infrazen.provider_kit.forms import parse_settings
from infrazen.provider_kit.outcome import outcome
from infrazen.provider_kit.simulation.faults import Kind
from infrazen.provider_kit.unreadable import TroubleKind, trouble_of
from infrazen.providers import provider
from infrazen.providers.yandex.simulator.records import extra_charge, period
from infrazen.providers.yandex.simulator.worlds import DIRECTORY
from infrazen.providers.yandex.simulator.worlds import EXPORT as BUCKET
from tests.simulators import read_account, verify_account

SETTINGS = {**provider("yandex").trial_settings, "collect_statistics": "false"}
EXPORT = "billing.export"
EGRESS = "dn28ml7sjbb5v98jkuj3"


TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_a_day(yandex):
    yandex.reset(moment=NOON)


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def yesterday(today) -> date:
    return today - timedelta(days=1)


@pytest.fixture
def read(yandex):
    def read(days=7, **settings):
        chosen = {**SETTINGS, **settings}
        return read_account("yandex", yandex.url, settings=chosen, days=days, today=TODAY)

    return read


def result(reading):
    [found] = [e for e in reading.endpoints if e.name == EXPORT]
    return found


def told(reading):
    """Every line of every day that has a bill."""
    [bill] = [one for one in reading.bills if one.covers is None]
    return bill.days


def keyed(reading) -> dict:
    return {one.name: one for one in reading.resources}


def by_resource(lines) -> dict:
    sums: dict = {}
    for line, amount in lines.items():
        sums[line.resource] = sums.get(line.resource, Decimal(0)) + amount.amount
    return sums


def test_a_resource_is_billed_what_its_price_of_the_day_is(read, yesterday):
    """Sizes times prices by the hour, and a machine with its boot disk: as the price list says."""
    reading = read()
    billed = by_resource(told(reading)[yesterday])
    assert set(billed) == {one.key for one in reading.resources}
    for name in ("web-1", "db-1", "db-old-data"):
        one = keyed(reading)[name]
        assert billed[one.key] == from_micro(one.price.daily_micro)


def test_four_hundred_days_are_read_with_a_request_each(read, today):
    reading = read(400)
    days = told(reading)
    assert (len(days), min(days), max(days)) == (400, today - timedelta(days=399), today)
    assert result(reading).requests == 401
    before = sum(a.amount for a in days[date(2026, 4, 30)].values())
    after = sum(a.amount for a in days[date(2026, 5, 1)].values())
    assert before < after, "prices went up in May"


def test_without_a_bucket_nothing_is_asked(yandex, read):
    reading = read_account("yandex", yandex.url)
    assert EXPORT not in {e.name for e in reading.endpoints}
    assert reading.bills == []
    assert not any(BUCKET in request["path"] for request in yandex.requests())


def test_a_machine_that_was_smaller_was_billed_as_that(yandex, read, today):
    [web, _] = yandex.ids("instances")
    grew = today - timedelta(days=3)
    small = {"resources": {"cores": "4", "memory": "8589934592"}}
    periods = [period("2025-11-01", grew, **small), period(grew)]
    yandex.put("history", web, {"periods": periods})
    days = told(read())
    cores = {
        day: amount.quantity / 24
        for day, lines in days.items()
        for line, amount in lines.items()
        if line.resource == f"instance/{web}" and "vCPU" in line.description and day != today
    }
    assert cores == {day: 4 if day < grew else 8 for day in days if day != today}


def test_a_machine_that_rests_at_weekends_is_billed_for_less(yandex, read, today):
    [web, _] = yandex.ids("instances")
    yandex.put("history", web, {"hours": {"week": 12, "weekend": 0}})
    hours = {
        day: sum(
            amount.quantity / 8
            for line, amount in lines.items()
            if line.resource == f"instance/{web}" and "vCPU" in line.description
        )
        for day, lines in told(read()).items()
        if day != today
    }
    assert hours == {day: 0 if day.weekday() >= 5 else 12 for day in hours}


def test_what_is_gone_was_billed_and_is_not_listed(yandex, read, today):
    """Its disk went with it, and what it sent is its own though nobody lists it any more."""
    [web, _] = yandex.ids("instances")
    gone = today - timedelta(days=2)
    yandex.put("history", web, {"periods": [period("2025-11-01", gone)]})
    sent = extra_charge(EGRESS, 50, gone - timedelta(days=1), gone, id=web)
    yandex.put("extra_charges", "sent", sent)
    reading = read()
    assert set(keyed(reading)) == {"db-1", "db-old-data", "severny-market-media"}
    days = told(reading)
    assert f"instance/{web}" not in by_resource(days[gone])
    lines = [line for line in days[gone - timedelta(days=1)] if line.resource == f"instance/{web}"]
    assert {line.description for line in lines} == {
        "Regular VM. Intel Ice Lake. 100% vCPU",
        "Regular VM. Intel Ice Lake. RAM",
        "Egress internet traffic",
    }


def test_an_account_looks_as_it_was_at_an_earlier_moment(yandex, read):
    [web, data] = yandex.ids("instances")
    yandex.reset(moment=datetime(2026, 9, 1, 9, tzinfo=UTC))
    was = {"resources": {"cores": "4"}}
    yandex.put("history", web, {"periods": [period("2026-01-01", "2026-09-15", **was)]})
    yandex.put("history", data, {"periods": [period("2026-09-15")]})
    found = keyed(read_account("yandex", yandex.url, settings={"collect_statistics": "false"}))
    assert set(found) == {"web-1", "db-old-data", "severny-market-media"}
    assert found["web-1"].config["cpu"] == 4


def test_charges_without_a_resource_are_the_accounts(yandex, read, yesterday):
    support = extra_charge(
        "dn2support",
        1,
        yesterday,
        name="Support. Business",
        service="Technical Support",
        unit="unit",
        price=900,
        credit=0.25,
    )
    yandex.put("extra_charges", "support", support)
    lines = told(read())[yesterday]
    [(line, amount)] = [(one, a) for one, a in lines.items() if one.sku == "dn2support"]
    assert (line.resource, line.service, line.currency) == (None, "Technical Support", "RUB")
    assert (amount.amount, amount.listed, amount.quantity) == (675, 900, 1)


def test_days_before_the_first_file_have_no_bill_and_keep_their_prices(yandex, read, today):
    since = today - timedelta(days=2)
    yandex.change("exports", BUCKET, {"since": str(since)})
    reading = read()
    assert sorted(told(reading)) == [since + timedelta(days=n) for n in range(3)]
    [none] = [one for one in reading.bills if one.covers is not None]
    assert none.covers == frozenset()
    assert sorted(none.days) == [today - timedelta(days=n) for n in range(6, 2, -1)]
    assert not any(none.days.values())


def test_a_bucket_without_files_yet_says_nothing_of_any_day(yandex, read, today):
    yandex.change("exports", BUCKET, {"since": str(today + timedelta(days=1))})
    reading = read()
    assert reading.bills == []
    assert result(reading).words["ru"].startswith("В бакете нет файлов детализации")


def test_a_file_that_changed_since_the_first_wanted_day_is_read_again(read):
    """Yandex Cloud may correct any day of a month until it ends."""
    assert sorted(told(read())) == [date(2026, 11, n) for n in range(1, 21)]


def test_yesterdays_file_counts_once_it_was_written_after_midnight(yandex, read, yesterday):
    yandex.reset(moment=datetime(2026, 11, 19, 20, 30, tzinfo=UTC))  # 23:30 in Moscow
    assert max(told(read())) == yesterday - timedelta(days=1)
    yandex.reset(moment=datetime(2026, 11, 19, 21, 30, tzinfo=UTC))
    assert max(told(read())) == yesterday


def test_an_export_without_resources_is_told_by_product(yandex, read, yesterday):
    yandex.change("exports", BUCKET, {"resources": False})
    reading = read()
    assert by_resource(told(reading)[yesterday]).keys() == {None}
    assert "без ресурсов" in result(reading).words["ru"]


def test_only_what_was_chosen_is_billed(yandex, read, yesterday):
    [production, sandbox] = yandex.ids("folders")
    whole = told(read())[yesterday]
    assert told(read(folder_ids=production))[yesterday] == whole
    assert told(read(folder_ids=sandbox))[yesterday] == {}
    assert told(read(cloud_ids=yandex.ids("clouds")[0]))[yesterday] == whole


def test_a_long_listing_comes_in_pages(yandex, read, today):
    yandex.change("exports", BUCKET, {"since": str(today - timedelta(days=1100))})
    reading = read()
    listed = Counter(request["path"] for request in yandex.requests())
    assert listed[f"/{BUCKET}"] == 2
    assert result(reading).status is EndpointStatus.SUCCEEDED


# Faults


@pytest.mark.parametrize(
    ("kind", "path", "reason", "said"),
    [
        (Kind.FORBIDDEN, f"/{BUCKET}", "PermissionMissing", "may not be read (AccessDenied)"),
        (Kind.FORBIDDEN, f"/{BUCKET}/*", "PermissionMissing", "may not be read (AccessDenied)"),
        (Kind.HTML, f"/{BUCKET}", "UnexpectedPayload", "expected a list of files, got an HTML"),
        (Kind.TRUNCATE, f"/{BUCKET}", "UnexpectedPayload", "expected a list of files"),
        (Kind.HTML, f"/{BUCKET}/*", "UnexpectedPayload", "not a file of the usage export: a page"),
        (Kind.TRUNCATE, f"/{BUCKET}/*", "UnexpectedPayload", "half a file: "),
        (Kind.ERROR, f"/{BUCKET}/*", "ProviderUnavailable", "failed"),
        (Kind.THROTTLE, f"/{BUCKET}/*", "Throttled", "slow down"),
        (Kind.REDIRECT, f"/{BUCKET}/*", "UnexpectedPayload", "redirects"),
        (Kind.DISCONNECT, f"/{BUCKET}/*", "ProviderUnavailable", "the connection failed"),
    ],
)
def test_an_export_that_fails_is_named_and_takes_nothing_with_it(
    yandex, read, kind, path, reason, said
):
    before = read()
    yandex.fault(kind, path)
    reading = read()
    found = result(reading)
    assert (found.status, found.reason) == (EndpointStatus.FAILED, reason)
    assert said in found.message
    assert keyed(reading) == keyed(before)
    assert not any(bill.days for bill in reading.bills if bill.covers is None)
    assert outcome(reading.endpoints).status is SyncStatus.PARTIAL


def test_a_bucket_that_is_not_there_is_named(yandex, read):
    reading = read(export_bucket="no-such-bucket")
    assert result(reading).reason == "PermissionMissing"
    assert "no bucket no-such-bucket" in result(reading).message
    verified = verify_account(
        "yandex", yandex.url, settings={**SETTINGS, "export_bucket": "no-such-bucket"}
    )
    [part] = [part for part in verified.parts if part.name == EXPORT]
    assert part.status is EndpointStatus.FAILED


def test_a_connection_test_looks_into_the_bucket(yandex):
    verified = verify_account("yandex", yandex.url, settings=SETTINGS)
    [part] = [part for part in verified.parts if part.name == EXPORT]
    assert part.status is EndpointStatus.SUCCEEDED


def test_one_broken_day_costs_that_day(yandex, read, yesterday):
    yandex.fault(Kind.TRUNCATE, f"/{BUCKET}/{DIRECTORY}{yesterday:%Y%m%d}.csv")
    reading = read()
    assert yesterday not in told(reading)
    assert len([day for day in told(reading) if day > yesterday - timedelta(days=6)]) == 6
    assert f"1 of {len(told(reading)) + 1} days: {yesterday}" in result(reading).message


def test_a_token_that_ends_on_the_way_is_renewed(yandex, read):
    yandex.fault(Kind.EXPIRED_TOKEN, f"/{BUCKET}/*", times=1, after=2)
    assert result(read()).status is EndpointStatus.SUCCEEDED


def test_columns_of_tomorrow_change_nothing(yandex, read):
    before = told(read())
    yandex.fault(Kind.UNKNOWN_FIELDS, f"/{BUCKET}/*")
    assert told(read()) == before


def test_a_broken_row_is_kept_aside_and_the_others_count(yandex, read, yesterday):
    before = told(read())
    yandex.fault(Kind.WRONG_TYPES, f"/{BUCKET}/{DIRECTORY}{yesterday:%Y%m%d}.csv")
    reading = read()
    [bad] = reading.quarantined
    assert (bad.endpoint, bad.key) == (EXPORT, None)
    trouble = trouble_of(bad.reason)
    assert (trouble.kind, trouble.field) == (TroubleKind.BAD_FORMAT, "cost")
    assert len(told(reading)[yesterday]) == len(before[yesterday]) - 1


@pytest.mark.parametrize("name", ["a", "Бакет", "two words", "-x-", "../details"])
def test_a_bucket_name_is_checked_when_it_is_entered(name):
    with pytest.raises(Invalid) as caught:
        parse_settings(provider("yandex"), {"export_bucket": name})
    assert caught.value.field == "export_bucket"
