"""What stays of a connection that is removed."""

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from infrazen.db.queries.resource_filter import ResourceFilter
from infrazen.services.connections import list_connections, remove_connection
from infrazen.services.resources import search_resources
from infrazen.services.syncs import list_changes, list_snapshots
from tests.sync.account import Account, connect

ITS_OWN = {"audit_event", "organization", "master_key"}


@pytest.fixture
def account(each_database, beget_simulator) -> Account:
    made = connect(beget_simulator)
    made.sync()
    made.sync()
    return made


def rows(account):
    with account.store.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in SQLModel.metadata.tables.values()
        }


def test_purging_leaves_not_a_row(account):
    assert rows(account)["resource_state"] == 10
    remove_connection(account.actor, connection_id=account.connection_id, keep_history=False)
    left = {name for name, count in rows(account).items() if count}
    assert "cloud_connection" not in left
    assert left <= ITS_OWN, left - ITS_OWN


def test_its_history_can_stay_and_its_secrets_never_do(account):
    (latest, first) = list_snapshots(account.actor, connection_id=account.connection_id)
    remove_connection(account.actor, connection_id=account.connection_id, keep_history=True)
    assert list_connections(account.actor) == []
    assert [one.id for one in list_snapshots(account.actor)] == [latest.id, first.id]
    assert len(list_changes(account.actor, snapshot_id=first.id)) == 10
    assert not search_resources(account.actor, wanted=ResourceFilter()).lines
    left = rows(account)
    assert left["cost_record"] > 0
    assert not any(left[name] for name in left if "secret" in name or name == "connection_key")
