"""The operations log of servers, and what buckets carry."""

from datetime import UTC, datetime

from infrazen.db.queries.resource_filter import ResourceFilter
from infrazen.domain.syncs import EndpointStatus
from infrazen.provider_kit.simulation.faults import Kind
from infrazen.services.resources import list_resource_log, list_resources
from tests.simulators import read_account
from tests.sync.account import connect

NAME = "modern.operations"
BUCKET = "s3/f88ce2cf-8570-4ad0-bb67-824ac5308c34"


def operations(reading):
    return [(one.resource, one.operation, one.failed) for one in reading.log]


def test_what_was_done_to_a_server_is_read(beget_simulator):
    reading = read_account("beget", beget_simulator.url)
    servers = [one for one in reading.resources if one.type == "vps"]
    assert sorted(operations(reading)) == sorted((one.key, "CREATE", False) for one in servers)
    made = {one.key: one.created_at for one in servers}
    assert all(entry.at == made[entry.resource] for entry in reading.log)


def test_a_stopped_server_tells_since_when(beget_simulator):
    server = beget_simulator.ids("vps")[0]
    beget_simulator.change("vps", server, {"status": "STOPPED"})
    reading = read_account("beget", beget_simulator.url)
    stopped = {one.at for one in reading.log if one.operation == "STOP"}
    assert stopped == {datetime(2025, 7, 1, tzinfo=UTC)}


def test_a_history_that_cannot_be_read_costs_itself(beget_simulator):
    beget_simulator.fault(Kind.HTML, path="/v1/vps/*/history", times=1)
    reading = read_account("beget", beget_simulator.url)
    (result,) = (one for one in reading.endpoints if one.name == NAME)
    assert (result.status, result.quarantined) == (EndpointStatus.SUCCEEDED, 1)
    assert len(operations(reading)) == 1


def test_the_log_is_kept_once_and_told_in_pages(each_database, beget_simulator):
    account = connect(beget_simulator)
    account.sync()
    account.sync()
    found = list_resources(account.actor, wanted=ResourceFilter(), limit=50)
    (server, *_) = (line for line in found if line.type == "vps")
    (entry,) = list_resource_log(account.actor, resource_id=server.id)
    assert (entry.operation, entry.failed) == ("CREATE", False)
    before = (entry.at, entry.operation)
    assert list_resource_log(account.actor, resource_id=server.id, before=before) == []


def test_what_a_bucket_carries_is_measured(beget_simulator):
    reading = read_account("beget", beget_simulator.url)
    series = [one for one in reading.usage if one.resource == BUCKET]
    carried = {(one.metric, one.unit, one.capacity) for one in series}
    assert carried == {("network_in", "Mbit/s", None), ("network_out", "Mbit/s", None)}
