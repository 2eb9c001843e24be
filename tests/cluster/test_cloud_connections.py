"""What the API server takes for a CloudConnection, and what it refuses by itself."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Literal

import pytest
from pydantic import Field

from infrazen.domain.labels import Label, Text
from infrazen.manifests.connection import CloudConnection
from infrazen.manifests.names import API_VERSION
from infrazen.manifests.status import Status, status_document
from infrazen.provider_kit.contract import ConnectionSettings
from infrazen.providers import all_providers
from infrazen_operator.crd import crd
from tests.bad_connections import REFUSED
from tests.cluster.cloud_connections import (
    RESOURCE,
    ROOT,
    define,
    wait_until_explained,
)
from tests.cluster.kubernetes_cluster import Refused
from tests.connection_manifests import connection

SAMPLES = sorted((ROOT / "docs/samples").glob("*.yaml"))
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
LABEL = Label(title=Text("Поле", "Field"))
STATUS = Status.model_validate(
    {
        "observedGeneration": 1,
        "conditions": [
            {"type": "Ready", "status": "True", "reason": "Synced", "lastTransitionTime": NOW}
        ],
        "nextScheduleTime": NOW,
        "activeJob": "beget-main-1",
        "lastSync": {
            "trigger": "Manual",
            "phase": "Failed",
            "startTime": NOW,
            "completionTime": NOW,
            "reason": "Throttled",
            "resources": {"found": 10, "unchanged": 10},
            "cost": {
                "currency": "RUB",
                "payable": {"daily": "60.73", "monthly": "1847.00"},
                "listed": {"daily": "121.46", "monthly": "3668.90"},
            },
        },
        "history": [{"trigger": "Manual", "phase": "Failed"}],
        "removal": {"progress": "40%", "erasedRows": 40, "totalRows": 100, "time": NOW},
    }
)


@pytest.fixture(scope="module")
def server(control_plane):
    define(control_plane)
    return control_plane


def status_patch(server, namespace, status, name="beget-main"):
    body = json.dumps({"status": status})
    words = ("patch", RESOURCE, name, "--subresource=status", "--type=merge", "--patch", body)
    server.kubectl(*words, namespace=namespace)


def read(server, namespace, name="beget-main"):
    return CloudConnection.read(server.get(RESOURCE, name, namespace=namespace))


def test_the_definition_is_structural_and_its_names_are_free(server):
    found = server.get("crd", RESOURCE)["status"]
    conditions = {one["type"]: one["status"] for one in found["conditions"]}
    assert conditions == {"NamesAccepted": "True", "Established": "True"}
    assert found["acceptedNames"]["shortNames"] == ["cloudconn", "cconn"]


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_samples_are_taken_as_they_stand(server, namespace, file):
    words = ("apply", "--warnings-as-errors", "--filename", str(file))
    assert "created" in server.kubectl(*words, namespace=namespace)
    [found] = server.get("cconn", namespace=namespace)["items"]
    spec = CloudConnection.read(found).spec
    assert server.get("secret", spec.credentials_secret_ref.name, namespace=namespace)
    # Every default that the server filled in is the one that the models have.
    written = found["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"]
    assert CloudConnection.read(json.loads(written)).spec == spec


def test_what_is_left_out_is_filled_in(server, namespace):
    server.apply(connection(), namespace=namespace)
    assert server.get("infrazen", namespace=namespace)["items"][0]["spec"] == {
        "provider": "beget",
        "credentialsSecretRef": {"name": "beget-main"},
        "schedule": "0 */6 * * *",
        "timeZone": "Europe/Moscow",
        "suspend": False,
        "startingDeadlineSeconds": 3600,
        "timeoutSeconds": 1800,
        "retries": 3,
        "deletionPolicy": "Retain",
    }


@pytest.mark.parametrize(("change", "said"), REFUSED.values(), ids=REFUSED)
def test_bad_input_is_refused_with_what_is_wrong(server, change, said):
    assert said in refusal(server, connection(**change))


def refusal(server, manifest):
    """What the server says of a manifest; nothing is stored, whatever it thinks of it."""
    words = ("create", "--dry-run=server", "--filename", "-")
    with pytest.raises(Refused) as refused:
        server.kubectl(*words, namespace="default", given=json.dumps(manifest))
    return str(refused.value)


@pytest.mark.parametrize("name", ["a" * 64, "beget.main"])
def test_a_name_that_does_not_fit_a_label_is_refused(server, name):
    assert "a name has at most 63 characters and no dots" in refusal(server, connection(name))


def test_a_long_name_is_taken(server, namespace):
    server.apply(connection("a" * 63), namespace=namespace)
    assert read(server, namespace, "a" * 63).spec.provider == "beget"


def test_a_connection_keeps_its_provider(server, namespace):
    server.apply(connection(), namespace=namespace)
    with pytest.raises(Refused, match="the provider of a CloudConnection cannot be changed"):
        server.apply(connection(provider="yandex"), namespace=namespace)
    server.apply(connection(suspend=True), namespace=namespace)
    assert read(server, namespace).spec.suspend


def test_a_status_written_by_hand_is_left_aside(server, namespace):
    forged = {**connection(), "status": {"connectionId": "forged", "activeJob": "forged"}}
    server.apply(forged, namespace=namespace)
    assert read(server, namespace).status == Status()
    server.kubectl(
        *("patch", RESOURCE, "beget-main", "--type=merge"),
        *("--patch", json.dumps({"status": forged["status"]})),
        namespace=namespace,
    )
    assert read(server, namespace).status == Status()


def test_a_status_goes_through_its_own_door_and_changes_nothing_else(server, namespace):
    server.apply(connection(), namespace=namespace)
    status_patch(server, namespace, status_document(STATUS))
    found = read(server, namespace)
    assert (found.status, found.metadata.generation) == (STATUS, 1)
    recovered = STATUS.model_copy(
        update={
            "active_job": None,
            "last_sync": STATUS.last_sync.model_copy(update={"reason": None, "cost": None}),
            "history": (),
        }
    )
    status_patch(server, namespace, status_document(recovered))
    assert read(server, namespace).status == recovered


def test_a_definition_that_is_older_than_the_operator_takes_its_status(server, namespace):
    server.apply(connection(), namespace=namespace)
    newer = status_document(STATUS) | {"mood": "calm"}
    newer["lastSync"]["phase"] = "Postponed"
    status_patch(server, namespace, newer)
    kept = server.get(RESOURCE, "beget-main", namespace=namespace)["status"]
    assert kept["lastSync"]["phase"] == "Postponed"
    assert "mood" not in kept


def test_kubectl_prints_what_matters(server, namespace):
    server.apply(connection(), namespace=namespace)
    status_patch(server, namespace, status_document(STATUS))
    head, row = server.kubectl("get", "cloudconn", namespace=namespace).splitlines()
    columns = "NAME PROVIDER READY REASON RESOURCES DAILY COST LAST SYNC NEXT SYNC AGE"
    assert " ".join(head.split()) == columns
    first = "beget-main beget True Synced 10 60.73 "
    assert " ".join(row.split()).startswith(first)
    assert "2026-11-26T09:00:00Z" in row
    wide = server.kubectl("get", "cloudconn", "--output", "wide", namespace=namespace)
    assert "RUB" in wide
    assert "beget-main-1" in wide
    assert "40%" in wide


def test_explain_tells_of_every_field(server):
    path = f"/openapi/v3/apis/{API_VERSION}"
    wait_until_explained(server)
    schemas = json.loads(server.kubectl("get", "--raw", path))["components"]["schemas"]
    [served] = [one for name, one in schemas.items() if name.endswith(".CloudConnection")]
    parts = {name: served["properties"][name] for name in ("spec", "status")}
    silent = [path for path, node in fields(parts) if not node.get("description")]
    assert not silent
    told = server.kubectl("explain", "cloudconnection.spec.settings.statisticsHours")
    assert "Yandex Cloud: hours of utilisation" in told


def fields(properties, path=""):
    for name, node in properties.items():
        yield f"{path}.{name}", node
        inner = node.get("items", node)
        yield from fields(inner.get("properties", {}), f"{path}.{name}")


class OtherSettings(ConnectionSettings):
    """Settings of a provider that is not there."""

    statistics_seconds: Annotated[int, Field(ge=60, le=600), LABEL] = 120
    size: Annotated[Literal["small", "large"], LABEL] = "small"
    namespace: Annotated[str | None, Field(max_length=10), LABEL] = None


@pytest.fixture
def with_another_provider(server):
    """The API version of a definition that knows one provider more, in a group of its own."""
    known = all_providers()
    other = replace(known["beget"], slug="other", title="Other", settings=OtherSettings)
    document = crd({**known, "other": other})
    group = document["spec"]["group"] = "trial.infrazen.io"
    name = document["metadata"]["name"] = f"cloudconnections.{group}"
    server.apply(document)
    server.kubectl("wait", f"crd/{name}", "--for=condition=Established", "--timeout=30s")
    yield f"{group}/v1alpha1"
    server.kubectl("delete", "crd", name)


def test_a_new_providers_settings_are_checked_too(server, namespace, with_another_provider):
    def add(**settings):
        wanted = connection(provider="other", settings=settings)
        server.apply({**wanted, "apiVersion": with_another_provider}, namespace=namespace)

    with pytest.raises(Refused, match="for other statisticsSeconds is at most 600"):
        add(statisticsSeconds=601)
    with pytest.raises(Refused, match="for other statisticsSeconds is at least 60"):
        add(statisticsSeconds=59)
    with pytest.raises(Refused, match='supported values: "small", "large"'):
        add(size="huge")
    with pytest.raises(Refused, match="collectMailboxes is a setting of beget alone"):
        add(collectMailboxes=True)
    with pytest.raises(Refused, match="may not be more than 10"):
        add(namespace="x" * 11)
    add(statisticsSeconds=600, size="large", namespace="x")
