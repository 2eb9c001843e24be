"""Jobs and Pods as the API server gives them, read into what is asked of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infrazen.domain.syncs import Trigger
from infrazen.manifests.names import (
    CONNECTION_UID,
    CREDENTIALS_VERSION,
    ORGANIZATION,
    PURPOSE,
    REQUESTED_AT,
    RUN_KEY,
    SPEC_MARK,
    TRIGGER,
    Purpose,
)
from infrazen_operator.seen import SeenJob, SeenPod

_ENDS = ("Complete", "Failed")
_PHASES_AFTER = frozenset({"Succeeded", "Failed"})
JOB_NAME = "batch.kubernetes.io/job-name"


@dataclass(frozen=True, slots=True)
class JobFacts:
    """A Job, which version of it this is, and whose it is."""

    uid: str
    version: int
    connection_uid: str
    namespace: str
    organization: str
    seen: SeenJob


@dataclass(frozen=True, slots=True)
class PodFacts:
    """A Pod, which version of it this is, and whose it is."""

    uid: str
    version: int
    connection_uid: str
    namespace: str
    job_name: str
    seen: SeenPod


def job_facts(job: Mapping[str, Any]) -> JobFacts | None:
    """What a Job says; None for one that is none of the operator's."""
    about, status = job["metadata"], job.get("status") or {}
    labels, notes = about.get("labels") or {}, about.get("annotations") or {}
    try:
        purpose = Purpose(labels.get(PURPOSE, ""))
        trigger = Trigger(notes[TRIGGER]) if notes.get(TRIGGER) else None
        uid = labels[CONNECTION_UID]
    except (ValueError, KeyError):
        return None
    end = next((one for one in _true(status) if one["type"] in _ENDS), None)
    has_failed = end is not None and end["type"] == "Failed"
    seen = SeenJob(
        name=about["name"],
        uid=about["uid"],
        namespace=about["namespace"],
        purpose=purpose,
        trigger=trigger,
        run_key=notes.get(RUN_KEY, ""),
        created=_moment(about["creationTimestamp"]),
        active=end is None,
        succeeded=end is not None and not has_failed,
        started_at=_moment_or_none(status.get("startTime")),
        finished_at=_end_of(status, end),
        failed_reason=end.get("reason", "") if end and has_failed else "",
        failed_message=end.get("message", "") if end and has_failed else "",
        failures=int(status.get("failed") or 0),
        requested_at=notes.get(REQUESTED_AT, ""),
        credentials_version=notes.get(CREDENTIALS_VERSION, ""),
        spec_mark=notes.get(SPEC_MARK, ""),
    )
    return JobFacts(
        uid=about["uid"],
        version=int(about["resourceVersion"]),
        connection_uid=uid,
        namespace=about["namespace"],
        organization=labels.get(ORGANIZATION, ""),
        seen=seen,
    )


def pod_facts(pod: Mapping[str, Any]) -> PodFacts | None:
    """What a Pod says; None for one that is none of the operator's."""
    about, status = pod["metadata"], pod.get("status") or {}
    labels = about.get("labels") or {}
    if not labels.get(CONNECTION_UID) or not labels.get(JOB_NAME):
        return None
    container = _own_container(status, labels.get(PURPOSE, ""))
    state = container.get("state") or {}
    ended, waiting = state.get("terminated") or {}, state.get("waiting") or {}
    began = ended or state.get("running") or {}
    lost = _lost(status)
    stuck = _waiting(waiting, status)
    seen = SeenPod(
        created=_moment(about["creationTimestamp"]),
        started_at=_moment_or_none(began.get("startedAt")),
        exit_code=ended.get("exitCode"),
        ended_by=ended.get("reason", ""),
        result=ended.get("message", ""),
        waiting_reason=stuck[0],
        waiting_message=stuck[1],
        lost_reason=lost[0],
        lost_message=lost[1],
        leaves_at=_leaves_at(pod),
    )
    return PodFacts(
        uid=about["uid"],
        version=int(about["resourceVersion"]),
        connection_uid=labels[CONNECTION_UID],
        namespace=about["namespace"],
        job_name=labels[JOB_NAME],
        seen=seen,
    )


def telling(pods: Iterable[PodFacts]) -> SeenPod | None:
    """The Pod that tells how its Job is: the one that was made last, or that has succeeded."""
    ordered = sorted(
        (pod.seen for pod in pods), key=lambda seen: (seen.exit_code == 0, seen.created)
    )
    return ordered[-1] if ordered else None


def _true(status: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [one for one in status.get("conditions") or () if one.get("status") == "True"]


def _end_of(status: Mapping[str, Any], end: Mapping[str, Any] | None) -> datetime | None:
    if end is None:
        return None
    return _moment_or_none(status.get("completionTime") or end.get("lastTransitionTime"))


def _own_container(status: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The sync's container, not one that was put beside it; it is called as its purpose is."""
    containers: list[dict[str, Any]] = status.get("containerStatuses") or []
    own = (one for one in containers if one.get("name") == name)
    return next(own, containers[0] if containers else {})


def _lost(status: Mapping[str, Any]) -> tuple[str, str]:
    """Why the Pod was taken away from its node, if it was."""
    disruption = next((one for one in _true(status) if one["type"] == "DisruptionTarget"), None)
    if disruption is not None:
        return disruption.get("reason", ""), disruption.get("message", "")
    return status.get("reason", ""), status.get("message", "")


def _leaves_at(pod: Mapping[str, Any]) -> datetime | None:
    """When a Pod that is being deleted has to have ended, which it has not yet."""
    if (pod.get("status") or {}).get("phase") in _PHASES_AFTER:
        return None
    return _moment_or_none(pod["metadata"].get("deletionTimestamp"))


def _waiting(waiting: Mapping[str, Any], status: Mapping[str, Any]) -> tuple[str, str]:
    """Why its container, or the Pod itself, cannot start yet."""
    if waiting:
        return waiting.get("reason", ""), waiting.get("message", "")
    for one in status.get("conditions") or ():
        if one.get("type") == "PodScheduled" and one.get("status") == "False":
            return one.get("reason", ""), one.get("message", "")
    return "", ""


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _moment_or_none(text: str | None) -> datetime | None:
    return _moment(text) if text else None
