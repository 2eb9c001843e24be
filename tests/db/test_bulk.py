"""Bulk writes leave what the tables' own types read."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError

from infrazen.db import bulk
from infrazen.db.queries.cost_slices import ensure_partition
from infrazen.db.tables.costs import ReconciliationRow
from infrazen.db.tables.resources import ResourceMetricRow, ResourceRow
from infrazen.domain.money import CostSource, Period
from infrazen.domain.resources import ResourceStatus, ServiceCategory
from tests.world import add_connection, add_organization, add_resource

moments = st.integers(0, 4 * 10**15).map(
    lambda micros: datetime(1971, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
)
RATES = [
    f"{kind}_{period}"
    for kind in ("explained", "separate", "residual", "excess", "listed", "payable")
    for period in ("daily", "monthly")
]
amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=6)
texts = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=40)
documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def place(each_database):
    with each_database.writing() as session:
        organization_id = add_organization(session, "acme")
        connection_id = add_connection(session, organization_id, "made-up")
    return each_database, {"organization_id": organization_id, "connection_id": connection_id}


FACTS = {
    "category": ServiceCategory.COMPUTE,
    "status": ResourceStatus.RUNNING,
    "cost_period": Period.DAY,
    "cost_source": CostSource.PRICED,
    "is_active": True,
    "provider": "beget",
    "type": "vps",
    "service": "VPS",
    "region": "",
    "zone": "",
    "sub_account": "",
    "provider_status": "",
    "listing": "x",
    "pricing_model": "flat",
    "in_account_rate": False,
    "cost_rank": 1,
    "search": "x",
    "first_seen_at": datetime(2026, 1, 1, tzinfo=UTC),
}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=texts,
    daily=st.none() | amounts,
    original=st.none()
    | st.decimals(
        allow_nan=False, allow_infinity=False, places=12, min_value=-(10**15), max_value=10**15
    ),
    config=st.dictionaries(texts, documents, max_size=4),
    changed=moments,
    fingerprint=st.binary(max_size=32),
)
def test_what_goes_in_comes_out(place, name, daily, original, config, changed, fingerprint):
    store, owner = place
    id_ = uuid4()
    values = {
        "id": id_,
        "external_id": id_.hex,
        "name": name,
        "daily_cost": daily,
        "original_cost": original,
        "provider_config": config,
        "changed_at": changed,
        "fingerprint": fingerprint,
    }
    with store.writing() as session:
        bulk.insert(
            session,
            ResourceRow,
            list(values),
            [list(values.values())],
            constants={**owner, **FACTS},
        )
    with store.writing() as session:
        row = session.scalars(select(ResourceRow).where(ResourceRow.id == id_)).one()
        for field, value in (values | FACTS | owner).items():
            assert getattr(row, field) == value, field
        session.execute(delete(ResourceRow))


def test_a_duplicate_is_refused_left_or_replaced_as_asked(place):
    store, owner = place
    with store.writing() as session:
        resource_id = add_resource(session, *owner.values(), "one")
    at = datetime(2026, 11, 23, tzinfo=UTC)
    columns = ("resource_id", "metric", "at", "value")
    constants = {"organization_id": owner["organization_id"]}

    def write(value, **options):
        with store.writing() as session:
            rows = [(resource_id, "cpu", at, value)]
            bulk.insert(session, ResourceMetricRow, columns, rows, constants=constants, **options)

    def stored():
        with store.reading() as session:
            return session.scalars(select(ResourceMetricRow.value)).all()

    write(1.0)
    with pytest.raises(IntegrityError):
        write(2.0)
    write(3.0, on_conflict=bulk.ignore())
    assert stored() == [1.0]
    replaced = bulk.replace(("resource_id", "metric", "at"), columns)
    write(4.0, on_conflict=replaced)
    write(5.0, on_conflict=replaced)
    assert stored() == [5.0]


COLUMNS = ("resource_id", "metric", "at", "value")


def readings(numbers, value=None):
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return [(at + timedelta(minutes=n), float(n) if value is None else value) for n in numbers]


def insert_alongside(place, *sets):
    """Write sets of a resource's readings, all within one block; return what is stored then."""
    store, owner = place
    with store.writing() as session:
        id_ = add_resource(session, *owner.values(), "one")
    constants = {"organization_id": owner["organization_id"]}
    with store.writing() as session:
        with bulk.alongside(session):
            for some in sets:
                rows = [(id_, "cpu", *one) for one in some]
                bulk.insert(session, ResourceMetricRow, COLUMNS, rows, constants=constants)
        assert "infrazen_writer" not in session.info
        at = ResourceMetricRow.at
        return session.execute(select(at, ResourceMetricRow.value).order_by(at)).all()


def test_what_is_written_alongside_is_there_at_the_end_of_the_block(place):
    sets = [readings(range(n, 10_000, 20)) for n in range(20)]
    assert [value for _, value in insert_alongside(place, *sets)] == list(range(10_000))


def test_what_fails_alongside_comes_out_of_the_block_and_nothing_stays(place):
    store, _ = place
    with pytest.raises(IntegrityError):
        insert_alongside(place, readings([1, 2]), readings([2, 3]), readings([4]))
    with store.reading() as session:
        assert session.scalars(select(ResourceMetricRow.value)).all() == []


def test_a_row_that_may_be_there_waits_for_those_before_it(place):
    store, owner = place
    with store.writing() as session:
        id_ = add_resource(session, *owner.values(), "one")
    constants = {"organization_id": owner["organization_id"]}
    with store.writing() as session, bulk.alongside(session):
        for value, rule in ((1.0, ""), (2.0, bulk.ignore())):
            rows = [(id_, "cpu", *one) for one in readings(range(3_000), value)]
            bulk.insert(
                session,
                ResourceMetricRow,
                COLUMNS,
                rows,
                constants=constants,
                on_conflict=rule,
            )
    with store.reading() as session:
        assert set(session.scalars(select(ResourceMetricRow.value))) == {1.0}


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(amounts, min_size=1, max_size=20))
def test_the_database_sums_money_exactly(place, parts):
    store, owner = place
    with store.writing() as session:
        session.execute(delete(ReconciliationRow))
        bulk.insert(
            session,
            ReconciliationRow,
            ("day", *RATES),
            [(date.fromordinal(700_000 + n), *[part] * len(RATES)) for n, part in enumerate(parts)],
            constants={**owner, "currency": "RUB"},
        )
        total = session.execute(text("SELECT sum(payable_daily) FROM reconciliation")).scalar()
    assert Decimal(int(total)).scaleb(-6) == sum(parts, Decimal(0))


@pytest.mark.postgres
def test_a_month_and_the_next_have_their_partitions_made_once(postgres_database):
    with postgres_database.writing() as session:
        ensure_partition(session, date(2026, 12, 31))
        ensure_partition(session, date(2026, 12, 1))
        ensure_partition(session, date(2024, 2, 29))
        found = session.scalars(
            text("SELECT relname FROM pg_class WHERE relname ~ '^cost_record_\\d{4}_\\d\\d$'")
        )
        months = ["2024_02", "2024_03", "2026_12", "2027_01"]
        assert sorted(found) == [f"cost_record_{month}" for month in months]
