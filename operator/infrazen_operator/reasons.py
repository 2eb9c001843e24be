"""The reasons of conditions and Events: stable words, what each means, and the way out.

The words of ``infrazen.errors``, which a sync reports, are reasons, too.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from infrazen import errors


class Reason(StrEnum):
    """Reasons that the operator finds itself."""

    SYNCED = "Synced"
    PARTLY_SYNCED = "PartlySynced"
    NOT_SYNCED = "NotSynced"
    SUSPENDED = "Suspended"
    IDLE = "Idle"
    AS_EXPECTED = "AsExpected"
    CREDENTIALS_ACCEPTED = "CredentialsAccepted"
    CREDENTIALS_UNTRIED = "CredentialsUntried"
    ENDPOINTS_NOT_READ = "EndpointsNotRead"

    SPEC_CHANGED = "SpecChanged"
    SYNC_REQUESTED = "SyncRequested"
    CREDENTIALS_CHANGED = "CredentialsChanged"
    SCHEDULE_MISSED = "ScheduleMissed"

    INVALID_SPEC = "InvalidSpec"
    ORGANIZATION_NOT_ALLOWED = "OrganizationNotAllowed"
    JOB_REFUSED = "JobRefused"
    SECRET_MISSING = "SecretMissing"  # noqa: S105
    SECRET_KEY_MISSING = "SecretKeyMissing"  # noqa: S105
    POD_NOT_STARTED = "PodNotStarted"
    IMAGE_NOT_PULLED = "ImageNotPulled"
    UNSCHEDULABLE = "Unschedulable"
    OUT_OF_MEMORY = "OutOfMemory"
    EVICTED = "Evicted"
    NODE_LOST = "NodeLost"
    DISRUPTED = "Disrupted"
    DEADLINE_EXCEEDED = "DeadlineExceeded"
    JOB_DELETED = "JobDeleted"
    NO_RESULT = "NoResult"

    RELEASING = "Releasing"
    RELEASED = "Released"
    RELEASE_FAILED = "ReleaseFailed"
    NOT_RELEASED = "NotReleased"
    PURGING = "Purging"
    PURGED = "Purged"
    PURGE_FAILED = "PurgeFailed"


_WORD = re.compile(r"^[a-z]+(?=[ ,'’])")
"""A word that begins a message, and no name of a field or address."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a reason means, and what to do about it: sentences; nothing where all is well."""

    meaning: str
    way_out: str = ""


_ASK = "ask for a sync with the annotation reconcile.infrazen.io/requestedAt"
_AGAIN = "It is tried again when the next sync is due."

KNOWN: dict[str, Known] = {
    Reason.SYNCED: Known("The last sync read everything."),
    Reason.PARTLY_SYNCED: Known(
        "The last sync read what it could; Degraded names what it could not.",
    ),
    Reason.NOT_SYNCED: Known("There was no sync yet."),
    Reason.SUSPENDED: Known(
        "No sync starts by itself while the connection is suspended.",
        f"Set spec.suspend to false, or {_ASK}.",
    ),
    Reason.IDLE: Known("Nothing is on its way."),
    Reason.AS_EXPECTED: Known("Nothing is wrong."),
    Reason.CREDENTIALS_ACCEPTED: Known("The provider has taken the credentials."),
    Reason.CREDENTIALS_UNTRIED: Known(
        "The Secret has what is needed, and no sync has tried it at the provider yet.",
        "Mend what Ready names: the next sync tries it.",
    ),
    Reason.ENDPOINTS_NOT_READ: Known(
        "Parts of the provider's API were not read; what was known of them stays as it was.",
        "See status.lastSync.endpoints for what the provider said. A permission that is missing"
        " is given at the provider; anything else is tried again when the next sync is due.",
    ),
    Reason.SPEC_CHANGED: Known("The resource is new or its spec has changed: a sync goes by it."),
    Reason.SYNC_REQUESTED: Known("Somebody asked for a sync by hand."),
    Reason.CREDENTIALS_CHANGED: Known("The Secret has changed: a sync tries it."),
    Reason.SCHEDULE_MISSED: Known(
        "A scheduled sync could not start within spec.startingDeadlineSeconds and was skipped.",
        f"If it was needed, {_ASK}. If this happens often, raise the operator's limits of"
        " running syncs or the deadline.",
    ),
    Reason.INVALID_SPEC: Known(
        "The spec makes no sense to the operator, though the API server let it in.",
        "Correct the field that the message names. If the field is a new one, the operator is"
        " older than the CRD: upgrade it.",
    ),
    Reason.ORGANIZATION_NOT_ALLOWED: Known(
        "Connections of this namespace may not belong to the organization.",
        "Set spec.organization to one that the namespace may use, or have the namespace allowed"
        " in the operator's settings.",
    ),
    Reason.JOB_REFUSED: Known(
        "The API server did not take the Job.",
        "Mend what the message names: spec.jobTemplate, or a quota, limit or policy of the"
        f" namespace. After a change outside of the resource, {_ASK}.",
    ),
    Reason.SECRET_MISSING: Known(
        "The Secret that spec.credentialsSecretRef names is not in the namespace.",
        f"Create it. If no sync starts by itself then, {_ASK}.",
    ),
    Reason.SECRET_KEY_MISSING: Known(
        "The Secret lacks a key that the provider needs.",
        f"Add the key to the Secret. If no sync starts by itself then, {_ASK}.",
    ),
    Reason.POD_NOT_STARTED: Known(
        "The Job's container could not be started.",
        f"Look at the pod's Events. {_AGAIN}",
    ),
    Reason.IMAGE_NOT_PULLED: Known(
        "The node could not pull the Job's image.",
        "Check the image's name, the registry and the pull secrets that the installation gives"
        f" to Jobs. {_AGAIN}",
    ),
    Reason.UNSCHEDULABLE: Known(
        "No node takes the Job's pod.",
        "Look at the pod's Events; lower its requests, or change nodeSelector and tolerations in"
        " spec.jobTemplate.",
    ),
    Reason.OUT_OF_MEMORY: Known(
        "The sync used more memory than its container may.",
        "Raise spec.jobTemplate.resources.limits.memory; a sync starts then.",
    ),
    Reason.EVICTED: Known(
        "The node was short of memory or disk and sent the pod away.",
        f"Give the Job requests that fit what it uses (spec.jobTemplate.resources). {_AGAIN}",
    ),
    Reason.NODE_LOST: Known("The node that ran the sync has gone.", _AGAIN),
    Reason.DISRUPTED: Known("The pod had to make room, or its node was drained.", _AGAIN),
    Reason.DEADLINE_EXCEEDED: Known(
        "The Job did not end within the time that it has.",
        "Raise spec.timeoutSeconds, or find out from the pod's Events why it could not start.",
    ),
    Reason.JOB_DELETED: Known(
        "The Job was deleted before it had told its result.",
        f"The dashboard may know it. {_AGAIN}",
    ),
    Reason.NO_RESULT: Known(
        "The Job ended without a result.",
        f"Look at the log of its pod. {_AGAIN}",
    ),
    Reason.RELEASING: Known("The resource is being deleted; its data stays."),
    Reason.RELEASED: Known("The resource was deleted; its data has stayed."),
    Reason.RELEASE_FAILED: Known(
        "The resource is being deleted, and the database could not be told so.",
        "Look at the log of the Job that the message names. When it has failed for good, the"
        " resource goes all the same.",
    ),
    Reason.NOT_RELEASED: Known(
        "The resource was deleted, and the database could not be told so: the dashboard still"
        " shows its connection.",
        "Run `infrazen connection release --managed-by NAMESPACE/NAME` where the database is"
        " reached, such as in the pod of the UI.",
    ),
    Reason.PURGING: Known("The resource is being deleted, and its data with it."),
    Reason.PURGED: Known("The resource and its data were deleted."),
    Reason.PURGE_FAILED: Known(
        "The data could not be deleted yet.",
        "Look at the log of the Job that the message names. It is tried again until it is done;"
        " to let the resource go and keep the data, set spec.deletionPolicy to Retain.",
    ),
    errors.CredentialsRefused.reason: Known(
        "The provider refused the credentials. They are not tried again, lest it lock the account.",
        f"Put credentials that work into the Secret. If no sync starts by itself then, {_ASK}.",
    ),
    errors.SecondFactorRequired.reason: Known(
        "The provider asks for a one-time code, which a machine cannot give.",
        "Put an API password or a token into the Secret. If no sync starts by itself then,"
        f" {_ASK}.",
    ),
    errors.PermissionMissing.reason: Known(
        "The credentials are right, but what is to be read is closed to them.",
        f"Give them the permission at the provider. {_AGAIN}",
    ),
    errors.Throttled.reason: Known("The provider asked to be asked less often.", _AGAIN),
    errors.ProviderUnavailable.reason: Known("The provider did not answer, or failed.", _AGAIN),
    errors.ProviderError.reason: Known("The provider answered with an error.", _AGAIN),
    errors.TimeLimitReached.reason: Known(
        "The time that a sync has was over before anything was read.",
        "Raise spec.timeoutSeconds, or ask the provider for a higher request rate.",
    ),
    errors.UnexpectedPayload.reason: Known(
        "The provider answered what its API does not document.",
        f"If it stays so, look for a newer InfraZen. {_AGAIN}",
    ),
    errors.EndpointNotAllowed.reason: Known(
        "The address in spec.endpoint, or one that the provider led to, is not allowed here.",
        "Correct spec.endpoint, or have the address allowed in the installation's settings;"
        f" then {_ASK}.",
    ),
    errors.Invalid.reason: Known(
        "The sync found a part of the spec, the Secret or the settings that makes no sense.",
        f"Correct what the message names. If no sync starts by itself then, {_ASK}.",
    ),
    errors.PrecisionLost.reason: Known(
        "The provider stated an amount finer than can be kept.",
        "Look at the log of the Job's pod and report it.",
    ),
    errors.CurrencyMismatch.reason: Known(
        "The provider stated amounts in two currencies where one was expected.",
        "Look at the log of the Job's pod and report it.",
    ),
    errors.NotFound.reason: Known(
        "Something that the spec names does not exist, such as its organization.",
        f"Correct spec.organization, or create the organization and {_ASK}.",
    ),
    errors.Conflict.reason: Known(
        "Another connection stands in the way, such as one with the same name.",
        f"Rename or remove the other one, then {_ASK}.",
    ),
    errors.ManagedElsewhere.reason: Known(
        "The connection belongs to another resource.",
        f"Remove one of the two, then {_ASK}.",
    ),
    errors.ReadElsewhere.reason: Known(
        "Another connection reads the same part of the cloud, which would count twice.",
        f"Choose clouds or folders in spec.settings of one of the two. {_AGAIN}",
    ),
    errors.Forbidden.reason: Known(
        "The installation does not allow it.",
        f"Have it allowed in the installation's settings, then {_ASK}.",
    ),
    errors.AlreadyRunning.reason: Known("Another sync of the connection was running.", _AGAIN),
    errors.LeaseLost.reason: Known("Another worker took the sync over.", _AGAIN),
    errors.SecretUnreadable.reason: Known(
        "The database holds a secret that the installation's keys do not open.",
        "Give the installation the master keys that it had before.",
    ),
    errors.StorageUnavailable.reason: Known(
        "The database did not answer, or is behind its migrations.",
        f"Check the database and the installation's migration Job. {_AGAIN}",
    ),
    errors.StorageBusy.reason: Known("The database was busy.", _AGAIN),
    errors.InfraZenError.reason: Known(
        "A defect in InfraZen.", "Look at the log of the Job's pod and report it."
    ),
    "Interrupted": Known("The sync was told to stop; nothing was written.", _AGAIN),
    "Usage": Known(
        "The Job was started in a way that the image does not know.",
        "Use images of operator and core of one version.",
    ),
    "Settings": Known(
        "A setting of the installation makes no sense.",
        "Correct what the message names in the installation's values.",
    ),
    "SystemError": Known("The Job's machine failed it.", f"Look at the pod's log. {_AGAIN}"),
}
"""Every reason, for messages and for the troubleshooting guide."""

SECRET_AT_FAULT = frozenset[str]({Reason.SECRET_MISSING, Reason.SECRET_KEY_MISSING})
"""What says that the Secret has not what the Job's container is to start with."""

CREDENTIALS_AT_FAULT = SECRET_AT_FAULT | {
    errors.CredentialsRefused.reason,
    errors.SecondFactorRequired.reason,
}
"""What says that the credentials, or the Secret they come from, are wrong."""

STALLING = CREDENTIALS_AT_FAULT | {
    errors.EndpointNotAllowed.reason,
    errors.Invalid.reason,
    errors.NotFound.reason,
    errors.Conflict.reason,
    errors.ManagedElsewhere.reason,
    errors.Forbidden.reason,
}
"""What only people can mend: no sync starts by schedule until one that they started went better."""


def told(reason: str, message: str) -> str:
    """``message``, or what ``reason`` means, and the way out: sentences."""
    known = KNOWN.get(reason, Known("The sync failed."))
    said = _WORD.sub(lambda word: word[0].capitalize(), message.strip()) or known.meaning
    ended = said if said.endswith((".", "!", "?", "…")) else f"{said}."
    return f"{ended} {known.way_out}".rstrip()
