"""What the operator says of a CloudConnection."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Self

from pydantic import Field, ValidationError

from infrazen.domain.syncs import EndpointStatus, Phase, Trigger
from infrazen.errors import Invalid
from infrazen.manifests.fields import Moment, Part

LONGEST_HISTORY = 10
MOST_ENDPOINTS = 100
MOST_ROWS = 10**15


class Truth(StrEnum):
    """Whether a condition holds."""

    TRUE = "True"
    FALSE = "False"
    UNKNOWN = "Unknown"


class Condition(Part):
    """One aspect of how the connection is."""

    type: str = Field(
        max_length=316,
        description="Ready, Reconciling, Stalled, CredentialsValid or Degraded.",
    )
    status: Truth = Field(description="True, False, or Unknown.")
    reason: str = Field(
        default="",
        max_length=1024,
        description="One stable CamelCase word; docs/reference/reasons.md lists them.",
    )
    message: str = Field(
        default="", max_length=32768, description="What it means and what to do, for people."
    )
    observed_generation: int = Field(
        default=0, ge=0, description="The metadata.generation that this was said of."
    )
    last_transition_time: Moment = Field(description="When status last changed.")


class Found(Part):
    """How many resources a run found and what became of them."""

    found: int = Field(default=0, ge=0, description="Resources that the provider listed.")
    created: int = Field(default=0, ge=0, description="Of these, seen for the first time.")
    updated: int = Field(default=0, ge=0, description="Of these, changed since the last run.")
    deleted: int = Field(default=0, ge=0, description="Known ones that are gone.")
    unchanged: int = Field(default=0, ge=0, description="Of these, as they were.")


class Rate(Part):
    """Exact amounts, with at least two decimals."""

    daily: str = Field(max_length=40, description="Per day.")
    monthly: str = Field(max_length=40, description="Per month.")


class Cost(Part):
    """What the account costs."""

    currency: str = Field(max_length=3, description="ISO 4217 code of the currency.")
    payable: Rate = Field(description="What there is to pay.")
    listed: Rate = Field(description="Every line as the provider states it, without discounts.")


class Trouble(Part):
    """A part of the provider's API that was not read."""

    name: str = Field(max_length=253, description="The part, such as legacy.mysql.")
    status: EndpointStatus = Field(description="Failed or Skipped.")
    message: str = Field(default="", max_length=1024, description="Why, in the provider's words.")


class LastSync(Part):
    """The last finished run."""

    snapshot_id: str | None = Field(
        default=None, max_length=36, description="Id of its snapshot; absent if it never began."
    )
    connection_id: str | None = Field(
        default=None,
        max_length=36,
        description="Id of the connection in InfraZen; absent if the run did not get that far.",
    )
    job_name: str | None = Field(default=None, max_length=253, description="The Job that ran it.")
    trigger: Trigger = Field(
        description="Why it ran: Schedule, Manual, Spec or Credentials (either has changed)."
    )
    phase: Phase = Field(
        description="How it ended: Succeeded, Partial (some endpoints were not read) or Failed."
    )
    start_time: Moment = Field(description="When it began.")
    completion_time: Moment = Field(description="When it ended.")
    resources: Found = Field(default_factory=Found, description="What it found.")
    cost: Cost | None = Field(default=None, description="What the account costs, if it was read.")
    endpoints: tuple[Trouble, ...] = Field(
        default=(),
        max_length=MOST_ENDPOINTS,
        description="Parts of the provider's API that were not read.",
    )
    reason: str | None = Field(
        default=None, max_length=1024, description="Why it failed, as one stable CamelCase word."
    )
    message: str | None = Field(
        default=None, max_length=4096, description="Why it failed and what to do."
    )

    @classmethod
    def read(cls, document: str) -> Self:
        """The result that a Job left as its container's termination message, or ``Invalid``."""
        try:
            return cls.model_validate_json(document)
        except ValidationError as error:
            raise Invalid("the Job left no result that can be read") from error


class Run(Part):
    """A finished run, in short."""

    job_name: str | None = Field(default=None, max_length=253, description="The Job that ran it.")
    trigger: Trigger = Field(description="Why it ran.")
    phase: Phase = Field(description="How it ended.")
    start_time: Moment | None = Field(default=None, description="When it began.")
    completion_time: Moment | None = Field(default=None, description="When it ended.")
    reason: str | None = Field(
        default=None, max_length=1024, description="Why it failed, as one stable CamelCase word."
    )


class Removal(Part):
    """How far the data of a resource that is being deleted is gone, where it is to go."""

    progress: str = Field(
        max_length=16, description="How much of it is gone, in percent, such as 40%."
    )
    erased_rows: int = Field(ge=0, le=MOST_ROWS, description="Rows of the database that are gone.")
    total_rows: int = Field(ge=0, le=MOST_ROWS, description="Rows that there were when it began.")
    job_name: str | None = Field(default=None, max_length=253, description="The Job that told it.")
    time: Moment = Field(description="When it was told.")


class Status(Part):
    """How the connection is, as the operator saw it last."""

    observed_generation: int = Field(
        default=0, ge=0, description="The metadata.generation that the operator has seen."
    )
    conditions: tuple[Condition, ...] = Field(
        default=(),
        max_length=16,
        description="Ready, Reconciling, Stalled, CredentialsValid and Degraded.",
    )
    connection_id: str | None = Field(
        default=None, max_length=36, description="Id of the connection in InfraZen."
    )
    last_schedule_time: Moment | None = Field(
        default=None, description="The last time of the schedule that was acted upon."
    )
    next_schedule_time: Moment | None = Field(
        default=None, description="When the next scheduled sync is due; absent if none is."
    )
    last_handled_reconcile_at: str | None = Field(
        default=None,
        max_length=1024,
        description="The last value of the annotation reconcile.infrazen.io/requestedAt that was"
        " acted upon.",
    )
    observed_credentials: str | None = Field(
        default=None,
        max_length=253,
        description="The Secret's version, as in the annotation infrazen.io/credentials-version,"
        " that the last sync began with.",
    )
    observed_spec: str | None = Field(
        default=None,
        max_length=100,
        description="Which generation the last sync began with, and a digest of what of its spec"
        " a sync depends on.",
    )
    last_sync: LastSync | None = Field(default=None, description="The last finished run.")
    active_job: str | None = Field(
        default=None, max_length=253, description="Name of the Job that runs now."
    )
    queued_since: Moment | None = Field(
        default=None, description="Since when a sync waits for its turn."
    )
    history: tuple[Run, ...] = Field(
        default=(), max_length=LONGEST_HISTORY, description="The last ten runs, newest first."
    )
    removal: Removal | None = Field(
        default=None,
        description="How far the data is gone; absent unless the resource is being deleted with"
        " deletionPolicy: Delete.",
    )

    def condition(self, type_: str) -> Condition | None:
        """The condition of a type."""
        return next((one for one in self.conditions if one.type == type_), None)

    @classmethod
    def read(cls, raw: Any) -> Self:
        """The status in ``raw``; what cannot be read of it counts as absent.

        Whoever may write the status may have written anything.
        """
        known = dict(raw) if isinstance(raw, Mapping) else {}
        while True:
            try:
                return cls.model_validate(known)
            except ValidationError as error:
                for problem in error.errors(include_input=False, include_url=False):
                    known.pop(str(problem["loc"][0]), None)


def status_document(status: Status) -> dict[str, Any]:
    """``status`` as a merge patch takes it: whole, and null where nothing stands any more.

    A list goes as a whole, so nothing in it is null.
    """
    whole: dict[str, Any] = status.model_dump(mode="json", by_alias=True)
    present = status.model_dump(mode="json", by_alias=True, exclude_none=True)
    return _with_lists_of(whole, present)


def _with_lists_of(whole: dict[str, Any], present: dict[str, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for name, value in whole.items():
        if isinstance(value, dict):
            merged[name] = _with_lists_of(value, present[name])
        else:
            merged[name] = present[name] if isinstance(value, list) else value
    return merged
