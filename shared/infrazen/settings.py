"""Configuration: ``INFRAZEN_*`` variables, then ``.env``; read once per process."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, HttpUrl, IPvAnyNetwork, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DATA_DIR = Path(".data")


class Settings(BaseSettings):
    """Every setting, with its environment variable ``INFRAZEN_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="INFRAZEN_", env_file=".env", extra="ignore")

    data_dir: Path = Field(
        default=DATA_DIR, description="Where the embedded database and keys live."
    )
    database_url: str | None = Field(
        default=None,
        repr=False,
        description="SQLAlchemy URL; SQLite under the data directory where unset.",
    )
    master_keys: SecretStr | None = Field(
        default=None,
        description="Key ring as `id:base64[,id:base64…]`, primary first; wins over the file.",
    )
    master_key_file: Path | None = Field(
        default=None,
        description="Key ring file, one `id:base64` a line; `keys` in the data directory.",
    )
    public_url: HttpUrl | None = Field(
        default=None,
        description="The address users open; decides cookie security and allowed origins.",
    )
    allow_private_endpoints: bool = Field(
        default=False, description="Let connections point at loopback and private addresses."
    )
    allowed_endpoints: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Further hosts that an endpoint override may name, comma-separated."
    )
    max_parallel_syncs: int = Field(
        default=2, ge=1, le=64, description="Bound on parallel sync runs."
    )
    lease_seconds: int = Field(
        default=30, ge=5, le=50, description="A run without a heartbeat for this long is dead."
    )
    session_hours: int = Field(default=12, ge=1, le=720, description="A sign-in lasts this long.")
    metrics_retention_days: int = Field(
        default=90, ge=1, description="Raw metric points older than this are dropped."
    )
    simulators: Annotated[dict[str, str], NoDecode] = Field(
        default={},
        description="Simulators that forms offer to fill in, as `provider=address[,…]`.",
    )
    demo_simulators: Annotated[dict[str, str], NoDecode] = Field(
        default={},
        description="Simulators of the demo, which connections may reach on this machine; "
        "`infrazen up --demo` sets it.",
    )
    ui_gallery: bool = Field(
        default=False,
        description="Build the gallery of the interface's parts at /_components, for developers.",
    )
    demo: bool = Field(
        default=False,
        description="Let browsers without a sign-in look at the demo, where there is one.",
    )
    trusted_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = Field(
        default=(),
        description="Proxies whose `X-Forwarded-For` is believed, comma-separated networks.",
    )
    cluster: str = Field(
        default="off",
        description="The Kubernetes cluster whose CloudConnections pages and API tell of and sync: "
        "`off`, `in-cluster` (the pod's service account) or the path of a kubeconfig file.",
    )
    cluster_write_namespace: str = Field(
        default="",
        pattern=r"^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)?$",
        description="The namespace in which connections made here may be written as Secret and "
        "CloudConnection; empty allows it nowhere.",
    )
    api_requests_per_minute: int = Field(
        default=600,
        ge=0,
        description="Of each token, session or address, in each process; 0 sets no limit.",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        description="Bearer token for `/metrics`; without it only this machine may ask.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR."
    )
    log_format: Literal["text", "json"] = Field(default="text", description="text or json.")

    @field_validator("allowed_endpoints", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("simulators", "demo_simulators", mode="before")
    @classmethod
    def _pairs(cls, value: object) -> object:
        if isinstance(value, str):
            parts = (part.partition("=") for part in value.split(",") if part.strip())
            return {name.strip(): address.strip() for name, _, address in parts}
        return value

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.data_dir / 'infrazen.db'}"

    @property
    def key_file(self) -> Path:
        """The key ring file in force."""
        return self.master_key_file or self.data_dir / "keys"


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
