"""What people write into a CloudConnection."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, WithJsonSchema, model_validator
from pydantic.alias_generators import to_camel

from infrazen.errors import Invalid
from infrazen.manifests.fields import Asked
from infrazen.manifests.shapes import (
    ENDPOINT,
    LABEL_KEYS,
    LABEL_VALUE,
    NOT_RESERVED,
    ONE_LINE,
    ORGANIZATION,
    QUANTITY,
    SCHEDULE,
    SECRET_NAME,
    TIME_ZONE,
)
from infrazen.provider_kit.contract import ConnectionSettings, ProviderSpec
from infrazen.provider_kit.forms import form_fields, parse_settings
from infrazen.providers import provider

LONGEST_TIMEOUT = 24 * 3600
LONGEST_DEADLINE = 7 * 24 * 3600
MOST_RETRIES = 10
MOST_ENTRIES = 32

LONGEST_QUANTITY = 40

Quantity = Annotated[
    Annotated[int, Field(ge=0)]
    | Annotated[str, Field(max_length=LONGEST_QUANTITY, pattern=QUANTITY)],
    Field(union_mode="left_to_right"),
    WithJsonSchema(
        {
            "anyOf": [{"type": "integer"}, {"type": "string"}],
            "maxLength": LONGEST_QUANTITY,
            "pattern": QUANTITY,
            "x-kubernetes-int-or-string": True,
        }
    ),
]
Quantities = Annotated[dict[str, Quantity], LABEL_KEYS]
Labels = Annotated[
    dict[str, Annotated[str, Field(max_length=63), LABEL_VALUE]], LABEL_KEYS, NOT_RESERVED
]
NodeLabels = Annotated[dict[str, Annotated[str, Field(max_length=63), LABEL_VALUE]], LABEL_KEYS]
Annotations = Annotated[dict[str, Annotated[str, Field(max_length=1024)]], LABEL_KEYS, NOT_RESERVED]


class DeletionPolicy(StrEnum):
    """What becomes of a connection's data when its resource is deleted."""

    RETAIN = "Retain"
    DELETE = "Delete"


class SecretReference(Asked):
    """A Secret in the namespace of the CloudConnection."""

    name: Annotated[str, Field(min_length=1, max_length=253), SECRET_NAME] = Field(
        description="Name of the Secret. Its keys are the provider's credential fields, such as"
        " login and password for beget."
    )


class Resources(Asked):
    """What a sync's container may use; as in a Pod."""

    requests: Quantities = Field(
        default_factory=dict,
        max_length=8,
        description="What the container is given at least, such as cpu: 100m and memory: 256Mi.",
    )
    limits: Quantities = Field(
        default_factory=dict,
        max_length=8,
        description="What the container may use at most, such as memory: 512Mi.",
    )


class Toleration(Asked):
    """A taint that the Job's pod tolerates; as in a Pod."""

    key: str = Field(default="", max_length=317, description="The taint's key; empty for all.")
    operator: str = Field(
        default="Equal",
        max_length=10,
        description="Equal: key and value must be the taint's. Exists: the key alone must be.",
        json_schema_extra={"enum": ["Equal", "Exists"]},
    )
    value: str = Field(default="", max_length=63, description="The taint's value, with Equal.")
    effect: str = Field(
        default="",
        max_length=20,
        description="NoSchedule, PreferNoSchedule or NoExecute; empty for all of them.",
        json_schema_extra={"enum": ["", "NoSchedule", "PreferNoSchedule", "NoExecute"]},
    )
    toleration_seconds: int | None = Field(
        default=None,
        ge=0,
        description="How long a pod stays after a taint NoExecute was set; absent means for ever.",
    )


class JobTemplate(Asked):
    """What is merged into the Jobs of this connection."""

    resources: Resources = Field(
        default_factory=Resources,
        description="Requests and limits of the sync's container; what is absent is the"
        " installation's default.",
    )
    node_selector: NodeLabels = Field(
        default_factory=dict,
        max_length=MOST_ENTRIES,
        description="Labels of the nodes that may run the Job.",
    )
    tolerations: tuple[Toleration, ...] = Field(
        default=(), max_length=16, description="Taints that the Job's pod tolerates."
    )
    labels: Labels = Field(
        default_factory=dict,
        max_length=MOST_ENTRIES,
        description="Labels for the Job and its pod. Those of infrazen.io and"
        " app.kubernetes.io/managed-by are set by the operator.",
    )
    annotations: Annotations = Field(
        default_factory=dict,
        max_length=MOST_ENTRIES,
        description="Annotations for the Job and its pod. Those of infrazen.io are set by the"
        " operator.",
    )


class Spec(Asked):
    """One account at one cloud provider, and when it is read."""

    provider: str = Field(
        min_length=1,
        max_length=32,
        description="The cloud provider. It cannot be changed: make another CloudConnection.",
    )
    display_name: Annotated[str, ONE_LINE] = Field(
        default="",
        max_length=200,
        description="What people see in the dashboard; empty means the resource's name.",
    )
    organization: Annotated[str, ORGANIZATION] = Field(
        default="",
        max_length=63,
        description="Slug of the organization that the data belongs to; empty means the only one"
        " of the installation.",
    )
    credentials_secret_ref: SecretReference | None = Field(
        default=None,
        description="The Secret with the provider's credentials, in the same namespace. Only the"
        " Job's pod reads it.",
    )
    endpoint: Annotated[str, ENDPOINT] | None = Field(
        default=None,
        max_length=500,
        description="Address of the provider's API; absent means the provider's own. Only addresses"
        " that the installation allows are connected to, http:// only where they are private.",
    )
    settings: dict[str, Any] = Field(
        default_factory=dict,
        description="What to read of the account. Each provider has fields of its own; what is"
        " absent has the provider's default.",
    )
    schedule: Annotated[str, SCHEDULE] = Field(
        default="0 */6 * * *",
        max_length=100,
        description="When to sync: a cron line (minute hour day month weekday) in timeZone, not"
        " more often than every 5 minutes. Empty means by hand only.",
    )
    time_zone: Annotated[str, TIME_ZONE] = Field(
        default="Europe/Moscow",
        min_length=1,
        max_length=64,
        description="Time zone of the schedule: an IANA name.",
    )
    suspend: bool = Field(
        default=False,
        description="True stops the schedule and what a change would start. A sync that runs goes"
        " on; one that is asked for by hand starts.",
    )
    starting_deadline_seconds: int = Field(
        default=3600,
        ge=0,
        le=LONGEST_DEADLINE,
        description="How late a scheduled sync may start. One that was missed for longer is"
        " skipped, any other is caught up once.",
    )
    timeout_seconds: int = Field(
        default=1800,
        ge=1,
        le=LONGEST_TIMEOUT,
        description="How long a sync may take. What was read until then is kept.",
    )
    retries: int = Field(
        default=3,
        ge=0,
        le=MOST_RETRIES,
        description="How often a failed sync is tried again in its Job. Refused credentials are"
        " not tried again.",
    )
    deletion_policy: DeletionPolicy = Field(
        default=DeletionPolicy.RETAIN,
        description="What becomes of the data when this resource is deleted. Retain keeps"
        " resources, costs and history; Delete removes them for good.",
    )
    job_template: JobTemplate = Field(
        default_factory=JobTemplate, description="What is merged into the Jobs of this connection."
    )

    @model_validator(mode="after")
    def _suits_its_provider(self) -> Self:
        """Raises ``Invalid`` where provider, settings and Secret do not go together."""
        spec = provider(self.provider)
        _check_settings(spec, self.settings_by_name())
        if needs_credentials(spec) and self.credentials_secret_ref is None:
            raise Invalid(
                f"{self.provider} needs credentials: name a Secret of this namespace",
                field="credentialsSecretRef",
            )
        return self

    def settings_by_name(self) -> dict[str, Any]:
        """The settings with the provider's own field names; what is absent is left out."""
        names = settings_names(provider(self.provider).settings)
        unknown = self.settings.keys() - names.keys()
        if unknown:
            word = min(unknown)
            known = ", ".join(sorted(names))
            raise Invalid(
                f"{self.provider} has no setting {word}; known: {known}", field=f"settings.{word}"
            )
        return {names[word]: value for word, value in self.settings.items()}


def _check_settings(spec: ProviderSpec, settings: Mapping[str, Any]) -> None:
    try:
        parse_settings(spec, settings)
    except Invalid as error:
        name = error.field or ""
        said = str(error).replace(name, to_camel(name), 1)
        raise Invalid(said, field=f"settings.{to_camel(name)}") from None


def settings_names(model: type[ConnectionSettings]) -> dict[str, str]:
    """Names of a provider's settings by what a manifest calls them."""
    return {to_camel(field.name): field.name for field in form_fields(model)}


def settings_document(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings by their own names as a manifest has them; blank ones are left out."""
    return {to_camel(name): value for name, value in settings.items() if value not in (None, "")}


def needs_credentials(spec: ProviderSpec) -> bool:
    """Whether a provider has a credential that must be there."""
    return any(field.required for field in form_fields(spec.credentials))
