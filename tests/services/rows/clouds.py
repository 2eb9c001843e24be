"""Connections, their providers and their syncs."""

from infrazen.services.connection_changes import Changes
from infrazen.services.connection_drafts import Draft
from infrazen.sync.engine import Order
from tests.services.matrix import Case, Row

DRAFT = Draft(
    provider="beget",
    display_name="Fresh",
    credentials={"login": "fresh", "password": "not-a-real-password"},
)


def nothing(_case: Case) -> dict[str, object]:
    return {}


def connection(case: Case) -> dict[str, object]:
    return {"connection_id": case.alpha.connection_id}


def snapshot(case: Case) -> dict[str, object]:
    return {"snapshot_id": case.alpha.snapshot_id}


def order(case: Case) -> dict[str, object]:
    wanted = Order(
        organization_id=case.alpha.organization_id, connection_id=case.alpha.connection_id
    )
    return {"order": wanted, "listener": lambda _progress: None}


ROWS = {
    "connections.list_connections": Row(nothing, names_something=False),
    "connections.get_connection": Row(connection),
    "connections.find_connection": Row(lambda _: {"name": "alpha-main"}),
    "connections.look_up": Row(connection),
    "connections.list_account_components": Row(connection),
    "connections.try_connection": Row(
        lambda case: {**connection(case), "draft": DRAFT}, works=False
    ),
    "connections.add_connection": Row(lambda _: {"draft": DRAFT}, names_something=False),
    "connections.edit_connection": Row(lambda case: {**connection(case), "draft": DRAFT}),
    "connection_changes.change_connection": Row(
        lambda case: {**connection(case), "changes": Changes(display_name="Renamed")}
    ),
    "connection_changes.try_changes": Row(
        lambda case: {**connection(case), "changes": Changes()}, works=False
    ),
    "connections.set_suspended": Row(lambda case: {**connection(case), "suspended": True}),
    "connections.remove_connection": Row(lambda case: {**connection(case), "keep_history": True}),
    "managed.ask_all": Row(nothing, names_something=False),
    "managed.ask_sync": Row(connection),
    "managed.cluster_status": Row(nothing, names_something=False),
    "managed.list_released": Row(nothing, names_something=False),
    "manifests.export_manifest": Row(connection),
    "manifests.hand_over": Row(connection, works=False),
    "managed_connections.apply_connection": Row(
        lambda _: {"draft": DRAFT, "managed_by": "finops/fresh"}, names_something=False
    ),
    "managed_connections.forget_old_secrets": Row(connection),
    "managed_removal.release_connection": Row(connection, works=False),
    "managed_removal.begin_purge": Row(connection, works=False),
    "managed_removal.purge_rows": Row(lambda case: {**connection(case), "limit": 1}, works=False),
    "providers.list_providers": Row(nothing, names_something=False),
    "providers.get_provider": Row(lambda _: {"slug": "beget"}, names_something=False),
    "syncs.request_sync": Row(connection),
    "syncs.request_all": Row(nothing, names_something=False),
    "syncs.permit_sync": Row(connection),
    "syncs.run_sync": Row(order, works=False),
    "syncs.sync_status": Row(connection),
    "syncs.sync_activity": Row(nothing, names_something=False),
    "syncs.upcoming_syncs": Row(
        lambda _: {"schedule": "0 6 * * *", "time_zone": "Europe/Moscow"}, names_something=False
    ),
    "syncs.list_snapshots": Row(connection),
    "syncs.get_snapshot": Row(snapshot),
    "syncs.list_changes": Row(snapshot),
    "syncs.list_states": Row(snapshot),
    "syncs.compare_snapshots": Row(
        lambda case: {"older": case.alpha.snapshot_id, "newer": case.alpha.snapshot_id}
    ),
    "syncs.list_unread_records": Row(connection),
}
