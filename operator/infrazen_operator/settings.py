"""Configuration of the operator: ``INFRAZEN_OPERATOR_*`` variables; read once per process."""

import os
import socket
from functools import cache
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from infrazen.manifests.shapes import QUANTITY
from infrazen.manifests.spec import LONGEST_QUANTITY
from infrazen_operator.job_settings import JobSettings

PREFIX = "INFRAZEN_OPERATOR_"
Quantities = Annotated[
    dict[
        Annotated[str, Field(min_length=1)],
        Annotated[str, Field(pattern=QUANTITY, max_length=LONGEST_QUANTITY)],
    ],
    NoDecode,
]
"""Of a Job's container: quantities by resource."""


def _own_name() -> str:
    return f"{socket.gethostname()}-{os.getpid()}"


class OperatorSettings(BaseSettings):
    """Every setting, with its environment variable ``INFRAZEN_OPERATOR_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    namespaces: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Namespaces whose CloudConnections are served, comma-separated; empty: all.",
    )
    namespace: str = Field(
        default="default",
        validation_alias=AliasChoices(f"{PREFIX}NAMESPACE", "POD_NAMESPACE"),
        description="The operator's own namespace, where its lease and its own Jobs are.",
    )
    identity: str = Field(
        default_factory=_own_name,
        min_length=1,
        validation_alias=AliasChoices(f"{PREFIX}IDENTITY", "POD_NAME"),
        description="The name of this process among its replicas.",
    )
    organizations: Annotated[dict[str, tuple[str, ...]], NoDecode] = Field(
        default={},
        description="Organizations that a namespace's connections may belong to, as"
        " `namespace=slug|slug[,…]`; where any is named, the others may use none.",
    )
    max_running_syncs: int = Field(
        default=10, ge=1, le=10_000, description="Bound on sync Jobs that run at a time."
    )
    max_running_syncs_per_organization: int = Field(
        default=5, ge=1, le=10_000, description="The same, of each organization."
    )
    longest_jitter_seconds: int = Field(
        default=60,
        ge=0,
        le=3600,
        description="Connections that are due at one moment start within so long of it, each at a"
        " moment of its own.",
    )
    lease_name: str = Field(
        default="infrazen-operator", description="The Lease whose holder acts; others stand by."
    )
    lease_seconds: int = Field(
        default=10,
        ge=3,
        le=120,
        description="A holder that was silent for this long is followed by another replica.",
    )
    port: int = Field(
        default=8081,
        ge=0,
        le=65535,
        description="Port of `/metrics`, `/healthz` and `/readyz`; 0 takes a free one.",
    )
    job_image: str = Field(default="infrazen-core", description="Image of the Jobs.")
    job_image_pull_policy: Literal["", "Always", "IfNotPresent", "Never"] = Field(
        default="", description="Pull policy of the Jobs' image; empty: the cluster's default."
    )
    job_image_pull_secrets: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Secrets to pull the Jobs' image with, comma-separated."
    )
    job_service_account: str = Field(
        default="", description="Service account of the Jobs' pods; empty: the namespace's default."
    )
    job_secrets: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Secrets in a Job's namespace whose keys become its environment"
        " (`INFRAZEN_DATABASE_URL`, `INFRAZEN_MASTER_KEYS`), comma-separated.",
    )
    job_config_maps: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="The same, ConfigMaps."
    )
    job_requests: Quantities = Field(
        default={"cpu": "100m", "memory": "192Mi"},
        description="What a Job's container is given at least, as `resource=quantity[,…]`.",
    )
    job_limits: Quantities = Field(
        default={"cpu": "1", "memory": "1Gi"},
        description="What it may use at most. Of each resource a connection's `jobTemplate` goes"
        " before both.",
    )
    job_ttl_seconds: int = Field(
        default=6 * 3600, ge=60, description="A Job that has ended is deleted so much later."
    )

    @field_validator(
        "namespaces", "job_image_pull_secrets", "job_secrets", "job_config_maps", mode="before"
    )
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("organizations", mode="before")
    @classmethod
    def _pairs(cls, value: object) -> object:
        if isinstance(value, str):
            parts = (part.partition("=") for part in value.split(",") if part.strip())
            return {name.strip(): tuple(slugs.split("|")) for name, _, slugs in parts}
        return value

    @field_validator("job_requests", "job_limits", mode="before")
    @classmethod
    def _quantities(cls, value: object) -> object:
        if isinstance(value, str):
            parts = (part.partition("=") for part in value.split(",") if part.strip())
            return {name.strip(): quantity.strip() for name, _, quantity in parts}
        return value

    @property
    def watched(self) -> tuple[str, ...]:
        """Namespaces to watch: the served ones and the own one; empty: all."""
        return tuple(dict.fromkeys((*self.namespaces, self.namespace))) if self.namespaces else ()

    @property
    def jobs(self) -> JobSettings:
        """What every Job is made with."""
        return JobSettings(
            image=self.job_image,
            namespace=self.namespace,
            pull_policy=self.job_image_pull_policy,
            pull_secrets=self.job_image_pull_secrets,
            service_account=self.job_service_account,
            secrets=self.job_secrets,
            config_maps=self.job_config_maps,
            requests=self.job_requests,
            limits=self.job_limits,
            ttl_seconds=self.job_ttl_seconds,
        )

    def serves(self, namespace: str) -> bool:
        """Whether CloudConnections in ``namespace`` are this operator's."""
        return not self.namespaces or namespace in self.namespaces

    def allows(self, namespace: str, organization: str) -> bool:
        """Whether connections in ``namespace`` may belong to ``organization``."""
        if not self.organizations:
            return True
        return organization in self.organizations.get(namespace, ())


@cache
def operator_settings() -> OperatorSettings:
    """The settings of this process."""
    return OperatorSettings()
