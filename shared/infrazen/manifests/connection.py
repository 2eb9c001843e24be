"""The custom resource CloudConnection as a whole."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import ConfigDict, Field, ValidationError

from infrazen.errors import Invalid
from infrazen.manifests.fields import Moment, Part
from infrazen.manifests.names import API_VERSION, KIND, LONGEST_NAME
from infrazen.manifests.spec import DeletionPolicy, Spec
from infrazen.manifests.status import Status


class Metadata(Part):
    """What Kubernetes keeps of a resource."""

    name: str
    namespace: str = ""
    uid: str = ""
    generation: int = 0
    resource_version: str = ""
    annotations: dict[str, str] = Field(default_factory=dict)
    labels: dict[str, str] = Field(default_factory=dict)
    finalizers: tuple[str, ...] = ()
    creation_timestamp: Moment | None = None
    deletion_timestamp: Moment | None = None

    @property
    def handle(self) -> str:
        """``namespace/name``: what a connection's ``managed_by`` says."""
        return f"{self.namespace}/{self.name}"


class InvalidConnection(Invalid):
    """A CloudConnection whose spec makes no sense, though the API server let it in.

    ``field`` is its path, such as ``spec.settings.folderIds``. What stands beside the spec is
    readable, and so is what becomes of the data when the resource goes.
    """

    def __init__(
        self,
        message: str,
        *,
        field: str | None,
        metadata: Metadata,
        status: Status,
        deletion_policy: DeletionPolicy,
    ) -> None:
        super().__init__(message, field=field)
        self.metadata = metadata
        self.status = status
        self.deletion_policy = deletion_policy


class CloudConnection(Part):
    """One account at one cloud provider, kept by the cluster."""

    model_config = ConfigDict(extra="ignore")

    metadata: Metadata
    spec: Spec
    status: Status = Field(default_factory=Status)

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        """The resource in ``raw``, as the API server gives it; or ``InvalidConnection``."""
        metadata = Metadata.model_validate(raw["metadata"])
        status = Status.read(raw.get("status"))
        try:
            _check_name(metadata.name)
            spec = read_spec(raw.get("spec"))
        except Invalid as error:
            raise InvalidConnection(
                str(error),
                field=error.field,
                metadata=metadata,
                status=status,
                deletion_policy=_deletion_policy(raw.get("spec")),
            ) from None
        return cls(metadata=metadata, spec=spec, status=status)


def read_spec(raw: Any) -> Spec:
    """The spec in ``raw``; raises ``Invalid`` with the path of the field that is wrong."""
    try:
        return Spec.model_validate(raw)
    except Invalid as error:
        path = f"spec.{error.field}"
        raise Invalid(f"{path}: {error}", field=path) from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    path = ".".join(("spec", *map(str, first["loc"])))
    raise Invalid(f"{path}: {first['msg'].removeprefix('Value error, ')}", field=path)


def spec_document(spec: Spec) -> dict[str, Any]:
    """``spec`` as a manifest has it: what is as by default is left out."""
    return spec.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def manifest(spec: Spec, *, name: str, namespace: str) -> dict[str, Any]:
    """A CloudConnection to be applied."""
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {"name": name, "namespace": namespace},
        "spec": spec_document(spec),
    }


def _check_name(name: str) -> None:
    if len(name) > LONGEST_NAME or "." in name:
        raise Invalid(
            f"a name has at most {LONGEST_NAME} characters and no dots", field="metadata.name"
        )


def _deletion_policy(raw: Any) -> DeletionPolicy:
    wanted = raw.get("deletionPolicy") if isinstance(raw, Mapping) else None
    return DeletionPolicy.DELETE if wanted == DeletionPolicy.DELETE else DeletionPolicy.RETAIN
