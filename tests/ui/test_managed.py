"""Connections that Git manages, on the screens: what is told of them, what may be done."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from infrazen.cluster.resources import resource_of
from infrazen.db.queries import connections
from infrazen.db.session import database as database_in_force
from infrazen.errors import ClusterRefused, ClusterUnavailable, Conflict, ManagedElsewhere
from infrazen.secret_store.rotation import ensure_master_key
from infrazen.services.connections import get_connection
from infrazen.services.managed import ClusterStatus, ManagedConnection
from infrazen.settings import settings
from infrazen_operator.reasons import KNOWN
from infrazen_ui.locales import Language, text
from infrazen_ui.present.dashboard.alerts import Alert
from infrazen_ui.present.dashboard.alerts import with_cluster as with_cluster_alerts
from infrazen_ui.present.managed import managed_views
from infrazen_ui.states.connection_form import ConnectionFormState
from infrazen_ui.states.connection_removal import ConnectionRemovalState
from infrazen_ui.states.connection_sync import ConnectionSyncState
from infrazen_ui.states.connections import ConnectionsState
from infrazen_ui.states.dashboard import DashboardState
from infrazen_ui.states.managed import ManagedState, ManifestState
from tests.ui.connected import PASSWORD, connected, entered

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
ID = uuid4()


def condition(type_, status, reason="", message="", hours=1):
    at = (NOW - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = {"type": type_, "status": status, "reason": reason, "message": message}
    return {**said, "lastTransitionTime": at}


def status(*conditions, trouble="", is_known=True, is_there=True, **spec):
    resource = resource_of(
        {
            "metadata": {"name": "beget-main", "namespace": "finops", "generation": 1},
            "spec": {"organization": "acme", **spec},
            "status": {"conditions": list(conditions)},
        }
    )
    one = ManagedConnection(
        connection_id=ID,
        display_name="Beget, основной",
        namespace="finops",
        name="beget-main",
        resource=resource if is_there else None,
        trouble=trouble,
    )
    return ClusterStatus(is_known=is_known, writes_to="", managed={ID: one})


def deleted(reason, **more):
    """What is told of a connection whose resource is being deleted."""
    found = status()
    document = {
        "metadata": {
            "name": "beget-main",
            "namespace": "finops",
            "deletionTimestamp": "2026-11-26T11:00:00Z",
        },
        "spec": {"organization": "acme"},
        "status": {"conditions": [condition("Reconciling", "True", reason)], **more},
    }
    one = replace(found.managed[ID], resource=resource_of(document))
    return replace(found, managed={ID: one})


def view(found, language=Language.RU):
    views = managed_views(found, now=NOW, zone=ZoneInfo("Europe/Moscow"), language=language)
    return views[str(ID)]


def test_conditions_are_told_in_the_readers_language():
    said = status(
        condition("Degraded", "False", "AsExpected"),
        condition("Ready", "True", "Synced", "The last sync read everything.", hours=3),
    )
    shown = view(said)
    assert [one["title"] for one in shown["conditions"]] == ["Данные получены", "Прочитано не всё"]
    ready = shown["conditions"][0]
    assert (ready["tone"], ready["state"]) == ("success", "да")
    assert ready["reason"] == "Последняя синхронизация прочитала всё"
    assert ready["since"] == "3\N{NO-BREAK SPACE}часа назад"
    assert ready["message"] == ""
    assert (shown["tone"], shown["state"], shown["note"]) == ("success", "В порядке", "")
    assert view(said, Language.EN)["conditions"][0]["reason"] == "The last sync read everything"


def test_what_stalls_says_the_way_out():
    said = status(
        condition("Ready", "False", "SecretMissing", "no Secret finops/beget"),
        condition("Stalled", "True", "SecretMissing", "no Secret finops/beget"),
    )
    shown = view(said)
    assert (shown["tone"], shown["state"]) == ("danger", "Остановлено")
    assert shown["problem"] == "Нет секрета с учётными данными"
    assert "credentialsSecretRef" in shown["action"]
    assert shown["conditions"][1]["message"] == "no Secret finops/beget"


def test_a_reason_that_nobody_knows_here_keeps_the_operators_words():
    said = status(condition("Stalled", "True", "FromTheFuture", "Do this, then that."))
    shown = view(said)
    assert (shown["problem"], shown["action"]) == ("FromTheFuture", "Do this, then that.")
    assert shown["conditions"][0]["message"] == ""


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("reason", sorted(KNOWN))
def test_every_reason_of_the_operator_has_words(reason, language):
    said = status(condition("Stalled", "True", reason, "the operator's words"))
    assert view(said, language)["problem"] != reason


@pytest.mark.parametrize(
    ("said", "note", "can_sync"),
    [
        (status(is_known=False, is_there=False), "off", False),
        (status(trouble=ClusterUnavailable.reason), "unreachable", False),
        (status(trouble=ClusterRefused.reason, is_there=False), "refused", False),
        (status(is_there=False), "gone", False),
        (status(), "silent", True),
    ],
)
def test_what_is_not_known_is_said_kindly(said, note, can_sync):
    shown = view(said)
    assert shown["note"] == text(f"managed.note.{note}", Language.RU)
    assert shown["can_sync"] is can_sync


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (status(condition("Ready", "True", "Synced"), suspend=True), "Приостановлено"),
        (status(condition("Ready", "True"), condition("Degraded", "True")), "Частично"),
        (status(condition("Ready", "False", "NodeLost")), "Ошибка"),
        (status(condition("Ready", "Unknown", "NotSynced")), ""),
    ],
)
def test_a_card_has_the_state_that_conditions_tell(said, state):
    assert view(said)["state"] == state


@pytest.mark.parametrize(
    ("language", "note"),
    [
        (Language.RU, "Удалено 1\u202f240\u202f000 из 3\u202f100\u202f000 записей"),
        (Language.EN, "1,240,000 of 3,100,000 records are deleted"),
    ],
)
def test_the_card_says_how_far_the_data_is_deleted(language, note):
    far = {
        "progress": "40%",
        "erasedRows": 1_240_000,
        "totalRows": 3_100_000,
        "time": "2026-11-26T11:59:00Z",
    }
    shown = view(deleted("Purging", removal=far), language)
    assert shown["removal"] == text("condition_reason.Purging.title", language)
    assert (shown["removal_note"], shown["removed"]) == (note, 40)
    assert shown["state"] == text("managed.state.going", language)
    assert not shown["can_sync"], "nothing is read any more"
    failing = view(deleted("PurgeFailed", removal=far), language)
    assert failing["removal"] == text("condition_reason.PurgeFailed.title", language)
    begins = view(deleted("Purging"), language)
    assert (begins["removed"], begins["removal_note"]) == (
        0,
        text("managed.removal.begins", language),
    )
    assert view(deleted("Releasing"), language)["removal"] == ""


def _failed():
    return text("dashboard.alert.failed", Language.RU, name="Beget, основной")


def test_the_dashboard_alerts_of_what_has_stalled_once():
    href = f"/connections/{ID}"
    known = [
        Alert(tone="danger", title=_failed(), text="", href=href),
        Alert(tone="warning", title="Баланса хватит на 2 дня", text="", href=href),
    ]
    said = status(condition("Stalled", "True", "SecretMissing"))
    first, other = with_cluster_alerts(known, said, Language.RU)
    assert first["title"] == "Beget, основной: синхронизация остановлена"
    assert first["text"].startswith("Нет секрета с учётными данными. Создайте Secret")
    assert other == known[1]
    away = status(trouble=ClusterUnavailable.reason)
    assert [a["tone"] for a in with_cluster_alerts(known, away, Language.RU)] == [
        "danger",
        "warning",
        "warning",
    ]


@pytest.fixture(autouse=True)
def _vault(owner):
    with database_in_force().writing() as session:
        ensure_master_key(session)


@pytest.fixture
def managed(owner, beget_simulator, database):
    """A tab with a connection that Git manages, and its id."""
    browser, card = connected(owner, beget_simulator)
    with database.writing() as session:
        connections.change(
            session,
            organization_id=card.connection.organization_id,
            connection_id=card.connection.id,
            values={"managed_by": "finops/beget-main"},
        )
    browser.send(ConnectionsState, "load")
    return browser, str(card.connection.id)


def test_the_card_says_where_it_is_managed_and_how_to_get_there(managed):
    browser, id_ = managed
    browser.send(ManagedState, "load")
    [card] = browser.cards.cards
    assert (card["is_managed"], card["managed_by"]) == (True, "finops/beget-main")
    assert [one["command"] for one in card["commands"]] == [
        "kubectl describe cloudconnection beget-main -n finops",
        "kubectl edit cloudconnection beget-main -n finops",
        "kubectl annotate cloudconnection beget-main -n finops"
        ' reconcile.infrazen.io/requestedAt="$(date -Is)" --overwrite',
    ]
    shown = browser.state(ManagedState).views[id_]
    assert shown["note"] == text("managed.note.off", Language.RU)
    assert shown["can_sync"] is False


def test_every_way_to_change_it_is_refused(managed, owner, beget_simulator):
    browser, id_ = managed
    title = text(f"error.{ManagedElsewhere.reason}.title", Language.RU)
    [said] = browser.send(ConnectionsState, "set_suspended", id_, True)
    assert title in said
    browser.send(ConnectionRemovalState, "ask", id_)
    assert title in str(browser.send(ConnectionRemovalState, "remove", {"history": "keep"}))
    browser.send(ConnectionFormState, "edit", id_)
    browser.send(ConnectionFormState, "save", entered(beget_simulator, display_name="Другое"))
    assert title in str(browser.send(ConnectionSyncState, "ask", id_))
    assert title in str(browser.send(ManifestState, "show", id_))
    card = get_connection(owner.actor, connection_id=UUID(id_))
    assert (card.connection.display_name, card.connection.is_suspended) == (
        "Beget, основной",
        False,
    )


def test_a_cluster_that_is_away_holds_nothing_up(managed, tmp_path, monkeypatch):
    browser, id_ = managed
    monkeypatch.setenv("INFRAZEN_CLUSTER", str(tmp_path / "no-such-file"))
    settings.cache_clear()
    browser.send(ManagedState, "load")
    assert browser.state(ManagedState).views[id_]["note"] == text(
        "managed.note.unreachable", Language.RU
    )
    browser.go("/")
    browser.send(DashboardState, "load")
    browser.send(DashboardState, "look_into_cluster")
    titles = [alert["title"] for alert in browser.state(DashboardState).alerts]
    assert text("managed.alert.unreachable", Language.RU) in titles


def test_a_connection_made_here_is_shown_as_a_manifest_without_secrets(owner, beget_simulator):
    browser, card = connected(owner, beget_simulator)
    browser.send(ManifestState, "show", str(card.connection.id))
    shown = browser.state(ManifestState)
    assert shown.is_open
    assert "kind: CloudConnection" in shown.yaml
    assert PASSWORD not in browser.everything()
    [said] = browser.send(ManifestState, "hand_over")[-2:-1]
    assert text(f"error.{Conflict.reason}.title", Language.RU) in said


def test_what_a_resource_has_left_is_listed(managed, owner, database):
    browser, id_ = managed
    with database.writing() as session:
        connections.retire(
            session,
            organization_id=owner.actor.organization_id,
            connection_id=UUID(id_),
            now=datetime.now(UTC),
        )
    browser.send(ConnectionsState, "load")
    browser.send(ManagedState, "load_released")
    assert browser.cards.cards == []
    [left] = browser.state(ManagedState).released
    assert (left["managed_by"], left["name"]) == ("finops/beget-main", "Beget, основной")
