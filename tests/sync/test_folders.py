"""What a folder that cannot be read means for what is stored of it, and of the others."""

import pytest
from sqlalchemy import text

from infrazen.domain.syncs import SyncStatus
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.providers import provider
from tests.sync.account import Account, connect

SIZE = 400


@pytest.fixture
def yandex(yandex: SimulatorControl) -> SimulatorControl:
    yandex.reset("large", size=SIZE)
    return yandex


def connected(yandex: SimulatorControl, **settings: str) -> Account:
    return connect(
        yandex,
        provider="yandex",
        credentials=provider("yandex").trial,
        settings={"collect_statistics": "false", **settings},
    )


@pytest.fixture
def account(yandex: SimulatorControl) -> Account:
    made = connected(yandex)
    assert made.sync().status is SyncStatus.SUCCESS
    return made


def gone(account: Account) -> set[str]:
    with account.store.reading() as session:
        sql = text("SELECT external_id FROM resource WHERE NOT is_active")
        return set(session.scalars(sql))


def first_of(yandex: SimulatorControl, kind: str) -> dict[str, str]:
    """A thing of a kind in each folder, by the folder's id."""
    found: dict[str, str] = {}
    for id_ in yandex.ids(kind):
        if len(found) == 4:
            break
        found.setdefault(yandex.record(kind, id_)["folderId"], id_)
    return found


def test_folders_that_were_read_lose_what_is_gone_though_another_was_not(yandex, account):
    closed, *others = yandex.ids("folders")
    taken = {kind: first_of(yandex, kind) for kind in ("instances", "snapshots", "buckets")}
    for kind, ids in taken.items():
        for id_ in ids.values():
            yandex.remove(kind, id_)
    yandex.put("closed", closed, {})
    assert account.sync().status is SyncStatus.PARTIAL
    expected = {ids[folder] for ids in taken.values() for folder in others if folder in ids}
    assert len(expected) == 9
    assert gone(account) == expected
    yandex.remove("closed", closed)
    account.sync()
    assert gone(account) == {id_ for ids in taken.values() for id_ in ids.values()}


def test_a_record_without_a_readable_id_keeps_its_folder_and_no_other(yandex, account):
    unsure, *others = yandex.ids("folders")
    removed = first_of(yandex, "snapshots")
    [broken] = [
        id_ for id_ in removed.values() if yandex.record("snapshots", id_)["folderId"] == unsure
    ]
    for id_ in removed.values():
        if id_ != broken:
            yandex.remove("snapshots", id_)
    also = next(
        id_
        for id_ in yandex.ids("snapshots")
        if yandex.record("snapshots", id_)["folderId"] == unsure and id_ != broken
    )
    yandex.remove("snapshots", also)
    yandex.change("snapshots", broken, {"id": {"not": "an id"}})
    account.sync()
    assert gone(account) == {removed[folder] for folder in others}


def test_where_a_folder_is_hidden_nothing_is_taken_for_gone(yandex):
    chosen = connected(yandex, folder_ids=", ".join(yandex.ids("folders")))
    chosen.sync()
    yandex.remove("folders", yandex.ids("folders")[0])
    yandex.remove("instances", yandex.ids("instances")[1])
    chosen.sync()
    assert gone(chosen) == set()
