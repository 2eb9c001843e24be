"""What a screen reads takes as many statements for many connections as for a few."""

import pytest

from infrazen.security.access import system_actor
from infrazen.services.connections import list_connections
from infrazen.services.costs import get_dashboard
from infrazen.services.resources import (
    ResourceFilter,
    get_resource,
    list_resources,
    list_sources,
    set_business_context,
    set_tags,
)
from infrazen.services.syncs import list_snapshots, sync_activity
from tests.statements import noted
from tests.sync.made_up import MadeUp, charge_of, made_up, server
from tests.world import add_connection

ASKED = {
    "connections": list_connections,
    "dashboard": get_dashboard,
    "resources": lambda actor: list_resources(actor, wanted=ResourceFilter()),
    "sources": list_sources,
    "snapshots": list_snapshots,
    "activity": sync_activity,
}


@pytest.mark.parametrize("name", ASKED)
def test_more_connections_are_no_more_statements(each_database, name):
    first = made_up(each_database)
    first.sync(server(1), charge=charge_of("30", "900"))
    actor = system_actor(first.organization_id)
    with noted(each_database) as for_one:
        ASKED[name](actor)
    for number in range(3):
        with each_database.writing() as session:
            connection_id = add_connection(session, first.organization_id, f"further-{number}")
        further = MadeUp(each_database, first.organization_id, connection_id)
        further.sync(server(number), charge=charge_of("30", "900"))
    with noted(each_database) as for_four:
        ASKED[name](actor)
    assert len(for_four) == len(for_one), [sql for sql, _ in for_four]


@pytest.mark.parametrize(
    ("change", "values"),
    [
        (set_business_context, {"values": {"owner": "ann@example.com"}}),
        (set_tags, {"put": {"team": "core"}, "remove": ["old"]}),
    ],
)
def test_many_resources_are_changed_by_as_few_statements_as_one(each_database, change, values):
    account = made_up(each_database)
    account.sync(*(server(number) for number in range(50)))
    actor = system_actor(account.organization_id)
    ids = [line.id for line in list_resources(actor, wanted=ResourceFilter(), limit=50)]
    with noted(each_database) as for_one:
        change(actor, resource_ids=ids[:1], **values)
    with noted(each_database) as for_fifty:
        change(actor, resource_ids=ids, **values)
    assert len(for_fifty) == len(for_one)
    for id_ in (ids[0], ids[-1]):
        view = get_resource(actor, resource_id=id_)
        assert view.resource.owner == "ann@example.com" or view.tags[0].value == "core"
