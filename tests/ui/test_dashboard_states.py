"""The dashboard's state: what it shows, to whom, and for how long it watches."""

import asyncio

import pytest

from infrazen.domain.roles import Role
from infrazen.secret_store.rotation import ensure_master_key
from infrazen.services.connections import add_connection
from infrazen.services.syncs import request_sync
from infrazen_ui.backend import dashboard as backend
from infrazen_ui.states import dashboard as module
from infrazen_ui.states.dashboard import DashboardState
from tests.people import sign_in_colleague
from tests.sync.account import draft
from tests.ui.connected import Tab, synced


@pytest.fixture
def trial(database, owner, beget_simulator):
    """The trial account, synced once, and a tab at the dashboard."""
    with database.writing() as session:
        ensure_master_key(session)
    adding = add_connection(owner.actor, draft=draft(beget_simulator), sync_now=False)
    card = asyncio.run(adding)
    synced(card)
    return Tab(owner, "/"), card


def mine(browser):
    return browser.state(DashboardState)


@pytest.mark.parametrize(
    ("address", "days"),
    [("/?days=7", "7"), ("/?days=365", "365"), ("/", "30"), ("/?days=31", "30"), ("/?days=", "30"),
     ("/?days=1e9", "30"), ("/?days=<script>", "30")],
)  # fmt: skip
def test_the_period_comes_from_the_address(owner, address, days):
    browser = Tab(owner, address)
    browser.send(DashboardState, "load")
    assert mine(browser).days == days


@pytest.mark.parametrize("wanted", [None, 7.0, True, ["7"], {"7": 1}, "07", " 7", "٧"])
def test_a_strange_period_is_the_usual_one(wanted):
    assert backend.period(wanted) == backend.USUAL_PERIOD


def test_a_newcomer_is_told_so(owner):
    browser = Tab(owner, "/")
    browser.send(DashboardState, "load")
    assert mine(browser).view == "newcomer"


def test_the_reference_account_is_shown(trial):
    browser, _ = trial
    assert browser.send(DashboardState, "load") == []
    shown = mine(browser)
    assert (shown.view, shown.kpis["resources"], shown.days) == ("ready", "10", "30")
    assert [alert["tone"] for alert in shown.alerts] == ["danger", "warning"]


def test_a_stranger_sees_nothing(trial):
    browser = Tab(None, "/")
    browser.send(DashboardState, "load")
    assert (mine(browser).view, mine(browser).ledgers) == ("failed", [])
    assert mine(browser).title == "Сеанс закончился"


def test_a_database_that_is_away_can_be_asked_again(trial, monkeypatch):
    browser, _ = trial

    async def away(_state, *, days):
        return backend.Refused(reason="StorageUnavailable")

    with monkeypatch.context() as patch:
        patch.setattr(backend, "dashboard", away)
        browser.send(DashboardState, "load")
        assert (mine(browser).view, mine(browser).title) == ("failed", "База данных недоступна")
    browser.send(DashboardState, "refresh")
    assert mine(browser).view == "ready"


def test_somebody_without_the_right_is_told_so(trial, monkeypatch):
    async def refuse(_state, *, days):
        return backend.Refused(reason="Forbidden")

    monkeypatch.setattr(backend, "dashboard", refuse)
    browser, _ = trial
    browser.send(DashboardState, "load")
    assert mine(browser).view == "forbidden"


@pytest.mark.parametrize("sent", [None, 7, ["x"], {"a": 1}, "x" * 10_000, "'; drop table"])
def test_a_search_of_any_shape_does_no_harm(trial, sent):
    browser, _ = trial
    browser.send(DashboardState, "load")
    browser.send(DashboardState, "search", sent)
    assert len(mine(browser).query) <= backend.LONGEST_SEARCH
    assert len(mine(browser).rows) in (0, 8)


def test_a_search_survives_a_refresh(trial):
    browser, _ = trial
    browser.send(DashboardState, "load")
    browser.send(DashboardState, "search", "runner")
    browser.send(DashboardState, "refresh")
    assert [row["name"] for row in mine(browser).rows] == ["runner rus"]
    assert mine(browser).all_href == "/resources?q=runner"


@pytest.mark.parametrize("sent", ["EUR", None, 3, ["RUB"]])
def test_only_a_currency_on_the_screen_can_be_chosen(trial, sent):
    browser, _ = trial
    browser.send(DashboardState, "load")
    browser.send(DashboardState, "choose_currency", sent)
    assert mine(browser).currency == "RUB"


def test_who_may_not_sync_is_refused(trial, owner):
    viewer = Tab(sign_in_colleague(owner, Role.VIEWER), "/")
    [notice] = viewer.send(DashboardState, "sync_all")
    assert "Недостаточно прав" in notice


def test_syncing_all_begins_to_watch(trial):
    browser, _ = trial
    notice, watch = browser.send(DashboardState, "sync_all")
    assert "Запущена синхронизация 1 подключения" in notice
    assert "watch" in watch
    assert mine(browser).is_busy


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(module, "LOOK_EVERY", 0)


@pytest.mark.usefixtures("quick")
def test_a_watcher_fills_the_page_when_a_sync_has_ended(trial, owner, monkeypatch):
    browser, card = trial
    request_sync(owner.actor, connection_id=card.connection.id)
    browser.send(DashboardState, "load")
    look, looks = DashboardState._look, []

    async def meanwhile(self, before):
        seen = await look(self, before)
        looks.append(self.progress["note"])
        if len(looks) == 2:
            await asyncio.to_thread(synced, card)
        return seen

    monkeypatch.setattr(DashboardState, "_look", meanwhile)
    [notice] = browser.send(DashboardState, "watch")
    assert "Синхронизация завершена" in notice
    assert looks[0] == "Синхронизация в очереди"
    assert not mine(browser).is_busy
    assert mine(browser).is_same


@pytest.mark.usefixtures("quick")
def test_a_watcher_gives_up_after_a_while(trial, owner, monkeypatch):
    browser, card = trial
    request_sync(owner.actor, connection_id=card.connection.id)
    monkeypatch.setattr(module, "LOOKS", 3)
    [notice] = browser.send(DashboardState, "watch")
    assert "дольше обычного" in notice


@pytest.mark.usefixtures("quick")
def test_a_page_that_was_left_is_watched_no_more(trial, owner, monkeypatch):
    browser, card = trial
    request_sync(owner.actor, connection_id=card.connection.id)
    look, looks = DashboardState._look, []

    async def leaving(self, before):
        looks.append(before)
        DashboardState.leave.fn(self)
        return await look(self, before)

    monkeypatch.setattr(DashboardState, "_look", leaving)
    assert browser.send(DashboardState, "watch") == []
    assert len(looks) == 1


@pytest.mark.usefixtures("quick", "database")
def test_nobody_is_watched_for(database):
    browser = Tab(None, "/")
    assert browser.send(DashboardState, "watch") == []
