"""What became of a Job: its own result, or why there is none."""

import re
from dataclasses import dataclass
from datetime import datetime

from infrazen import errors
from infrazen.domain.syncs import Phase, Trigger
from infrazen.errors import Invalid
from infrazen.manifests.status import LastSync
from infrazen_operator.reasons import Reason
from infrazen_operator.seen import Policy, SeenJob

_LONGEST_MESSAGE = 1000
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]{0,99}")
_NO_SECRET = re.compile(r'secret "([^"]*)" not found')
_NO_KEY = re.compile(r"couldn't find key \S+ in Secret \S+?/(\S+)")
_EXIT_CODE = re.compile(r"exit code (\d+)")
_SECRETS = ((_NO_SECRET, Reason.SECRET_MISSING), (_NO_KEY, Reason.SECRET_KEY_MISSING))
_CONFIG = frozenset({"CreateContainerConfigError"})
_IMAGE = frozenset(
    {
        "ErrImagePull",
        "ImagePullBackOff",
        "ImageInspectError",
        "InvalidImageName",
        "ErrImageNeverPull",
        "RegistryUnavailable",
        "SignatureValidationFailed",
    }
)
_UNSTARTED = frozenset({"CreateContainerError", "RunContainerError", "ContainerCannotRun"})
_LOST = {
    "Evicted": Reason.EVICTED,
    "TerminationByKubelet": Reason.EVICTED,
    "NodeLost": Reason.NODE_LOST,
    "NodeShutdown": Reason.NODE_LOST,
    "Terminated": Reason.NODE_LOST,
    "DeletionByTaintManager": Reason.NODE_LOST,
    "DeletionByPodGC": Reason.NODE_LOST,
    "PreemptionByScheduler": Reason.DISRUPTED,
    "Preempting": Reason.DISRUPTED,
    "EvictionByEvictionAPI": Reason.DISRUPTED,
}
_BY_EXIT_CODE = {
    2: "Usage",
    3: errors.NotFound.reason,
    4: errors.Conflict.reason,
    5: errors.CredentialsRefused.reason,
    6: errors.PermissionMissing.reason,
    8: errors.ProviderError.reason,
    9: errors.StorageUnavailable.reason,
    10: errors.SecretUnreadable.reason,
    11: errors.LeaseLost.reason,
    12: errors.SecondFactorRequired.reason,
    13: errors.EndpointNotAllowed.reason,
    14: errors.AlreadyRunning.reason,
    130: "Interrupted",
}
"""What an exit code of ``infrazen`` says where it is all that is left (``infrazen exits``)."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why something failed: the reason, and what was said of it, which may be nothing."""

    reason: str
    message: str = ""


def has_lost_node(job: SeenJob, policy: Policy, now: datetime) -> bool:
    """Whether a Job that has not ended waits for a pod that nobody ends.

    Its controller closes or replaces nothing before the pod has ended, and a node that is cut
    off or without power never says so.
    """
    lost_at = policy.lost_at(job.pod)
    return job.active and lost_at is not None and now >= lost_at


def holdup(job: SeenJob, *, secret: str | None, policy: Policy, now: datetime) -> Why | None:
    """Why a Job does not come on, where waiting alone does not mend that; else None.

    ``secret`` is the connection's own Secret; what else a Job needs is the installation's.
    """
    if has_lost_node(job, policy, now):
        return Why(Reason.NODE_LOST)
    pod = job.pod
    if pod is None or pod.started_at is not None:
        return None
    message = pod.waiting_message
    if pod.waiting_reason in _CONFIG:
        for pattern, reason in _SECRETS:
            found = pattern.search(message)
            if found and found[1] == secret:
                return Why(reason, message)
        return Why(Reason.POD_NOT_STARTED, message)
    # The kubelet's words for these change all the time, so they are not repeated.
    if pod.waiting_reason in _IMAGE:
        return Why(Reason.IMAGE_NOT_PULLED)
    return Why(Reason.POD_NOT_STARTED) if pod.waiting_reason in _UNSTARTED else None


def is_unschedulable(job: SeenJob) -> bool:
    """Whether no node takes an active Job's pod."""
    pod = job.pod
    return job.active and pod is not None and pod.waiting_reason == "Unschedulable"


def result_of(
    job: SeenJob, *, previous: LastSync | None, said: Why | None, ended: datetime
) -> LastSync:
    """How a Job that has ended, or has to, went.

    ``said`` is why it could not start, if that is known. ``previous`` lends its counts and costs
    to a run that succeeded and whose result has been lost.
    """
    told = _told(job)
    if told is not None and told.phase is not Phase.FAILED:
        return told.model_copy(update={"job_name": job.name, "reason": None, "message": None})
    began = LastSync(
        job_name=job.name,
        trigger=job.trigger or Trigger.MANUAL,
        phase=Phase.SUCCEEDED if job.succeeded else Phase.FAILED,
        start_time=_start_of(job),
        completion_time=ended,
    )
    if job.succeeded and told is None:
        kept = {"resources": previous.resources, "cost": previous.cost} if previous else {}
        return began.model_copy(update=kept)
    why = why_failed(job, told=told, said=said)
    return (told or began).model_copy(
        update={
            "job_name": job.name,
            "reason": why.reason,
            "message": why.message[:_LONGEST_MESSAGE],
        }
    )


def connection_id_of(job: SeenJob) -> str | None:
    """The connection's id in the database, as the Job's result names it."""
    told = _told(job)
    return (told.connection_id or None) if told is not None else None


def why_failed(job: SeenJob, *, told: LastSync | None, said: Why | None) -> Why:
    """The most telling of what is known about a Job's failure."""
    outside = _from_outside(job)
    if told is not None and told.reason != "Interrupted":
        return Why(_word(told.reason), told.message or "")
    if outside is not None:
        return outside
    if told is not None:
        return Why(_word(told.reason), told.message or "")
    return said or _by_controller(job)


def job_deleted(job_name: str, trigger: Trigger, *, said: Why | None, now: datetime) -> LastSync:
    """The result of a Job that is gone and told nothing; ``said`` is why it could not start."""
    message = f"the Job {job_name} was deleted before it had told its result"
    why = said or Why(Reason.JOB_DELETED, message)
    return LastSync(
        job_name=job_name,
        trigger=trigger,
        phase=Phase.FAILED,
        start_time=now,
        completion_time=now,
        reason=why.reason,
        message=why.message,
    )


def _told(job: SeenJob) -> LastSync | None:
    """The Job's own result, if it left one that can be read."""
    if job.pod is None or not job.pod.result:
        return None
    try:
        return LastSync.read(job.pod.result)
    except Invalid:
        return None


def _from_outside(job: SeenJob) -> Why | None:
    """What befell the sync rather than failed in it."""
    pod = job.pod
    if pod is not None and pod.ended_by == "OOMKilled":
        return Why(Reason.OUT_OF_MEMORY)
    if pod is not None and pod.lost_reason in _LOST:
        return Why(_LOST[pod.lost_reason], pod.lost_message)
    if job.failed_reason == "DeadlineExceeded" and pod is not None and pod.started_at is not None:
        return Why(Reason.DEADLINE_EXCEEDED)
    return None


def _by_controller(job: SeenJob) -> Why:
    """What the Job controller, or an exit code alone, says."""
    if job.failed_reason == "DeadlineExceeded":
        return Why(Reason.DEADLINE_EXCEEDED)
    code = _exit_code(job)
    if code in _BY_EXIT_CODE:
        return Why(_BY_EXIT_CODE[code])
    ended = f"ended with exit code {code}" if code is not None else "failed"
    if job.pod is not None and job.pod.lost_reason:
        ended = f"failed ({job.pod.lost_reason}: {job.pod.lost_message})"
    return Why(Reason.NO_RESULT, f"the Job {job.name} {ended} and left no result")


def _exit_code(job: SeenJob) -> int | None:
    if job.pod is not None and job.pod.exit_code is not None:
        return job.pod.exit_code
    found = _EXIT_CODE.search(job.failed_message)
    return int(found[1]) if found else None


def _start_of(job: SeenJob) -> datetime:
    started = job.pod.started_at if job.pod else None
    return started or job.started_at or job.created


def _word(reason: str | None) -> str:
    return reason if reason and _WORD.fullmatch(reason) else Reason.NO_RESULT
