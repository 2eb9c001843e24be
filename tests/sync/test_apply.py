"""What a reading makes of the database."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
from sqlalchemy import text

from infrazen.db.queries import connections, snapshot_changes, usage
from infrazen.domain.money import from_micro
from infrazen.domain.periods import utc_now
from infrazen.domain.resources import MetricPoint, ResourceStatus, UsageSeries
from infrazen.domain.syncs import Change, Quarantined
from infrazen.errors import LeaseLost
from tests.sync.made_up import SERVERS, charge_of, made_up, server, software


@pytest.fixture
def account(each_database):
    return made_up(each_database)


def scalar(account, sql):
    with account.store.reading() as session:
        return session.execute(text(sql)).scalar()


def changes(account, snapshot=-1):
    with account.store.reading() as session:
        return snapshot_changes.changes(
            session,
            organization_id=account.organization_id,
            snapshot_id=account.snapshots[snapshot],
        )


def test_a_second_sync_of_the_same_writes_its_snapshot_and_nothing_else(account):
    account.sync(server(1), server(2), charge=charge_of("50", "1500"))
    tables = ("resource", "resource_state", "resource_tag", "charge", "cost_record", "cost_trend")
    before = [scalar(account, f"SELECT count(*) FROM {table}") for table in tables]
    applied = account.sync(server(1), server(2), charge=charge_of("50", "1500"))
    assert (applied.counts.unchanged, applied.counts.found) == (2, 2)
    assert [scalar(account, f"SELECT count(*) FROM {table}") for table in tables] == before
    assert scalar(account, "SELECT count(*) FROM sync_snapshot") == 2


def test_a_new_day_writes_its_own_costs_and_leaves_the_day_before(account):
    account.sync(server(1), charge=charge_of("22", "660"))
    account.day += timedelta(days=1)
    account.sync(server(1), charge=charge_of("22", "660"))
    assert scalar(account, "SELECT count(*) FROM cost_record") == 2
    assert scalar(account, "SELECT count(*) FROM resource_state") == 1


def test_repeating_a_day_replaces_it(account):
    account.sync(server(1), server(2))
    account.sync(server(1), server(2, daily="30"))
    assert from_micro(int(scalar(account, "SELECT sum(effective_cost) FROM cost_record"))) == 52
    trend = "SELECT sum(total) FROM cost_trend WHERE measure = 'effective'"
    assert from_micro(int(scalar(account, trend))) == 52


def test_an_update_says_field_by_field_what_changed(account):
    account.sync(server(1))
    account.sync(
        server(
            1,
            daily="30.50",
            status=ResourceStatus.STOPPED,
            config={"cpu": 4, "memory_mb": 2048},
            tags={"env": "prod"},
        )
    )
    (change,) = changes(account)
    assert change.change is Change.UPDATED
    assert set(change.changed_fields) >= {
        "config.cpu",
        "price.daily_micro",
        "price.monthly_micro",
        "status",
        "tags.env",
    }
    assert "config.memory_mb" not in change.changed_fields
    assert (change.previous["config"]["cpu"], change.current["config"]["cpu"]) == (2, 4)
    assert change.daily_cost == Decimal("30.50")


def test_what_is_gone_is_marked_and_comes_back_as_itself(account):
    account.sync(server(1), server(2))
    applied = account.sync(server(1))
    assert applied.counts.deleted == 1
    (gone,) = changes(account)
    assert (gone.change, gone.status) == (Change.DELETED, ResourceStatus.DELETED)
    assert gone.previous["name"] == "server 2"
    assert scalar(account, "SELECT count(*) FROM resource") == 2
    applied = account.sync(server(1), server(2))
    assert (applied.counts.created, applied.counts.updated) == (0, 1)
    assert scalar(account, "SELECT count(*) FROM resource WHERE deleted_at IS NULL") == 2


def test_a_listing_that_failed_deletes_nothing_and_its_resources_go_on_costing(account):
    account.sync(server(1), server(2), charge=charge_of("44", "1320"))
    account.day += timedelta(days=1)
    applied = account.sync(failed=(SERVERS,), charge=charge_of("44", "1320"))
    assert applied.counts.deleted == 0
    assert applied.reconciliation.explained.daily == 44
    assert applied.reconciliation.residual.daily == 0
    assert scalar(account, f"SELECT count(*) FROM cost_record WHERE day = '{account.day}'") == 2


def test_a_record_that_cannot_be_read_keeps_its_resource(account):
    account.sync(server(1), server(2))
    unread = Quarantined(endpoint=SERVERS, key="vps/id-2", reason="price is a list", raw="{}")
    applied = account.sync(server(1), quarantined=(unread,))
    assert (applied.counts.deleted, applied.counts.quarantined) == (0, 1)
    open_ones = "SELECT count(*) FROM quarantined_record WHERE resolved_at IS NULL"
    assert scalar(account, open_ones) == 1
    account.sync(server(1), quarantined=(unread,))
    assert scalar(account, "SELECT max(times_seen) FROM quarantined_record") == 2
    account.sync(server(1), server(2))
    assert scalar(account, open_ones) == 0


def test_more_records_that_cannot_be_read_than_a_statement_has_places(account):
    """PostgreSQL takes 65,535 parameters a statement."""
    account.sync(server(1), components=(software(1, "n8n", "1.108.2"),))
    unread = tuple(
        Quarantined(endpoint=SERVERS, key=f"vps/id-{number}", reason="price is a list", raw="{}")
        for number in range(1, 70_001)
    )
    applied = account.sync(quarantined=unread)
    assert (applied.counts.deleted, applied.counts.quarantined) == (0, 70_000)
    assert scalar(account, "SELECT count(*) FROM resource_component") == 1


def test_a_price_that_could_not_be_asked_stays_as_it_was(account):
    account.sync(server(1, daily="22"))
    unsure = msgspec.structs.replace(server(1), price=None, unknown=("price",))
    applied = account.sync(unsure)
    assert applied.counts.unchanged == 1
    renamed = msgspec.structs.replace(unsure, name="renamed")
    applied = account.sync(renamed)
    assert applied.counts.updated == 1
    assert applied.reconciliation.explained.daily == 22


def test_a_new_version_of_software_is_a_change_of_its_server(account):
    account.sync(server(1), components=(software(1, "n8n", "1.108.2"),))
    applied = account.sync(server(1), components=(software(1, "n8n", "1.109.0"),))
    assert applied.counts.updated == 1
    (change,) = changes(account)
    assert change.changed_fields == ["components.n8n"]
    assert change.previous["components"] == {"n8n": "1.108.2"}
    assert change.current["components"] == {"n8n": "1.109.0"}


def test_components_of_a_listing_that_failed_stay(account):
    account.sync(server(1), components=(software(1, "n8n", "1.108.2"),))
    applied = account.sync(failed=(SERVERS,))
    assert applied.counts.updated == 0
    assert scalar(account, "SELECT count(*) FROM resource_component") == 1


def test_what_the_account_charges_beyond_its_resources_is_a_line_of_its_own(account):
    applied = account.sync(server(1), charge=charge_of("60.73", "1847"))
    found = applied.reconciliation
    assert (found.explained.daily, found.residual.daily) == (22, Decimal("38.73"))
    assert from_micro(int(scalar(account, "SELECT sum(effective_cost) FROM cost_record"))) == (
        found.payable.daily
    )
    service = "SELECT service_name FROM charge WHERE resource_ref IS NULL"
    assert scalar(account, service) == "Account plan"


def test_what_people_wrote_survives_every_sync(account):
    account.sync(server(1))
    with account.store.writing() as session:
        session.execute(text("UPDATE resource SET owner = 'anna', environment = 'prod'"))
    account.sync(server(1, name="renamed", tags={"a": "b"}))
    assert scalar(account, "SELECT owner || environment || name FROM resource") == "annaprodrenamed"


def test_a_run_that_was_closed_from_outside_writes_nothing(account, monkeypatch):
    account.sync(server(1))
    original = account.store

    def steal(*_args, **_kwargs):
        with original.writing() as session:
            session.execute(
                text("UPDATE sync_snapshot SET status = 'error' WHERE status = 'running'")
            )

    from infrazen.sync import lease

    claimed = lease.claim

    def claim_and_lose(*args, **kwargs):
        run = claimed(*args, **kwargs)
        steal()
        return run

    monkeypatch.setattr("tests.sync.made_up.claim", claim_and_lose)
    with pytest.raises(LeaseLost):
        account.sync(server(1), server(2))
    assert scalar(account, "SELECT count(*) FROM resource") == 1
    assert scalar(account, "SELECT count(*) FROM cost_record") == 1


def test_use_adds_up_over_what_is_there(account):
    def load(number, value):
        point = MetricPoint(utc_now(), value)
        key = f"vps/id-{number}"
        return UsageSeries(resource=key, metric="memory", unit="MB", points=(point,), capacity=200)

    def used():
        with account.store.reading() as session:
            return [
                (one.resources, one.used, one.available, one.percent)
                for one in usage.utilisation(session, account.organization_id)
            ]

    account.sync(server(1), server(2), usage=(load(1, 50), load(2, 100)))
    assert used() == [(2, 150, 400, 37.5)]
    account.sync(server(1))
    assert used() == [(1, 50, 200, 25)]
    with account.store.writing() as session:
        connections.retire(
            session,
            organization_id=account.organization_id,
            connection_id=account.connection_id,
            now=utc_now(),
        )
    assert used() == []
    assert scalar(account, "SELECT sum(resources) FROM resource_total WHERE is_active") is None


def test_every_row_stays_in_its_connections_organization(account):
    account.sync(server(1, tags={"a": "b"}), components=(software(1, "n8n", "1"),))
    for table in (
        "resource",
        "resource_total",
        "charge",
        "cost_record",
        "cost_trend",
        "cost_total",
        "resource_component",
    ):
        strays = (
            f"SELECT count(*) FROM {table} t JOIN cloud_connection c ON c.id = t.connection_id"
            " WHERE c.organization_id <> t.organization_id"
        )
        assert scalar(account, strays) == 0
    for table in ("resource_tag", "resource_state"):
        strays = (
            f"SELECT count(*) FROM {table} t JOIN resource r ON r.id = t.resource_id"
            " WHERE r.organization_id <> t.organization_id"
        )
        assert scalar(account, strays) == 0
