"""Several connections to one Yandex Cloud organization: whatever they see, it counts once."""

import json
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select
from sqlmodel import col

from infrazen.db.queries import connections
from infrazen.db.tables.costs import ChargeRow, CostRecordRow
from infrazen.db.tables.resources import ResourceRow
from infrazen.domain.money import CostSource
from infrazen.domain.periods import utc_now
from infrazen.domain.syncs import SyncStatus
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.providers import provider
from infrazen.providers.yandex.simulator.worlds import EXPORT
from infrazen.services.connections import remove_connection
from tests.sync.account import Account, connect, connect_another

SPEC = provider("yandex")


@pytest.fixture
def yandex(yandex: SimulatorControl) -> SimulatorControl:
    yandex.reset("large", size=40)
    return yandex


def first(yandex: SimulatorControl, **settings: str) -> Account:
    return connect(yandex, **wanted(yandex, "first", settings))


def second(beside: Account, yandex: SimulatorControl, **settings: str) -> Account:
    return connect_another(beside, yandex, **wanted(yandex, "second", settings))


def wanted(yandex: SimulatorControl, name: str, settings: dict[str, str]) -> dict[str, object]:
    """A connection by a service account of its own, which sees all that there is."""
    return {
        "provider": "yandex",
        "display_name": name,
        "credentials": {"key": key_of(yandex, f"aje{name}")},
        "settings": {"collect_statistics": "false", **settings},
    }


def key_of(yandex: SimulatorControl, service_account: str) -> str:
    """The file of a new key of a service account."""
    with httpx.Client(base_url=yandex.url, trust_env=False) as client:
        oauth = {"yandexPassportOauthToken": SPEC.trial["key"]}
        token = client.post("/iam/v1/tokens", json=oauth).json()["iamToken"]
        client.headers["Authorization"] = f"Bearer {token}"
        made = client.post("/iam/v1/keys", json={"serviceAccountId": service_account}).json()
    return json.dumps(
        {
            "id": made["key"]["id"],
            "service_account_id": service_account,
            "private_key": made["privateKey"],
        }
    )


def change(account: Account, **values: object) -> None:
    """Change what is stored of a connection, as no form would."""
    with account.store.writing() as session:
        connections.change(
            session,
            organization_id=account.actor.organization_id,
            connection_id=account.connection_id,
            values=values,
        )


def folders(account: Account, yandex: SimulatorControl) -> set[str]:
    """The folders in which a connection has resources."""
    mine = col(ResourceRow.connection_id) == account.connection_id
    with account.store.reading() as session:
        names = session.scalars(
            select(col(ResourceRow.sub_account)).where(mine, col(ResourceRow.is_active))
        )
        found = {name.rpartition("/")[2] for name in names}
    return {id_ for id_ in yandex.ids("folders") if yandex.record("folders", id_)["name"] in found}


def not_read(account: Account, status: SyncStatus = SyncStatus.PARTIAL) -> str:
    """What a sync says of folders that it leaves to another connection."""
    snapshot = account.sync()
    assert snapshot.status is status
    [left] = [end for end in snapshot.endpoints if end["reason"] == "ReadElsewhere"]
    assert left["name"] == "resource-manager.folders"
    return left["message"]


def test_what_one_connection_reads_another_leaves_and_says_so(yandex):
    one = first(yandex)
    assert one.sync().status is SyncStatus.SUCCESS
    another = second(one, yandex)
    message = not_read(another)
    assert "«first» reads them already" in message
    assert "choose clouds or folders in one of the two" in message
    assert folders(one, yandex) == set(yandex.ids("folders"))
    assert folders(another, yandex) == set()
    assert one.sync().status is SyncStatus.SUCCESS


def test_choices_that_have_nothing_in_common_are_two_whole_connections(yandex):
    mine, *others = yandex.ids("folders")
    one = first(yandex, folder_ids=mine)
    another = second(one, yandex, folder_ids=",".join(others))
    for each in (one, another, one, another):
        assert each.sync().status is SyncStatus.SUCCESS
    assert (folders(one, yandex), folders(another, yandex)) == ({mine}, set(others))


def test_of_choices_that_overlap_each_folder_is_read_once(yandex):
    a, b, c, _ = yandex.ids("folders")
    one = first(yandex, folder_ids=f"{a},{b}")
    another = second(one, yandex, folder_ids=f"{b},{c}")
    one.sync()
    not_read(another)
    assert (folders(one, yandex), folders(another, yandex)) == ({a, b}, {c})


def test_who_has_read_a_folder_keeps_it_though_another_is_older(yandex):
    mine, *others = yandex.ids("folders")
    one = first(yandex, folder_ids=mine)
    one.sync()
    another = second(one, yandex)
    not_read(another)
    change(one, settings={"collect_statistics": False})
    assert "«second»" in not_read(one)
    assert (folders(one, yandex), folders(another, yandex)) == ({mine}, set(others))


def test_a_folder_is_free_again_when_its_connection_goes(yandex):
    one = first(yandex)
    one.sync()
    another = second(one, yandex)
    not_read(another)
    remove_connection(one.actor, connection_id=one.connection_id, keep_history=True)
    assert another.sync().status is SyncStatus.SUCCESS
    assert folders(another, yandex) == set(yandex.ids("folders"))


def test_of_two_that_began_at_once_the_younger_gives_way(yandex):
    one = first(yandex)
    another = second(one, yandex)
    for reads, looks_away in ((another, one), (one, another)):
        change(looks_away, endpoint="https://elsewhere.example.com")
        change(reads, endpoint=yandex.url)
        assert reads.sync().status is SyncStatus.SUCCESS
    change(another, endpoint=yandex.url)
    assert folders(one, yandex) == folders(another, yandex) == set(yandex.ids("folders"))
    assert one.sync().status is SyncStatus.SUCCESS
    not_read(another)
    assert (folders(one, yandex), folders(another, yandex)) == (set(yandex.ids("folders")), set())


def test_another_organization_may_read_the_same(yandex):
    one = first(yandex)
    one.sync()
    other = connect(yandex, to="other", **wanted(yandex, "second", {}))
    assert other.sync().status is SyncStatus.SUCCESS
    assert folders(other, yandex) == folders(one, yandex)


def billed(account: Account) -> int:
    """How many lines of bills a connection has."""
    with account.store.reading() as session:
        return session.scalar(
            select(func.count())
            .select_from(CostRecordRow)
            .join(ChargeRow, col(ChargeRow.id) == col(CostRecordRow.charge_id))
            .where(
                col(ChargeRow.connection_id) == account.connection_id,
                col(ChargeRow.cost_source) == CostSource.BILLED,
            )
        )


def test_of_one_usage_export_each_row_counts_once(yandex):
    yandex.reset()
    yandex.change("exports", EXPORT, {"since": str(utc_now().date() - timedelta(days=9))})
    one = first(yandex, **SPEC.trial_settings)
    one.sync()
    assert billed(one) > 50
    another = second(one, yandex, **SPEC.trial_settings)
    not_read(another)
    assert billed(another) == 0
