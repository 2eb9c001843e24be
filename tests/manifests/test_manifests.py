import copy
import json
import zoneinfo
from contextlib import suppress
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from infrazen.domain import text
from infrazen.domain.syncs import Trigger
from infrazen.errors import Invalid
from infrazen.manifests.connection import (
    CloudConnection,
    InvalidConnection,
    manifest,
    read_spec,
    spec_document,
)
from infrazen.manifests.shapes import ORGANIZATION, SCHEDULE, TIME_ZONE
from infrazen.manifests.spec import DeletionPolicy, Spec, settings_document
from infrazen.manifests.status import (
    Cost,
    Found,
    LastSync,
    Rate,
    Status,
    Trouble,
    Truth,
    status_document,
)
from infrazen.sync import result, schedule
from infrazen.sync.result import encoded, failure_of
from tests.bad_connections import LAXER, REFUSED
from tests.connection_manifests import connection

NOW = datetime(2026, 11, 26, 9, 0, 0, 123, tzinfo=UTC)
SPEC = {"provider": "beget", "credentialsSecretRef": {"name": "beget-main"}}


def resource(spec=SPEC, status=None, **metadata):
    known = {"name": "beget-main", "namespace": "finops", "uid": "u-1", "generation": 3}
    found = {"metadata": {**known, **metadata}, "spec": copy.deepcopy(spec)}
    return found if status is None else {**found, "status": status}


def is_taken(check, given_):
    try:
        check(given_)
    except (ValueError, Invalid):
        return False
    return True


def test_a_short_manifest_has_the_documented_defaults():
    spec = CloudConnection.read(resource()).spec
    assert (spec.schedule, spec.time_zone, spec.retries) == ("0 */6 * * *", "Europe/Moscow", 3)
    assert (spec.timeout_seconds, spec.starting_deadline_seconds) == (1800, 3600)
    assert spec.deletion_policy is DeletionPolicy.RETAIN
    assert not spec.suspend
    assert spec_document(spec) == SPEC


def test_what_kubernetes_keeps_is_read_by_name():
    found = CloudConnection.read(
        resource(deletionTimestamp="2026-11-26T09:00:00Z", managedFields=[{"manager": "kubectl"}])
    )
    assert found.metadata.handle == "finops/beget-main"
    assert found.metadata.generation == 3
    assert found.metadata.deletion_timestamp == NOW.replace(microsecond=0)


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"provider": "nebula"}, "spec.provider", "known: beget"),
        ({"provider": None}, "spec.provider", "string"),
        ({"credentialsSecretRef": None}, "spec.credentialsSecretRef", "name a Secret"),
        (
            {"credentialsSecretRef": {"name": "other/beget"}},
            "spec.credentialsSecretRef.name",
            "in the namespace of the CloudConnection",
        ),
        (
            {"credentialsSecretRef": {"name": "beget", "namespace": "other"}},
            "spec.credentialsSecretRef.namespace",
            "not permitted",
        ),
        ({"schedule": "61 * * * *"}, "spec.schedule", "cron line"),
        ({"schedule": "* * * *"}, "spec.schedule", "cron line"),
        ({"timeZone": "Moscow time"}, "spec.timeZone", "IANA"),
        ({"endpoint": "https://user:pass@api.example.com"}, "spec.endpoint", "credentials"),
        ({"endpoint": "file:///etc/passwd"}, "spec.endpoint", "https://"),
        ({"endpoint": "https://api.example.com/?a=b"}, "spec.endpoint", "query"),
        ({"organization": "Acme & Co"}, "spec.organization", "slug"),
        ({"displayName": "two\nlines"}, "spec.displayName", "one line"),
        ({"timeoutSeconds": 0}, "spec.timeoutSeconds", "greater than"),
        ({"deletionPolicy": "Orphan"}, "spec.deletionPolicy", "Retain"),
        ({"settings": {"folderIds": "b1g"}}, "spec.settings.folderIds", "beget has no setting"),
        ({"settings": {"statisticsSeconds": 1}}, "spec.settings.statisticsSeconds", "10"),
        ({"paused": True}, "spec.paused", "not permitted"),
        (
            {"jobTemplate": {"labels": {"infrazen.io/purpose": "sync"}}},
            "spec.jobTemplate.labels",
            "are the operator's",
        ),
        ({"jobTemplate": {"nodeSelector": {"a b": ""}}}, "spec.jobTemplate.nodeSelector", "prefix"),
        ({"jobTemplate": {"hostNetwork": True}}, "spec.jobTemplate.hostNetwork", "not permitted"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_path(change, field, said):
    with pytest.raises(InvalidConnection) as caught:
        CloudConnection.read(resource({**SPEC, **change}))
    assert caught.value.field == field
    assert said in str(caught.value)


@pytest.mark.parametrize("name", sorted(REFUSED.keys() - LAXER))
def test_what_the_api_server_refuses_makes_no_sense_here_either(name):
    change, _ = REFUSED[name]
    with pytest.raises(InvalidConnection) as caught:
        CloudConnection.read(connection(**change))
    assert caught.value.field.startswith("spec.")
    assert len(str(caught.value)) < 1000


def test_what_stands_beside_a_wrong_spec_can_be_read():
    raw = resource({"provider": "nebula", "deletionPolicy": "Delete"}, {"activeJob": "sync-1"})
    with pytest.raises(InvalidConnection) as caught:
        CloudConnection.read(raw)
    assert caught.value.metadata.uid == "u-1"
    assert caught.value.status.active_job == "sync-1"
    assert caught.value.deletion_policy is DeletionPolicy.DELETE


def test_a_resource_without_a_spec_is_told_and_not_stumbled_over():
    with pytest.raises(InvalidConnection) as caught:
        CloudConnection.read({"metadata": {"name": "empty"}})
    assert caught.value.field == "spec"


@pytest.mark.parametrize("name", ["a" * 64, "beget.main"])
def test_a_name_that_is_no_label_is_refused(name):
    with pytest.raises(InvalidConnection) as caught:
        CloudConnection.read(resource(name=name))
    assert caught.value.field == "metadata.name"


cron_lines = st.lists(
    st.from_regex(r"(\*|[0-9]{1,2}(-[0-9]{1,2})?)(/[1-9][0-9]?)?", fullmatch=True),
    min_size=5,
    max_size=5,
).map(" ".join)
TAKEN = [
    "@daily",
    "@Weekly",
    "0 */6 * * *",
    "*/15 9-18 * * MON-FRI",
    "5,35 4 1,15 jan-mar 0,7",
    "0 3 last * *",
    " 0  3 * * 1-5/2 ",
]


@pytest.mark.parametrize("line", TAKEN)
def test_a_schedule_that_the_dashboard_takes_is_taken_here(line):
    schedule.check(line, "Europe/Moscow", now=NOW)
    assert read_spec({**SPEC, "schedule": line}).schedule == line


@given(line=cron_lines)
def test_a_schedule_of_the_right_form_has_times_or_is_told_to_have_none(line):
    assume(is_taken(SCHEDULE.check, line))
    with suppress(Invalid):
        schedule.check(line, "Europe/Moscow", now=NOW)


def test_every_time_zone_there_is_can_be_named():
    for zone in zoneinfo.available_timezones():
        assert TIME_ZONE.check(zone) == zone


@given(slug=st.from_regex(r"[a-z0-9-]{1,64}", fullmatch=True))
def test_an_organizations_slug_is_the_same_here_and_there(slug):
    assert is_taken(ORGANIZATION.check, slug) == is_taken(text.slug, slug)


def test_settings_go_by_a_providers_own_names():
    spec = read_spec({**SPEC, "settings": {"statisticsSeconds": 60, "collectMailboxes": False}})
    named = spec.settings_by_name()
    assert named == {"statistics_seconds": 60, "collect_mailboxes": False}
    assert settings_document({**named, "requests_per_second": None}) == spec.settings


def test_a_manifest_can_be_read_again():
    spec = read_spec(
        {
            **SPEC,
            "suspend": True,
            "jobTemplate": {
                "resources": {"limits": {"memory": "1Gi", "cpu": 2}},
                "tolerations": [{"key": "batch", "operator": "Exists"}],
                "nodeSelector": {"pool": "batch"},
            },
        }
    )
    written = manifest(spec, name="beget-main", namespace="finops")
    assert written["apiVersion"] == "infrazen.io/v1alpha1"
    assert CloudConnection.read(json.loads(json.dumps(written))).spec == spec


def test_models_do_not_change():
    with pytest.raises(ValidationError):
        read_spec(SPEC).suspend = True


def test_a_status_comes_back_as_it_was_written():
    status = Status.model_validate(
        {
            "observed_generation": 2,
            "conditions": [{"type": "Ready", "status": "True", "last_transition_time": NOW}],
            "last_sync": {
                "trigger": "Manual",
                "phase": "Failed",
                "start_time": NOW,
                "completion_time": NOW,
                "reason": "Throttled",
            },
            "history": [{"trigger": "Manual", "phase": "Failed"}],
        }
    )
    document = status_document(status)
    assert document["conditions"][0]["lastTransitionTime"] == "2026-11-26T09:00:00Z"
    assert document["activeJob"] is None
    assert document["lastSync"]["cost"] is None
    assert document["history"] == [{"trigger": "Manual", "phase": "Failed"}]
    assert Status.read(json.loads(json.dumps(document))) == status
    ready = status.condition("Ready")
    assert ready
    assert ready.status is Truth.TRUE


@pytest.mark.parametrize("raw", [None, "broken", {"conditions": "broken"}, {"history": [{}]}])
def test_a_status_that_somebody_spoiled_counts_as_absent_in_that_part(raw):
    assert Status.read(raw) == Status()
    if isinstance(raw, dict):
        assert Status.read({**raw, "activeJob": "sync-1"}).active_job == "sync-1"


@pytest.mark.parametrize("text", ["", "killed", "{}", '{"trigger": "Manual"}', "[]"])
def test_a_message_that_is_no_result_is_told_apart(text):
    with pytest.raises(Invalid):
        LastSync.read(text)


def test_every_field_has_a_description():
    for model in (Spec, Status, LastSync):
        assert all(field.description for field in model.model_fields.values()), model


def test_a_jobs_result_is_read_as_it_was_written():
    failed = failure_of(
        reason="Throttled",
        message="ask later",
        trigger=Trigger.MANUAL,
        started_at=NOW,
        finished_at=NOW,
        job_name="sync-1",
    )
    read = LastSync.read(encoded(failed).decode())
    assert json.loads(encoded(failed)) == status_document(Status(last_sync=read))["lastSync"]


@pytest.mark.parametrize(
    ("written", "model"),
    [
        (result.FailedSync, LastSync),
        (result.Resources, Found),
        (result.Cost, Cost),
        (result.Rate, Rate),
        (result.Trouble, Trouble),
    ],
)
def test_a_jobs_result_and_a_status_have_the_same_fields(written, model):
    here = {info.alias for info in model.model_fields.values()}
    there = {field.encode_name for field in msgspec.structs.fields(written)}
    assert here == there - {"purge"}  # of a clean-up: what stands in status.removal
