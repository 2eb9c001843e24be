"""A resource's lifecycle: what syncs saw, what people said and agreed to, and its cost."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest

from infrazen.db.queries import lifecycle as lifecycle_rows
from infrazen.db.queries import snapshot_changes
from infrazen.db.tables.people import OrganizationRow
from infrazen.db.tables.recommendations import OptimizationRecommendationRow
from infrazen.domain.lifecycle import HappeningKind
from infrazen.domain.money import Period
from infrazen.domain.overrides import OverrideField
from infrazen.domain.periods import local_day, utc_now
from infrazen.domain.recommendations import AGREED, State
from infrazen.domain.resources import LogEntry, ResourceStatus
from infrazen.errors import NotFound
from infrazen.security.access import system_actor
from infrazen.services.lifecycle import list_resource_lifecycle, place_of
from infrazen.services.overrides import reset_override, set_name, set_price
from infrazen.services.recommendations import decide
from tests.statements import noted, plans_of
from tests.sync.made_up import MadeUp, made_up, server
from tests.sync.test_billing import bill
from tests.sync.test_billing import line as line_of
from tests.world import add_recommendation

CONTRACT = "an annual contract"
DAWN = datetime(2026, 1, 1, 6, tzinfo=UTC)


@pytest.fixture
def account(each_database) -> MadeUp:
    account = made_up(each_database)
    account.day = local_day(utc_now(), "Europe/Moscow")
    return account


def actor(account: MadeUp):
    return system_actor(account.organization_id)


def resource(account: MadeUp):
    return account.resource_id("vps/id-1")


def entries(account: MadeUp, **wanted):
    return list_resource_lifecycle(actor(account), resource_id=resource(account), **wanted)


def kinds(account: MadeUp) -> list[str]:
    return [one.happening.kind.value for one in entries(account)]


def rates(account: MadeUp) -> list[tuple[Decimal | None, Decimal | None] | None]:
    return [
        (one.moves[0].before, one.moves[0].after) if one.moves else None for one in entries(account)
    ]


def recommended(account: MadeUp):
    with account.store.writing() as session:
        return add_recommendation(
            session, account.organization_id, account.connection_id, resource(account)
        )


def test_what_syncs_saw_and_what_it_cost(account):
    account.sync(server(1))
    account.sync(server(1, daily="31.50", config={"cpu": 4, "memory_mb": 2048}))
    account.sync(server(1, daily="31.50", config={"cpu": 4, "memory_mb": 2048}))
    account.sync()
    account.sync(server(1, daily="31.50", config={"cpu": 4, "memory_mb": 2048}))
    assert kinds(account) == ["returned", "deleted", "updated", "created"]
    assert rates(account) == [
        (None, Decimal("31.5")),
        (Decimal("31.5"), None),
        (Decimal(22), Decimal("31.5")),
        (None, Decimal(22)),
    ]
    (changed,) = [one.happening for one in entries(account) if one.happening.kind == "updated"]
    assert "config.cpu" in changed.fields
    assert (changed.previous["config"]["cpu"], changed.current["config"]["cpu"]) == (2, 4)


def test_what_people_said_and_took_back(account):
    account.sync(server(1))
    where = {"resource_id": resource(account)}
    set_name(actor(account), **where, name="Shop")
    for amount in ("15", "18"):
        set_price(
            actor(account), **where, amount=Decimal(amount), period=Period.DAY, reason=CONTRACT
        )
    account.sync(server(1, daily="30"))
    reset_override(actor(account), **where, field=OverrideField.PRICE)
    reset_override(actor(account), **where, field=OverrideField.NAME)
    assert kinds(account) == [
        "unnamed",
        "unpriced",
        "updated",
        "priced",
        "priced",
        "named",
        "created",
    ]
    assert rates(account) == [None, (18, 30), None, (15, 18), (22, 15), None, (None, 22)]
    named = entries(account)[5].happening
    assert (named.name, named.price, named.actor) == ("Shop", None, actor(account).name)
    assert entries(account)[3].happening.reason == CONTRACT


def test_what_people_agreed_to(account):
    account.sync(server(1))
    found = recommended(account)
    for state in (State.ACCEPTED, State.DISMISSED, State.OPEN, State.DONE):
        decide(actor(account), recommendation_ids=[found], state=state, reason="as agreed")
    told = [one for one in entries(account) if one.happening.kind is HappeningKind.DECIDED]
    assert [one.happening.state for one in told] == [State.DONE, State.ACCEPTED]
    assert {one.happening.recommendation_id for one in told} == {found}
    assert {one.moves for one in told} == {()}


def test_bills_of_whole_days_say_what_it_cost(account):
    today = account.day
    account.day = today - timedelta(days=3)
    billed = {today - timedelta(days=n): {line_of("vps/id-1"): "20.50"} for n in (1, 2)}
    account.sync(server(1))
    account.day = today
    account.sync(server(1, daily="31.50"), bills=(bill(billed),))
    # What is billed of the days before does not say what it costs from now on.
    assert rates(account)[0] == (22, Decimal("31.5"))
    account.sync()
    assert entries(account)[0].moves[0].days == (today - timedelta(days=1), None)
    assert rates(account)[0] == (Decimal("20.50"), None)


def test_days_of_bills_are_the_providers_own(account, monkeypatch):
    """Early on a day in Moscow it is still the day before in Niue, where the company is."""
    early = datetime.combine(account.day, time(3), UTC)
    account.sync(server(1))
    with account.store.writing() as session:
        session.get_one(OrganizationRow, account.organization_id).time_zone = "Pacific/Niue"
    yesterday = account.day - timedelta(days=1)
    billed = {
        yesterday - timedelta(days=1): {line_of("vps/id-1"): "20.50"},
        yesterday: {line_of("vps/id-1"): "31.50"},
    }
    monkeypatch.setattr("tests.sync.made_up.utc_now", lambda: early)
    account.sync(bills=(bill(billed),))
    deleted = next(one for one in entries(account) if one.happening.kind == "deleted")
    assert [(one.days, one.before) for one in deleted.moves] == [
        ((yesterday, None), Decimal("31.50"))
    ]


def test_pages_go_on_where_the_last_ended_and_know_the_price_before(account):
    account.sync(server(1))
    for amount in ("15", "18", "21"):
        set_price(
            actor(account),
            resource_id=resource(account),
            amount=Decimal(amount),
            period=Period.DAY,
            reason=CONTRACT,
        )
    whole, found, before = entries(account), [], None
    while page := entries(account, before=before, limit=1):
        found += page
        before = place_of(page[-1])
    assert found == whole
    assert [one.moves[0].before for one in whole] == [18, 15, 22, None]


def test_of_another_organization_nothing_is_told(account):
    account.sync(server(1))
    other = made_up(account.store, "other")
    with pytest.raises(NotFound):
        list_resource_lifecycle(actor(other), resource_id=resource(account))


def test_a_status_is_a_change_like_others(account):
    account.sync(server(1))
    account.sync(server(1, status=ResourceStatus.STOPPED, provider_status="STOPPED"))
    changed = entries(account)[0].happening
    assert (changed.kind, changed.fields) == (
        HappeningKind.UPDATED,
        ("provider_status", "status"),
    )


def test_it_is_found_in_indexes_by_as_few_questions_as_ever(account):
    account.sync(server(1))
    recommended(account)
    with noted(account.store) as for_one:
        entries(account)
    for number in range(12):
        account.sync(server(1, daily=str(30 + number)))
    with noted(account.store) as for_many:
        entries(account)
    assert len(for_many) == len(for_one)
    where = {"organization_id": account.organization_id, "resource_id": resource(account)}
    (plan,) = plans_of(account.store, snapshot_changes.timeline, **where, limit=50)
    assert "ix_resource_state_timeline" in plan
    (plan,) = plans_of(account.store, lifecycle_rows.decisions, **where, states=AGREED)
    table = OptimizationRecommendationRow.__tablename__
    assert f"ix_{table}_resource" in plan
    assert "ix_recommendation_event_history" in plan


def logged(operation: str, *, hours: int, failed: bool = False) -> LogEntry:
    at = utc_now() - timedelta(hours=hours)
    return LogEntry(resource="vps/id-1", at=at, operation=operation, failed=failed)


def test_what_the_providers_log_tells_stands_among_the_rest_in_pages(account):
    log = (
        logged("CREATE", hours=9),
        logged("STOP", hours=5),
        logged("START", hours=4, failed=True),
        *(LogEntry(resource="vps/id-1", at=DAWN, operation=f"WORD_{n}") for n in range(3)),
    )
    account.sync(server(1), log=log)
    account.sync(server(1, daily="31.50"), log=log)
    whole = entries(account)
    told = [(one.happening.operation, one.happening.failed) for one in whole]
    assert told[:5] == [
        (None, False),
        (None, False),
        ("START", True),
        ("STOP", False),
        ("CREATE", False),
    ]
    assert {operation for operation, _ in told[5:]} == {"WORD_0", "WORD_1", "WORD_2"}
    assert all(one.moves == () for one in whole if one.happening.operation)
    seen = entries(account, limit=2)
    while more := entries(account, limit=2, before=place_of(seen[-1])):
        seen += more
    assert [one.happening.id for one in seen] == [one.happening.id for one in whole]
