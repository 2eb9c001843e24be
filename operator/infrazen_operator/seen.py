"""What the operator knows of one CloudConnection: all that ``plan`` goes by."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from infrazen.domain.syncs import Trigger
from infrazen.manifests.connection import CloudConnection, InvalidConnection, Metadata
from infrazen.manifests.names import Purpose
from infrazen.manifests.status import Status
from infrazen_operator.decision import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPod:
    """The latest pod of a Job, as its container stands.

    ``ended_by`` is the kubelet's word for the container's end, such as ``OOMKilled``;
    ``result`` is its termination message. ``waiting_reason`` says why the container, or the
    pod, cannot start yet; ``lost_reason`` why the pod was taken away, such as ``Evicted``.
    ``leaves_at`` is when a pod that was told to go has to have ended, None once it has.
    """

    created: datetime
    started_at: datetime | None = None
    exit_code: int | None = None
    ended_by: str = ""
    result: str = ""
    waiting_reason: str = ""
    waiting_message: str = ""
    lost_reason: str = ""
    lost_message: str = ""
    leaves_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenJob:
    """One of a connection's Jobs. It is active until the Job controller has closed it.

    ``failed_reason`` is the controller's word, such as ``DeadlineExceeded``; ``failures``
    are pods that have failed so far. ``trigger`` is None for what is no sync. The last
    three are what the Job's annotations say of the connection it was made for.
    """

    name: str
    uid: str
    namespace: str
    purpose: Purpose
    trigger: Trigger | None
    run_key: str
    created: datetime
    active: bool
    succeeded: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None
    failed_reason: str = ""
    failed_message: str = ""
    failures: int = 0
    pod: SeenPod | None = None
    requested_at: str = ""
    credentials_version: str = ""
    spec_mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A run whose Job the API server did not take: which, when, why.

    It is ``final`` where the same Job will be refused again (it is invalid), not so where a
    quota is used up or a webhook is away.
    """

    run: Run
    at: datetime
    message: str
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A connection, its Jobs and what the API server said of the last one.

    ``jobs`` are all Jobs with the connection's uid on their label, in whatever namespace. Two
    things the caller owes to ``plan``, which cannot know them: a Job that was created is
    among ``jobs`` from then on (the answer to its creation will do, and so will the Job that
    was found where its name was taken), and before a Job is missed it is asked for
    (``missing_job``). ``organization_allowed`` says whether the connection's namespace may
    have connections of its organization.
    """

    resource: CloudConnection | InvalidConnection
    jobs: tuple[SeenJob, ...] = ()
    refusal: Refusal | None = None
    organization_allowed: bool = True

    @property
    def metadata(self) -> Metadata:
        """The resource's metadata, which is readable even where the spec is not."""
        return self.resource.metadata

    @property
    def status(self) -> Status:
        """The status as it was written last."""
        return self.resource.status

    @property
    def missing_job(self) -> str | None:
        """A Job that the status calls active and that is not among ``jobs``.

        ``plan`` takes it for deleted. Ask the API server first: watches may lag behind.
        """
        name = self.status.active_job
        return None if name is None or name in {job.name for job in self.jobs} else name


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What an installation may choose.

    Connections that are due at one moment start within ``longest_jitter`` of it. A Job whose
    container cannot start, or whose pod does not go, ends after ``patience``. A pod that is still
    there ``leaving`` after it had to have ended has lost its node: nobody there answers for it.
    A Job that the API server refused is tried
    again after ``refusal_pause``, one that it refused for good after ``longest_pause``. Letting
    go of a connection is tried ``release_tries`` times and for ``release_patience``; deleting its
    data is tried until it is done, with pauses from ``first_pause`` to ``longest_pause``.
    """

    longest_jitter: timedelta = timedelta(seconds=60)
    patience: timedelta = timedelta(minutes=5)
    leaving: timedelta = timedelta(seconds=30)
    refusal_pause: timedelta = timedelta(minutes=1)
    release_tries: int = 3
    release_patience: timedelta = timedelta(minutes=15)
    first_pause: timedelta = timedelta(seconds=30)
    longest_pause: timedelta = timedelta(hours=1)

    def again_at(self, refusal: Refusal) -> datetime:
        """When a run that the API server refused is tried again."""
        return refusal.at + (self.longest_pause if refusal.final else self.refusal_pause)

    def lost_at(self, pod: SeenPod | None) -> datetime | None:
        """When the node of a pod that is being deleted counts as lost; None if it is not."""
        return pod.leaves_at + self.leaving if pod and pod.leaves_at else None

    def given_up_at(self, pod: SeenPod) -> datetime:
        """When a Job whose pod is held up ends."""
        return (pod.leaves_at or pod.created) + self.patience
