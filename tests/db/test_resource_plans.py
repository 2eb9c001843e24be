"""What the resource table asks is found in an index, on both databases, however many there are."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import text

from infrazen.db.queries import resource_counts, resource_list, resource_search, resource_totals
from infrazen.db.queries.resource_filter import Presence, ResourceFilter, SortKey
from infrazen.db.tables.resources import ResourceRow
from infrazen.domain.resources import ResourceStatus
from tests.statements import noted, plans_of
from tests.sync.made_up import MadeUp, made_up, server

SEED, DOUBLINGS = 100, 5
MANY = SEED * 2**DOUBLINGS
"""Enough for the databases to think about; what they do with them is asked, not timed."""

NEW = {
    "sqlite": {"id": "randomblob(16)", "external_id": "hex(randomblob(16))"},
    "postgresql": {"id": "gen_random_uuid()", "external_id": "gen_random_uuid()::text"},
}
"""What differs in a copy of a resource."""

LIST = next(one for one in ResourceRow.__table__.indexes if one.name == "ix_resource_list")
IN_ORDER = {
    "sqlite": "SEARCH resource USING COVERING INDEX {}",
    "postgresql": "Index Only Scan Backward using {} on resource",
}
SORTING = {"sqlite": "USE TEMP B-TREE FOR ORDER BY", "postgresql": "Sort Key"}

TEXTS = [
    ResourceFilter(text="server 9"),
    ResourceFilter(text="server 9", presence=Presence.ALL),
    ResourceFilter(text="server", types=("vps",), statuses=(ResourceStatus.RUNNING,)),
]
FACTS = [
    ResourceFilter(),
    ResourceFilter(types=("vps",), statuses=(ResourceStatus.RUNNING,), regions=("ru1",)),
    ResourceFilter(presence=Presence.ALL, providers=("beget",)),
]


@pytest.fixture
def account(each_database) -> MadeUp:
    account = made_up(each_database)
    account.sync(*(server(number, daily=str(number % 97)) for number in range(SEED)))
    names = [column.name for column in ResourceRow.__table__.columns]
    dialect = each_database.engine.dialect.name
    values = ", ".join(NEW[dialect].get(name, name) for name in names)
    copy = f"INSERT INTO resource ({', '.join(names)}) SELECT {values} FROM resource"
    with each_database.writing() as session:
        for _ in range(DOUBLINGS):
            session.execute(text(copy))
        resource_totals.refresh(session, account.connection_id)
    if dialect == "postgresql":
        with each_database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("VACUUM ANALYZE resource")
    return account


def assert_found_in_list_index(account: MadeUp, question: Callable[..., object], *place, **order):
    """What finds resources asks for nothing that is not in the index of the list.

    SQLite then reads that alone. PostgreSQL weighs it against the table, which is cheap where
    rows are short, so only that it need not read the table is asked of it.
    """
    with account.store.reading() as session, noted(account.store) as asked:
        question(session, account.organization_id, *place, **order)
    number = next(n for n, (sql, _) in enumerate(asked) if "resource_total" not in sql)
    asked_for = set(re.findall(r"\bresource\.(\w+)", asked[number][0]))
    assert asked_for <= {column.name for column in LIST.columns}
    plan = plans_of(account.store, question, account.organization_id, *place, **order)[number]
    if account.store.is_sqlite:
        assert "USING COVERING INDEX ix_resource_list" in plan
    else:
        assert "Seq Scan on resource" not in plan


@pytest.mark.parametrize("wanted", TEXTS)
def test_texts_are_looked_for_in_one_index(account, wanted):
    for question in (resource_counts.summary, resource_counts.facets):
        assert_found_in_list_index(account, question, wanted)


def assert_counted_from_totals(plan: str) -> None:
    assert "resource_total" in plan
    assert not re.search(r"\bresource\b(?!\.)", plan)


@pytest.mark.parametrize("wanted", FACTS)
def test_what_totals_know_is_not_counted(account, wanted):
    with account.store.reading() as session:
        found = resource_counts.summary(session, account.organization_id, wanted)
    assert found.count == MANY
    for question in (resource_counts.summary, resource_counts.facets):
        for plan in plans_of(account.store, question, account.organization_id, wanted):
            assert_counted_from_totals(plan)


@pytest.mark.parametrize("question", [resource_counts.counts, resource_counts.type_counts])
def test_the_dashboard_counts_nothing(account, question):
    (plan,) = plans_of(account.store, question, account.organization_id)
    assert_counted_from_totals(plan)


@pytest.mark.parametrize(
    ("sort", "index"), [(SortKey.COST, "ix_resource_cost"), (SortKey.NAME, "ix_resource_name")]
)
def test_by_cost_and_name_only_the_page_is_read(account, sort, index):
    dialect = account.store.engine.dialect.name
    whole = (account.store, resource_list.page, account.organization_id, ResourceFilter())
    plan, rows = plans_of(*whole, sort=sort, limit=100)
    assert IN_ORDER[dialect].format(index) in plan
    assert SORTING[dialect] not in plan
    assert "resource" in rows


@pytest.mark.parametrize("wanted", [*TEXTS, *FACTS])
def test_any_other_order_is_found_without_the_rows(account, wanted):
    for sort in set(SortKey) - {SortKey.COST, SortKey.NAME}:
        assert_found_in_list_index(account, resource_list.page, wanted, sort=sort, limit=100)


def test_the_dearest_of_a_provider_are_found_without_the_rows(account):
    wanted = ResourceFilter(presence=Presence.ALL, providers=("beget",))
    assert_found_in_list_index(account, resource_list.page, wanted, limit=100)


def test_a_page_is_two_questions_and_holds_what_was_asked_for(account):
    for sort in SortKey:
        with account.store.reading() as session, noted(account.store) as asked:
            lines = resource_list.page(
                session, account.organization_id, ResourceFilter(), sort=sort, limit=100, offset=200
            )
        assert (len(lines), len(asked)) == (100, 2)


BY_ID = {"sqlite": "SEARCH resource USING INDEX", "postgresql": "resource"}


@pytest.mark.parametrize(
    "question",
    [resource_counts.summary, resource_counts.facets, resource_list.page, resource_search.search],
)
def test_a_tag_is_looked_up_once_and_not_for_every_resource(account, question):
    wanted = ResourceFilter(tags={"env": "prod"})
    plans = plans_of(account.store, question, account.organization_id, wanted)
    (plan,) = (plan for plan in plans if "resource_tag" in plan)
    assert "ix_resource_tag_resources" in plan
    assert BY_ID[account.store.engine.dialect.name] in plan
    assert "CORRELATED" not in plan
    assert "SubPlan" not in plan


@pytest.mark.parametrize("sort", SortKey)
def test_what_is_searched_is_looked_for_once(account, sort):
    whole = (account.store, resource_search.search, account.organization_id)
    _, plan, rows = plans_of(*whole, TEXTS[0], sort=sort, limit=100)
    assert plan.count(LIST.name) <= 1
    assert "resource" in rows


RARE = ResourceFilter(types=("vps",), statuses=(ResourceStatus.STOPPED,))


@pytest.mark.parametrize("sort", [SortKey.COST, SortKey.NAME])
def test_whoever_skips_many_looks_into_the_list_instead(account, sort, monkeypatch):
    whole = (account.store, resource_list.page, account.organization_id)
    walked = plans_of(*whole, RARE, sort=sort)[2]
    monkeypatch.setattr(resource_list, "FEW", MANY - 1)
    listed = plans_of(*whole, RARE, sort=sort)[2]
    walks = f"ix_resource_{sort}"
    if account.store.is_sqlite:
        assert walks in walked
        assert SORTING["sqlite"] not in walked
    assert SORTING[account.store.engine.dialect.name] in listed


@pytest.mark.parametrize("wanted", TEXTS)
def test_the_dearest_with_some_words_are_found_without_the_rows(account, wanted):
    assert_found_in_list_index(account, resource_list.page, wanted, limit=100)


def test_totals_are_counted_without_the_rows(account):
    def count(session, _organization_id):
        return session.execute(resource_totals.counted(account.connection_id)).all()

    assert_found_in_list_index(account, count)
