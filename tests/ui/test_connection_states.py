"""The screen of connections: what its events do, and what they refuse."""

import re
from uuid import uuid4

import pytest

from infrazen.db.session import database
from infrazen.domain.roles import Role
from infrazen.secret_store.connection_secrets import connection_secrets
from infrazen.secret_store.rotation import ensure_master_key
from infrazen.services.connections import list_connections
from infrazen.services.connections import set_suspended as suspend
from infrazen.services.syncs import sync_activity
from infrazen.settings import settings
from infrazen_ui.states import connection_sync
from infrazen_ui.states.connection_form import ConnectionFormState
from infrazen_ui.states.connection_history import ConnectionHistoryState
from infrazen_ui.states.connection_removal import ConnectionRemovalState
from infrazen_ui.states.connection_sync import ConnectionSyncState
from infrazen_ui.states.connections import ConnectionsState
from tests.people import Person, sign_in_colleague
from tests.ui.connected import PASSWORD, Tab, connected, entered, synced

CANARY = "canary-8c1f0d-secret"
STRANGE = ["", "not-an-id", None, 7, ["x"], {"$": 1}, True, "../..", str(uuid4())]


def secrets_of(card) -> dict[str, str]:
    with database().reading() as session:
        return connection_secrets(
            session,
            organization_id=card.connection.organization_id,
            connection_id=card.connection.id,
        )


@pytest.fixture(autouse=True)
def _vault(owner):
    with database().writing() as session:
        ensure_master_key(session)


@pytest.fixture
def trial(owner, beget_simulator):
    """A tab of the owner with the trial account connected, and its card."""
    return connected(owner, beget_simulator)


@pytest.fixture
def _no_pause(monkeypatch):
    monkeypatch.setattr(connection_sync, "TICK_SECONDS", 0)


def test_nothing_is_connected_at_first(owner):
    browser = Tab(owner)
    browser.send(ConnectionsState, "load")
    assert (browser.cards.phase, browser.cards.cards) == ("ready", [])


def test_the_form_adds_a_connection_and_its_first_sync_waits(trial, owner):
    browser, card = trial
    assert card.connection.display_name == "Beget, основной"
    assert card.connection.settings["collect_statistics"] is True
    assert sync_activity(owner.actor).waiting == {card.connection.id}
    assert not browser.form.is_open
    [shown] = browser.cards.cards
    assert (shown["name"], shown["status"]) == ("Beget, основной", "В очереди")


def test_what_is_missing_is_said_at_each_field(owner, beget_simulator):
    browser = Tab(owner)
    browser.send(ConnectionFormState, "add", "beget")
    blank = entered(
        beget_simulator, display_name="  ", credential__login="", credential__password=""
    )
    browser.send(ConnectionFormState, "save", blank)
    assert set(browser.form.errors) == {
        "display_name",
        "credential.login",
        "credential.password",
    }
    assert browser.form.is_open
    assert list_connections(owner.actor) == []


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("schedule", {"schedule_choice": "custom", "schedule": "every day"}),
        ("schedule", {"schedule_choice": "custom", "schedule": "* * * * *"}),
        ("schedule", {"schedule_choice": "custom"}),
        ("time_zone", {"time_zone": "Europe/Nowhere"}),
        ("endpoint", {"endpoint": "http://169.254.169.254/"}),
        ("endpoint", {"endpoint": "not an address"}),
        ("setting.statistics_seconds", {"setting__statistics_seconds": "many"}),
        ("setting.statistics_seconds", {"setting__statistics_seconds": "5"}),
        ("credential.token", {"credential__token": "с пробелом"}),
        ("display_name", {"display_name": "x" * 300}),
    ],
)
def test_a_wrong_value_is_explained_at_its_field(owner, beget_simulator, field, changes):
    browser = Tab(owner)
    browser.send(ConnectionFormState, "add", "beget")
    browser.send(ConnectionFormState, "save", entered(beget_simulator, **changes))
    assert list(browser.form.errors) == [field]
    assert browser.form.errors[field]
    assert browser.form.is_open
    assert list_connections(owner.actor) == []


def test_a_test_says_what_it_found_and_stores_nothing(owner, beget_simulator):
    browser = Tab(owner)
    browser.send(ConnectionFormState, "add", "beget")
    browser.send(ConnectionFormState, "test", entered(beget_simulator))
    form = browser.form
    assert form.is_tested
    assert not form.is_testing
    assert {"name": "Тариф", "value": "Cloud"} in form.found_facts
    assert [part["title"] for part in form.found_parts] == ["Аккаунт", "Вход в облачный API"]
    assert list_connections(owner.actor) == []


def test_a_wrong_password_is_said_at_the_password(owner, beget_simulator):
    browser = Tab(owner)
    browser.send(ConnectionFormState, "add", "beget")
    wrong = entered(beget_simulator, credential__password=CANARY)
    browser.send(ConnectionFormState, "test", wrong)
    assert list(browser.form.errors) == ["credential.password"]
    assert browser.form.problem == "Облако не приняло учётные данные"
    assert "Доступ к API" in browser.form.advice
    assert not browser.form.is_tested


def test_a_closed_form_ignores_a_test_that_ends_later(owner, beget_simulator, monkeypatch):
    browser = Tab(owner)
    browser.send(ConnectionFormState, "add", "beget")
    ask = connection_form_backend().try_draft

    async def closed_meanwhile(state, draft, **more):
        found = await ask(state, draft, **more)
        (await state.get_state(ConnectionFormState)).set_open(False)
        return found

    monkeypatch.setattr(connection_form_backend(), "try_draft", closed_meanwhile)
    browser.send(ConnectionFormState, "test", entered(beget_simulator))
    assert not browser.form.is_tested
    assert not browser.form.is_open


def connection_form_backend():
    from infrazen_ui.backend import connections

    return connections


def test_the_same_account_is_not_added_twice(trial, owner, beget_simulator):
    browser, _ = trial
    browser.send(ConnectionFormState, "add", "beget")
    browser.send(ConnectionFormState, "save", entered(beget_simulator))
    assert browser.form.problem == "Этот аккаунт уже подключён"
    assert len(list_connections(owner.actor)) == 1


def test_an_edit_is_filled_in_without_the_secret(trial):
    browser, card = trial
    browser.send(ConnectionFormState, "edit", str(card.connection.id))
    form = browser.form
    assert form.is_open
    assert form.texts["credential.login"] == "demo"
    assert form.texts["schedule_choice"] == "0 */6 * * *"
    assert form.boxes["setting.collect_statistics"] is True
    [secret] = card.secrets
    assert secret.fingerprint in form.kept["credential.password"]
    assert PASSWORD not in browser.everything()


def test_a_secret_left_blank_stays_and_what_is_not_asked_too(trial, owner, beget_simulator):
    browser, card = trial
    browser.send(ConnectionsState, "set_suspended", str(card.connection.id), True)
    browser.send(ConnectionFormState, "edit", str(card.connection.id))
    changed = entered(beget_simulator, display_name="Другое имя", credential__password="")
    browser.send(ConnectionFormState, "save", changed)
    [after] = list_connections(owner.actor)
    assert after.connection.display_name == "Другое имя"
    assert after.connection.is_suspended
    assert after.connection.timeout_seconds == card.connection.timeout_seconds
    assert secrets_of(after) == {"password": PASSWORD}
    assert browser.cards.cards[0]["name"] == "Другое имя"


def test_another_address_wants_the_secret_again(trial, beget_simulator):
    browser, card = trial
    browser.send(ConnectionFormState, "edit", str(card.connection.id))
    moved = entered(beget_simulator, credential__password="", endpoint="http://127.0.0.1:1")
    browser.send(ConnectionFormState, "save", moved)
    assert "прежний адрес" in browser.form.errors["credential.password"]


def test_an_optional_secret_can_be_forgotten(trial, owner, beget_simulator):
    browser, card = trial
    browser.send(ConnectionFormState, "edit", str(card.connection.id))
    with_token = entered(beget_simulator, credential__password="", credential__token="abc")
    browser.send(ConnectionFormState, "save", with_token)
    assert set(secrets_of(card)) == {"password", "token"}
    browser.send(ConnectionFormState, "edit", str(card.connection.id))
    without = entered(beget_simulator, credential__password="", forget__token="on")
    browser.send(ConnectionFormState, "save", without)
    assert set(secrets_of(card)) == {"password"}


def test_an_edit_over_somebody_elses_is_refused(trial, owner, beget_simulator):
    browser, card = trial
    browser.send(ConnectionFormState, "edit", str(card.connection.id))
    Tab(owner).send(ConnectionsState, "set_suspended", str(card.connection.id), True)
    browser.send(ConnectionFormState, "save", entered(beget_simulator, display_name="Моё"))
    assert browser.form.problem == "Подключение изменилось или такой аккаунт уже есть"
    assert list_connections(owner.actor)[0].connection.display_name == "Beget, основной"


def test_the_form_says_when_a_schedule_is_due(owner, beget_simulator):
    browser = Tab(owner)
    browser.send(ConnectionFormState, "add", "beget")
    assert re.fullmatch(r"Ближайшие: .+, \d\d:00 и .+, \d\d:00", browser.form.upcoming)
    cron = {"schedule_choice": "custom", "schedule": "15 4 * * *", "time_zone": "Asia/Omsk"}
    browser.send(ConnectionFormState, "look_ahead", cron)
    assert re.fullmatch(r"Ближайшие: .+, 04:15 и .+, 04:15", browser.form.upcoming)
    for wrong in ({"schedule": "* * * * *"}, {"time_zone": "Mars/Base"}, {"schedule": ""}):
        browser.send(ConnectionFormState, "look_ahead", cron | wrong)
        assert browser.form.upcoming == ""
    browser.send(ConnectionFormState, "look_ahead", ["no form"])
    assert browser.form.upcoming == ""


def test_the_trial_fills_the_form_in_the_browser_alone(owner, beget_simulator, monkeypatch):
    monkeypatch.setenv("INFRAZEN_SIMULATORS", f"beget={beget_simulator.url}")
    settings.cache_clear()
    browser = Tab(owner)
    browser.send(ConnectionFormState, "add", "beget")
    assert browser.form.has_trial
    [event] = browser.send(ConnectionFormState, "fill_trial")
    assert beget_simulator.url in event
    assert PASSWORD in event
    assert PASSWORD not in browser.everything()


def test_without_a_simulator_there_is_no_trial(owner):
    browser = Tab(owner)
    browser.send(ConnectionFormState, "add", "beget")
    assert not browser.form.has_trial
    assert browser.send(ConnectionFormState, "fill_trial") == []


@pytest.mark.parametrize(
    ("address", "provider"), [("?add=beget", "beget"), ("?add=nope", ""), ("", "")]
)
def test_the_address_opens_the_form_with_its_provider(owner, address, provider):
    """With one that nobody knows, the form offers the choice."""
    browser = Tab(owner, f"/connections{address}")
    browser.send(ConnectionFormState, "open_from_address")
    assert browser.form.is_open is bool(address)
    assert browser.form.provider == provider


def test_a_page_that_is_loaded_anew_has_no_form_open(owner):
    browser = Tab(owner)
    browser.send(ConnectionFormState, "add", "beget")
    browser.send(ConnectionFormState, "open_from_address")
    assert not browser.form.is_open


@pytest.mark.parametrize("inputs", [None, [], "text", 5, {}, {"display_name": ["x"]}, {1: 2}])
def test_a_form_of_any_shape_does_no_harm(owner, inputs):
    browser = Tab(owner)
    for name in ("save", "test"):
        browser.send(ConnectionFormState, name, inputs)  # no provider is chosen
        browser.send(ConnectionFormState, "add", "beget")
        browser.send(ConnectionFormState, name, inputs)
        assert browser.form.errors or browser.form.problem
        browser.form.set_open(False)
    browser.send(ConnectionRemovalState, "remove", inputs)
    assert list_connections(owner.actor) == []


def test_no_secret_reaches_the_browser_or_the_log(owner, beget_simulator, caplog):
    caplog.set_level("DEBUG")
    browser = Tab(owner)
    browser.send(ConnectionsState, "load")
    browser.send(ConnectionFormState, "add", "beget")
    for name in ("test", "save"):
        browser.send(
            ConnectionFormState,
            name,
            entered(beget_simulator, credential__token=CANARY, credential__password=CANARY),
        )
        assert CANARY not in browser.everything()
    [card] = list_connections(owner.actor)
    browser.send(ConnectionFormState, "edit", str(card.connection.id))
    browser.send(ConnectionFormState, "save", entered(beget_simulator, credential__token=CANARY))
    synced(card)
    browser.send(ConnectionsState, "load")
    browser.go(f"/connections/{card.connection.id}")
    browser.send(ConnectionsState, "load_one")
    browser.send(ConnectionHistoryState, "load")
    assert CANARY not in browser.everything()
    assert CANARY not in caplog.text


def test_a_card_shows_the_reference_account(trial):
    browser, card = trial
    synced(card)
    browser.send(ConnectionsState, "load")
    [shown] = browser.cards.cards
    plain = {
        name: str(value).replace("\N{NARROW NO-BREAK SPACE}", " ") for name, value in shown.items()
    }
    assert (plain["status"], plain["resources"]) == ("Частично", "10 ресурсов")
    assert "60,73 ₽/день" in str(shown["money"]).replace("\\u202f", " ")
    assert "1 847,00 ₽/мес" in str(shown["money"]).replace("\\u202f", " ")
    assert [part["name"] for part in shown["troubles"]] == ["legacy.mysql", "legacy.ftp"]


@pytest.mark.usefixtures("_no_pause")
def test_a_watcher_tells_how_a_sync_ended_and_ends_itself(trial, monkeypatch):
    browser, card = trial
    id_ = str(card.connection.id)
    looks = []
    look = ConnectionSyncState._look

    async def syncs_meanwhile(self):
        seen = await look(self)
        looks.append(dict(self.progress))
        if len(looks) == 2:
            import asyncio

            await asyncio.to_thread(synced, card)
        return seen

    monkeypatch.setattr(ConnectionSyncState, "_look", syncs_meanwhile)
    events = browser.send(ConnectionSyncState, "watch")
    assert looks[0][id_]["title"] == "Ждёт своей очереди"
    assert len(looks) == 3
    assert browser.sync.progress == {}
    assert browser.sync._is_watching is False
    assert any("синхронизировано частично" in event for event in events)
    assert any("Не прочитаны 2 раздела" in event for event in events)
    assert browser.cards.cards[0]["status"] == "Частично"


@pytest.mark.usefixtures("_no_pause")
def test_a_watcher_asks_the_browser_before_it_goes_on(trial, monkeypatch):
    browser, _ = trial
    monkeypatch.setattr(connection_sync, "LEG_TICKS", 3)
    [event] = browser.send(ConnectionSyncState, "watch")
    assert "go_on" in event
    assert browser.sync._is_watching is False
    assert browser.send(ConnectionSyncState, "go_on", True)
    assert browser.send(ConnectionSyncState, "go_on", "yes") == []


@pytest.mark.usefixtures("_no_pause")
def test_a_page_at_rest_notices_what_a_schedule_did(trial, owner):
    browser, card = trial
    synced(card)
    browser.send(ConnectionsState, "load")
    *_, event = browser.send(ConnectionSyncState, "watch")
    assert "whenSeen" in event
    assert "look_again" in event
    suspend(owner.actor, connection_id=card.connection.id, suspended=True)
    assert browser.send(ConnectionSyncState, "look_again", "yes") == []
    events = browser.send(ConnectionSyncState, "look_again", True)
    assert ["look_again" in events[0], "watch" in events[1]] == [True, True]
    browser.send(ConnectionsState, "look_again")
    assert browser.cards.cards[0]["status"] == "Приостановлено"
    browser.go(f"/connections/{card.connection.id}")
    browser.send(ConnectionsState, "load_one")
    suspend(owner.actor, connection_id=card.connection.id, suspended=False)
    browser.send(ConnectionsState, "look_again")
    assert [one["status"] for one in browser.cards.cards] == ["Частично"]


@pytest.mark.usefixtures("_no_pause")
def test_one_watcher_a_tab(trial):
    browser, _ = trial
    browser.sync._is_watching = True
    assert browser.send(ConnectionSyncState, "watch") == []


@pytest.mark.usefixtures("_no_pause")
def test_a_stranger_is_not_watched_for(database):
    browser = Tab(None)
    assert browser.send(ConnectionSyncState, "watch") == []


def test_a_sync_that_runs_is_not_asked_for_twice(trial, monkeypatch):
    browser, card = trial
    [event] = browser.send(ConnectionSyncState, "ask", str(card.connection.id))
    assert "watch" in event
    assert str(card.connection.id) in browser.sync.progress


def test_the_history_names_what_was_not_read_and_what_to_do(trial):
    browser, card = trial
    synced(card)
    browser.go(f"/connections/{card.connection.id}")
    browser.send(ConnectionsState, "load_one")
    browser.send(ConnectionHistoryState, "load")
    history = browser.history
    assert [one["name"] for one in history.troubled] == ["legacy.mysql", "legacy.ftp"]
    mysql = history.troubled[0]
    assert mysql["problem"] == "Раздел закрыт для API"
    assert "«Доступ к API»" in mysql["advice"]
    assert mysql["said"] == "Cannot access method mysql"
    assert len(history.changes) == 10
    assert {one["change"] for one in history.changes} == {"Новый"}
    assert history.snapshots[0]["counts"] == "10 ресурсов: 10 новых"


def test_a_change_is_told_field_by_field(trial, beget_simulator):
    browser, card = trial
    synced(card)
    server, *_ = beget_simulator.ids("vps")
    beget_simulator.change("vps", server, {"status": "STOPPED"})
    synced(card)
    browser.go(f"/connections/{card.connection.id}")
    browser.send(ConnectionHistoryState, "load")
    newest, _oldest = browser.history.snapshots
    assert browser.history.opened == newest["id"]
    assert newest["counts"] == "10 ресурсов: 1 изменился"
    [changed] = browser.history.changes
    assert (changed["change"], changed["type"]) == ("Изменён", "Виртуальный сервер")
    fields = {one["name"]: (one["before"], one["after"]) for one in changed["fields"]}
    assert fields["Статус"] == ("Работает", "Остановлен")
    assert fields["Статус у провайдера"] == ("RUNNING", "STOPPED")


def test_a_sync_can_be_compared_with_any_older_one(trial, beget_simulator):
    browser, card = trial
    synced(card)
    server, other = beget_simulator.ids("vps")
    for id_ in (server, other):
        beget_simulator.change("vps", id_, {"status": "STOPPED"})
        synced(card)
    browser.go(f"/connections/{card.connection.id}")
    browser.send(ConnectionHistoryState, "load")
    _, _, oldest = browser.history.snapshots
    assert len(browser.history.changes) == 1
    browser.send(ConnectionHistoryState, "compare", oldest["id"])
    assert browser.history.against == oldest["id"]
    assert len(browser.history.changes) == 2
    browser.send(ConnectionHistoryState, "compare", "")
    assert len(browser.history.changes) == 1
    browser.send(ConnectionHistoryState, "unfold", oldest["id"])
    assert len(browser.history.changes) == 10
    browser.send(ConnectionHistoryState, "unfold", oldest["id"])
    assert browser.history.opened == ""


def test_a_record_in_quarantine_is_shown_with_its_reason(trial, beget_simulator):
    browser, card = trial
    server, *_ = beget_simulator.ids("vps")
    beget_simulator.change("vps", server, {"configuration": "broken"})
    synced(card)
    browser.go(f"/connections/{card.connection.id}")
    browser.send(ConnectionsState, "load_one")
    browser.send(ConnectionHistoryState, "load")
    [record] = browser.history.records
    assert record["part"] == "Виртуальные серверы"
    assert record["reason"]
    assert record["seen"].startswith("Встретилась 1 раз")
    assert "1 запись не удалось прочитать" in browser.everything()


def test_older_syncs_come_page_by_page(trial, monkeypatch):
    browser, card = trial
    monkeypatch.setattr("infrazen_ui.backend.connections.HISTORY_PAGE", 2)
    for _ in range(3):
        synced(card)
    browser.go(f"/connections/{card.connection.id}")
    browser.send(ConnectionHistoryState, "load")
    assert (len(browser.history.snapshots), browser.history.has_more) == (2, True)
    browser.send(ConnectionHistoryState, "more")
    ids = [one["id"] for one in browser.history.snapshots]
    assert (len(set(ids)), browser.history.has_more) == (3, False)
    assert browser.send(ConnectionHistoryState, "more") == []


def test_a_removed_connection_keeps_its_history_or_not(trial, owner):
    browser, card = trial
    synced(card)
    browser.send(ConnectionRemovalState, "ask", str(card.connection.id))
    assert browser.removal.is_open
    browser.send(ConnectionRemovalState, "remove", {"history": "erase", "confirmation": "Bege"})
    assert browser.removal.error
    assert len(list_connections(owner.actor)) == 1
    events = browser.send(
        ConnectionRemovalState, "remove", {"history": "erase", "confirmation": "Beget, основной"}
    )
    assert any("удалено" in event for event in events)
    assert list_connections(owner.actor) == []
    assert browser.cards.cards == []


def test_removing_from_its_own_page_leads_back_to_the_list(trial, owner):
    browser, card = trial
    browser.go(f"/connections/{card.connection.id}")
    browser.send(ConnectionsState, "load_one")
    browser.send(ConnectionRemovalState, "ask", str(card.connection.id))
    events = browser.send(ConnectionRemovalState, "remove", {"history": "keep"})
    assert any("/connections" in event for event in events)
    assert list_connections(owner.actor) == []


@pytest.mark.parametrize("id_", STRANGE)
def test_ids_from_a_browser_are_not_trusted(trial, owner, id_):
    browser, _card = trial
    before = list_connections(owner.actor)
    for kind, name, more in (
        (ConnectionFormState, "edit", ()),
        (ConnectionRemovalState, "ask", ()),
        (ConnectionSyncState, "ask", ()),
        (ConnectionsState, "set_suspended", (True,)),
    ):
        [event] = browser.send(kind, name, id_, *more)
        assert "Этого здесь нет" in event, (kind, name)
    for name in ("unfold", "compare", "catch_up"):
        browser.send(ConnectionHistoryState, name, id_)
    assert browser.history.changes == []
    assert not browser.form.is_open
    assert not browser.removal.is_open
    assert list_connections(owner.actor) == before


def test_another_connections_snapshot_is_not_shown(trial, owner, beget_simulator):
    browser, card = trial
    synced(card)
    browser.go(f"/connections/{card.connection.id}")
    browser.send(ConnectionHistoryState, "load")
    snapshot = browser.history.opened
    elsewhere = Tab(owner, f"/connections/{uuid4()}")
    elsewhere.send(ConnectionHistoryState, "load")
    events = elsewhere.send(ConnectionHistoryState, "unfold", snapshot)
    assert "Этого здесь нет" in events[0]
    assert elsewhere.history.changes == []


def test_a_foreign_id_has_no_page(world):
    visitor = Person(world.beta.cookies[Role.OWNER], world.beta.actor(Role.OWNER), "")
    browser = Tab(visitor, f"/connections/{world.alpha.connection_id}")
    browser.send(ConnectionsState, "load_one")
    assert browser.cards.phase == "gone"
    assert browser.cards.cards == []


def test_a_viewer_sees_and_changes_nothing(trial, owner, beget_simulator):
    _, card = trial
    id_ = str(card.connection.id)
    viewer = Tab(sign_in_colleague(owner, Role.VIEWER))
    viewer.send(ConnectionsState, "load")
    assert len(viewer.cards.cards) == 1
    before = list_connections(owner.actor)
    for kind, name, *arguments in (
        (ConnectionSyncState, "ask", id_),
        (ConnectionSyncState, "ask_all"),
        (ConnectionsState, "set_suspended", id_, True),
    ):
        [event] = viewer.send(kind, name, *arguments)
        assert "Недостаточно прав" in event
    [event] = viewer.send(ConnectionFormState, "add", "beget")
    assert "Недостаточно прав" in event
    assert not viewer.form.is_open
    viewer.form.provider = "beget"
    for name in ("test", "save"):
        viewer.send(ConnectionFormState, name, entered(beget_simulator))
        assert viewer.form.problem == "Недостаточно прав"
    viewer.send(ConnectionRemovalState, "ask", id_)
    [event] = viewer.send(ConnectionRemovalState, "remove", {"history": "keep"})
    assert "Недостаточно прав" in event
    assert list_connections(owner.actor) == before
