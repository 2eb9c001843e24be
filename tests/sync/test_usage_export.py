"""Yandex Cloud's usage export through a whole sync."""

from datetime import date, timedelta

from sqlalchemy import text

from infrazen.domain.money import from_micro
from infrazen.domain.periods import last_days, local_day, month_of, next_month, utc_now
from infrazen.domain.syncs import SyncStatus
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.providers import provider
from infrazen.providers.yandex.simulator.worlds import EXPORT
from tests.sync.account import Account, connect

SPEC = provider("yandex")


def connected(yandex: SimulatorControl) -> Account:
    settings = {**SPEC.trial_settings, "collect_statistics": "false"}
    return connect(yandex, provider="yandex", credentials=SPEC.trial, settings=settings)


def costs(account: Account) -> dict[tuple[str, str], int]:
    """How many facts there are, by day and source."""
    sql = (
        "SELECT r.day, c.cost_source, count(*) FROM cost_record r"
        " JOIN charge c ON c.id = r.charge_id GROUP BY r.day, c.cost_source"
    )
    with account.store.reading() as session:
        return {(str(day), source): n for day, source, n in session.execute(text(sql))}


def read_files(yandex: SimulatorControl) -> set[str]:
    paths = {one["path"] for one in yandex.requests()}
    return {path.rpartition("/")[2] for path in paths if path.startswith(f"/{EXPORT}/")}


def may_have_changed() -> set[str]:
    """The last week, and what of its month was written anew since that began."""
    today = local_day(utc_now(), SPEC.billing_time_zone)
    week = last_days(7, today=today)
    return {
        f"{day:%Y%m%d}.csv"
        for day in last_days(400, today=today)
        if day in week or next_month(month_of(day)) >= week.since
    }


def test_a_year_is_billed_and_today_is_priced(yandex):
    account = connected(yandex)
    assert account.sync().status is SyncStatus.SUCCESS
    today = local_day(utc_now(), SPEC.billing_time_zone)
    found = costs(account)
    billed = {day for day, source in found if source == "billed"}
    assert billed == {str(today - timedelta(days=n)) for n in range(1, 400)}
    assert found[str(today), "priced"] == 3
    assert found[str(today), "estimated"] == 1, "a bucket's size moves"


def test_a_second_sync_reads_only_what_may_have_changed_and_writes_nothing(yandex):
    account = connected(yandex)
    account.sync()
    before = costs(account)
    yandex.forget_requests()
    account.sync()
    assert read_files(yandex) <= may_have_changed()
    assert costs(account) == before
    with account.store.reading() as session:
        written = session.scalars(
            text("SELECT DISTINCT snapshot_id FROM billed_day WHERE is_whole")
        )
        assert len(list(written)) == 1


def test_days_before_the_export_began_are_asked_for_once(yandex):
    today = local_day(utc_now(), SPEC.billing_time_zone)
    since = date.fromordinal(today.toordinal() - 60)
    yandex.change("exports", EXPORT, {"since": str(since)})
    account = connected(yandex)
    account.sync()
    yandex.forget_requests()
    account.sync()
    assert read_files(yandex) <= may_have_changed()
    assert len({day for day, source in costs(account) if source == "billed"}) == 60


def test_the_bill_and_the_prices_of_a_machine_agree(yandex):
    account = connected(yandex)
    account.sync()
    sql = (
        "SELECT c.resource_type, sum(r.effective_cost) FROM cost_record r"
        " JOIN charge c ON c.id = r.charge_id WHERE r.day = :day GROUP BY c.resource_type"
    )
    today = local_day(utc_now(), SPEC.billing_time_zone)
    with account.store.reading() as session:
        sums = [
            {
                kind: from_micro(int(amount))
                for kind, amount in session.execute(text(sql), {"day": d})
            }
            for d in (today, today - timedelta(days=1))
        ]
    priced, billed = sums
    assert priced.keys() == billed.keys() == {"instance", "disk", "bucket"}
    assert priced["instance"] == billed["instance"]
    assert priced["disk"] == billed["disk"]
