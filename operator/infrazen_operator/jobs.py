"""The Jobs of a connection as manifests: what runs, with which rights, and when it gives up.

A sync's Job stands beside its CloudConnection, which owns it. What releases or purges a
connection runs in the operator's own namespace, so that deleting a namespace never waits for
a Job in it. Nothing in a manifest is secret: credentials are named, and the kubelet puts them
into the container.
"""

from typing import Any

from infrazen.manifests.connection import CloudConnection, Metadata
from infrazen.manifests.handed import HANDED, credential_variable, handed
from infrazen.manifests.names import (
    API_VERSION,
    CONNECTION,
    CONNECTION_NAMESPACE,
    CONNECTION_UID,
    KIND,
    MANAGED_BY,
    OPERATOR,
    ORGANIZATION,
    PURPOSE,
    Purpose,
)
from infrazen.manifests.spec import JobTemplate, Spec
from infrazen.provider_kit.forms import form_fields
from infrazen.providers import provider
from infrazen_operator.decision import Run
from infrazen_operator.job_failures import failure_policy
from infrazen_operator.job_pod import TERMINATION_LOG, pod, secret_variable, variable
from infrazen_operator.job_settings import JobSettings
from infrazen_operator.job_template import allowed, pod_parts, resources

JOB_NAME = "INFRAZEN_JOB_NAME"
START_SECONDS = 300
"""What a Job has beside its sync's own time: for a node, an image, and writing at the end."""
PASS_SECONDS = 20
"""How long a purge works before it tells how far it is; another Job goes on from there."""
CLEANUP_SECONDS = 6 * 3600
CLEANUP_RETRIES = 2
_FIRST_PAUSE, _LONGEST_PAUSE = 10, 600
"""How long the Job controller waits before it replaces a pod that failed, first and at most."""
_RESULT = ("--result-file", TERMINATION_LOG)


def sync_job(connection: CloudConnection, run: Run, settings: JobSettings) -> dict[str, Any]:
    """The Job that syncs ``connection`` once, beside it and owned by it."""
    meta, spec = connection.metadata, connection.spec
    template = spec.job_template
    words = ("sync", "run", "--from-environment", "--trigger", run.trigger or "Manual")
    told = ("--requested-by", meta.handle, *_RESULT, "--quiet", "--exit-zero-on-partial")
    body = pod(
        settings,
        container=run.purpose,
        command=[*words, *told],
        environment=[
            variable(JOB_NAME, run.name),
            variable(HANDED, handed(connection)),
            *_credentials(spec),
        ],
        resources=resources(template, requests=settings.requests, limits=settings.limits),
    )
    job = _job(
        run,
        settings,
        namespace=meta.namespace,
        labels={**allowed(template.labels), **_labels(meta, run), ORGANIZATION: spec.organization},
        annotations={**allowed(template.annotations), **run.annotations()},
        pod={**body, **pod_parts(template)},
    )
    job["metadata"]["ownerReferences"] = [_owner(meta)]
    job["spec"] |= {
        "activeDeadlineSeconds": deadline_seconds(spec),
        "backoffLimit": spec.retries,
    }
    return job


def cleanup_job(metadata: Metadata, run: Run, settings: JobSettings) -> dict[str, Any]:
    """The Job that releases or purges what a resource managed; it needs nothing of the spec."""
    which = ("--managed-by", metadata.handle, "--uid", metadata.uid)
    pause = ("--seconds", str(PASS_SECONDS)) if run.purpose is Purpose.PURGE else ()
    words = ("connection", run.purpose, *which, *pause, *_RESULT)
    body = pod(
        settings,
        container=run.purpose,
        command=words,
        environment=[variable(JOB_NAME, run.name)],
        resources=resources(JobTemplate(), requests=settings.requests, limits=settings.limits),
    )
    job = _job(
        run,
        settings,
        namespace=settings.namespace,
        labels=_labels(metadata, run),
        annotations=run.annotations(),
        pod=body,
    )
    job["spec"] |= {
        "activeDeadlineSeconds": CLEANUP_SECONDS,
        "backoffLimit": CLEANUP_RETRIES,
    }
    return job


def deadline_seconds(spec: Spec) -> int:
    """How long a sync's Job may be active: its time, its start, and the pauses between tries.

    Tries share the sync's time: one that has used it up is not followed by another.
    """
    pauses = sum(min(_FIRST_PAUSE << nth, _LONGEST_PAUSE) for nth in range(spec.retries))
    return spec.timeout_seconds + START_SECONDS + pauses


def _job(
    run: Run,
    settings: JobSettings,
    *,
    namespace: str,
    labels: dict[str, str],
    annotations: dict[str, str],
    pod: dict[str, Any],
) -> dict[str, Any]:
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": run.name,
            "namespace": namespace,
            "labels": labels,
            "annotations": annotations,
        },
        "spec": {
            "ttlSecondsAfterFinished": settings.ttl_seconds,
            "podFailurePolicy": failure_policy(run.purpose),
            "template": {
                "metadata": {"labels": labels, "annotations": annotations},
                "spec": pod,
            },
        },
    }


def _labels(meta: Metadata, run: Run) -> dict[str, str]:
    return {
        MANAGED_BY: OPERATOR,
        "app.kubernetes.io/name": "infrazen",
        "app.kubernetes.io/component": "job",
        PURPOSE: run.purpose,
        CONNECTION: meta.name,
        CONNECTION_NAMESPACE: meta.namespace,
        CONNECTION_UID: meta.uid,
    }


def _owner(meta: Metadata) -> dict[str, Any]:
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "name": meta.name,
        "uid": meta.uid,
        "controller": True,
        "blockOwnerDeletion": False,
    }


def _credentials(spec: Spec) -> list[dict[str, Any]]:
    if spec.credentials_secret_ref is None:
        return []
    return [
        secret_variable(
            credential_variable(field.name),
            secret=spec.credentials_secret_ref.name,
            key=field.name,
            optional=not field.required,
        )
        for field in form_fields(provider(spec.provider).credentials)
    ]
