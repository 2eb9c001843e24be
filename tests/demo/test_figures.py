"""The demo's figures follow from its accounts, whatever day it is."""

from datetime import UTC, datetime
from decimal import Decimal
from statistics import mean

import pytest

from infrazen.db.queries.resource_list import ResourceFilter
from infrazen.demo.build import build
from infrazen.domain.recommendations import Category, State
from infrazen.providers.selectel.simulator import demo as selectel
from infrazen.providers.yandex.simulator import demo as yandex
from infrazen.secret_store.rotation import ensure_master_key
from infrazen.security.access import demo_actor
from infrazen.services.costs import get_dashboard
from infrazen.services.lifecycle import list_resource_lifecycle
from infrazen.services.recommendations import list_recommendations
from infrazen.services.resources import (
    get_resource,
    list_readings,
    list_resource_costs,
    list_resource_history,
    list_resources,
)

MOMENTS = [
    datetime(2026, 3, 2, 9, 0, tzinfo=UTC),  # a Monday after a short month
    datetime(2026, 10, 31, 21, 5, tzinfo=UTC),  # a Sunday, the first of a month, just begun
    datetime(2028, 2, 29, 20, 58, tzinfo=UTC),  # a leap day, nearly over
]

SATURDAY = 5


def use(dashboard):
    return {one.metric: one.percent for one in dashboard.utilisation}


def made_smaller(actor):
    """How the cost of the application's machine moved when it was made smaller."""
    lines = list_resources(actor, wanted=ResourceFilter())
    app = next(one for one in lines if one.name == "app-1")
    told = list_resource_lifecycle(actor, resource_id=app.id)
    return next(one.moves for one in told if "config.cpu" in one.happening.fields)


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_the_figures_are_the_same_on_any_day(ready, at, moment):
    actor = demo_actor(build(now=moment).organization_id)
    at(moment)
    shown = get_dashboard(actor)
    (expenses,) = shown.expenses
    assert (expenses.currency, expenses.total) == ("RUB", Decimal(117150))
    assert expenses.trend_percent == Decimal("-12.5")
    assert expenses.recorded_days == 30
    (saving,) = shown.savings.monthly
    assert (shown.savings.count, saving.amount, saving.currency) == (3, Decimal(10400), "RUB")
    assert shown.resources == 8
    assert {card.connection.provider for card in shown.connections} == {"yandex", "selectel"}
    (move,) = made_smaller(actor)
    assert [(shown.today - day).days for day in move.days] == [40, 38]
    assert move.after < Decimal("0.9") * move.before
    rounded = {metric: round(percent) for metric, percent in use(shown).items()}
    assert rounded == {"cpu": 67, "memory": 81, "disk": 43, "network_in": 10, "network_out": 29}


@pytest.mark.postgres
def test_a_server_database_gives_the_same(postgres_database, at):
    with postgres_database.writing() as session:
        ensure_master_key(session)
    actor = demo_actor(build(now=MOMENTS[1]).organization_id)
    at(MOMENTS[1])
    shown = get_dashboard(actor)
    assert shown.expenses[0].total == Decimal(117150)
    assert shown.expenses[0].trend_percent == Decimal("-12.5")
    assert shown.savings.monthly[0].amount == Decimal(10400)


def test_what_an_ingredient_is_decides_what_the_screens_say(ready, at, monkeypatch):
    moment = MOMENTS[0]
    monkeypatch.setitem(selectel.PRICES, "compute_cores", "750.00")
    monkeypatch.setattr(selectel, "DISK_GIB", selectel.DISK_GIB + 240)
    monkeypatch.setitem(yandex.LOAD["database"], "cpu", yandex.LOAD["database"]["cpu"] - 30)
    actor = demo_actor(build(now=moment).organization_id)
    at(moment)
    shown = get_dashboard(actor)
    # Twelve cores cost 30 more each, and 240 GiB more are stored at 12.50 each.
    assert shown.expenses[0].total == Decimal(117150 + 12 * 30 + 240 * Decimal("12.5"))
    # Four cores and the whole disk are too many.
    assert shown.savings.monthly[0].amount == Decimal(10400 + 4 * 30 + 240 * Decimal("12.5"))
    # Twelve of forty cores are 30 points less busy.
    assert round(use(shown)["cpu"]) == 67 - 9


def test_eight_resources_in_two_clouds(demo):
    lines = list_resources(demo_actor(demo.organization_id), wanted=ResourceFilter())
    assert sorted((one.provider, one.type, one.region) for one in lines) == [
        ("selectel", "bucket", "spb"),
        ("selectel", "server", "msk"),
        ("selectel", "server", "spb"),
        ("selectel", "volume", "spb"),
        ("yandex", "bucket", "ru-central1"),
        ("yandex", "disk", "ru-central1"),
        ("yandex", "instance", "ru-central1"),
        ("yandex", "instance", "ru-central1"),
    ]


def test_they_stand_in_four_zones_and_are_of_known_sizes(demo):
    actor = demo_actor(demo.organization_id)
    lines = list_resources(actor, wanted=ResourceFilter())
    found = {
        line.name: (
            seen.zone,
            seen.provider_config.get("flavor") or seen.provider_config.get("platform"),
        )
        for line in lines
        if line.type != "bucket"
        for seen in [get_resource(actor, resource_id=line.id).resource]
    }
    assert found == {
        "app-1": ("ru-central1-a", "standard-v3"),
        "db-1": ("ru-central1-b", "standard-v3"),
        "db-1-data": ("ru-central1-b", None),
        "shop-front-1": ("msk-a", "SL1.8-16384-96"),
        "cache-spb-1": ("spb-a", "ML1.4-32768-64"),
        "orders-db-old-data": ("spb-a", None),
    }


def test_a_year_of_days_grows_and_rests_at_weekends(demo):
    (expenses,) = get_dashboard(demo_actor(demo.organization_id), days=365).expenses
    assert expenses.recorded_days == 365
    daily = {one.day: one.amount for one in expenses.daily}
    assert mean(daily[day] for day in sorted(daily)[-30:]) > mean(
        daily[day] for day in sorted(daily)[:30]
    )
    weekend = [amount for day, amount in daily.items() if day.weekday() >= SATURDAY]
    workdays = [amount for day, amount in daily.items() if day.weekday() < SATURDAY]
    assert mean(weekend) < mean(workdays)


def test_one_recommendation_of_each_sort(demo):
    found = list_recommendations(demo_actor(demo.organization_id))
    assert {(one.category, one.state) for one in found} == {
        (Category.RIGHTSIZE, State.OPEN),
        (Category.CLEANUP, State.OPEN),
        (Category.STORAGE, State.OPEN),
    }


def test_a_machine_made_smaller_and_a_disk_left_alone_show_as_changes(demo):
    actor = demo_actor(demo.organization_id)
    changed = {
        (one.name, field)
        for one in list_resources(actor, wanted=ResourceFilter())
        for line in list_resource_history(actor, resource_id=one.id)
        for field in line.changed_fields
    }
    assert {
        ("app-1", "config.cpu"),
        ("app-1", "config.memory_mb"),
        ("orders-db-old-data", "config.attached_to"),
    } <= changed


def test_bills_say_that_the_smaller_machine_costs_less(demo):
    actor = demo_actor(demo.organization_id)
    app = next(one for one in list_resources(actor, wanted=ResourceFilter()) if one.name == "app-1")
    (resize,) = (
        one
        for one in list_resource_lifecycle(actor, resource_id=app.id)
        if "config.cpu" in one.happening.fields
    )
    (move,) = resize.moves
    assert move.days is not None
    assert None not in move.days
    assert move.after < move.before


def test_days_on_which_too_much_was_sent_stand_out_and_name_their_machine(demo):
    actor = demo_actor(demo.organization_id)
    lines = list_resources(actor, wanted=ResourceFilter())
    app = next(one for one in lines if one.name == "app-1")
    costs = {one.day: one.amount for one in list_resource_costs(actor, resource_id=app.id, days=90)}
    dear = sorted(costs, key=costs.__getitem__, reverse=True)[:3]
    assert sorted((demo.day - day).days for day in dear) == sorted(yandex.COPIED_OUT_GIB)
    points = list_readings(actor, resource_id=app.id, metric="network_out", hours=24 * 80)
    then = [point.value for point in points if point.at.date() in dear]
    usual = [point.value for point in points if (demo.day - point.at.date()).days < 7]
    assert max(then) > 3 * max(usual)
