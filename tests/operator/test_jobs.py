"""Manifests of Jobs: shape, security, what runs, and when it gives up."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.cli.exits import Exit
from infrazen.domain.syncs import Trigger
from infrazen.manifests.connection import CloudConnection
from infrazen.manifests.handed import HANDED, credential_variable, read_handed
from infrazen.manifests.names import Purpose
from infrazen.manifests.spec import JobTemplate, Resources, Toleration
from infrazen.provider_kit.forms import form_fields
from infrazen.providers import all_providers
from infrazen_operator.decision import Priority, Run
from infrazen_operator.job_settings import JobSettings
from infrazen_operator.jobs import cleanup_job, deadline_seconds, sync_job
from infrazen_operator.names import job_name
from tests.canary import CANARY, assert_absent
from tests.operator.job_shape import check_job

SETTINGS = JobSettings(
    image="registry.example/infrazen-core:1",
    namespace="infrazen",
    pull_secrets=("pull",),
    service_account="infrazen-jobs",
    secrets=("infrazen-jobs",),
    config_maps=("infrazen-jobs",),
    environment={"INFRAZEN_LOG_FORMAT": "json"},
)


def resource(name="beget-main", annotations=None, **spec):
    return CloudConnection.read(
        {
            "metadata": {
                "name": name,
                "namespace": "finops",
                "uid": "0e9b9f4e-52f1-4e0b-9c86-1f5a52b1a0a1",
                "generation": 3,
                "annotations": annotations or {},
            },
            "spec": {
                "provider": "beget",
                "organization": "acme",
                "credentialsSecretRef": {"name": "beget-secret"},
                **spec,
            },
        }
    )


def unchecked(connection, **parts):
    """``connection`` with a template that an older or a broken API server let in."""
    template = JobTemplate.model_construct(**parts)
    spec = connection.spec.model_copy(update={"job_template": template})
    return connection.model_copy(update={"spec": spec})


def run_of(connection, purpose=Purpose.SYNC, trigger=Trigger.SCHEDULE, key="2026-11-26T09:00:00Z"):
    return Run(
        name=job_name(connection.metadata, trigger or purpose, key),
        purpose=purpose,
        trigger=trigger,
        run_key=key,
        due=datetime(2026, 11, 26, 9, tzinfo=UTC),
        priority=Priority.SCHEDULED,
    )


def job_of(connection, settings=SETTINGS, **run):
    return sync_job(connection, run_of(connection, **run), settings)


def container_of(job):
    (container,) = job["spec"]["template"]["spec"]["containers"]
    return container


def environment_of(job):
    return {one["name"]: one.get("value", one.get("valueFrom")) for one in container_of(job)["env"]}


def test_a_syncs_job_as_a_whole():
    job = job_of(resource(retries=2, timeoutSeconds=600))
    check_job(job)
    assert job["metadata"]["namespace"] == "finops"
    assert job["metadata"]["ownerReferences"] == [
        {
            "apiVersion": "infrazen.io/v1alpha1",
            "kind": "CloudConnection",
            "name": "beget-main",
            "uid": "0e9b9f4e-52f1-4e0b-9c86-1f5a52b1a0a1",
            "controller": True,
            "blockOwnerDeletion": False,
        }
    ]
    assert job["metadata"]["labels"] == {
        "app.kubernetes.io/managed-by": "infrazen-operator",
        "app.kubernetes.io/name": "infrazen",
        "app.kubernetes.io/component": "job",
        "infrazen.io/purpose": "sync",
        "infrazen.io/connection": "beget-main",
        "infrazen.io/connection-namespace": "finops",
        "infrazen.io/connection-uid": "0e9b9f4e-52f1-4e0b-9c86-1f5a52b1a0a1",
        "infrazen.io/organization": "acme",
    }
    assert job["spec"]["template"]["metadata"]["labels"] == job["metadata"]["labels"]
    assert job["metadata"]["annotations"]["infrazen.io/trigger"] == "Schedule"
    assert job["metadata"]["annotations"]["infrazen.io/run-key"] == "2026-11-26T09:00:00Z"
    assert job["spec"]["backoffLimit"] == 2
    assert job["spec"]["activeDeadlineSeconds"] == 600 + 300 + 10 + 20
    pod = job["spec"]["template"]["spec"]
    assert pod["serviceAccountName"] == "infrazen-jobs"
    assert pod["imagePullSecrets"] == [{"name": "pull"}]
    assert container_of(job)["envFrom"] == [
        {"configMapRef": {"name": "infrazen-jobs"}},
        {"secretRef": {"name": "infrazen-jobs"}},
    ]


def test_what_a_sync_runs():
    command = container_of(job_of(resource(), trigger=Trigger.MANUAL))["command"]
    assert command == [
        *("infrazen", "sync", "run", "--from-environment"),
        *("--trigger", "Manual", "--requested-by", "finops/beget-main"),
        *("--result-file", "/dev/termination-log", "--quiet", "--exit-zero-on-partial"),
    ]


@pytest.mark.parametrize("slug", sorted(all_providers()))
def test_credentials_are_named_by_field_and_never_held(slug):
    job = job_of(resource(provider=slug))
    known = environment_of(job)
    for field in form_fields(all_providers()[slug].credentials):
        reference = known[credential_variable(field.name)]["secretKeyRef"]
        assert (reference["name"], reference["key"]) == ("beget-secret", field.name)
        assert reference.get("optional", False) is not field.required


def test_the_job_is_handed_the_connection():
    connection = resource(displayName="Beget, основной", settings={"collectStatistics": False})
    found = read_handed(environment_of(job_of(connection))[HANDED])
    assert (found.handle, found.uid, found.generation) == (
        connection.metadata.handle,
        connection.metadata.uid,
        3,
    )
    assert found.spec == connection.spec


def test_nothing_of_a_spec_is_taken_for_a_variable_by_the_kubelet():
    """A name such as ``$(INFRAZEN_MASTER_KEYS)`` would else be shown with the keys in it."""
    name = "$(INFRAZEN_MASTER_KEYS) costs $5, $$"
    job = job_of(resource(displayName=name))
    assert "$" not in json.dumps([container_of(job)["env"], container_of(job)["command"]])
    assert read_handed(environment_of(job)[HANDED]).spec.display_name == name


def test_a_long_job_template_does_not_go_into_the_environment():
    job = job_of(resource(jobTemplate={"annotations": {f"a{n}": "x" * 1024 for n in range(32)}}))
    assert len(environment_of(job)[HANDED]) < 1000


def test_ends_that_fail_a_job_at_once_and_ends_that_are_tried_again():
    rules = job_of(resource())["spec"]["podFailurePolicy"]["rules"]
    assert rules[0]["onPodConditions"] == [{"type": "DisruptionTarget", "status": "True"}]
    hopeless = set(rules[1]["onExitCodes"]["values"])
    again = {
        Exit.BUG,
        Exit.TRY_LATER,
        Exit.PROVIDER,
        Exit.STORAGE,
        Exit.LEASE_LOST,
        Exit.ALREADY_RUNNING,
        Exit.PARTIAL,
        Exit.INTERRUPTED,
    }
    assert hopeless | again | {Exit.DONE} == set(Exit), "a new exit code belongs to one of them"
    assert not hopeless & again


def test_tries_share_the_syncs_time():
    spec = resource(retries=10, timeoutSeconds=60).spec
    assert deadline_seconds(spec) == 60 + 300 + 10 + 20 + 40 + 80 + 160 + 320 + 4 * 600


@pytest.mark.parametrize("purpose", [Purpose.RELEASE, Purpose.PURGE])
def test_what_cleans_up_runs_where_the_operator_does_and_needs_no_credentials(purpose):
    connection = resource(jobTemplate={"nodeSelector": {"of": "tenants"}})
    run = run_of(connection, purpose=purpose, trigger=None, key="1")
    job = cleanup_job(connection.metadata, run, SETTINGS)
    check_job(job)
    assert job["metadata"]["namespace"] == "infrazen"
    assert "ownerReferences" not in job["metadata"], "an owner is in the same namespace"
    assert job["metadata"]["labels"]["infrazen.io/connection-uid"] == connection.metadata.uid
    assert container_of(job)["command"] == [
        *("infrazen", "connection", purpose, "--managed-by", "finops/beget-main"),
        *("--uid", connection.metadata.uid),
        *(("--seconds", "20") if purpose is Purpose.PURGE else ()),
        *("--result-file", "/dev/termination-log"),
    ]
    assert not any("CREDENTIAL" in name for name in environment_of(job))
    assert "nodeSelector" not in job["spec"]["template"]["spec"]


def test_a_template_chooses_nodes_and_resources():
    job = job_of(
        resource(
            jobTemplate={
                "resources": {"limits": {"memory": "2Gi"}, "requests": {"cpu": 2}},
                "nodeSelector": {"pool": "finops"},
                "tolerations": [{"key": "pool", "operator": "Exists", "effect": "NoSchedule"}],
                "labels": {"team": "finops"},
                "annotations": {"cluster-autoscaler.kubernetes.io/safe-to-evict": "false"},
            }
        )
    )
    pod = job["spec"]["template"]["spec"]
    assert pod["nodeSelector"] == {"pool": "finops"}
    assert pod["tolerations"] == [{"key": "pool", "operator": "Exists", "effect": "NoSchedule"}]
    assert job["metadata"]["labels"]["team"] == "finops"
    assert len(job["metadata"]["annotations"]) == 3
    assert container_of(job)["resources"] == {
        "requests": {"cpu": 2},
        "limits": {"memory": "2Gi"},
    }


RESERVED = [
    "infrazen.io/connection-uid",
    "reconcile.infrazen.io/requestedAt",
    "app.kubernetes.io/managed-by",
    "app.kubernetes.io/name",
    "batch.kubernetes.io/job-name",
    "job-name",
    "controller-uid",
    "container.apparmor.security.beta.kubernetes.io/sync",
    "seccomp.security.alpha.kubernetes.io/pod",
    "pod-security.kubernetes.io/enforce",
]


@pytest.mark.parametrize("kind", ["labels", "annotations"])
@pytest.mark.parametrize("name", RESERVED)
def test_a_template_replaces_nothing_of_ours(name, kind):
    plain = job_of(resource())
    job = job_of(unchecked(resource(), **{kind: {name: "evil"}}))
    own = {"app.kubernetes.io/managed-by", "app.kubernetes.io/name"}
    if kind == "annotations" and name in own:
        assert job["metadata"]["labels"] == plain["metadata"]["labels"]
        return
    assert job["metadata"] == plain["metadata"]
    assert job["spec"]["template"]["metadata"] == plain["spec"]["template"]["metadata"]


def test_settings_of_the_installation_do_not_replace_what_a_job_says():
    wrong = {
        HANDED: "{}",
        credential_variable("password"): "x",
        "HOME": "/",
        "INFRAZEN_DATA_DIR": "/",
    }
    job = job_of(resource(), settings=replace(SETTINGS, environment=wrong))
    names = [one["name"] for one in container_of(job)["env"]]
    assert len(names) == len(set(names))
    assert read_handed(environment_of(job)[HANDED]).name == "beget-main"
    assert environment_of(job)["HOME"] == "/tmp"


def test_no_secret_that_somebody_wrote_beside_the_spec_gets_into_a_job():
    applied = {"kubectl.kubernetes.io/last-applied-configuration": CANARY}
    job = job_of(resource(annotations=applied))
    assert_absent(json.dumps(job, ensure_ascii=False), where="a Job")


words = st.text(max_size=60)
one_line = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200)
labels = st.dictionaries(
    st.from_regex(r"([a-z0-9]{1,20}\.io/)?[a-z0-9]([a-z0-9._-]{0,20}[a-z0-9])?", fullmatch=True)
    | st.sampled_from(RESERVED),
    st.from_regex(r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,20}[A-Za-z0-9])?)?", fullmatch=True),
    max_size=5,
)
templates = st.fixed_dictionaries(
    {},
    optional={
        "labels": labels,
        "annotations": st.dictionaries(words | st.sampled_from(RESERVED), words, max_size=5),
        "node_selector": labels,
        "tolerations": st.lists(st.builds(Toleration, key=words), max_size=3).map(tuple),
        "resources": st.builds(
            Resources,
            **{
                part: st.dictionaries(st.sampled_from(["cpu", "memory"]), st.integers(1, 9))
                for part in ("requests", "limits")
            },
        ),
    },
)


@given(
    name=st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True),
    display_name=one_line,
    template=templates,
    timeout=st.integers(1, 86_400),
    retries=st.integers(0, 10),
    trigger=st.sampled_from(Trigger),
    key=words,
)
def test_whatever_people_write_the_job_is_valid_and_restricted(
    name, display_name, template, timeout, retries, trigger, key
):
    written = resource(name, displayName=display_name, timeoutSeconds=timeout, retries=retries)
    connection = unchecked(written, **template)
    job = job_of(connection, trigger=trigger, key=key)
    check_job(job)
    plain = job_of(resource(name), trigger=trigger, key=key)
    assert plain["metadata"]["labels"].items() <= job["metadata"]["labels"].items()
    assert plain["metadata"]["annotations"].items() <= job["metadata"]["annotations"].items()
    assert "$" not in json.dumps([container_of(job)["env"], container_of(job)["command"]])
    assert read_handed(environment_of(job)[HANDED]).spec.display_name == display_name
    assert job["spec"]["activeDeadlineSeconds"] > timeout


@given(
    key=words,
    template=templates,
    purpose=st.sampled_from([Purpose.RELEASE, Purpose.PURGE]),
)
def test_whatever_people_write_what_cleans_up_is_valid_and_restricted(key, template, purpose):
    connection = unchecked(resource(), **template)
    run = run_of(connection, purpose=purpose, trigger=None, key=key)
    check_job(cleanup_job(connection.metadata, run, SETTINGS))
